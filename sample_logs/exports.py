"""Writers of the exports of 千牛, 京东, 拼多多 and 飞鸽 that third parties and interfaces make, all with the small talk.

Pages and clipboards hold one buyer's talk, so those carry the first conversation alone.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter
from talk import Message, Talk
from writers import CHINA, MADE, ROBOT

SPOKEN = {"buyer", "agent", "assist", "auto", "bot"}
SIDES = {"buyer": "左", "system": "中"}
ROLES = {"agent": "人工客服", "assist": "人工客服", "auto": "商家配置", "bot": "智能客服"}


def said(talk: Talk) -> list[Message]:
    """Return what people and robots said, without recalls."""
    return [message for message in talk.messages if message.sender in SPOKEN and message.kind != "recall"]


def who(message: Message, talk: Talk) -> str:
    """Return the account that a message bears."""
    return talk.buyer if message.sender == "buyer" else message.account or ROBOT


def qianniu_im(talk: Talk) -> str:
    """Make the 即时消息 text of 2017."""
    lines = [talk.account.account, "", "即时消息"]
    for number, message in enumerate(said(talk)):
        if not number or said(talk)[number - 1].at.date() != message.at.date():
            lines.append(f"{message.at:%Y-%m-%d}")
        lines.append(f"{message.at:%Y-%m-%d %H:%M:%S} {who(message, talk)}: {message.text}")
    return "\n".join(lines) + "\n"


def qianniu_web(talk: Talk) -> str:
    """Make the web page as it is copied: time, body, sender."""
    return "聊天记录查询\n" + _page(talk) + "没有更多内容了\n"


def _page(talk: Talk) -> str:
    lines, day = [], ""
    for message in said(talk):
        if day != (day := f"{message.at:%Y-%m-%d}"):
            lines.append(day)
        lines += [f"{message.at:%H:%M:%S}", message.text, who(message, talk)]
    return "\n".join(lines) + "\n"


def qianniu_clipboard(talk: Talk) -> str:
    """Make the client's clipboard: days without leading zeros, states below what the shop said."""
    lines = []
    for message in said(talk):
        at = f"{message.at.year}-{message.at.month}-{message.at.day} {message.at.hour}:{message.at:%M:%S}"
        gap = " " if message.sender == "buyer" else ""
        lines += [f"{who(message, talk)}{gap}{at}", message.text]
        lines += ["已读"] if message.sender != "buyer" else []
    return "\r\n".join("\n".join(lines).split("\n")) + "\r\n"


def qianniu_book(path: Path, talks: Sequence[Talk]) -> None:
    """Write the userscript's workbook: a sheet for each customer, times without days."""
    names = list(dict.fromkeys(talk.buyer for talk in talks))
    book = xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "strings_to_formulas": False})
    book.set_properties({"created": MADE})
    summary = book.add_worksheet("导出汇总")
    summary.write_row(0, 0, ["客户名", "状态", "消息数", "是否生成工作表", "失败原因", "导出时间"])
    for number, name in enumerate(names, 1):
        rows = [(m, talk) for talk in talks if talk.buyer == name for m in said(talk)]
        summary.write_row(number, 0, [name, "成功", len(rows), "是", "", f"{MADE:%Y-%m-%d %H:%M}"])
        sheet = book.add_worksheet(name[:31])
        sheet.write_row(0, 0, ["客户名", "消息序号", "发送时间", "发送内容", "发送账号", "账号类型"])
        for at, (message, talk) in enumerate(rows, 1):
            kind = "客户" if message.sender == "buyer" else "客服"
            cells = [name, at, f"{message.at:%H:%M:%S}", message.text, who(message, talk), kind]
            sheet.write_row(at, 0, cells)
    book.close()


def qianniu_fulltext(talks: Iterable[Talk]) -> bytes:
    """Make the CSV whose cells hold the copied page."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["buyer", "staff", "chat_date", "filter_range", "chat_text"])
    for talk in talks:
        day = f"{talk.messages[0].at:%Y-%m-%d}"
        page = f"{talk.buyer}\n{_page(talk)}".rstrip("\n")
        writer.writerow([talk.buyer, talk.account.account, day, f"{day} to {day}", page])
    return text.getvalue().encode("utf-8-sig")


def qianniu_push(talks: Iterable[Talk]) -> str:
    """Make the SDK's pushes, one object a line."""
    lines = []
    for talk in talks:
        for message in said(talk):
            code = "CHAT_RECEIVE_MSG" if message.sender == "buyer" else "CHAT_SEND_MSG"
            one = {"codeType": code, "loginNick": message.account or talk.account.account, "type": "文本消息",
                   "cid": "1000.1-2000.1#11001@cntaobao", "buyerNick": talk.buyer, "time": _ms(message),
                   "message": message.text}  # fmt: skip
            lines.append(json.dumps(one, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def _ms(message: Message) -> str:
    return str(int(message.at.replace(tzinfo=CHINA).timestamp() * 1000))


def jd_api(talks: Iterable[Talk]) -> str:
    """Make the answer of 京东's interface, which leaves the robot out."""
    rows = [
        {"customer": talk.buyer, "waiter": message.account or talk.account.account, "content": message.text,
         "sid": talk.session_id, "time": f"{message.at:%Y-%m-%d %H:%M:%S}", "waiterSend": message.sender != "buyer"}
        for talk in talks
        for message in said(talk)
        if message.sender != "bot"
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def jd_im_log(talks: Iterable[Talk]) -> str:
    """Make 京东's full log, robots included."""
    rows = []
    for talk in talks:
        for message in said(talk):
            buyer, robot = message.sender == "buyer", message.sender == "bot"
            pin = talk.buyer if buyer else "jimi_vender_100200300" if robot else message.account
            body = {"type": "text", "content": message.text, "chatinfo": {"sid": talk.session_id}}
            sender = {"app": "im.customer" if buyer else "im.waiter", "pin": pin}
            rows.append({"from": sender, "body": body, "datetime": int(_ms(message))})
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def pdd_scraped(talk: Talk) -> str:
    """Make the scraped JSON of one order's chat."""
    kinds = {"image": "image", "card": "card", "emoji": "emoji"}
    masked = f"{talk.buyer[:1]}**"
    rows = [
        {"time": f"{m.at:%Y-%m-%d %H:%M:%S}", "role": "用户" if m.sender == "buyer" else "客服",
         "name": masked if m.sender == "buyer" else who(m, talk), "type": kinds.get(m.kind, "text"), "content": m.text}
        for m in said(talk)
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def pdd_push(talks: Iterable[Talk]) -> str:
    """Make the merchant's pushes, one object a line."""
    lines = []
    for number, talk in enumerate(talks, 1):
        buyer, shop = {"role": "user", "uid": str(9000000000 + number)}, {"role": "mall_cs", "mall_id": "100000001"}
        for message in said(talk):
            seller = {**shop, "uid": message.account or talk.account.account}
            ends = (buyer, seller) if message.sender == "buyer" else (seller, buyer)
            ts = _ms(message)
            told = {"content": message.text, "from": ends[0], "to": ends[1], "msg_id": ts, "ts": ts[:10], "type": 0}
            lines.append(json.dumps({"response": "push", "message": told}, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def feige(talks: Iterable[Talk]) -> list[dict[str, object]]:
    """Make the rows of 飞鸽 bubbles: sides, and times to the minute."""
    return [
        {"会话": talk.session_id, "序号": number, "方向": SIDES.get(m.sender, "右"), "内容": m.text,
         "时间": f"{m.at:%Y-%m-%d %H:%M}", "客服昵称": m.account, "身份": ROLES.get(m.sender, ""), "用户信息": talk.buyer}
        for talk in talks
        for number, m in enumerate(said(talk), 1)
    ]  # fmt: skip

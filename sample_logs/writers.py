"""Writers of chat exports: plain tables and the layouts of platforms and corpora."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from goods import ITEMS, PLATFORM_WORDS
from talk import HANDOVERS, Message, Talk

CHINA = timezone(timedelta(hours=8))
TIME = "%Y-%m-%d %H:%M:%S"
MADE = datetime(2026, 3, 8, 9, 0, 0)
CHINESE = ("平台", "店铺", "会话ID", "买家", "客服", "发送方", "时间", "类型", "内容")
ENGLISH = ("platform", "shop", "session_id", "buyer", "agent", "sender", "sent_at", "kind", "text")
SENDER_WORDS = {
    "buyer": "买家", "agent": "客服", "assist": "智能辅助", "auto": "自动回复", "bot": "机器人", "system": "系统",
}  # fmt: skip
KIND_WORDS = {
    "text": "文本", "image": "图片", "card": "卡片", "emoji": "表情", "file": "文件", "recall": "撤回",
    "transfer": "转接", "event": "事件",
}  # fmt: skip
ROBOT = "示例暖居旗舰店:服务助手"

Row = dict[str, object]


def rows_of(talks: Iterable[Talk], chinese: bool = True) -> list[Row]:
    """Make the rows of a plain table, in order of time; words and column names Chinese or English."""
    rows = []
    for talk in talks:
        spoken_to = "" if any(m.sender == "bot" for m in talk.messages) else talk.account.account
        for message in talk.messages:
            spoken_to = message.account or spoken_to
            agent = spoken_to if message.sender == "buyer" else message.account
            sender = SENDER_WORDS[message.sender] if chinese else message.sender
            kind = KIND_WORDS[message.kind] if chinese else message.kind
            platform = PLATFORM_WORDS[talk.platform] if chinese else talk.platform
            values = (platform, talk.shop, talk.session_id, talk.buyer, agent, sender, message.at, kind, message.text)
            rows.append(dict(zip(CHINESE if chinese else ENGLISH, values, strict=True)))
    return sorted(rows, key=lambda row: row["时间" if chinese else "sent_at"])  # type: ignore[arg-type,return-value]


def write_table(
    path: Path, rows: Sequence[Row], *, encoding: str = "utf-8-sig", mark: str = ",", time: str = TIME
) -> None:
    """Write rows as text with a header; `time` is the strftime form of instants."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=mark, lineterminator="\r\n")
    writer.writerow(rows[0])
    writer.writerows([_cell(value, time) for value in row.values()] for row in rows)
    path.write_bytes(text.getvalue().encode(encoding))


def _cell(value: object, form: str) -> str:
    return value.strftime(form) if isinstance(value, datetime) else str(value)


def write_xlsx(path: Path, rows: Sequence[Row], *, real_times: bool = True) -> None:
    """Write rows as a workbook of one sheet, with Excel's own date-times or with times as text."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "strings_to_formulas": False})
    book.set_properties({"created": MADE})
    sheet = book.add_worksheet("聊天记录")
    stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.write_row(0, 0, list(rows[0]))
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row.values()):
            if isinstance(value, datetime) and real_times:
                sheet.write_datetime(number, column, value, stamp)
            else:
                sheet.write_string(number, column, _cell(value, TIME))
    book.close()


def write_json(path: Path, rows: Sequence[Row]) -> None:
    """Write rows as an array of objects, instants with their offset."""
    plain = [{key: _iso(value) for key, value in row.items()} for row in rows]
    path.write_bytes((json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode())


def write_jsonl(path: Path, rows: Sequence[Row]) -> None:
    """Write one object a line, instants with their offset."""
    lines = (json.dumps({key: _iso(value) for key, value in row.items()}, ensure_ascii=False) for row in rows)
    path.write_bytes(("\n".join(lines) + "\n").encode())


def _iso(value: object) -> object:
    return value.replace(tzinfo=CHINA).isoformat() if isinstance(value, datetime) else value


def write_parquet(path: Path, rows: Sequence[Row]) -> None:
    """Write rows as Parquet, instants as zoned timestamps."""
    zoned = [
        {key: value.replace(tzinfo=CHINA) if isinstance(value, datetime) else value for key, value in row.items()}
        for row in rows
    ]
    types = {"sent_at": pa.timestamp("ms", tz="Asia/Shanghai")}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in rows[0]])
    pq.write_table(pa.Table.from_pylist(zoned, schema=schema), path)


def wangwang(account: str, talks: Sequence[Talk], *, newline: str = "\n", prefixed: bool = False) -> bytes:
    """Make the single-chat text export of 旺旺 by one account, GBK; it has no rows for transfers, recalls and notices.

    `prefixed`: every tenth buyer's name bears the old prefix ``cntaobao``.
    """
    rule, title = "=" * 64, " " * 31 + "{}" + " " * 29
    lines = [account, "", rule, title.format("单聊"), "", ""]
    for number, buyer in enumerate(dict.fromkeys(talk.buyer for talk in talks), 1):
        name = f"cntaobao{buyer}" if prefixed and number % 10 == 0 else buyer
        lines.append(f"{'-' * 28}{buyer}{'-' * 28}")
        for message in sorted((m for t in talks if t.buyer == buyer for m in t.messages), key=lambda m: m.at):
            if message.sender != "system" and message.kind != "recall":
                lines.append(f"{_wangwang_sender(message, name)}({message.at:%Y-%m-%d %H:%M:%S}):  {message.text}")
    lines += ["", rule, title.format("群聊"), ""]
    return newline.join("\n".join(lines).split("\n")).encode("gb18030")


def _wangwang_sender(message: Message, buyer: str) -> str:
    return buyer if message.sender == "buyer" else message.account or ROBOT


def jd_log(talks: Sequence[Talk]) -> str:
    """Make the text log of 京东咚咚: buyers masked, hand-overs under their names, a transfer as a new fragment.

    End markers take turns: with a time, with a full-width colon, short; the third of every seven is missing.
    """
    fragments = [fragment for talk in talks for fragment in _jd_fragments(talk)]
    lines = []
    for number, (pin, messages) in enumerate(fragments):
        lines.append(f"/{'*' * 17}以下为一通会话{'*' * 36}/")
        for message in messages:
            sender = pin if message.sender in {"buyer", "system"} else message.account or "jimi_vender_100200300"
            lines.append(f"{' ' if sender == pin else ''}{sender} {message.at:%Y-%m-%d %H:%M:%S}\t")
            text = message.text if message.sender == "buyer" else message.text.replace("\n", "<br/>")
            lines.append(f"{text}\t".replace("\n", "\t\n"))
        lines += _jd_end(number % 7, messages[-1].at + timedelta(seconds=125))
    return "\n".join(lines) + "\n"


def _jd_fragments(talk: Talk) -> list[tuple[str, list[Message]]]:
    pin = f"{talk.buyer[0]}****{talk.buyer[-2:]}"
    parts: list[list[Message]] = [[]]
    for message in talk.messages:
        if message.kind == "transfer":
            parts.append([])
        elif message.kind != "recall" and (message.sender != "system" or message.text == HANDOVERS["jd"]):
            parts[-1].append(message)
    return [(pin, part) for part in parts if part]


def _jd_end(turn: int, at: datetime) -> list[str]:
    if turn == 2:
        return []
    tail = {1: "", 4: f"_时间：{at:%Y-%m-%d %H:%M:%S}", 5: ""}.get(turn, f"_时间:{at:%Y-%m-%d %H:%M:%S}")
    return [f"/{'*' * 17}会话结束{tail}{'*' * 36}/"]


def zip_of(files: dict[str, bytes]) -> bytes:
    """Pack a zip whose names are GBK without the UTF-8 flag, as Windows tools of old wrote them."""
    stream = io.BytesIO()
    names = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(files.items()):
            native = name.encode("gb18030")
            stand_in = f"{number}".rjust(len(native), "~")
            names[stand_in.encode()] = native
            archive.writestr(zipfile.ZipInfo(stand_in, (2026, 3, 8, 9, 0, 0)), data, zipfile.ZIP_DEFLATED)
    packed = stream.getvalue()
    for stand_in_bytes, native in names.items():
        packed = packed.replace(stand_in_bytes, native)
    return packed


def jddc(talks: Sequence[Talk]) -> str:
    """Make the JDDC corpus's seven columns: no times, no names of agents, buyers and agents only."""
    rows = []
    for number, talk in enumerate(talks, 1):
        session, other, before = hashlib.md5(talk.session_id.encode(), usedforsecurity=False).hexdigest(), False, ""
        for message in talk.messages:
            other = other or message.kind == "transfer"
            if message.sender not in {"buyer", "agent"} or message.kind == "recall":
                continue
            words = message.text.replace("\n", " ")
            flags = f"{int(message.sender == 'agent')}\t{int(other)}\t{int(words == before)}"
            rows.append(f"{session}\tUSERID_{10000000 + number}\t{flags}\tnan\t{words}")
            before = words
    return "\n".join(rows) + "\n"


def uneed(talks: Sequence[Talk]) -> str:
    """Make the U-NEED corpus's structure: buyers and agents, a card as the words 仅发送商品链接 with the item's id."""
    dialogues = []
    for talk in talks:
        turns = [m for m in talk.messages if m.sender in {"buyer", "agent"} and m.kind in {"text", "emoji", "card"}]
        dialogues.append(
            {
                "domain": "日用百货行业",
                "sid": hashlib.md5(talk.session_id.encode(), usedforsecurity=False).hexdigest(),
                "sellerid": "1000000001",
                "userid": str(2000000000 + int(talk.session_id[1:])),
                "ds": f"{talk.messages[0].at:%Y%m%d}",
                "dialogue": [_uneed_turn(number, turn) for number, turn in enumerate(turns, 1)],
            }
        )
    return json.dumps(dialogues, ensure_ascii=False, indent=1) + "\n"


def _uneed_turn(number: int, message: Message) -> Row:
    items = [item.item_id("taobao") for item in ITEMS if item.link("taobao") == message.text]
    return {
        "seq_no": number,
        "time": f"{message.at:%Y-%m-%d %H:%M:%S}",
        "sender_type": "用户" if message.sender == "buyer" else "客服",
        "send_content": "仅发送商品链接" if items else message.text,
        "act_tag": _act(number, message, bool(items)),
        "attributes": [],
        "rec_item_id": items,
        "rec_item_info": [f"{item}@50000001" for item in items],
    }


def _act(number: int, message: Message, card: bool) -> str:
    if message.sender == "buyer":
        return "用户需求" if number == 1 else "用户反馈"
    if card:
        return "系统推荐"
    return "系统提问" if message.text.endswith(("吗", "呢", "？")) else "系统解释"

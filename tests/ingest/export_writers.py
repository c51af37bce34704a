"""Writers of third parties' exports for the property tests, and what drawn messages must be to fit them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

from ingest.writers import CHINA

Message = dict[str, Any]


def one_talk(messages: list[Message]) -> list[Message]:
    """Return the messages as one buyer's talk that both sides take part in; no line of it looks like a time."""
    first = messages[0]
    bounds = [
        {**first, "sender": "buyer", "text": "在吗"},
        *messages,
        {**messages[-1], "sender": "agent", "text": "在"},
    ]
    return [{**one, "buyer": first["buyer"], "text": one["text"].replace(":", "：")} for one in bounds]


def trimmed_talk(messages: list[Message]) -> list[Message]:
    """Return such a talk with texts that do not end in blanks."""
    return [{**one, "text": one["text"].rstrip()} for one in one_talk(messages)]


def who(message: Message) -> str:
    return str(message["buyer"] if message["sender"] == "buyer" else message["agent"])


def qianniu_im(path: Path, messages: list[Message]) -> None:
    lines = ["账号", "", "即时消息"]
    lines += [f"{one['sent_at']:%Y-%m-%d %H:%M:%S} {who(one)}: {one['text']}" for one in messages]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def qianniu_web(path: Path, messages: list[Message]) -> None:
    path.write_text("没有更多内容了\n" + page(messages), encoding="utf-8")


def page(messages: list[Message]) -> str:
    lines: list[str] = []
    for one in messages:
        at: dt.datetime = one["sent_at"]
        lines += [f"{at:%Y年%m月%d日}" if len(lines) % 2 else f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}", one["text"], who(one)]
    return "\n".join(lines) + "\n"


def qianniu_clipboard(path: Path, messages: list[Message]) -> None:
    lines: list[str] = []
    for one in messages:
        at: dt.datetime = one["sent_at"]
        lines += [f"{who(one)} {at.year}-{at.month}-{at.day} {at.hour}:{at:%M:%S}", one["text"]]
        lines += ["已读"] if one["sender"] == "agent" else [""]
    path.write_bytes("\r\n".join("\n".join(lines).split("\n")).encode("gb18030"))


def qianniu_fulltext(path: Path, messages: list[Message]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["buyer", "staff", "chat_date", "filter_range", "chat_text"])
    writer.writerow(
        [messages[0]["buyer"], "", "2026-03-01", "", f"{messages[0]['buyer']}\n{page(messages)}".rstrip("\n")]
    )
    path.write_text(out.getvalue(), encoding="utf-8-sig", newline="")


def qianniu_push(path: Path, messages: list[Message]) -> None:
    lines = []
    for one in messages:
        told = {
            "codeType": "CHAT_RECEIVE_MSG" if one["sender"] == "buyer" else "CHAT_SEND_MSG",
            "loginNick": one["agent"],
            "cid": "1.1-2.1#11001@cntaobao",
            "buyerNick": one["buyer"],
            "time": str(int(one["sent_at"].replace(tzinfo=CHINA).timestamp() * 1000)),
            "message": one["text"],
        }
        lines.append(json.dumps({"data": json.dumps(told)} if len(lines) % 2 else told, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def jd_api(path: Path, messages: list[Message]) -> None:
    rows = [
        {
            "customer": one["buyer"],
            "waiter": one["agent"].replace(":", "-"),
            "waiterSend": one["sender"] == "agent",
            "content": one["text"],
            "sid": one["session_id"],
            "createdTime": int(one["sent_at"].replace(tzinfo=CHINA).timestamp() * 1000),
        }
        for one in messages
    ]
    path.write_text(json.dumps({"code": 0, "data": rows}, ensure_ascii=False), encoding="utf-8")


def feige(path: Path, messages: list[Message]) -> None:
    """Days are relative to 2026-03-03, the day in the file's name."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["会话", "序号", "方向", "内容", "时间", "用户信息"])
    for number, one in enumerate(messages):
        day = {dt.date(2026, 3, 3): "今天", dt.date(2026, 3, 2): "昨天"}[one["sent_at"].date()]
        side = {"buyer": "左", "agent": "右"}[one["sender"]]
        writer.writerow(
            [one["session_id"], number, side, one["text"], f"{day} {one['sent_at']:%H:%M:%S}", one["buyer"]]
        )
    path.write_text(out.getvalue(), encoding="utf-8-sig", newline="")


def of_jd(messages: list[Message]) -> list[Message]:
    return [{**one, "platform": "jd"} for one in messages]


def of_douyin(messages: list[Message]) -> list[Message]:
    return [{**one, "platform": "douyin"} for one in messages if one["sent_at"] < dt.datetime(2026, 3, 4)]

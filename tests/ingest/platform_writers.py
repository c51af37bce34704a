"""Writers of 千牛 workbooks, 拼多多 JSON and the full log of 咚咚, and what drawn messages must be to fit them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import xlsxwriter
from ingest.export_writers import of_jd, one_talk, who
from ingest.writers import CHINA
from ingest.writers import by_buyer as blocks_of

Message = dict[str, Any]
ORDER = "260302-000000000000001"  # the file's name says the order of a 拼多多 chat
FIRST_DAY_ENDS = dt.datetime(2026, 3, 3)


def milliseconds(message: Message) -> int:
    return int(message["sent_at"].replace(tzinfo=CHINA).timestamp() * 1000)


# --- What each can carry ---------------------------------------------------------------------------------------------


def answered(messages: list[Message]) -> list[Message]:
    """Return the messages and an agent's at the end: only agents' accounts name the shop."""
    return [*messages, {**messages[-1], "sender": "agent", "text": "在"}]


def of_one_day(messages: list[Message]) -> list[Message]:
    """Return the messages of the first day, which the file's name says, buyer by buyer."""
    day = answered([one for one in messages if one["sent_at"] < FIRST_DAY_ENDS])
    return [one for block in blocks_of(day).values() for one in block]


def of_cells(messages: list[Message]) -> list[Message]:
    """Return the messages of one day; no line of them looks like a time, and they do not end in blanks."""
    return [{**one, "text": one["text"].replace(":", "：").rstrip()} for one in of_one_day(messages)]


def of_order(messages: list[Message]) -> list[Message]:
    return [{**one, "platform": "pdd", "session_id": ORDER} for one in one_talk(messages)]


def of_pdd(messages: list[Message]) -> list[Message]:
    return [{**one, "platform": "pdd"} for one in messages]


def of_answered_jd(messages: list[Message]) -> list[Message]:
    return of_jd(answered(messages))


# --- Writers ---------------------------------------------------------------------------------------------------------


def qianniu_book(path: Path, messages: list[Message]) -> None:
    """A worksheet for each customer, the summary in front; times without a day."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "strings_to_formulas": False})
    summary = book.add_worksheet("导出汇总")
    for row, cells in enumerate(
        [["客户名", "状态", "失败原因"], *([buyer, "成功", ""] for buyer in blocks_of(messages))]
    ):
        _written(summary, row, cells)
    for buyer, block in blocks_of(messages).items():
        sheet = book.add_worksheet()
        _written(sheet, 0, ["客户名", "消息序号", "发送时间", "发送内容", "发送账号", "账号类型"])
        for row, one in enumerate(block, start=1):
            side = {"buyer": "客户", "agent": "客服"}[one["sender"]]
            _written(sheet, row, [buyer, str(row), f"{one['sent_at']:%H:%M:%S}", one["text"], who(one), side])
    book.close()


def qianniu_cells(path: Path, messages: list[Message]) -> None:
    """A row for each customer; its cell holds blocks of time, sender and text with blank lines in between."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    _written(sheet, 0, ["客户ID", "聊天记录"])
    for row, (buyer, block) in enumerate(blocks_of(messages).items(), start=1):
        said = [f"{one['sent_at']:%H:%M:%S}\n{who(one)}: {one['text']}" for one in block]
        _written(sheet, row, [buyer, "\n\n".join(said)])
    book.close()


def _written(sheet: Any, row: int, cells: list[str]) -> None:
    for column, cell in enumerate(cells):
        sheet.write_string(row, column, cell)


def pdd_scraped(path: Path, messages: list[Message]) -> None:
    rows = [
        {
            "time": f"{one['sent_at']:%Y-%m-%d %H:%M:%S}",
            "role": {"buyer": "用户", "agent": "客服"}[one["sender"]],
            "name": who(one),
            "type": "text",
            "content": one["text"],
        }
        for one in messages
    ]
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def pdd_push(path: Path, messages: list[Message]) -> None:
    """Every second push has no ``ts``: its time is in the message's number."""
    lines = []
    for number, one in enumerate(messages):
        buyer = {"role": "user", "uid": one["buyer"]}
        agent = {"role": "mall_cs", "mall_id": one["shop"], "uid": one["agent"]}
        speaker, hearer = (buyer, agent) if one["sender"] == "buyer" else (agent, buyer)
        told = {
            "content": one["text"],
            "from": speaker,
            "to": hearer,
            "msg_id": str(milliseconds(one)),
            **({} if number % 2 else {"ts": str(milliseconds(one) // 1000)}),
            "type": 0,
        }
        lines.append(json.dumps({"response": "push", "message": told}, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def jd_im_log(path: Path, messages: list[Message]) -> None:
    rows = []
    for one in messages:
        buyer, agent = one["buyer"], one["agent"].replace(":", "-")
        by_customer = one["sender"] == "buyer"
        rows.append(
            {
                "from": {
                    "app": "im.customer" if by_customer else "im.waiter",
                    "pin": buyer if by_customer else agent,
                },
                "to": {"pin": agent if by_customer else buyer},
                "body": {"type": "text", "content": one["text"], "chatinfo": {"sid": one["session_id"]}},
                "datetime": milliseconds(one),
            }
        )
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")

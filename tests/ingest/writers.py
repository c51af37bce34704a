"""Writers of every layout that can be written and read back: plain tables, and the layouts of platforms and corpora.

A message is a dict with platform, shop, session_id, buyer, agent, sender, sent_at (naive local), kind and text.
"""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import struct
import zipfile
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

Message = dict[str, Any]
CHINESE = ("平台", "店铺", "会话ID", "买家", "客服", "发送方", "时间", "类型", "内容")
ENGLISH = ("platform", "shop", "session_id", "buyer", "agent", "sender", "sent_at", "kind", "text")
SENDER_WORDS = {
    "buyer": "买家",
    "agent": "客服",
    "assist": "智能辅助",
    "auto": "自动回复",
    "bot": "机器人",
    "system": "系统",
}
KIND_WORDS = {
    "text": "文本",
    "image": "图片",
    "card": "卡片",
    "emoji": "表情",
    "file": "文件",
    "recall": "撤回",
    "transfer": "转接",
    "event": "事件",
}
PLATFORM_WORDS = {"taobao": "淘宝", "jd": "京东", "pdd": "拼多多", "douyin": "抖店", "plain": "其他"}
CHINA = dt.timezone(dt.timedelta(hours=8))
RULE, TITLE = "=" * 64, " " * 31 + "{}" + " " * 29


def cells(message: Message, *, chinese: bool = True) -> list[Any]:
    words = [PLATFORM_WORDS, {}, {}, {}, {}, SENDER_WORDS, {}, KIND_WORDS, {}] if chinese else [{}] * len(ENGLISH)
    return [table.get(message[name], message[name]) for name, table in zip(ENGLISH, words, strict=True)]


def delimited(
    delimiter: str = ",",
    encoding: str = "utf-8-sig",
    *,
    chinese: bool = True,
    newline: str = "\r\n",
    time: str = "%Y-%m-%d %H:%M:%S",
    quoting: int = csv.QUOTE_MINIMAL,
) -> Callable[[Path, list[Message]], None]:
    def write(path: Path, messages: list[Message]) -> None:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting)  # type: ignore[arg-type]
        writer.writerow(CHINESE if chinese else ENGLISH)
        for message in messages:
            writer.writerow(
                cell.strftime(time) if isinstance(cell, dt.datetime) else cell
                for cell in cells(message, chinese=chinese)
            )
        path.write_bytes(out.getvalue().encode(encoding))

    return write


def workbook(path: Path, messages: list[Message]) -> None:
    book = xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "strings_to_formulas": False})
    sheet = book.add_worksheet("聊天记录")
    stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.write_row(0, 0, CHINESE)
    for row, message in enumerate(messages, start=1):
        for column, cell in enumerate(cells(message)):
            if isinstance(cell, dt.datetime):
                sheet.write_datetime(row, column, cell, stamp)
            else:
                sheet.write_string(row, column, cell)
    book.close()


def json_list(path: Path, messages: list[Message]) -> None:
    path.write_text(
        json.dumps([_object(message) for message in messages], ensure_ascii=False, indent=1), encoding="utf-8"
    )


def json_lines(path: Path, messages: list[Message]) -> None:
    path.write_text("".join(json.dumps(_object(message)) + "\n" for message in messages), encoding="utf-8")


def _object(message: Message) -> Message:
    return {**message, "sent_at": message["sent_at"].replace(tzinfo=CHINA).isoformat()}


def parquet(path: Path, messages: list[Message]) -> None:
    kinds = {"sent_at": pa.timestamp("us", tz="Asia/Shanghai"), "agent": pa.dictionary(pa.int32(), pa.string())}
    rows = [{**message, "sent_at": message["sent_at"].replace(tzinfo=CHINA)} for message in messages]
    columns = {name: pa.array([row[name] for row in rows], kinds.get(name, pa.string())) for name in ENGLISH}
    pq.write_table(pa.table(columns), path)


def wangwang(path: Path, messages: list[Message], *, encoding: str = "gb18030", newline: str = "\r\n") -> None:
    """Write the classic text: a block per buyer, in the order of their first message."""
    lines = [f"{messages[0]['shop']}:导出者", "", RULE, TITLE.format("单聊"), "", ""]
    for buyer, block in by_buyer(messages).items():
        lines.append("-" * 28 + buyer + "-" * 28)
        for message in block:
            account = message["buyer"] if message["sender"] == "buyer" else message["agent"]
            lines.append(f"{account}({message['sent_at']:%Y-%m-%d %H:%M:%S}):  {message['text']}")
    lines += ["", RULE, TITLE.format("群聊"), ""]
    path.write_bytes("\n".join(lines).replace("\n", newline).encode(encoding))


def by_buyer(messages: list[Message]) -> dict[str, list[Message]]:
    blocks: dict[str, list[Message]] = {}
    for message in messages:
        blocks.setdefault(message["buyer"], []).append(message)
    return blocks


def jd_log(path: Path, messages: list[Message]) -> None:
    """Write the 京东 log: neighbours with one session id are one marked session."""
    lines = []
    for number, (_, block) in enumerate(groupby(messages, key=lambda message: message["session_id"])):
        lines.append("/" + "*" * 17 + "以下为一通会话" + "*" * 36 + "/")
        for message in block:
            account = message["buyer"] if message["sender"] == "buyer" else message["agent"]
            lines.append(f"{' ' * (number % 2)}{account} {message['sent_at']:%Y-%m-%d %H:%M:%S}\t")
            body = html.escape(message["text"], quote=False)
            lines.append((body.replace("\n", "<br/>") if message["sender"] == "agent" else body) + "\t")
        if number % 3:
            lines.append("/" + "*" * 17 + "会话结束" + "*" * 36 + "/")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def jddc(path: Path, messages: list[Message]) -> None:
    path.write_text(
        "".join(
            f"{one['session_id']}\t{one['buyer']}\t{int(one['sender'] == 'agent')}\t0\t0\tnan\t{one['text']}\n"
            for one in messages
        ),
        encoding="utf-8",
    )


def uneed(path: Path, messages: list[Message]) -> None:
    dialogues = []
    for session, block in groupby(messages, key=lambda message: message["session_id"]):
        turns = list(block)
        dialogues.append(
            {
                "sid": session,
                "sellerid": turns[0]["shop"],
                "userid": turns[0]["buyer"],
                "dialogue": [
                    {
                        "seq_no": number,
                        "time": f"{turn['sent_at']:%Y-%m-%d %H:%M:%S}",
                        "send_content": turn["text"],
                        "sender_type": "用户" if turn["sender"] == "buyer" else "客服",
                        "rec_item_id": [],
                    }
                    for number, turn in enumerate(turns, start=1)
                ],
            }
        )
    path.write_text(json.dumps(dialogues, ensure_ascii=False), encoding="utf-8")


def xlsb(path: Path, rows: list[list[Any]]) -> None:
    """Write the least xlsb that there can be: one sheet of inline texts and numbers."""

    def record(kind: int, data: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size = len(data)
        return head + (bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])) + data

    def wide(text: str) -> bytes:
        raw = text.encode("utf-16-le")
        return struct.pack("<I", len(raw) // 2) + raw

    def cell(column: int, value: Any) -> bytes:
        place = struct.pack("<II", column, 0)
        return (
            record(5, place + struct.pack("<d", value)) if isinstance(value, float) else record(6, place + wide(value))
        )

    size = struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)
    sheet = record(129) + record(148, size) + record(145)
    for number, row in enumerate(rows):
        sheet += record(0, struct.pack("<IIHBBBI", number, 0, 0x12C, 0, 0, 0, 0))
        sheet += b"".join(cell(column, value) for column, value in enumerate(row))
    sheet += record(146) + record(130)
    bundle = struct.pack("<II", 0, 1) + wide("rId1") + wide("聊天")
    book = record(131) + record(143) + record(156, bundle) + record(144) + record(132)
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="{}/{}" Target="{}"/></Relationships>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/'
            'package/2006/content-types"><Default Extension="bin" ContentType="application/vnd.ms-excel.'
            'sheet.binary.macroEnabled.main"/></Types>',
        )
        archive.writestr("_rels/.rels", relation.format(kinds, "officeDocument", "xl/workbook.bin"))
        archive.writestr("xl/_rels/workbook.bin.rels", relation.format(kinds, "worksheet", "worksheets/sheet1.bin"))
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)


def zip_of(files: dict[str, bytes], *, gbk: bool = False) -> bytes:
    """Pack a zip; ``gbk``: names as Windows tools of old wrote them, without the UTF-8 flag."""
    stream, names = io.BytesIO(), {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(files.items()):
            stand_in = f"{number}".rjust(len(name.encode("gb18030")), "~") if gbk else name
            names[stand_in.encode()] = name.encode("gb18030")
            archive.writestr(stand_in, data)
    packed = stream.getvalue()
    if gbk:
        for before, after in names.items():
            packed = packed.replace(before, after)
    return packed

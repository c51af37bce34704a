"""千牛 full-text CSV: a row for each talk, its cell holds the copied page (time, body, sender after the body)."""

from __future__ import annotations

from dataclasses import replace

import pyarrow.compute as pc

from chataudit.arrays import arrow, text
from chataudit.errors import Words
from chataudit.ingest.columns import has_columns, understand, understood
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.lines import bytes_of, lines_of_cells
from chataudit.ingest.reading import Reading, trimmed_code
from chataudit.ingest.rejected import together
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import read_header, read_sheet
from chataudit.ingest.web_blocks import Cells, read_blocks
from chataudit.settings import Settings

COLUMNS = {
    "buyer": "buyer",
    "agent": "staff",
    "date": "chat_date",
    "range": "filter_range",
    "text": "chat_text",
}


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the columns."""
    if not has_columns(read_header(source, COLUMNS, {}), "buyer", "chat_date", "chat_text"):
        return None
    return Sign(SURE, Words("列名是 buyer、staff、chat_date、chat_text", "columns buyer, staff, chat_date, chat_text"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages of all cells; times before a cell's first date line are of its ``chat_date``."""
    sheet = read_sheet(source, COLUMNS, {})
    assert sheet is not None  # the look saw its header
    at = understand(sheet.header, COLUMNS)
    columns = {name: sheet.frame[place] for name, place in at.items()}
    day = pc.replace_substring_regex(arrow(columns["date"]), r"[ T]0?0:00(?::00)?$", "")
    said = zip(bytes_of(day), bytes_of(arrow(columns["buyer"])), bytes_of(arrow(columns["text"])), strict=True)
    lines, part = lines_of_cells(source.name, [_dated(day, buyer, talk) for day, buyer, talk in said])
    cells = Cells(
        part,
        sheet.rows,
        trimmed_code(columns["buyer"]),
        trimmed_code(columns.get("agent", text([None] * len(sheet.frame)))),
        understood(sheet.header, at),
    )
    reading = read_blocks(source.name, lines, settings, cells)
    return replace(reading, rejects=together(sheet.rejects, reading.rejects), notes=sheet.notes)


def _dated(day: bytes, buyer: bytes, talk: bytes) -> bytes:
    """Return a talk below its day, without the buyer's name above it."""
    return day + b"\n" + (talk.removeprefix(buyer + b"\n") if buyer else talk)


EXAMPLE = """\
buyer,staff,chat_date,filter_range,chat_text
tb示例买家01,示例旗舰店:小雨,2026-03-02,2026-03-02 to 2026-03-02,"tb示例买家01
2026-03-02
10:01:05
这款有现货吗
tb示例买家01
10:01:31
亲，有现货的哦
示例旗舰店:小雨"
"""
LAYOUT = Layout("qianniu_fulltext", Words("千牛全文 CSV（一行一段会话）", "千牛 full-text CSV"), EXAMPLE, look, read)

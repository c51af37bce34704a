"""千牛 two-column workbook: a row for each customer, its cell holds ``time``, ``sender: text`` blocks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from chataudit.arrays import arrow, text
from chataudit.errors import Words
from chataudit.ingest.columns import has_columns, understand, understood
from chataudit.ingest.days import read_dated
from chataudit.ingest.layout import LIKELY, Layout, Sign
from chataudit.ingest.lines import bytes_of, lines_of_cells, next_after
from chataudit.ingest.reading import Reading, in_words, trimmed_code
from chataudit.ingest.rejected import rejects, together
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import read_header, read_sheet
from chataudit.ingest.talk import Said, read_said
from chataudit.ingest.web_blocks import CLOCK_LINE, DATE_LINE, block_times
from chataudit.settings import Settings

COLUMNS = {"buyer": "客户ID", "text": "聊天记录"}
SPOKEN = r"^\s*(?P<sender>\S.*?) ?[:：](?:\s(?P<text>.*))?$"


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the two columns."""
    if not has_columns(read_header(source, COLUMNS, {}), "客户ID", "聊天记录"):
        return None
    return Sign(LIKELY, Words("两列：客户ID、聊天记录", "two columns 客户ID and 聊天记录"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages of all cells; a block without ``sender:`` is an event."""
    sheet = read_sheet(source, COLUMNS, {})
    assert sheet is not None  # the look saw its header
    columns = understand(sheet.header, COLUMNS)
    lines, part = lines_of_cells(source.name, bytes_of(arrow(sheet.frame[columns["text"]])))
    clocks = lines.where(CLOCK_LINE)
    border = clocks | lines.where(DATE_LINE) | np.append(True, part[1:] != part[:-1])
    at = np.flatnonzero(clocks)
    end = next_after(np.flatnonzero(border), at, len(lines))
    times = read_dated(block_times(lines, at, part), source.name, settings, part[at])
    first = at[end > at + 1] + 1
    spoken = first[lines.where(SPOKEN)[first]]
    parts = lines.parts(SPOKEN, spoken)
    lines.replaced(spoken, parts["text"])
    named = np.isin(at + 1, spoken)
    who = np.full(len(at), None, dtype=object)
    who[named] = parts["sender"].to_numpy(zero_copy_only=False)
    said = Said(
        row=sheet.rows[part[at]],
        account=trimmed_code(text(pa.array(who, pa.large_string()))),
        sent_at=times.times,
        text=lines.bodies(at + 1, end),
        clocks=times.clocks,
        kind=in_words(np.where(named, -1, 0), ["event"]),
        part=part[at],
        buyer=trimmed_code(sheet.frame[columns["buyer"]]).iloc[part[at]].reset_index(drop=True),
        columns=understood(sheet.header, columns),
    )
    reading = read_said(source.name, said, settings)
    strange = lines.outside(at, end) & ~lines.where(DATE_LINE)
    bad = [(int(sheet.rows[part[line - 1]]), reason, value) for line, reason, value in lines.strays(strange)]
    return replace(
        reading,
        rejects=together(sheet.rejects, reading.rejects, rejects(source.name, bad)),
        notes=sheet.notes,
        guesses=(*reading.guesses, *times.guesses),
    )


EXAMPLE = """\
客户ID,聊天记录
tb示例买家01,"10:01:05
tb示例买家01: 这款有现货吗

10:01:31
示例旗舰店:小雨: 亲，有现货的哦"
"""
LAYOUT = Layout(
    "qianniu_cells", Words("千牛两列工作簿（客户ID、聊天记录）", "千牛 two-column workbook"), EXAMPLE, look, read
)

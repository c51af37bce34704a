"""The blocks of the 千牛 web page, wherever they stand: time, body, and the sender after the body.

A block reaches from its time line to the next time or date line; its last line is the sender. What the page puts
around the talk (headings, the order card at the side) is left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, text
from chataudit.errors import Words
from chataudit.ingest.days import read_dated
from chataudit.ingest.guesses import Guess
from chataudit.ingest.lines import Lines, last_at, next_after
from chataudit.ingest.reading import Reading, in_words, trimmed_code
from chataudit.ingest.rejected import rejects, together
from chataudit.ingest.talk import Said, read_said
from chataudit.settings import Settings

CLOCK_LINE = r"^\s*(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)\s*$"
DATE_LINE = r"^\s*(?P<year>20\d{2})[-/年](?P<month>\d{1,2})[-/月](?P<day>\d{1,2})日?\s*$"
CHROME = (
    "聊天记录查询",
    "查询结果",
    "客户昵称",
    "客服昵称",
    "员工账号",
    "账号信息保护显示",
    "没有更多内容了",
)
CHROME_LINE = rf"^\s*(?:{'|'.join(CHROME)})\s*$"
ORDER_CARD = r"^\s*(?:订单号[:：]\s*\d*|共\d+件商品|交易时间[:：].*)\s*$"
NICK = "客户昵称"


class Cells(NamedTuple):
    """Talks that stand in the cells of a table: the talk of each line; of each talk its row, its buyer, its agent."""

    part: Ints
    row: Ints
    buyer: pd.Series
    agent: pd.Series
    columns: tuple[tuple[str, str | None], ...]


def is_clock_line(line: str) -> bool:
    """Return whether a line is a time of day and nothing else."""
    return re.match(CLOCK_LINE, line) is not None


def is_date_line(line: str) -> bool:
    """Return whether a line is a date and nothing else."""
    return re.match(DATE_LINE, line) is not None


def read_blocks(name: str, lines: Lines, settings: Settings, cells: Cells | None = None) -> Reading:
    """Return the messages of all blocks; ``cells`` says which talk of a table each line stands in."""
    part = np.zeros(len(lines), dtype=np.int64) if cells is None else cells.part
    blocks = _find(lines, part)
    empty = blocks.end - blocks.at < 2
    at, end = blocks.at[~empty], blocks.end[~empty]
    named = end - at > 2
    who = pc.utf8_trim_whitespace(lines.array.take(pa.array(end - 1)))
    times = read_dated(block_times(lines, at, part), name, settings, part[at])
    said = Said(
        row=at + 1 if cells is None else cells.row[part[at]],
        account=trimmed_code(text(pc.if_else(pa.array(named), who, pa.scalar(None, pa.large_string())))),
        sent_at=times.times,
        text=lines.joined(at + 1, np.where(named, end - 1, end)),
        clocks=times.clocks,
        kind=in_words(np.where(named, -1, 0), ["event"]),
        part=part[at],
        buyer=cells.buyer.iloc[part[at]].reset_index(drop=True) if cells is not None else None,
        agent=cells.agent.iloc[part[at]].reset_index(drop=True) if cells is not None else None,
        nobody=_nick(lines, name),
        columns=cells.columns if cells is not None else (),
    )
    reading = read_said(name, said, settings)
    row_of = np.arange(len(lines)) + 1 if cells is None else cells.row[part]
    strange = [(int(row_of[one]), "a time without a message", "") for one in blocks.at[empty]]
    strange += [
        (int(row_of[one]), "a line that belongs to no message", lines.array[one].as_py())
        for one in np.flatnonzero(blocks.stray)
    ]
    return replace(
        reading,
        rejects=together(reading.rejects, rejects(name, sorted(strange))),
        notes=lines.notes,
        guesses=(*reading.guesses, *times.guesses, *_nameless(int((~named).sum()))),
    )


class _Blocks(NamedTuple):
    """The time line of each block, the line after its last one, and the lines that belong to none."""

    at: Ints
    end: Ints
    stray: Flags


def _find(lines: Lines, part: Ints) -> _Blocks:
    opens, dates, chrome = (lines.where(pattern) for pattern in (CLOCK_LINE, DATE_LINE, CHROME_LINE))
    border = opens | dates | chrome | np.append(True, part[1:] != part[:-1])
    told = lines.filled() & ~chrome & ~lines.where(ORDER_CARD)
    at, filled = np.flatnonzero(opens), np.flatnonzero(told)
    most = next_after(np.flatnonzero(border), at, len(lines))
    end = filled[last_at(filled, most - 1)] + 1 if len(at) else at
    inside = np.zeros(len(lines) + 1, dtype=np.int64)
    np.add.at(inside, at, 1)
    np.add.at(inside, np.maximum(end, at + 1), -1)
    heading = np.append(False, chrome[:-1]) | np.append(True, part[1:] != part[:-1])
    return _Blocks(at, np.maximum(end, at + 1), told & ~dates & ~heading & (np.cumsum(inside)[:-1] == 0))


def block_times(lines: Lines, at: Ints, part: Ints) -> pd.Series:
    """Return each block's clock, after the day of the last date line of its talk where there is one."""
    clock = lines.parts(CLOCK_LINE, at)["clock"]
    dates = np.flatnonzero(lines.where(DATE_LINE))
    if not len(dates):
        return text(clock)
    found = last_at(dates, at)
    dated = (found >= 0) & (part[dates[found]] == part[at])
    said = lines.parts(DATE_LINE, dates)
    days = pc.binary_join_element_wise(said["year"], said["month"], said["day"], pa.scalar("-", pa.large_string()))
    whole = pc.binary_join_element_wise(
        days.take(pa.array(found % len(dates))), clock, pa.scalar(" ", pa.large_string())
    )
    return text(pc.if_else(pa.array(dated), whole, clock))


def _nick(lines: Lines, name: str) -> str:
    """Return the buyer that the page's form names, else one named after the file."""
    at = np.flatnonzero(lines.where(rf"^\s*{NICK}\s*$"))[:1] + 1
    said = lines.array[int(at[0])].as_py().strip() if len(at) and at[0] < len(lines) else ""
    return said if said and said not in CHROME else f"?{PurePosixPath(name).stem}"


def _nameless(count: int) -> tuple[Guess, ...]:
    if not count:
        return ()
    what = Words(f"{count} 条没有发送者，算作事件", f"{count} messages have no sender and stand as events")
    return (Guess(what, Words("从页面重新复制这几条", "copy them from the page again")),)

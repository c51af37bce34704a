"""The day of times that say only hour and minute: from the user, the export's header, or the file's name."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import PurePosixPath
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, arrow, text
from chataudit.errors import Words
from chataudit.ingest.guesses import Guess
from chataudit.ingest.times import mixed_times, read_times, same_times
from chataudit.settings import Settings

CLOCK = r"^\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*$"
IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_.年]?(0[1-9]|1[0-2]|[1-9](?=\D))[-_.月]?([0-2]\d|3[01]|[1-9](?!\d))")
TOLD = {
    "settings": Words("来自 --date 或设置 log_date", "from --date or the setting log_date"),
    "header": Words("来自导出的表头", "from the export's header"),
    "name": Words("来自文件名", "from the file name"),
}
FIX = Words("可用 --date 或设置 log_date 写明", "say it by --date or the setting log_date")


class Day(NamedTuple):
    """A day and where it was found (a key of `TOLD`)."""

    day: dt.date
    where: str


def find_day(name: str, settings: Settings, header: dt.date | None = None) -> Day | None:
    """Return the day of times without one: the user's, else the header's, else that of the file's or a folder's name.

    >>> find_day("a/千牛聊天记录_原始逐条_2026-03-02_10-05.xlsx", Settings())
    Day(day=datetime.date(2026, 3, 2), where='name')
    """
    if settings.log_date is not None:
        return Day(dt.date.fromisoformat(settings.log_date), "settings")
    if header is not None:
        return Day(header, "header")
    for part in reversed(PurePosixPath(name).parts):
        for found in IN_NAME.finditer(part):
            day = real_day(*found.groups())
            if day is not None:
                return Day(day, "name")
    return None


def real_day(year: str, month: str, day: str) -> dt.date | None:
    """Return a date; None where there is no such day."""
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


class Dated(NamedTuple):
    """Instants, and what was guessed for those whose text had no day."""

    times: pd.Series
    guesses: tuple[Guess, ...]
    clocks: Flags


def read_dated(cells: pd.Series, name: str, settings: Settings, part: Ints, header: dt.date | None = None) -> Dated:
    """Return the instants of cells, some of which are clocks without a day; without any day these are null.

    Within a ``part`` (one talk, oldest first) a clock that goes back means that a day has passed. A day from the
    file's name, when it was exported, is the last of the talk; any other is its first.
    """
    same = same_times(cells, settings.timezone)
    if same is not None:
        return Dated(same, (), np.zeros(len(cells), dtype=bool))
    clock = arrow(cells)
    alone = pc.match_substring_regex(clock, CLOCK).fill_null(False).to_numpy(zero_copy_only=False).astype(bool)
    if not alone.any():
        return Dated(mixed_times(cells, settings.timezone), (), alone)
    day = find_day(name, settings, header)
    if day is None:
        clock = pc.if_else(pa.array(alone), pa.scalar(None, pa.large_string()), clock)
        what = Words("时间没有日期，按没有时间处理：响应时间不计算", "times have no day and are left out")
        return Dated(read_times(text(clock), settings.timezone), (Guess(what, FIX),), alone)
    passed = _days_passed(clock, alone, part, last=day.where == "name")
    days = np.datetime64(day.day, "D") + passed
    spoken = pa.array(days.astype(str), pa.large_string())
    whole = pc.binary_join_element_wise(spoken, pc.utf8_trim_whitespace(clock), pa.scalar(" ", pa.large_string()))
    where = TOLD[day.where]
    what = Words(
        f"没有日期的时间按 {day.day} 算（{where.zh}）", f"times without a day were taken as of {day.day} ({where.en})"
    )
    guesses = () if day.where == "settings" else (Guess(what, FIX),)
    times = read_times(text(pc.if_else(pa.array(alone), whole, clock)), settings.timezone)
    return Dated(times, guesses, alone)


def _days_passed(clock: pa.Array, alone: Flags, part: Ints, *, last: bool) -> Ints:
    """Return how many days have passed in each part when a clock is read; parts that mostly go back pass none."""
    at = np.flatnonzero(alone)
    group, step = part[at], np.diff(_seconds(clock, alone)[at], prepend=0)
    same = np.append(False, group[1:] == group[:-1])
    back = pd.Series(same & (step < 0)).groupby(group)
    backs = back.transform("sum").to_numpy()
    onwards = pd.Series(same & (step > 0)).groupby(group).transform("sum").to_numpy()
    since = back.cumsum().to_numpy() - (backs if last else 0)
    passed = np.zeros(len(part), dtype=np.int64)
    passed[at] = np.where(backs <= onwards, since, 0)
    return passed


def _seconds(clock: pa.Array, alone: Flags) -> Ints:
    """Return the seconds of the day of clocks, 0 for other texts."""
    padded = pc.if_else(pa.array(alone), clock, pa.scalar("0:00", pa.large_string()))
    parts = pc.extract_regex(padded, r"^\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?")

    def number(name: str) -> Ints:
        cells = parts.field(name)
        return pc.if_else(pc.equal(cells, ""), "0", cells).cast(pa.int64()).to_numpy()

    return (number("hour") * 60 + number("minute")) * 60 + number("second")

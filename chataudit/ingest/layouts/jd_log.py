"""京东 咚咚 chat log: marked sessions, ``sender time`` lines, masked buyers, the jimi robot, bodies with HTML."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, coded, text
from chataudit.errors import Words
from chataudit.ingest.guesses import guessed_roles
from chataudit.ingest.heads import head_lines
from chataudit.ingest.jd_markup import without_markup
from chataudit.ingest.jd_roles import Roles, tell_roles
from chataudit.ingest.kinds import NOTICE
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.lines import Lines, last_at, next_after
from chataudit.ingest.reading import Reading, from_columns, trimmed_code
from chataudit.ingest.rejected import rejects
from chataudit.ingest.sources import Source
from chataudit.ingest.times import read_times
from chataudit.settings import Settings
from chataudit.tables import SENDERS

START, END = "以下为一通会话", "会话结束"
MARK = rf"^/\*{{5,}}.*(?:{START}|{END})"
HEADER = r"^\s*(?P<account>\S.*?)\s+(?P<time>\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2})$"
LONGEST = 900  # bytes of a line that opens a message


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by a session marker."""
    if not any(line.startswith("/*****") and START in line for line in head_lines(source)):
        return None
    return Sign(SURE, Words("有“/*****以下为一通会话*****/”的会话标记", "session markers /*****以下为一通会话*****/"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; a recall or notice without a time has the time of the message before it."""
    lines = Lines(source)
    lines.trim()
    opened = _open(lines, settings)
    body = lines.joined(np.where(opened.notice, opened.at, opened.at + 1), opened.end)
    body = without_markup(pc.utf8_trim(body, characters="\n\t "))
    roles = tell_roles(opened.account, opened.part, opened.times, settings)
    frame = from_columns(
        len(opened.at),
        settings.timezone,
        row=opened.at + 1,
        part=opened.part,
        platform="jd",
        shop=roles.shop,
        buyer=roles.buyer,
        agent=roles.agent,
        sender=_senders(roles, body),
        sent_at=opened.times,
        text=body,
    )
    return Reading(frame, rejects(source.name, opened.strange), lines.notes, guessed_roles(roles.guessed))


class _Opened(NamedTuple):
    """The lines that open messages, the line after each one's last, who, when, which session; and lines of none."""

    at: Ints
    end: Ints
    notice: Flags
    account: pd.Series
    times: pd.Series
    part: Ints
    strange: list[tuple[int, str, str]]


def _open(lines: Lines, settings: Settings) -> _Opened:
    marks = lines.where(MARK)
    heads = lines.where(HEADER) & lines.short(LONGEST) & ~marks
    first = np.flatnonzero(heads)
    parts = lines.parts(HEADER, first)
    times = read_times(text(parts["time"]), settings.timezone)
    good = np.zeros(len(lines), dtype=bool)
    good[first[times.notna().to_numpy()]] = True
    notices = _notices(lines, marks, heads, good)
    opens, border = good | notices, marks | heads | notices
    at = np.flatnonzero(opens)
    head = last_at(first, at)
    who = pc.if_else(pa.array(notices[at]), None, parts["account"].take(pa.array(head)))
    session = np.cumsum(marks)[at]
    return _Opened(
        at,
        next_after(np.flatnonzero(border), at, len(lines)),
        notices[at],
        trimmed_code(text(who)),
        times.iloc[head].reset_index(drop=True),
        np.cumsum(np.append(False, np.diff(session) != 0)).astype(np.int64)[: len(at)],
        _strange(
            lines, border, heads & ~good, parts["time"].take(pa.array(last_at(first, np.flatnonzero(heads & ~good))))
        ),
    )


def _notices(lines: Lines, marks: Flags, heads: Flags, good: Flags) -> Flags:
    """Return the notices that stand for themselves: below a message that has said something."""
    candidates = lines.where(rf"^\s*(?:{NOTICE.pattern})\s*$") & ~marks & ~heads
    at = np.flatnonzero(candidates)
    if not len(at):
        return candidates
    owners = np.flatnonzero(marks | heads)
    owner = owners[np.maximum(last_at(owners, at), 0)] if len(owners) else at
    filled = np.cumsum(lines.filled())
    candidates[at] = good[owner] & (owner < at) & (filled[at - 1] > filled[owner])
    return candidates


def _strange(lines: Lines, border: Flags, bad: Flags, said: pa.Array) -> list[tuple[int, str, str]]:
    """Return headers whose time is none, with their bodies, and lines above every message of their session."""
    at, borders = np.flatnonzero(bad), np.flatnonzero(border)
    values = lines.bodies(at, next_after(borders, at, len(lines))).to_pylist()
    told = said.to_pylist()
    rows = [(int(one) + 1, f"no such time: {time}", value) for one, time, value in zip(at, told, values, strict=True)]
    messages = np.flatnonzero(border & ~lines.where(MARK))
    end = next_after(borders, messages, len(lines))
    loose = lines.outside(messages, end) & ~border
    return sorted([*rows, *lines.strays(loose)])


def _senders(roles: Roles, body: pa.Array) -> pd.Series:
    """Return the senders; a notice that names the buyer, or 对方, is the buyer's, any other the system's."""
    told = roles.sender.copy()
    for at in np.flatnonzero(roles.nameless):
        if body[int(at)].as_py().startswith((str(roles.buyer.iloc[at]), "对方")):
            told[at] = SENDERS.index("buyer")
    return coded(told, list(SENDERS))


EXAMPLE = """\
/*****************以下为一通会话************************************/
j****db 2026-03-02 21:50:18
容量多大？
示例家电-小何 2026-03-02 21:50:35
您好，500毫升的呢<br/>现在下单今天发
/*****************会话结束_时间:2026-03-02 21:58:40************************************/
"""
LAYOUT = Layout("jd_log", Words("京东咚咚聊天记录 log", "京东咚咚 chat log"), EXAMPLE, look, read)

"""The 京东 workbook 咨询会话查询: a row for each session, with the buyer's whole name and the platform's own figures."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from chataudit.arrays import arrow, text
from chataudit.errors import Words
from chataudit.ingest.columns import has_columns, understand
from chataudit.ingest.rejected import rejects, together
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import read_header, read_sheet
from chataudit.ingest.times import read_times
from chataudit.settings import Settings

TITLE = Words("京东 咨询会话查询", "京东 session workbook")
COLUMNS = {
    "asked_at": "咨询时间",
    "agent": "客服",
    "receiver": "转接后客服",
    "buyer": "顾客",
    "item": "商品编号",
    "replied_at": "首次响应时间",
    "mean_response_s": "新平均响应时间(S) 平均响应时间(S)",
    "duration_min": "会话时长(M)",
    "buyer_n": "客户消息数",
    "agent_n": "客服消息数",
    "rating": "满意度",
    "solved": "是否解决",
    "session_id": "cid",
}
TIMES, NUMBERS = ("asked_at", "replied_at"), ("mean_response_s", "duration_min", "buyer_n", "agent_n")
MISSING = r"(?i)^(?:-|--|无|null)?$"


class SessionBook(NamedTuple):
    """The workbook's sessions (the columns of `COLUMNS`, ``file`` and ``row``) and the rows that are none."""

    sessions: pd.DataFrame
    rejects: pd.DataFrame
    notes: tuple[Words, ...]


def read_session_book(source: Source, settings: Settings) -> SessionBook | None:
    """Return the sessions of a workbook, CSV or zip member of them; None where the header is another.

    A leading ``'`` is dropped, ``-`` is null and never 0; a duration may be slightly negative, as 京东 writes it. A row
    without a time of consultation or a buyer is a reject.
    """
    if not has_columns(read_header(source, COLUMNS, {}), "咨询时间", "客服", "顾客"):
        return None
    sheet = read_sheet(source, COLUMNS, {})
    assert sheet is not None  # its header was just seen
    at = understand(sheet.header, COLUMNS)
    empty = text([None] * len(sheet.frame))
    told = {name: _plain(sheet.frame[at[name]]) if name in at else empty for name in COLUMNS}
    frame = pd.DataFrame(told)
    for name in TIMES:
        frame[name] = read_times(frame[name], settings.timezone)
    for name in NUMBERS:
        frame[name] = pd.to_numeric(frame[name], errors="coerce").astype("float64")
    frame["item"] = text(pc.replace_substring_regex(arrow(frame["item"]), r"\.0$", ""))
    frame["file"], frame["row"] = source.name, sheet.rows
    wrong = (frame["asked_at"].isna() | frame["buyer"].isna()).to_numpy()
    bad = [(int(sheet.rows[one]), "a session without time or buyer", "") for one in np.flatnonzero(wrong)]
    return SessionBook(
        frame[~wrong].reset_index(drop=True), together(sheet.rejects, rejects(source.name, bad)), sheet.notes
    )


def _plain(cells: pd.Series) -> pd.Series:
    """Return cells without the marks that the export adds; null where it says that nothing is there."""
    said = pc.utf8_trim(arrow(cells), characters=" '\t\n")
    return text(pc.if_else(pc.match_substring_regex(said, MISSING), None, said))

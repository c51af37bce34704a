"""A file of the inbox read: chats, orders, people, sheets, sessions of 京东, or a workbook with marks handed back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from chataudit import ingest
from chataudit.arrays import TEXT
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest import BROKEN
from chataudit.ingest.filled import read_verdicts
from chataudit.ingest.sources import BROKEN as UNOPENED
from chataudit.ingest.sources import ZIP, Source, is_workbook
from chataudit.log import NO_TIME, instants
from chataudit.nightly.inbox import Arrived
from chataudit.settings import Settings
from chataudit.store import Contents
from chataudit.tables import ORDERS

DaysOf = Callable[[list[str]], Mapping[str, str]]
BESIDE = {"orders": "order_rows", "people": "people_rows", "sheets": "sheet_rows"}
UNDATED = "no time: a nightly run must know the day"


def read_contents(file: Arrived, settings: Settings, days_of: DaysOf) -> Contents:
    """Return what a file says; where nothing in it can be read, its contents are empty and hold the reasons.

    ``days_of`` gives the days on which sessions were audited, for marks handed back.
    """
    unread = partial(Contents, file.name, file.sha256)
    try:
        marks = _marks(file, days_of)
        return marks if marks is not None else _rows(file, ingest.read_any(file.path, settings))
    except Faults as error:
        return unread(faults=error.faults)
    except (*BROKEN, *UNOPENED) as error:
        said = str(error) or type(error).__name__
        return unread(faults=(Fault(Words(f"读到一半出错：{said}", f"Broken in the middle: {said}"), file.name),))


def _marks(file: Arrived, days_of: DaysOf) -> Contents | None:
    """Return the marks of a workbook handed back; None where it is none."""
    source = Source(PurePosixPath(file.name).name, file.path, named=True)
    if not source.head().startswith(ZIP) or not is_workbook(source):
        return None
    verdicts = read_verdicts(source)
    if verdicts is None:
        return None
    days = days_of([str(one) for one in verdicts["session_id"].unique()])
    verdicts["day"] = verdicts["session_id"].map(days).astype(TEXT)
    lost = int(verdicts["day"].isna().sum())
    notes = (
        (Words(f"{lost} 个判定的会话不在数据库里", f"{lost} marks are on sessions that are not here"),) if lost else ()
    )
    frame = verdicts.rename(columns={"file": "member"})
    inputs = ({"name": file.name, "sha256": file.sha256, "read_as": "checklists", "rows": len(frame)},)
    return Contents(file.name, file.sha256, inputs, {"verdict_rows": frame}, notes)


def _rows(file: Arrived, read: ingest.Ingested) -> Contents:
    """Return what was read as rows.

    Raises:
        Faults: chats without any time.
    """
    messages, undated = _dated(read.messages, file.name)
    frames: dict[str, pd.DataFrame] = {"chat_rows": messages.rename(columns={"file": "member"})}
    rejects = [one for one in (read.rejects, undated) if len(one)]
    if rejects:
        frames["reject_rows"] = pd.concat(rejects, ignore_index=True).rename(columns={"file": "member"})
    for name, tables in read.companions.items():
        frames[BESIDE[name]] = _beside(name, tables, file)
    if read.jd_sessions is not None:
        frames["jd_session_rows"] = read.jd_sessions.rename(columns={"file": "member"})
    inputs = [{"name": one.name, "sha256": one.sha256, "read_as": one.layout, "rows": one.rows} for one in read.inputs]
    return Contents(
        file.name, file.sha256, inputs, frames, read.notes, read.broken, read.counts["rows"], read.counts["duplicates"]
    )


def _dated(messages: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part messages from those without a time, which are rejects; a file of nothing else is not read."""
    without = instants(messages["sent_at"]) == NO_TIME
    if len(messages) and without.all():
        what = Words("没有时间，不知道是哪一天。", "Without times the day is not known.")
        hint = Words(
            "在文件名里写上日期，或用设置 log_date 写明；整份一起审核用 chataudit audit。",
            "Write the day into the file's name or the setting log_date; chataudit audit audits it as a whole.",
        )
        raise Faults([Fault(what, name, hint=hint)])
    lost = messages[without]
    rejects = pd.DataFrame(
        {
            "file": lost["file"].astype(str),
            "row": lost["row"].astype("Int64"),
            "column": "sent_at",
            "reason": UNDATED,
            "value": lost["text"],
        }
    )
    return messages[~without].reset_index(drop=True), rejects


def _beside(name: str, tables: list[pd.DataFrame], file: Arrived) -> pd.DataFrame:
    frame = pd.concat(tables, ignore_index=True)
    frame["member"] = frame["file"] if "file" in frame.columns else PurePosixPath(file.name).name
    return _orders(frame) if name == "orders" else frame


def _orders(frame: pd.DataFrame) -> pd.DataFrame:
    """Add what orders are found by: the first and last instant that they tell of, and a hash of all that they say."""
    at = np.stack([instants(frame[name]) for name in ("ordered_at", "paid_at", "closed_at", "refunded_at")])
    known = at != NO_TIME
    frame = frame[known.any(axis=0)].reset_index(drop=True)
    at, known = at[:, known.any(axis=0)], known[:, known.any(axis=0)]
    for name, found in (
        ("from_at", np.where(known, at, np.iinfo(np.int64).max).min(axis=0)),
        ("until_at", np.where(known, at, NO_TIME).max(axis=0)),
    ):
        frame[name] = pd.Series(pd.to_datetime(found, unit="ms", utc=True)).dt.as_unit("ms")
    rows: list[list[Any]] = frame[ORDERS.names].astype(object).to_numpy().tolist()
    frame["sha256"] = [hashlib.sha256("\x1f".join(map(str, row)).encode()).hexdigest() for row in rows]
    return frame

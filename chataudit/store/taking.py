"""A file of the inbox into the database: in one transaction its rows, each message and order once, and which days they change."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from chataudit.errors import Fault
from chataudit.log import day_names, days_since, instants, wall_clock
from chataudit.settings import Settings
from chataudit.store.blanking import pseudonym, salt_of
from chataudit.store.bulk import append, attached, staged
from chataudit.store.calendar import add_days, around, mark, mark_between
from chataudit.store.contents import Contents
from chataudit.store.database import Database
from chataudit.store.deleting import delete_rows, move_rows
from chataudit.store.frames import ARROW, stored_cells
from chataudit.store.keys import next_ids, numbered
from chataudit.store.known import Known, known_messages, known_orders
from chataudit.store.saving import as_json, told, told_again
from chataudit.store.schema import INBOX, ROWS, STORED, files, forgotten
from chataudit.store.schema import days as calendar

FORGOTTEN = "the buyer has asked to be forgotten"
OVER = 2  # days that a late reply or a wider window reaches beyond a credit window


@dataclass(frozen=True)
class Taken:
    """What became of a file's rows: rows = messages + duplicates + rejects.

    ``days``: whose messages it adds to; ``frozen``: those of them that are never audited anew.
    """

    rows: int
    messages: int
    duplicates: int
    rejects: int
    days: tuple[str, ...]
    frozen: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownFile:
    """A file that was taken in before: whether it was quarantined, and why."""

    quarantined: bool
    faults: tuple[Fault, ...]


def faults_of_file(database: Database, sha256: str) -> KnownFile | None:
    """Return what is known of a file by its content; None where it was not taken in before."""
    query = sa.select(files.c.state, files.c.faults).where(files.c.sha256 == sha256)
    with database.reading() as connection:
        found = connection.execute(query).first()
    if found is None:
        return None
    return KnownFile(found.state == "quarantined", tuple(told_again(one) for one in json.loads(found.faults)))


def take(database: Database, contents: Contents, settings: Settings) -> Taken:
    """Take in what a file says; one that can't be read is written down with its reasons.

    Raises:
        Faults: the database refuses; nothing is taken in then.
    """
    frames = dict(contents.frames)
    with database.reading() as connection:
        first = next_ids(connection, ROWS)
        number = int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(files.c.id), 0))) or 0) + 1
        frames = _without_forgotten(connection, frames)
        chats = known_messages(connection, frames.get("chat_rows"), contents.name)
        orders = known_orders(connection, frames.get("order_rows"), contents.name)
        days = _days(connection, frames, chats, settings)
        frozen = connection.scalars(sa.select(calendar.c.day).where(calendar.c.day.in_(days), calendar.c.frozen)).all()
    size = len(frames["chat_rows"]) if "chat_rows" in frames else 0
    stirred = None if orders is None else frames["order_rows"][orders.stirred]
    for name, known in (("chat_rows", chats), ("order_rows", orders)):
        if known is not None:
            frames[name] = frames[name][known.new].reset_index(drop=True)
    rejects = len(frames.get("reject_rows", ()))
    added = 0 if chats is None else int(chats.new.sum()) - len(chats.replaced)
    taken = Taken(
        contents.rows, added, size - added + contents.duplicates, rejects, tuple(sorted(days)), tuple(sorted(frozen))
    )
    batch = {name: [_rows(name, frame, number, first[name])] for name, frame in frames.items() if len(frame)}
    with staged(database, batch) as rows, attached(database, rows) as connection:
        for name, known in (("chat_rows", chats), ("order_rows", orders)):
            if known is not None:
                delete_rows(connection, ROWS[name], known.replaced)
                move_rows(connection, ROWS[name], known.moved, number)
        for name in batch:
            append(connection, ROWS[name], rows)
        connection.execute(sa.insert(files), _record(contents, number, taken))
        _mark(connection, days, frames, stirred, settings)
    return taken


def _record(contents: Contents, number: int, taken: Taken) -> dict[str, Any]:
    return {
        "id": number,
        "name": contents.name,
        "sha256": contents.sha256,
        "state": "read" if contents.readable else "quarantined",
        "inputs": as_json(list(contents.inputs)),
        "notes": as_json([list(note) for note in contents.notes]),
        "faults": as_json([told(fault) for fault in contents.faults]),
        "rows": taken.rows,
        "messages": taken.messages,
        "duplicates": taken.duplicates,
        "rejects": taken.rejects,
        "last_day": max(taken.days, default=None),
    }


def _rows(name: str, frame: pd.DataFrame, file: int, first: int) -> pa.Table:
    cells: dict[str, pa.Array] = {
        "id": numbered(len(frame), first),
        "file": pa.array(np.full(len(frame), file, dtype=np.int64)),
    }
    for column in INBOX[name]:
        if column.name in cells:
            continue
        if column.name in frame.columns:
            cells[column.name] = stored_cells(frame[column.name], column.kind)
        else:
            cells[column.name] = pa.nulls(len(frame), ARROW[column.kind])
    return pa.table(cells)


def _without_forgotten(connection: sa.Connection, frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Turn messages of forgotten buyers into rejects without text, and drop their orders."""
    since = {str(name): int(before) for name, before in connection.execute(sa.select(forgotten))}
    if not since:
        return frames
    salt = salt_of(connection)
    for name, time in (("chat_rows", "sent_at"), ("order_rows", "from_at")):
        if name not in frames or not len(frames[name]):
            continue
        frame = frames[name]
        buyers = frame["buyer"].astype(object)
        before = buyers.map({one: since.get(pseudonym(str(one), salt)) for one in buyers.dropna().unique()})
        gone = (before.notna() & (instants(frame[time]) < before.fillna(0).to_numpy(dtype=float))).to_numpy(dtype=bool)
        if name == "chat_rows" and gone.any():
            frames["reject_rows"] = _rejected(frames.get("reject_rows"), frame[gone])
        frames[name] = frame[~gone].reset_index(drop=True)
    return frames


def _rejected(rejects: pd.DataFrame | None, gone: pd.DataFrame) -> pd.DataFrame:
    cells = {"member": gone["member"].astype(str), "row": gone["row"].astype("Int64"), "column": None}
    made = pd.DataFrame({**cells, "reason": FORGOTTEN, "value": None}, index=gone.index)
    return made if rejects is None else pd.concat([rejects, made], ignore_index=True)


def local_days(times: pd.Series, settings: Settings) -> pd.Series:
    """Return the local day of instants, shifted by the cut hour."""
    return day_names(days_since(wall_clock(times.dt.tz_convert(settings.timezone)), settings.cut_hour))


def local_day(at: int, settings: Settings) -> str:
    """Return the local day of an instant in milliseconds since 1970."""
    return str(local_days(pd.Series(pd.to_datetime([at], unit="ms", utc=True)).dt.as_unit("ms"), settings).iloc[0])


def _days(
    connection: sa.Connection, frames: Mapping[str, pd.DataFrame], chats: Known | None, settings: Settings
) -> set[str]:
    """Return the days whose messages change, those of the sessions that go on in the file included."""
    if chats is None or not chats.new.any():
        return set()
    new = frames["chat_rows"][chats.new]
    days = set(local_days(new["sent_at"], settings).unique())
    named = [str(one) for one in new["session_id"].dropna().unique()]
    return days | _begun(connection, named, settings)


def _begun(connection: sa.Connection, sessions: list[str], settings: Settings) -> set[str]:
    """Return the days on which sessions known by the export's id have other messages."""
    rows, found = ROWS["chat_rows"], set[int]()
    for start in range(0, len(sessions), 500):
        some = rows.c.session_id.in_(sessions[start : start + 500])
        found.update(connection.scalars(sa.select(sa.func.min(rows.c.sent_at)).where(some).group_by(rows.c.session_id)))
    times = pd.Series(pd.to_datetime(sorted(found), unit="ms", utc=True)).dt.as_unit("ms")
    return set(local_days(times, settings).unique()) if len(times) else set()


def _mark(
    connection: sa.Connection,
    days: set[str],
    frames: Mapping[str, pd.DataFrame],
    orders: pd.DataFrame | None,
    settings: Settings,
) -> None:
    """Mark the days that the file's rows change: by talk, orders, sheets of a day, marks of people."""
    add_days(connection, days)
    credit = reach_of(settings) if days and _ordered_since(connection, min(days), settings) else 1
    mark_between(connection, (around(day, credit, 1) for day in days))
    if orders is not None and len(orders):
        _mark_of_orders(connection, orders, settings)
    if "sheet_rows" in frames:
        mark(connection, {str(period) for period in frames["sheet_rows"]["period"].dropna().unique()})
    if "verdict_rows" in frames:
        mark(connection, {str(day) for day in frames["verdict_rows"]["day"].dropna().unique()})


def _ordered_since(connection: sa.Connection, day: str, settings: Settings) -> bool:
    """Return whether any order is known that talk of a day might be credited with."""
    table = ROWS["order_rows"]
    query = sa.select(table.c.id).where(table.c.until_at >= start_of(day, settings)).limit(1)
    return connection.scalar(query) is not None


def start_of(day: str, settings: Settings, plus: int = 0) -> int:
    """Return the instant at which a local day (and so many days) begins, in milliseconds since 1970."""
    date = dt.date.fromisoformat(day) + dt.timedelta(plus)
    begun = dt.datetime.combine(date, dt.time(), ZoneInfo(settings.timezone)) + dt.timedelta(hours=settings.cut_hour)
    return int(begun.timestamp() * 1000)


def _mark_of_orders(connection: sa.Connection, orders: pd.DataFrame, settings: Settings) -> None:
    spans = zip(local_days(orders["from_at"], settings), local_days(orders["until_at"], settings), strict=True)
    before, after = reach_of(settings), settings.after_sales_days + 1
    mark_between(connection, {(around(one, before, 0)[0], around(two, 0, after)[1]) for one, two in set(spans)})


def reach_of(settings: Settings) -> int:
    """Return how many days an order may lie after the talk that it is credited to, or that it converts."""
    hours = settings.jd_window_hours or 0
    return max(settings.credit_days, 3, int(hours // 24) + 1) + OVER


def days_of_sessions(database: Database, sessions: list[str]) -> dict[str, str]:
    """Return the day on which each session was audited, by its id."""
    table, found = STORED["sessions"], dict[str, str]()
    with database.reading() as connection:
        for start in range(0, len(sessions), 500):
            some = table.c.session_id.in_(sessions[start : start + 500])
            query = sa.select(table.c.session_id, table.c.day).where(some, table.c.day.is_not(None))
            found |= {str(name): str(day) for name, day in connection.execute(query)}
    return found

"""A file of the inbox into the database: in one transaction its rows, each message and order once, and which days they change."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from chataudit.errors import Fault
from chataudit.log import NO_TIME, instants
from chataudit.settings import Settings
from chataudit.store.blanking import pseudonym, salt_of
from chataudit.store.bulk import append, attached, staged
from chataudit.store.contents import Contents
from chataudit.store.database import Database
from chataudit.store.deleting import delete_rows, move_rows
from chataudit.store.frames import ARROW, stored_cells
from chataudit.store.keys import next_ids, numbered
from chataudit.store.known import known_messages, known_orders
from chataudit.store.marking import days_of_talk, latest_day, mark_changed
from chataudit.store.saving import as_json, told, told_again
from chataudit.store.schema import INBOX, ROWS, STORED, files, forgotten
from chataudit.store.schema import days as calendar

FORGOTTEN = "the buyer has asked to be forgotten"
# Whose rows are not taken in again once the buyer was forgotten, and the column that says when they are of.
OF_BUYERS = (("chat_rows", "sent_at"), ("order_rows", "from_at"), ("jd_session_rows", "asked_at"))


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


def known_file(database: Database, sha256: str) -> KnownFile | None:
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
    with database.reading() as connection:
        first = next_ids(connection, ROWS)
        number = int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(files.c.id), 0))) or 0) + 1
        said = _without_forgotten(connection, dict(contents.frames))
        chats = known_messages(connection, said.get("chat_rows"), contents.name)
        orders = known_orders(connection, said.get("order_rows"), contents.name)
        days = days_of_talk(connection, said, chats, settings)
        last = latest_day(connection, said, settings) if contents.readable else None
        frozen = connection.scalars(sa.select(calendar.c.day).where(calendar.c.day.in_(days), calendar.c.frozen)).all()
    new = dict(said)
    for name, known in (("chat_rows", chats), ("order_rows", orders)):
        if known is not None:
            new[name] = said[name][known.new].reset_index(drop=True)
    added = 0 if chats is None else int(chats.new.sum()) - len(chats.replaced)
    duplicates = contents.duplicates + len(said.get("chat_rows", ())) - added
    rejects = len(said.get("reject_rows", ()))
    taken = Taken(contents.rows, added, duplicates, rejects, tuple(sorted(days)), tuple(sorted(frozen)))
    stirred = None if orders is None else said["order_rows"][orders.stirred]
    batch = {name: [_rows(name, frame, number, first[name])] for name, frame in new.items() if len(frame)}
    with staged(database, batch) as rows, attached(database, rows) as connection:
        _forget_quarantine(connection, contents.sha256)
        delete_rows(connection, ROWS["chat_rows"], chats.replaced if chats is not None else [])
        move_rows(connection, ROWS["order_rows"], orders.moved if orders is not None else {}, number)
        for name in batch:
            append(connection, ROWS[name], rows)
        connection.execute(sa.insert(files), _record(contents, number, taken, last))
        mark_changed(connection, days, last if duplicates or rejects else None, said, stirred, settings)
    return taken


def _forget_quarantine(connection: sa.Connection, sha256: str) -> None:
    """Take out that a file could not be read before: now it is read again."""
    quarantined = sa.delete(files).where(files.c.sha256 == sha256, files.c.state == "quarantined")
    connection.execute(quarantined)


def _record(contents: Contents, number: int, taken: Taken, last_day: str | None) -> dict[str, Any]:
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
        "last_day": last_day,
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
    for name, time in OF_BUYERS:
        if name not in frames or not len(frames[name]):
            continue
        frame = frames[name]
        buyers = frame["buyer"].astype(object)
        before = buyers.map({one: since.get(pseudonym(str(one), salt)) for one in buyers.dropna().unique()})
        at = np.where(instants(frame[time]) == NO_TIME, 0, instants(frame[time]))
        gone = (before.notna() & (at < before.fillna(0).to_numpy(dtype=float))).to_numpy(dtype=bool)
        if name == "chat_rows" and gone.any():
            frames["reject_rows"] = _rejected(frames.get("reject_rows"), frame[gone])
        frames[name] = frame[~gone].reset_index(drop=True)
    return frames


def _rejected(rejects: pd.DataFrame | None, gone: pd.DataFrame) -> pd.DataFrame:
    cells = {"member": gone["member"].astype(str), "row": gone["row"].astype("Int64"), "column": None}
    made = pd.DataFrame({**cells, "reason": FORGOTTEN, "value": None}, index=gone.index)
    return made if rejects is None else pd.concat([rejects, made], ignore_index=True)


def days_of_sessions(database: Database, sessions: list[str]) -> dict[str, str]:
    """Return the day on which each session was audited, by its id."""
    table, found = STORED["sessions"], dict[str, str]()
    with database.reading() as connection:
        for start in range(0, len(sessions), 500):
            some = table.c.session_id.in_(sessions[start : start + 500])
            query = sa.select(table.c.session_id, table.c.day).where(some, table.c.day.is_not(None))
            found |= {str(name): str(day) for name, day in connection.execute(query)}
    return found

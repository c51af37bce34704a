"""An audit into the database, all of it in one transaction."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from chataudit.audit import Audit
from chataudit.conversions import next_final
from chataudit.errors import Fault, Words
from chataudit.store import lexicons
from chataudit.store.bulk import append, attached, staged
from chataudit.store.calendar import mark, settled
from chataudit.store.database import Database
from chataudit.store.deleting import delete_run
from chataudit.store.frames import ARROW, shape_of, stored_cells
from chataudit.store.keys import next_ids, numbered, positions, referred
from chataudit.store.rulings import packed
from chataudit.store.schema import RESULTS, ROWS, STORED, extents, run_inputs, runs

CHUNK = 200_000
Also = Callable[[sa.Connection, int], None]


def nothing(connection: sa.Connection, run: int) -> None:
    """Write nothing besides."""


def save(database: Database, audit: Audit, *, day: str | None = None, also: Also = nothing) -> int:
    """Write an audit; return the number of its run.

    ``day``: it is the audit of that day, in place of the one before; ``also`` writes in the same transaction. Only one
    program may write at a time (`chataudit.store.turns`).

    Raises:
        Faults: the database refuses, or lexicons were changed while the audit ran; nothing is written then.
    """
    files = lexicons.used_files(audit)
    with database.reading() as connection:
        first = next_ids(connection, STORED)
        run = int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(runs.c.id), 0))) or 0) + 1
    batch = {name: _parts(audit, name, run, first) for name in RESULTS}
    with staged(database, batch) as rows, attached(database, rows) as connection:
        if day is not None:
            for old in connection.scalars(sa.select(runs.c.id).where(runs.c.day == day)).all():
                delete_run(connection, old)
        connection.execute(sa.insert(runs), _record(audit, run, day))
        for name, table in STORED.items():
            append(connection, table, rows)
            _extent(connection, run, name, first[name], len(frames_of(audit)[name]))
        lexicons.keep(connection, run, files)
        _keep_inputs(connection, run, audit.run)
        also(connection, run)
    return run


def frames_of(audit: Audit) -> dict[str, pd.DataFrame]:
    """Return the frames that are kept of an audit, by table."""
    return {**audit.tables(), "sheets": audit.sheets}


def save_day(database: Database, audit: Audit, day: str) -> int:
    """Write the audit of a nightly day in place of the one before, and that the day is done; return its run.

    Marks that people gave on sessions which were not known before find their day now: then it is due again.
    """
    next_at = next_final(audit.conversions, audit.settings)

    def done(connection: sa.Connection, run: int) -> None:
        settled(connection, day, run, next_at)
        if found_marks(connection, day, run):
            mark(connection, [day])

    return save(database, audit, day=day, also=done)


def found_marks(connection: sa.Connection, day: str, run: int) -> int:
    """Give marks handed back whose session was not known the day of the run that holds it; return how many."""
    marks, sessions = ROWS["verdict_rows"], STORED["sessions"]
    own = sa.select(sessions.c.session_id).where(sessions.c.run == run, sessions.c.day == day)
    waiting = sa.update(marks).where(marks.c.day.is_(None), marks.c.session_id.in_(own))
    return int(connection.execute(waiting.values(day=day)).rowcount)


def _extent(connection: sa.Connection, run: int, name: str, first: int, rows: int) -> None:
    connection.execute(sa.insert(extents), {"run": run, "table": name, "first": first, "rows": rows})


def _record(audit: Audit, run: int, day: str | None) -> dict[str, Any]:
    shapes = {name: shape_of(frame) for name, frame in frames_of(audit).items()}
    about = {
        "tables": shapes,
        "agents": audit.log.agent_names,
        "cards": list(audit.cards),
        "policies": list(audit.policies),
    }
    return {
        "id": run,
        "kind": "audit" if day is None else "day",
        "day": day,
        "made_at": time.time_ns() // 1_000_000,
        "version": audit.run["version"],
        "settings": audit.settings.model_dump_json(),
        "trace": as_json({**audit.run, "counts": dict(audit.counts)}),
        "notes": as_json([list(note) for note in audit.notes]),
        "broken": as_json([told(fault) for fault in audit.broken]),
        "shapes": as_json(about),
        "rulings": packed(audit.rulings),
        "purged": False,
    }


def as_json(value: object) -> str:
    """Return a value as JSON, in its own order."""
    return json.dumps(value, ensure_ascii=False)


def told(fault: Fault) -> dict[str, Any]:
    """Return a fault as it is kept."""
    hint = None if fault.hint is None else list(fault.hint)
    return {"what": list(fault.what), "file": fault.file, "line": fault.line, "column": fault.column, "hint": hint}


def told_again(said: Mapping[str, Any]) -> Fault:
    """Return a fault that was kept."""
    hint = None if said["hint"] is None else Words(*said["hint"])
    return Fault(Words(*said["what"]), said["file"], said["line"], said["column"], hint)


def _keep_inputs(connection: sa.Connection, run: int, trace: Mapping[str, object]) -> None:
    inputs = trace["inputs"]
    assert isinstance(inputs, list)
    if inputs:
        connection.execute(sa.insert(run_inputs), [{"run": run, "number": at, **one} for at, one in enumerate(inputs)])


def _parts(audit: Audit, name: str, run: int, first: Mapping[str, int]) -> Iterator[pa.Table]:
    """Yield a table's rows as the database holds them, in parts so that memory stays flat."""
    frame = frames_of(audit)[name]
    refs = _references(audit, name, frame)
    for start in range(0, len(frame), CHUNK):
        part = frame.iloc[start : start + CHUNK]
        cells: dict[str, pa.Array] = {
            "id": numbered(len(part), first[name] + start),
            "run": pa.array(np.full(len(part), run, dtype=np.int64)),
        }
        for column in RESULTS[name]:
            if column.name in refs:
                table, at = refs[column.name]
                cells[column.name] = referred(at[start : start + CHUNK], first[table])
            elif column.name == "closing":
                cells[column.name] = pa.array(audit.log.closing[start : start + CHUNK])
            elif column.name in part.columns:
                cells[column.name] = stored_cells(part[column.name], column.kind)
            else:
                cells[column.name] = pa.nulls(len(part), ARROW[column.kind])
        yield pa.table(cells)


def _references(audit: Audit, name: str, frame: pd.DataFrame) -> dict[str, tuple[str, np.ndarray]]:
    """Return the columns that hold keys of sessions and messages: of which table, and its rows."""
    log = audit.log
    if name == "messages":
        return {"session": ("sessions", log.session)}
    if name == "rounds":
        session = log.session[log.opening] if len(log.opening) else log.opening
        return {
            "session": ("sessions", session),
            "opening": ("messages", log.opening),
            "reply": ("messages", log.reply),
        }
    refs: dict[str, tuple[str, np.ndarray]] = {}
    if name in ("hits", "conversions", "risk"):
        refs["session"] = ("sessions", positions(frame["session_id"], log.sessions["session_id"]))
    if name == "hits":
        refs["message"] = ("messages", positions(frame["message_id"], log.messages["message_id"]))
    return refs

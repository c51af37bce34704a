"""An audit out of the database: the same that was saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from chataudit.arrays import TEXT, Ints
from chataudit.audit import Audit
from chataudit.errors import Fault, Faults, Words
from chataudit.log import Log
from chataudit.settings import Settings
from chataudit.store.database import Database
from chataudit.store.frames import ARROW, columns_of, restored
from chataudit.store.keys import Extent, extents_of
from chataudit.store.lexicons import Texts, read_again
from chataudit.store.rulings import unpacked
from chataudit.store.saving import told_again
from chataudit.store.schema import RESULTS, STORED, runs

BATCH = 100_000
TABLES = tuple(STORED)
Columns = Mapping[str, pa.Array]


def load(database: Database, run: int) -> Audit:
    """Return the audit of a run; where its personal text was purged, texts are empty and pseudonyms stand for names.

    Raises:
        Faults: no such run, or this version can't read its lexicons.
    """
    with database.reading() as connection:
        record = _record(connection, run)
        settings = Settings.model_validate_json(record["settings"])
        about = json.loads(record["shapes"])
        held = extents_of(connection, run)
        stored = {name: _columns(connection, name, held[name]) for name in STORED}
        texts = read_again(connection, run, settings, about["cards"])
    return _audit(record, about, settings, stored, held, texts)


def load_tables(database: Database, run: int, names: tuple[str, ...] = TABLES) -> dict[str, pd.DataFrame]:
    """Return some tables of a run as frames; these may be of purged runs, too.

    Raises:
        Faults: no such run.
    """
    with database.reading() as connection:
        record = _record(connection, run)
        held = extents_of(connection, run)
        needed = {*names, *(("sessions", "messages") if {"messages", "hits", "rounds"} & {*names} else ("sessions",))}
        stored = {name: _columns(connection, name, held[name]) for name in STORED if name in needed}
    about = json.loads(record["shapes"])
    return {name: _frame(name, about, stored, held) for name in names}


def _record(connection: sa.Connection, run: int) -> Mapping[str, Any]:
    found = connection.execute(sa.select(runs).where(runs.c.id == run)).mappings().first()
    if found is None:
        known = connection.scalars(sa.select(runs.c.id).order_by(runs.c.id.desc()).limit(5)).all()
        what = Words(f"没有编号为 {run} 的审核。", f"There is no run {run}.")
        hint = Words(f"最近的：{list(known)}。", f"The latest: {list(known)}.")
        raise Faults([Fault(what, hint=hint)])
    return dict(found)


def _columns(connection: sa.Connection, name: str, extent: Extent) -> Columns:
    """Return a run's rows of a table, in order, as Arrow columns; read in parts so that Python objects stay few."""
    columns, table = RESULTS[name], STORED[name]
    parts = []
    for start in range(extent.first, extent.first + extent.rows, BATCH):
        end = min(start + BATCH, extent.first + extent.rows)
        query = (
            sa.select(*(table.c[column.name] for column in columns))
            .where(table.c.id >= start, table.c.id < end)
            .order_by(table.c.id)
        )
        parts.append(pa.table(columns_of(connection.execute(query).fetchall(), columns)))
    if not parts:
        return {column.name: pa.array([], ARROW[column.kind]) for column in columns}
    whole = pa.concat_tables(parts).combine_chunks()
    return {name: whole.column(name).combine_chunks() for name in whole.column_names}


def _rows(keys: pa.Array, extent: Extent) -> Ints:
    """Return the positions that keys stand for (-1: null)."""
    found: Ints = keys.fill_null(extent.first - 1).to_numpy(zero_copy_only=False).astype(np.int64) - extent.first
    return found


def _frame(
    name: str, about: Mapping[str, Any], stored: Mapping[str, Columns], held: Mapping[str, Extent]
) -> pd.DataFrame:
    """Return a table's frame; hashes stand again where keys stood for them."""
    columns = dict(stored[name])
    shape = about["tables"][name]
    for key, word, table in (("session", "session_id", "sessions"), ("message", "message_id", "messages")):
        if key in columns and word in shape:
            at = _rows(columns[key], held[table])
            columns[word] = stored[table][word].take(pa.array(at, mask=at < 0))
    return restored(columns, shape)


def _audit(
    record: Mapping[str, Any],
    about: Mapping[str, Any],
    settings: Settings,
    stored: Mapping[str, Columns],
    held: Mapping[str, Extent],
    texts: Texts,
) -> Audit:
    frames = {name: _frame(name, about, stored, held) for name in STORED}
    messages = frames["messages"]
    accounts = pd.Index(about["agents"], dtype=TEXT)
    messages["agent"] = pd.Series(pd.Categorical(messages["agent"].astype(TEXT), categories=accounts))
    trace = json.loads(record["trace"])
    log = Log(
        messages,
        frames["sessions"],
        frames["rounds"],
        _rows(stored["messages"]["session"], held["sessions"]),
        _rows(stored["rounds"]["opening"], held["messages"]),
        _rows(stored["rounds"]["reply"], held["messages"]),
        stored["messages"]["closing"].to_numpy(zero_copy_only=False),
    )
    rest = {name: frame for name, frame in frames.items() if name not in ("messages", "sessions", "rounds")}
    return Audit(
        log=log,
        **rest,
        rulings=unpacked(record["rulings"]),
        rules=texts.rules,
        cards=texts.cards,
        policies={name: texts.policies[name] for name in about["policies"]},
        settings=settings,
        run=trace,
        notes=tuple(Words(*note) for note in json.loads(record["notes"])),
        broken=tuple(told_again(fault) for fault in json.loads(record["broken"])),
        counts=trace["counts"],
    )

"""A run taken out of the database, with all its rows."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from chataudit.store.keys import extents_of
from chataudit.store.schema import STORED, extents, lexicon_files, run_inputs, run_lexicons, runs


def delete_rows(connection: sa.Connection, table: sa.Table, ids: list[int]) -> None:
    """Delete rows by their ids."""
    for start in range(0, len(ids), 500):
        connection.execute(sa.delete(table).where(table.c.id.in_(ids[start : start + 500])))


def move_rows(connection: sa.Connection, table: sa.Table, ids: Mapping[str, list[int]], file: int) -> None:
    """Let rows, listed by member, stand in another file from now on."""
    for member, some in ids.items():
        for start in range(0, len(some), 500):
            chosen = table.c.id.in_(some[start : start + 500])
            connection.execute(sa.update(table).where(chosen).values(file=file, member=member))


def delete_run(connection: sa.Connection, run: int) -> None:
    """Delete a run and everything that only it used."""
    for name, extent in extents_of(connection, run).items():
        table = STORED[name]
        ids = table.c.id
        connection.execute(sa.delete(table).where(ids >= extent.first, ids < extent.first + extent.rows))
    for table in (extents, run_inputs, run_lexicons):
        connection.execute(sa.delete(table).where(table.c.run == run))
    connection.execute(sa.delete(runs).where(runs.c.id == run))
    used = sa.select(run_lexicons.c.sha256)
    connection.execute(sa.delete(lexicon_files).where(lexicon_files.c.sha256.not_in(used)))

"""A run taken out of the database, with all its rows."""

from __future__ import annotations

import sqlalchemy as sa

from chataudit.store.keys import extents_of
from chataudit.store.schema import STORED, extents, lexicon_files, run_inputs, run_lexicons, runs


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

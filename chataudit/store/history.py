"""What the nightly days counted, over any span: facts of persons, and how grave each rule's hits are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sa

from chataudit.arrays import as_code
from chataudit.store.database import Database
from chataudit.store.frames import columns_of
from chataudit.store.keys import extents_of
from chataudit.store.schema import STORED
from chataudit.tables import FACTS


def facts_of(database: Database, runs: Iterable[int]) -> pd.DataFrame:
    """Return the facts of runs, one below the other."""
    table = STORED["facts"]
    rows: list[sa.Row[Any]] = []
    with database.reading() as connection:
        for run in runs:
            at = extents_of(connection, run)["facts"]
            query = sa.select(*(table.c[column.name] for column in FACTS.columns)).where(
                table.c.id >= at.first, table.c.id < at.first + at.rows
            )
            rows += connection.execute(query.order_by(table.c.id)).fetchall()
    held = columns_of(rows, FACTS.columns)
    frame = pd.DataFrame({name: cells.to_pandas() for name, cells in held.items()})
    return frame.assign(person=as_code(frame["person"]), fact=as_code(frame["fact"]))


def levels_of(database: Database, runs: Iterable[int]) -> Mapping[str, str]:
    """Return the level of each rule that hit anything in runs."""
    table, found = STORED["hits"], dict[str, str]()
    with database.reading() as connection:
        for run in runs:
            at = extents_of(connection, run)["hits"]
            inside = (table.c.id >= at.first) & (table.c.id < at.first + at.rows)
            for rule, level in connection.execute(sa.select(table.c.rule, table.c.level).where(inside).distinct()):
                found[str(rule)] = str(level)
    return found

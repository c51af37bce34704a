"""Sessions and messages by their hashes, as the integer keys of one run; and which ids a run's rows have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from chataudit.arrays import Ints
from chataudit.store.schema import STORED, extents


@dataclass(frozen=True)
class Extent:
    """The ids of a run's rows in a table: from ``first``, as many as ``rows``."""

    first: int
    rows: int


def next_ids(connection: sa.Connection, tables: Mapping[str, sa.Table]) -> dict[str, int]:
    """Return the id that the next row of each table gets."""
    return {
        name: int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))) or 0) + 1
        for name, table in tables.items()
    }


def extents_of(connection: sa.Connection, run: int) -> dict[str, Extent]:
    """Return where a run's rows stand."""
    rows = connection.execute(sa.select(extents.c.table, extents.c.first, extents.c.rows).where(extents.c.run == run))
    found = {str(name): Extent(int(first), int(size)) for name, first, size in rows}
    return {name: found.get(name, Extent(1, 0)) for name in STORED}


def numbered(size: int, first: int) -> pa.Array:
    """Return the ids of so many rows."""
    return pa.array(np.arange(first, first + size, dtype=np.int64))


def referred(position: Ints, first: int) -> pa.Array:
    """Return ids for positions; -1 is null."""
    return pa.array(position + first, pa.int64(), mask=position < 0)


def positions(cells: pd.Series, of: pd.Series) -> Ints:
    """Return where each hash stands in ``of`` (-1: null, or nowhere)."""
    index = pd.Index(of.astype(object))
    if isinstance(cells.dtype, pd.CategoricalDtype):
        place = np.append(index.get_indexer(cells.cat.categories.astype(object)), -1)
        return place[cells.cat.codes.to_numpy()].astype(np.int64)
    return index.get_indexer(cells.astype(object)).astype(np.int64)

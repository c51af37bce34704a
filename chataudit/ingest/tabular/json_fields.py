"""Fields of JSON objects as columns: a text column for a path of keys, without a frame of everything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Flags, Ints
from chataudit.errors import Words
from chataudit.ingest.rejected import rejects
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular.json_tables import json_cell, json_items, said

Objects = list[dict[str, Any]]


class Records(NamedTuple):
    """The objects of a JSON file with their numbers; what is none is a reject."""

    objects: Objects
    row: Ints
    rejects: pd.DataFrame
    notes: tuple[Words, ...]


def json_records(source: Source) -> Records:
    """Return the objects of a list, of the one list in an object, or of the lines.

    Raises:
        Faults: no JSON, with the line and column where it breaks.
    """
    items, bad, notes = source.once(json_items)
    objects = [item for _, item in items if isinstance(item, dict)]
    row = np.array([at for at, item in items if isinstance(item, dict)], dtype=np.int64)
    others = [(at, "not an object", said(item)) for at, item in items if not isinstance(item, dict)]
    return Records(objects, row, rejects(source.name, [*bad, *others]), notes)


def field(objects: Iterable[Any], *path: str) -> pd.Series:
    """Return the text at a path of keys in each object; null where it is not."""
    values: Iterable[Any] = objects
    for key in path:
        values = [value.get(key) if isinstance(value, dict) else None for value in values]
    return pd.Series(pd.array([json_cell(value) for value in values], dtype=TEXT))


def kept(records: Records, good: Flags, name: str, reason: str) -> Records:
    """Return the records that are good; the others are rejects for ``reason``."""
    if good.all():
        return records
    bad = [(int(records.row[at]), reason, said(records.objects[at])) for at in np.flatnonzero(~good)]
    objects = [one for one, is_good in zip(records.objects, good.tolist(), strict=True) if is_good]
    table = pd.concat([table for table in (records.rejects, rejects(name, bad)) if len(table)], ignore_index=True)
    return Records(objects, records.row[good], table, records.notes)


def chosen(*columns: pd.Series) -> pd.Series:
    """Return the first of the columns that says something, row by row."""
    made = columns[0]
    for column in columns[1:]:
        made = made.where(made.notna(), column)
    return made

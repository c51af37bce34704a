"""Fields of JSON objects as columns: a text column for a path of keys, without a frame of everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from chataudit.arrays import Flags, Ints
from chataudit.errors import Words
from chataudit.ingest.rejected import rejects
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular.json_cells import json_column
from chataudit.ingest.tabular.json_items import json_items, said

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
    return source.once(_records)


def _records(source: Source) -> Records:
    row, values, bad, notes = source.once(json_items)
    good = np.array([isinstance(value, dict) for value in values], dtype=bool)
    if good.all():
        return Records(values, row, rejects(source.name, bad), notes)
    others = [(int(row[at]), "not an object", said(values[at])) for at in np.flatnonzero(~good)]
    objects = [value for value in values if isinstance(value, dict)]
    return Records(objects, row[good], rejects(source.name, [*bad, *others]), notes)


def field(objects: Sequence[Any], *path: str) -> pd.Series:
    """Return the text at a path of keys in each object; null where it is not."""
    values: Sequence[Any] = objects
    for key in path:
        values = _under(values, key)
    return json_column(values)


def _under(values: Sequence[Any], key: str) -> list[Any]:
    """Return what stands under a key of each value, None where it is not or the value is no object."""
    try:
        return [value.get(key) for value in values]
    except AttributeError:
        return [value.get(key) if isinstance(value, dict) else None for value in values]


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

"""Marks as columns of codes into small pools of texts: a million marks without a million Python strings."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, stacked_code, starts_of, text
from chataudit.tables import MARKS, OUTCOMES

MOST_EVIDENCE = 5
CODE = {name: number for number, name in enumerate(OUTCOMES)}
LOST = (CODE["partly"], CODE["not_met"])
DECIDED = (CODE["met"], CODE["partly"], CODE["not_met"])
WAITING = (CODE["needs_review"], CODE["no_data"])


class Pool:
    """Distinct texts with their numbers; number -1 is null."""

    def __init__(self) -> None:
        self._size = 0
        self._arrays = [pa.array([], pa.large_string())]
        self._place: dict[str, int] = {}

    def number(self, text: str) -> int:
        """Return the number of a text."""
        if text not in self._place:
            self._place[text] = int(self.take(pa.array([text], pa.large_string()))[0])
        return self._place[text]

    def take(self, array: pa.Array) -> Ints:
        """Add an array of (mostly distinct) texts and return their numbers."""
        self._arrays.append(array)
        self._size += len(array)
        return np.arange(self._size - len(array), self._size)

    def column(self, numbers: Ints) -> pd.Series:
        """Return numbers as a text column."""
        return text(pa.concat_arrays(self._arrays).take(pa.array(numbers, mask=numbers < 0)))


def stacked(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return tables of marks one below the other; their codes become categories, for a million marks have few words."""
    filled = [table for table in tables if len(table)]
    if not filled:
        return MARKS.empty()
    columns = {}
    for column in MARKS.columns:
        parts = [table[column.name] for table in filled]
        if column.kind == "code":
            columns[column.name] = stacked_code(parts)
        else:
            columns[column.name] = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns)


def hit_evidence(names: list[str], rule: Ints, message_id: pa.Array, start: Ints, end: Ints) -> pa.Array:
    """Return each place as a JSON object of rule (a number of ``names``), message and half-open span."""
    quoted = pa.array([json.dumps(name, ensure_ascii=False) for name in names], pa.large_string())
    return pc.binary_join_element_wise(
        _one('{"rule": '),
        quoted.take(pa.array(rule)),
        _one(', "message_id": "'),
        message_id.cast(pa.large_string()),
        _one('", "start": '),
        _digits(start),
        _one(', "end": '),
        _digits(end),
        _one("}"),
        _one(""),
    )


def _one(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _digits(values: Ints) -> pa.Array:
    return pa.array(values).cast(pa.large_string())


def is_few(owner: Ints, most: int) -> Flags:
    """Return where something is one of the first ``most`` of its owner; ``owner`` must be sorted."""
    starts = starts_of(owner)
    return np.arange(len(owner)) - np.repeat(starts, np.diff(starts, append=len(owner))) < most


def listed(objects: pa.Array, owner: Ints) -> tuple[Ints, pa.Array]:
    """Return, for owners that have objects, their numbers and the objects as one JSON list each.

    ``owner`` must be sorted.
    """
    offsets = starts_of(owner)
    lists = pa.ListArray.from_arrays(pa.array(np.append(offsets, len(owner)).astype(np.int32)), objects)
    joined = pc.binary_join(lists, _one(", "))
    return owner[offsets], pc.binary_join_element_wise(_one("["), joined, _one("]"), _one(""))


def to_json(value: Any) -> str:
    """Return evidence as JSON that is the same for the same input."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def is_any(outcome: Ints, codes: Iterable[int]) -> Flags:
    """Return where an outcome is one of ``codes``."""
    wanted = np.zeros(len(OUTCOMES), dtype=bool)
    wanted[list(codes)] = True
    return wanted[outcome]

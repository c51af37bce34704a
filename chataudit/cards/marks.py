"""Marks as columns of codes into small pools of texts: a million marks without a million Python strings."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import union_categoricals

from chataudit.arrays import TEXT, Flags, Ints, as_code
from chataudit.tables import MARKS, OUTCOMES

MOST_EVIDENCE = 5
CODE = {name: number for number, name in enumerate(OUTCOMES)}
LOST = (CODE["partly"], CODE["not_met"])
DECIDED = (CODE["met"], CODE["partly"], CODE["not_met"])
WAITING = (CODE["needs_review"], CODE["no_data"])


class Pool:
    """Distinct texts with their numbers; number -1 is null."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._place: dict[str, int] = {}

    def number(self, text: str) -> int:
        """Return the number of a text."""
        if text not in self._place:
            self._place[text] = len(self.texts)
            self.texts.append(text)
        return self._place[text]

    def take(self, array: pa.Array) -> Ints:
        """Add an array of (mostly distinct) texts and return their numbers."""
        start = len(self.texts)
        self.texts += array.to_pylist()
        return np.arange(start, len(self.texts))

    def column(self, numbers: Ints) -> pd.Series:
        """Return numbers as a text column."""
        texts = pa.array(self.texts, pa.large_string())
        indices = pa.array(numbers, mask=numbers < 0)
        return pd.Series(pd.array(texts.take(indices), dtype=TEXT))


def stacked(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return tables of marks one below the other; their codes become categories, for a million marks have few words."""
    filled = [table for table in tables if len(table)]
    if not filled:
        return MARKS.empty()
    columns = {}
    for column in MARKS.columns:
        parts = [table[column.name] for table in filled]
        if column.kind == "code":
            columns[column.name] = pd.Series(union_categoricals(list(map(as_code, parts)), sort_categories=True))
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


def listed(objects: pa.Array, owner: Ints, size: int) -> tuple[Ints, pa.Array]:
    """Return, for owners that have objects (grouped, in order), their numbers and the objects as one JSON list each.

    At most `MOST_EVIDENCE` objects stand in a list; ``owner`` must be sorted.
    """
    counts = np.bincount(owner, minlength=size)
    first = np.cumsum(counts) - counts
    keep = np.arange(len(owner)) - first[owner] < MOST_EVIDENCE
    owner, objects = owner[keep], objects.filter(pa.array(keep))
    numbers, offsets = np.unique(owner, return_index=True)
    lists = pa.ListArray.from_arrays(pa.array(np.append(offsets, len(owner)).astype(np.int32)), objects)
    joined = pc.binary_join(lists, _one(", "))
    return numbers, pc.binary_join_element_wise(_one("["), joined, _one("]"), _one(""))


def to_json(value: Any) -> str:
    """Return evidence as JSON that is the same for the same input."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def is_any(outcome: Ints, codes: Iterable[int]) -> Flags:
    """Return where an outcome is one of ``codes``."""
    return np.isin(outcome, list(codes))

"""Runs of one to three characters found in prepared texts, by arithmetic on code points."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from chataudit.arrays import Ints
from chataudit.learn.prepare import BREAK

LONGEST = 3
BITS = 21
SLOTS = 22
EMPTY, CROWDED = -1, -2
SPREAD = np.uint64(0x9E3779B97F4A7C15)


class Occurrences(NamedTuple):
    """Places of grams: number of the text, number of the gram, position in the text's code points."""

    text: Ints
    gram: Ints
    position: Ints


class Points(NamedTuple):
    """Texts as one run of code points, each text ended by 0, which breaks every gram; and the text of each point."""

    point: Ints
    text: Ints
    position: Ints


def points_of(texts: pa.Array) -> Points:
    """Return prepared texts as code points; breaks count 0."""
    joined = "\0".join(texts.to_pylist()).replace(BREAK, "\0") if len(texts) else ""
    raw = np.frombuffer((joined + "\0").encode("utf-32-le", errors="replace"), dtype=np.uint32).astype(np.int64)
    lengths = np.array([len(one) for one in texts.to_pylist()], dtype=np.int64) + 1
    text = np.repeat(np.arange(len(lengths)), lengths)
    starts = np.cumsum(lengths) - lengths
    return Points(raw[: len(text)], text, np.arange(len(text)) - starts[text])


def packed(points: Ints, size: int) -> Ints:
    """Return at each position the gram of ``size`` characters that begins there as one number; 0 where none does."""
    key = points.copy()
    whole = points > 0
    for step in range(1, size):
        ahead = np.append(points[step:], np.zeros(min(step, len(points)), dtype=np.int64))
        key = (key << BITS) | ahead
        whole &= ahead > 0
    return np.where(whole, key, 0)


def pack(gram: str) -> int:
    """Return a gram as `packed` has it.

    >>> pack("好") == ord("好")
    True
    """
    key = 0
    for mark in gram:
        key = (key << BITS) | ord(mark)
    return key


def unpack(key: int) -> str:
    """Return the gram of a number.

    >>> unpack(pack("好的吗"))
    '好的吗'
    """
    marks = []
    while key:
        marks.append(chr(key & ((1 << BITS) - 1)))
        key >>= BITS
    return "".join(reversed(marks))


class Vocabulary:
    """Grams with their numbers; finds all their occurrences, overlaps too."""

    def __init__(self, grams: Sequence[str]) -> None:
        self.grams = tuple(grams)

    @cached_property
    def _table(self) -> tuple[Ints, Ints, npt.NDArray[np.int32]]:
        """The keys in order, the number of each, and for each slot of a hash table the place of its key.

        `EMPTY` slots hold none, `CROWDED` ones several, which are few and looked for by bisection.
        """
        keys = np.array([pack(gram) for gram in self.grams], dtype=np.int64)
        order = np.argsort(keys)
        slots = np.full(1 << SLOTS, EMPTY, dtype=np.int32)
        mine = _slot(keys[order])
        slots[mine] = np.arange(len(keys))
        known, counts = np.unique(mine, return_counts=True)
        slots[known[counts > 1]] = CROWDED
        return keys[order], order.astype(np.int64), slots

    def find(self, texts: pa.Array) -> Occurrences:
        """Return every occurrence of every gram, by length, then text and position."""
        points = points_of(texts)
        keys, number, slots = self._table
        parts = []
        for size in range(1, LONGEST + 1) if len(keys) else ():
            key = packed(points.point, size)
            place = slots[_slot(key)]
            at = np.flatnonzero((place != EMPTY) & (key > 0))
            key, place = key[at], place[at].astype(np.int64)
            crowded = np.flatnonzero(place == CROWDED)
            place[crowded] = np.minimum(np.searchsorted(keys, key[crowded]), len(keys) - 1)
            hit = keys[place] == key
            at = at[hit]
            parts.append(Occurrences(points.text[at], number[place[hit]], points.position[at]))
        if not parts:
            return Occurrences(*(np.array([], dtype=np.int64) for _ in range(3)))
        return Occurrences(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _slot(keys: Ints) -> Ints:
    with np.errstate(over="ignore"):
        return ((keys.astype(np.uint64) * SPREAD) >> np.uint64(64 - SLOTS)).astype(np.int64)

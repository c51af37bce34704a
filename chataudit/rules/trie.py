"""Phrases found from all characters of a text at once: a trie walked level by level, each level a few passes over arrays.

Few pairs of neighbouring characters begin a phrase, and few of these go on, so that only the first step costs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chataudit.arrays import Ints
from chataudit.rules.fold import SIZE, Points

NOWHERE = -1
BLOCK = 1 << 17  # characters looked at together: what is made of them stays in the processor's cache
SPARSE = 64  # slots for each key, so that few keys share one
Small = npt.NDArray[np.int32]


class Level(NamedTuple):
    """Steps to the nodes of one level: ``keys`` says, sorted, from which node before and with which character.

    ``slots``: for the low bits of a key a node that has them; ``words``: the phrase that ends in each node (-1: none).
    """

    keys: Ints
    slots: Small
    words: Ints

    def reached(self, keys: Ints) -> tuple[Ints, Small]:
        """Return the places of the keys that lead on, and the nodes that they lead to."""
        node = self.slots.take(keys & (len(self.slots) - 1))
        at = np.flatnonzero(node != NOWHERE)
        node, keys = node[at], keys[at]
        other = np.flatnonzero(self.keys[node] != keys)
        if not len(other):
            return at, node
        node[other] = np.minimum(np.searchsorted(self.keys, keys[other]), len(self.keys) - 1)
        right = self.keys[node] == keys
        return at[right], node[right]


class Trie:
    """A trie over phrases, each of them once; their numbers are their places."""

    def __init__(self, phrases: Iterable[str]) -> None:
        words = list(phrases)
        points = np.frombuffer("".join(words).encode("utf-32-le", errors="replace"), dtype=np.uint32)
        letters = np.unique(points)
        self._width = len(letters) + 1
        self._codes = np.zeros(SIZE, dtype=np.min_scalar_type(self._width))
        self._codes[letters] = np.arange(1, self._width)
        self._type = np.int32 if (len(points) + 1) * self._width < 1 << 31 else np.int64
        codes, size = self._codes[points], np.array([len(word) for word in words], dtype=np.int64)
        first, *self._levels = self._grown(codes, size) or [_level(np.array([], dtype=self._type))]
        self._alone = np.full(self._width, NOWHERE)
        self._alone[first.keys] = first.words
        self._any_alone = bool((first.words != NOWHERE).any())
        self._rows = np.full(self._width, len(first.keys) * self._width, dtype=self._type)
        self._rows[first.keys] = np.arange(len(first.keys)) * self._width

    def _grown(self, codes: np.ndarray, size: Ints) -> list[Level]:
        """Return all levels; ``codes`` are the characters of the phrases, one after the other."""
        start, node = np.cumsum(size) - size, np.zeros(len(size), dtype=np.int64)
        levels = []
        for depth in range(int(size.max(initial=0))):
            longer = np.flatnonzero(size > depth)
            key = node[longer] * self._width + codes[start[longer] + depth]
            keys, node[longer] = np.unique(key, return_inverse=True)
            ending = np.flatnonzero(size == depth + 1)
            levels.append(_level(keys.astype(self._type), node[ending], ending))
        return levels

    def find(self, points: Points) -> tuple[Ints, Ints]:
        """Return all phrases in a text and their starts, ordered by start; at one start the shorter first."""
        found = [self._begun(points, begin) for begin in range(0, len(points) or 1, BLOCK)]
        word, start = (np.concatenate(column) for column in zip(*found, strict=True))
        return word, start

    def _begun(self, points: Points, begin: int) -> tuple[Ints, Ints]:
        """Return the phrases that start in the block from ``begin`` on, and their starts."""
        size, longest = min(len(points) - begin, BLOCK), len(self._levels) + 1
        letters = points[begin : begin + size + longest]
        codes: np.ndarray = np.zeros(size + longest, dtype=self._codes.dtype)  # 0: no phrase has it
        codes[: len(letters)] = self._codes[letters]
        key = self._rows[codes[:size]] + codes[1 : size + 1]
        at, found = np.arange(size), [self._single(codes[:size])]
        for depth, level in enumerate(self._levels, start=2):
            place, node = level.reached(key)
            at = at[place]
            ending = np.flatnonzero(level.words[node] != NOWHERE)
            found.append((level.words[node[ending]], at[ending]))
            key = node.astype(self._type, copy=False) * self._width + codes[at + depth]
        word, start = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(start, kind="stable")
        return word[order], start[order] + begin

    def _single(self, codes: np.ndarray) -> tuple[Ints, Ints]:
        """Return the phrases of one character and where they stand."""
        at = np.flatnonzero(self._alone[codes] != NOWHERE) if self._any_alone else np.arange(0)
        return self._alone[codes[at]], at


def _level(keys: Ints, node: Ints | None = None, word: Ints | None = None) -> Level:
    """Return a level with the ``word`` that ends in each ``node``."""
    slots = np.full(1 << max(len(keys) * SPARSE, 1).bit_length(), NOWHERE, dtype=np.int32)
    slots[keys & (len(slots) - 1)] = np.arange(len(keys))
    words = np.full(len(keys), NOWHERE)
    if node is not None:
        words[node] = word
    return Level(keys, slots, words)

"""Which characters a text must have for a pattern to match: most texts are spared the pattern by one look at them.

Unlike `chataudit.rules.literals` this also helps with patterns of single characters, digits and marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from chataudit.rules.fold import SIZE, Folded
from chataudit.rules.syntax import parsed

Letters = frozenset[str]
Bits = npt.NDArray[np.uint64]
MOST, TOLD = 100, 3  # characters in a set, sets of a pattern
BITS = 64
COMMON = frozenset(
    "的了是我你您好亲在有不这个么吗呢要可以没什能会就都给到来看说一天用买，,?!。.1"
)  # in too many texts to tell much


def letters(pattern: str) -> tuple[Letters, ...]:
    """Return sets of characters: a matching text has one of each. The most telling ones, none where nothing can be told.

    >>> [sorted(one) for one in letters("(滚|gun)+[!?]")]
    [['g', '滚'], ['!', '?']]
    """
    tree = parsed(pattern)
    if tree is None or tree.state.flags & re.IGNORECASE:
        return ()
    try:
        found = dict.fromkeys(_of_sequence(tree))
    except RecursionError:
        return ()
    return tuple(sorted(found, key=_telling)[:TOLD])


def _telling(one: Letters) -> tuple[int, int, list[str]]:
    return len(one & COMMON), len(one), sorted(one)


def _of_sequence(items: Iterable[Any]) -> list[Letters]:
    return [one for item in items for one in _of_item(str(item[0]), item[1])]


def _of_item(name: str, value: Any) -> list[Letters]:
    """Return what one part of a pattern asks for."""
    if name == "LITERAL":
        return [frozenset([chr(value)])]
    if name == "IN":
        return _of_class(value)
    if name == "SUBPATTERN":
        return [] if value[1] & re.IGNORECASE else _of_sequence(value[-1])
    if name == "BRANCH":
        branches = [_of_sequence(branch) for branch in value[1]]
        every = frozenset().union(*(min(one, key=_telling) for one in branches if one))
        return [every] if all(branches) and len(every) <= MOST else []
    if name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] >= 1:
        return _of_sequence(value[2])
    return []


def _of_class(parts: Iterable[Any]) -> list[Letters]:
    found: set[str] = set()
    for name, value in ((str(part[0]), part[1]) for part in parts):
        if name == "LITERAL":
            found.add(chr(value))
        elif name == "RANGE" and value[1] - value[0] < MOST:
            found.update(map(chr, range(value[0], value[1] + 1)))
        elif name == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
            found.update("0123456789")
        else:
            return []
    return [frozenset(found)] if len(found) <= MOST else []


class Held:
    """Which of the ``sets`` of characters texts have, as one bit for each; sets beyond `BITS` are not looked for."""

    def __init__(self, sets: Iterable[Letters]) -> None:
        self._bits = {one: 1 << place for place, one in enumerate(list(dict.fromkeys(sets))[:BITS])}
        self._table = np.zeros(SIZE if self._bits else 0, dtype=np.uint64)
        for one, bit in self._bits.items():
            self._table[[ord(letter) for letter in one]] |= np.uint64(bit)

    def asked(self, sets: Iterable[Letters]) -> np.uint64:
        """Return the bits of a text that has one character of each set."""
        return np.uint64(sum({self._bits.get(one, 0) for one in sets}))

    def of(self, folded: Folded) -> Bits:
        """Return the bits of each text."""
        if not self._bits:
            return np.zeros(len(folded.starts), dtype=np.uint64)
        return np.bitwise_or.reduceat(self._table[folded.points], folded.starts)

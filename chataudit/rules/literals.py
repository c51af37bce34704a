"""What a text must contain for a pattern to match: looked for in the one pass over all phrases, before RE2 is asked.

Read off the pattern's syntax tree: of parts that must all be there the most telling one, of alternatives all of them.
Where nothing can be told, the answer is None and every text is asked.
"""

from __future__ import annotations

import re
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable
from typing import Any

from chataudit.rules.fold import fold_phrase

MOST = 60
LEAST = 2  # a single character is in too many texts to be worth looking for
Literals = frozenset[str]


def needed(pattern: str) -> Literals | None:
    """Return folded literals of which a matching text contains at least one; None where that can't be told.

    >>> sorted(needed("(不要|请勿).{0,6}(加|添加)") or [])
    ['不要', '请勿']
    >>> needed("[0-9]+") is None
    True
    """
    try:
        tree = parser.parse(pattern)
    except (re.error, RecursionError, OverflowError):
        return None
    found = _of_sequence(tree)
    folded = {fold_phrase(word) for word in found or ()}
    return frozenset(folded) if folded and min(map(len, folded)) >= LEAST and len(folded) <= MOST else None


def _of_sequence(items: Iterable[Any]) -> Literals | None:
    best: Literals | None = None
    run = ""
    for item in [*items, None]:
        name = str(item[0]) if item is not None else ""
        if name == "LITERAL":
            run += chr(item[1])
            continue
        if run:
            best, run = _better(best, frozenset([run])), ""
        if item is not None:
            best = _better(best, _of_item(name, item[1]))
    return best


def _of_item(name: str, value: Any) -> Literals | None:
    if name == "SUBPATTERN":
        return _of_sequence(value[-1])
    if name == "BRANCH":
        return _union(_of_sequence(branch) for branch in value[1])
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _of_sequence(value[2]) if value[0] >= 1 else None
    if name == "IN":
        return _union(frozenset([chr(part[1])]) if str(part[0]) == "LITERAL" else None for part in value)
    return None


def _union(parts: Iterable[Literals | None]) -> Literals | None:
    known: set[str] = set()
    for part in parts:
        if part is None:
            return None
        known |= part
    return frozenset(known) if 0 < len(known) <= MOST else None


def _better(one: Literals | None, other: Literals | None) -> Literals | None:
    """Return the requirement that fewer texts meet: longer literals first, then fewer of them."""
    if one is None or other is None:
        return one if other is None else other
    return min(one, other, key=lambda words: (-min(map(len, words)), len(words), sorted(words)))

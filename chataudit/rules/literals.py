"""What a text must contain for a pattern to match: looked for in the one pass over all phrases, before RE2 is asked.

Read off the pattern's syntax tree: of parts that must all be there the most telling one, of alternatives all of them.
Where nothing can be told, the answer is None and every text is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chataudit.rules.fold import fold_phrase
from chataudit.rules.syntax import parsed

MOST = 200
LEAST = 2  # a single character is in too many texts to be worth looking for
Literals = frozenset[str]
NOTHING: Literals = frozenset([""])


def needed(pattern: str) -> Literals | None:
    """Return folded literals of which a matching text contains at least one; None where that can't be told.

    >>> sorted(needed("(不要|请勿).{0,6}(加|添加)") or [])
    ['不要', '请勿']
    >>> sorted(needed("[您你]可?真行") or [])
    ['你可真行', '你真行', '您可真行', '您真行']
    >>> needed("[0-9]+") is None
    True
    """
    tree = parsed(pattern)
    if tree is None:
        return None
    try:
        found = _of_sequence(tree)
    except RecursionError:
        return None
    return found if found and min(map(len, found)) >= LEAST and len(found) <= MOST else None


def _of_sequence(items: Iterable[Any]) -> Literals | None:
    """Return the most telling requirement of parts that stand one after the other; exact neighbours are joined."""
    best: Literals | None = None
    run = NOTHING
    for item in items:
        exact = _exact(str(item[0]), item[1])
        if exact is not None and len(run) * len(exact) <= MOST:
            run = frozenset(one + other for one in run for other in exact)
            continue
        best = _better(best, _folded(run))
        run = exact if exact is not None else NOTHING
        if exact is None:
            best = _better(best, _of_item(str(item[0]), item[1]))
    return _better(best, _folded(run))


def _exact(name: str, value: Any) -> Literals | None:
    """Return all texts that a part can match, where they are few."""
    if name == "LITERAL":
        return frozenset([chr(value)])
    if name == "AT":
        return NOTHING
    if name == "IN":
        return _all_of(frozenset([chr(part[1])]) if str(part[0]) == "LITERAL" else None for part in value)
    if name == "SUBPATTERN":
        return _exact_sequence(value[-1])
    if name == "BRANCH":
        return _all_of(_exact_sequence(branch) for branch in value[1])
    if name in ("MAX_REPEAT", "MIN_REPEAT") and value[1] == 1:
        inner = _exact_sequence(value[2])
        return inner if inner is None or value[0] == 1 else inner | NOTHING
    return None


def _exact_sequence(items: Iterable[Any]) -> Literals | None:
    run = NOTHING
    for item in items:
        exact = _exact(str(item[0]), item[1])
        if exact is None or len(run) * len(exact) > MOST:
            return None
        run = frozenset(one + other for one in run for other in exact)
    return run


def _all_of(parts: Iterable[Literals | None]) -> Literals | None:
    every: set[str] = set()
    for part in parts:
        if part is None or len(every) > MOST:
            return None
        every |= part
    return frozenset(every) if len(every) <= MOST else None


def _folded(run: Literals) -> Literals | None:
    """Return a run as it is looked for; None where it can be nothing."""
    folded = frozenset(fold_phrase(one) for one in run)
    return None if "" in folded else folded


def _of_item(name: str, value: Any) -> Literals | None:
    if name == "SUBPATTERN":
        return _of_sequence(value[-1])
    if name == "BRANCH":
        return _union(_of_sequence(branch) for branch in value[1])
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _of_sequence(value[2]) if value[0] >= 1 else None
    if name == "IN":
        exact = _exact(name, value)
        return None if exact is None else _folded(exact)
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

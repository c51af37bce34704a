"""How far judges agree beyond chance: Cohen's kappa of two, Krippendorff's alpha of several, nominal.

An interval is that of the observed agreement (conversations as drawn, see `rates`), carried over to the coefficient
with chance held fixed: it never shrinks to a point because a few judges happened to agree on everything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chataudit.arrays import Ints
from chataudit.errors import Words
from chataudit.spotcheck.intervals import CONFIDENCE, Interval, wilson

Reals = npt.NDArray[np.float64]
NO_PAIRS = Words("没有两人都判过的", "nothing judged twice")
ONE_WORD = Words(
    "所有判定都一样，算不出来（不等于完全一致）", "all marks are the same word: undefined, not perfect agreement"
)


@dataclass(frozen=True)
class Agreement:
    """A coefficient (null where undefined, then ``why``), its interval, the observed agreement and how many compared."""

    value: float | None
    low: float | None
    high: float | None
    observed: float | None
    n: int
    why: Words | None = None


def kappa(
    first: Ints, second: Ints, weight: Reals | None = None, of: Interval | None = None, confidence: float = CONFIDENCE
) -> Agreement:
    """Return Cohen's kappa of two judges' marks (codes from 0; -1: none) on the same subjects.

    ``weight``: how many subjects each stands for; ``of``: the interval of the observed agreement (default: Wilson's at
    the weights' effective size). Source: J. Cohen, Educational and Psychological Measurement 20 (1960) 37–46.

    >>> kappa(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 0])).value
    0.5
    """
    both = (first >= 0) & (second >= 0)
    n = int(both.sum())
    if not n:
        return Agreement(None, None, None, None, 0, NO_PAIRS)
    a, b = first[both], second[both]
    w = np.ones(n) if weight is None else weight[both]
    wide = int(max(a.max(), b.max())) + 1
    table = np.bincount(a * wide + b, w, minlength=wide * wide).reshape(wide, wide) / w.sum()
    chance = float((table.sum(axis=0) * table.sum(axis=1)).sum())
    observed = float(np.trace(table))
    interval = of or wilson(observed * _size(w), _size(w), confidence)
    return _beyond(observed, chance, interval, n)


def alpha(marks: Ints, weight: Reals | None = None, confidence: float = CONFIDENCE) -> Agreement:
    """Return Krippendorff's alpha of marks (subjects × judges, codes from 0; -1: none), nominal.

    Subjects with fewer than two marks do not count. Source: K. Krippendorff, Content Analysis (2004) 11.3.
    """
    marked = (marks >= 0).sum(axis=1)
    keep = marked >= 2
    n = int(keep.sum())
    if not n:
        return Agreement(None, None, None, None, 0, NO_PAIRS)
    rows, m = marks[keep], marked[keep].astype(float)
    w = np.ones(n) if weight is None else weight[keep] * n / weight[keep].sum()
    counts = np.stack([(rows == code).sum(axis=1) for code in range(int(rows.max()) + 1)], axis=1).astype(float)
    agreeing = (counts * (counts - 1)).sum(axis=1) / (m - 1)
    total = float((w * m).sum())
    observed = float((w * agreeing).sum()) / total
    by_code = (w[:, None] * counts).sum(axis=0)
    chance = float((by_code * (by_code - 1)).sum()) / (total * (total - 1)) if total > 1 else 1.0
    return _beyond(observed, chance, wilson(observed * _size(w), _size(w), confidence), n)


def _size(weight: Reals) -> float:
    """Return Kish's effective sample size."""
    return float(weight.sum() ** 2 / (weight**2).sum())


def _beyond(observed: float, chance: float, interval: Interval | None, n: int) -> Agreement:
    if chance >= 1 - 1e-12:
        return Agreement(None, None, None, observed, n, ONE_WORD)

    def carried(share: float) -> float:
        return max((share - chance) / (1 - chance), -1.0)

    low, high = (None, None) if interval is None else (carried(interval.low), carried(interval.high))
    return Agreement(carried(observed), low, high, observed, n)

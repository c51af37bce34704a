"""How many conversations it takes: to pin a rate down, to settle a question, to accept a month's work."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chataudit.spotcheck.intervals import CONFIDENCE, Interval, clopper_pearson


def expected(rate: float, n: int, population: int, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval that ``n`` conversations of ``population`` would give if ``rate`` of them were faulty.

    >>> [round(one, 3) for one in expected(0.1, 30, 100_000)]
    [0.021, 0.265]
    """
    if n >= population:
        return Interval(rate, rate)
    size = n / (1 - n / population)
    return clopper_pearson(rate * size, size, confidence) or Interval(0.0, 1.0)


def needed_for(rate: float, margin: float, population: int, confidence: float = CONFIDENCE) -> int:
    """Return the least sample whose interval is at most ``margin`` to either side on average.

    >>> needed_for(0.5, 0.1, 1_000_000)
    104
    """

    def enough(n: int) -> bool:
        low, high = expected(rate, n, population, confidence)
        return high - low <= 2 * margin

    return _least(enough, population)


def needed_to_settle(rate: float, limit: float, population: int, confidence: float = CONFIDENCE) -> int:
    """Return the least sample that would show ``rate`` to be over (or under) ``limit``, if it really is ``rate``.

    >>> needed_to_settle(0.05, 0.1, 1_000_000)
    142
    """

    def enough(n: int) -> bool:
        low, high = expected(rate, n, population, confidence)
        return high < limit or low > limit

    return _least(enough, population)


def _least(enough: object, population: int) -> int:
    """Return the least size from which on ``enough`` holds (it holds for all, once for one); all where none does."""
    assert callable(enough)
    low, high = 1, max(population, 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low


@dataclass(frozen=True)
class Acceptance:
    """Check ``n`` drawn at random; accept with at most ``c`` faulty ones.

    ``buyer_risk``: how likely a lot with the limit's share of faults is accepted all the same; ``shop_risk``: how
    likely a good lot is not.
    """

    n: int
    c: int
    buyer_risk: float
    shop_risk: float


def acceptance(population: int, limit: float, good: float, buyer_risk: float, shop_risk: float) -> Acceptance:
    """Return the smallest plan (n, c) that proves "under ``limit`` faults" of ``population`` at the stated risks.

    A lot with at least ``limit`` faults is accepted with probability at most ``buyer_risk``, one with at most ``good``
    with at least 1 − ``shop_risk``; by the hypergeometric distribution (a lot is finite). Where no sample does, all are
    to be checked. Source: Schilling and Neubauer, Acceptance Sampling in Quality Control, ch. 5.

    >>> acceptance(1000, 0.1, 0.02, 0.1, 0.05)
    Acceptance(n=64, c=3, buyer_risk=0.0987, shop_risk=0.034)
    """
    bad, fine = max(math.ceil(limit * population - 1e-9), 1), math.floor(good * population + 1e-9)
    for c in range(bad):
        n = _least_n(population, bad, c, buyer_risk)
        if n is None or n >= population:
            break
        refused = 1 - accepted(population, fine, n, c)
        if refused <= shop_risk:
            return Acceptance(n, c, round(accepted(population, bad, n, c), 4), round(refused, 4))
    return Acceptance(population, bad - 1, 0.0, 0.0)


def _least_n(population: int, bad: int, c: int, risk: float) -> int | None:
    low, high = c + 1, population
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if accepted(population, bad, middle, c) <= risk else (middle + 1, high)
    return low if accepted(population, bad, low, c) <= risk else None


def accepted(population: int, bad: int, n: int, c: int) -> float:
    """Return the probability that at most ``c`` of ``n`` drawn from ``population`` are among its ``bad`` ones.

    >>> round(accepted(10, 2, 3, 0), 4)
    0.4667
    """
    faults = np.arange(max(0, n - (population - bad)), min(c, bad, n) + 1, dtype=float)
    if not len(faults):
        return 0.0
    logs = _choose(bad, faults) + _choose(population - bad, n - faults) - _choose(population, np.array([float(n)]))
    return float(min(np.exp(logs).sum(), 1.0))


def _choose(of: int, some: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    from scipy.special import gammaln

    chosen: npt.NDArray[np.float64] = gammaln(of + 1.0) - gammaln(some + 1.0) - gammaln(of - some + 1.0)
    return chosen

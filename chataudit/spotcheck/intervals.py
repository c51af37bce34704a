"""Intervals of a share: Wilson's and Clopper–Pearson's, for counts and for effective sample sizes."""

from __future__ import annotations

from typing import NamedTuple

from chataudit.shares import Share

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """An interval of a share, both ends included."""

    low: float
    high: float


def wilson(faults: float, n: float, confidence: float = CONFIDENCE) -> Interval | None:
    """Return Wilson's score interval of ``faults / n``; None where ``n`` is 0.

    Source: E. B. Wilson, JASA 22 (1927) 209–212.

    >>> [round(one, 4) for one in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    found = Share(faults, n).interval(confidence) if n > 0 else None
    return None if found is None else Interval(*found)


def clopper_pearson(faults: float, n: float, confidence: float = CONFIDENCE) -> Interval | None:
    """Return the exact binomial interval of ``faults / n``; None where ``n`` is 0.

    Both may be fractions: an effective sample size in place of a count (Korn and Graubard, Survey Methodology 24
    (1998) 193–201). Source: Clopper and Pearson, Biometrika 26 (1934) 404–413.

    >>> [round(one, 4) for one in clopper_pearson(0, 10)]
    [0.0, 0.3085]
    """
    from scipy.special import betaincinv

    if n <= 0:
        return None
    tail = (1 - confidence) / 2
    low = float(betaincinv(faults, n - faults + 1, tail)) if faults > 0 else 0.0
    high = float(betaincinv(faults + 1, n - faults, 1 - tail)) if faults < n else 1.0
    return Interval(low, high)

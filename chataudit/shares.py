"""Shares with what they can and can't prove: Wilson's interval, and Newcombe's of a difference."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True)
class Share:
    """``hits`` of ``of`` (counts, or effective sample sizes); value and interval are None of nothing."""

    hits: float
    of: float

    @property
    def value(self) -> float | None:
        """Return the share."""
        return self.hits / self.of if self.of else None

    def interval(self, level: float = 0.95) -> tuple[float, float] | None:
        """Return Wilson's interval (Wilson, JASA 1927).

        >>> [round(one, 3) for one in Share(5, 10).interval()]
        [0.237, 0.763]
        """
        if not self.of:
            return None
        z = NormalDist().inv_cdf(0.5 + level / 2)
        share, n = self.hits / self.of, self.of
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


def difference(one: Share, other: Share, level: float = 0.95) -> tuple[float, float, float] | None:
    """Return one share less the other, with its interval (Newcombe, Statistics in Medicine 1998, method 10).

    >>> [round(part, 2) for part in difference(Share(30, 60), Share(10, 60))]
    [0.33, 0.17, 0.48]
    """
    mine, theirs = one.interval(level), other.interval(level)
    if mine is None or theirs is None:
        return None
    p, q = one.hits / one.of, other.hits / other.of
    low = p - q - sqrt((p - mine[0]) ** 2 + (theirs[1] - q) ** 2)
    high = p - q + sqrt((mine[1] - p) ** 2 + (q - theirs[0]) ** 2)
    return p - q, low, high

"""Drawing with a seed: the same seed and the same conversations give the same draw, whatever their order."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
import pandas as pd

from chataudit.arrays import HASH_KEYS, Flags, Hashes, Ints, hash_text, mix

Reals = npt.NDArray[np.float64]


def keys_of(session: pd.Series, agent: pd.Series, seed: str) -> Reals:
    """Return for each conversation a number in [0, 1) that depends on itself and the seed alone."""
    parts = mix(hash_text(session, HASH_KEYS[0]), hash_text(agent, HASH_KEYS[1]))
    return _unit(mix(parts, np.full(len(parts), _number(seed), dtype=np.uint64)))


def start_of(name: str, seed: str) -> float:
    """Return a number in [0, 1) that depends on a stratum's name and the seed."""
    return float(_unit(np.array([_number(f"{seed}\x1f{name}")], dtype=np.uint64))[0])


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def _unit(hashes: Hashes) -> Reals:
    return (hashes >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def probabilities(weight: Reals, n: int) -> Reals:
    """Return probabilities in proportion to ``weight`` that add up to ``n``; those that would exceed 1 are 1.

    >>> probabilities(np.array([1.0, 1.0, 2.0]), 2).tolist()
    [0.5, 0.5, 1.0]
    """
    chance = np.zeros(len(weight))
    if n >= len(weight):
        return np.ones(len(weight))
    sure = np.zeros(len(weight), dtype=bool)
    while True:
        rest = n - int(sure.sum())
        chance = np.where(sure, 1.0, rest * weight / weight[~sure].sum())
        over = ~sure & (chance >= 1 - 1e-12)
        if not over.any():
            return chance
        sure |= over


def draw(probability: Reals, key: Reals, start: float, order: Ints | None = None) -> Flags:
    """Return which conversations are drawn, each with its probability; as many as these add up to.

    Systematic along a list in the order of ``key`` (inside ``order``, where given, so that its parts get their share);
    equal probabilities without ``order`` are a simple random draw. Source: W. G. Madow, Annals of Mathematical
    Statistics 20 (1949) 333–354, on a list in random order (Hartley and Rao 1962).
    """
    place = np.lexsort((key, order if order is not None else np.zeros(len(key), dtype=np.int64)))
    drawn = np.zeros(len(key), dtype=bool)
    if order is None and len(key) and np.ptp(probability) == 0:
        drawn[place[: round(float(probability.sum()))]] = True
        return drawn
    sure = probability >= 1
    drawn[sure] = True
    place = place[~sure[place]]
    ends = np.cumsum(probability[place])
    if len(ends):
        ends *= round(float(ends[-1])) / ends[-1]  # the sum is a whole number but for rounding
    drawn[place[np.floor(ends - start + 1e-12) > np.floor(np.append(0.0, ends[:-1]) - start + 1e-12)]] = True
    return drawn


def shared_out(sizes: Ints, n: int, *, equal: bool = False) -> Ints:
    """Return how many to draw from each stratum: in proportion to its size or alike, at least one each, never more than
    it has; ``n`` in all, where there are so many and no fewer than there are strata.

    Remainders go to the largest fractions, then to the first.

    >>> shared_out(np.array([50, 30, 20]), 10).tolist(), shared_out(np.array([50, 30, 2]), 12, equal=True).tolist()
    ([5, 3, 2], [5, 5, 2])
    """
    given = np.minimum(sizes, 1)
    while (left := min(n, int(sizes.sum())) - int(given.sum())) > 0:
        open_ = given < sizes
        aim = n * sizes / sizes.sum() if not equal else np.full(len(sizes), n / len(sizes))
        want = np.where(open_, np.maximum(aim - given, 0), 0)
        if want.sum() <= 0:
            want = np.where(open_, sizes if not equal else 1.0, 0.0)
        part = left * want / want.sum()
        whole = np.minimum(np.floor(part + 1e-9).astype(np.int64), sizes - given)
        if not whole.sum():
            best = np.lexsort((np.arange(len(part)), -part))
            whole[best[open_[best]][:left]] = 1
        given = given + whole
    return given

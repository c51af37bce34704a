"""Fault rates from conversations drawn with known probabilities, with intervals that say what the draw can prove.

Conversations that were certain to be reviewed (events, strata drawn whole) are known: they count once and add no
doubt. The others stand for ``1 / probability`` conversations each. The interval is Clopper–Pearson's at the effective
sample size of the weighted share; its variance takes each group's rate shrunk towards the whole, so that a group that
happened to show no fault is not taken for one that has none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chataudit.arrays import Flags, Ints
from chataudit.errors import Words
from chataudit.spotcheck.intervals import CONFIDENCE, clopper_pearson

Reals = npt.NDArray[np.float64]
SHRINK = 4.0  # as many pseudo-conversations as Agresti and Coull add (1998)
NONE_DRAWN = Words(
    "没有随机抽到的会话，只有必查的，推算不了", "none drawn at random, only events: nothing to infer from"
)
NONE_JUDGED = Words("没有判定", "nothing judged")


@dataclass(frozen=True)
class Checked:
    """Conversations that were checked, one entry each.

    ``fault``: whether it has the fault; ``judged``: whether it counts (the item applied and was decided);
    ``probability``: how likely the draw was to take it (1: certain); ``group``: its stratum, or its cell of the
    machine's marks.
    """

    fault: Flags
    judged: Flags
    probability: Reals
    group: Ints


@dataclass(frozen=True)
class Rate:
    """A fault rate: null where nothing can be said, and then ``why`` not.

    ``random_n`` and ``certain_n``: judged conversations drawn at random, and certain; ``fault_n`` of both;
    ``effective_n``: the size of a simple random sample that would say as much of the part that was drawn at random.
    """

    value: float | None
    low: float | None
    high: float | None
    random_n: int
    certain_n: int
    fault_n: int
    effective_n: float | None = None
    why: Words | None = None


def rate(checked: Checked, totals: Reals, confidence: float = CONFIDENCE) -> Rate:
    """Return the fault rate of the conversations that ``checked`` was drawn from.

    ``totals``: for each group how many conversations it has that were not certain, drawn or not; the weights of a group
    are scaled to it (known sizes are not estimated). A group of which none was checked goes to the largest, at the cost
    of a wider interval.
    """
    certain = checked.judged & (checked.probability >= 1)
    drawn = checked.probability < 1
    random = checked.judged & drawn
    counts = (int(random.sum()), int(certain.sum()), int((checked.fault & checked.judged).sum()))
    known, known_faults = float(certain.sum()), float((certain & checked.fault).sum())
    if totals.sum() <= 0:
        if not known:
            return Rate(None, None, None, *counts, why=NONE_JUDGED)
        exact = known_faults / known
        return Rate(exact, exact, exact, *counts)
    if not random.any():
        return Rate(None, None, None, *counts, why=NONE_DRAWN if not drawn.any() else NONE_JUDGED)
    weight, unseen = _weights(checked, drawn, totals)
    share, size = _share(checked, random, weight, unseen)
    interval = clopper_pearson(share * size, size, confidence)
    assert interval is not None
    open_ = float(weight[random].sum())
    value, low, high = (
        (known_faults + open_ * one) / (known + open_) for one in (share, min(interval.low, share), interval.high)
    )
    # What was seen is there: the lot is finite.
    whole, sound = known + open_, counts[0] + counts[1] - counts[2]
    low, high = max(low, counts[2] / whole), min(high, 1 - sound / whole)
    return Rate(value, min(low, value), max(high, value), *counts, size)


def _weights(checked: Checked, drawn: Flags, totals: Reals) -> tuple[Reals, Reals]:
    """Return the conversations that each stands for, and the sizes of groups of which none was checked."""
    raw = np.where(drawn, 1 / checked.probability, 0.0)
    held = np.bincount(checked.group, raw, minlength=len(totals))
    empty = (held <= 0) & (totals > 0)
    unseen = totals[empty]
    aims = np.where(empty, 0.0, totals)
    aims[int(np.argmax(np.where(held > 0, totals, -1)))] += unseen.sum()
    factor = np.divide(aims, held, out=np.zeros_like(aims), where=held > 0)
    return raw * factor[checked.group], unseen


def _share(checked: Checked, random: Flags, weight: Reals, unseen: Reals) -> tuple[float, float]:
    """Return the weighted share of faults in the part drawn at random, and its effective sample size."""
    group, weight = checked.group[random], weight[random]
    fault = checked.fault[random].astype(float)
    n = len(fault)
    share = float((weight * fault).sum() / weight.sum())
    middle = (n * share + SHRINK / 2) / (n + SHRINK)
    size = np.bincount(group)
    own = np.divide(
        np.bincount(group, weight * fault), np.bincount(group, weight), out=np.zeros(len(size)), where=size > 0
    )
    near = (size * own + SHRINK * middle) / (size + SHRINK)
    held = np.bincount(group, weight)
    mean = float((near * held).sum() / held.sum())
    spread = np.bincount(group, np.maximum(weight - 1, 0) * weight)  # (1 - 1/w) w², by the weights as scaled
    doubt = float((near * (1 - near) * spread).sum()) + mean * (1 - mean) * float((unseen**2).sum())
    return share, mean * (1 - mean) * float(held.sum()) ** 2 / doubt

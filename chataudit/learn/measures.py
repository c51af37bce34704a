"""How well a score tells bad conversations: rank correlation, area under the curve, precision among the riskiest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from chataudit.arrays import Flags

Reals = npt.NDArray[np.float64]
TOP_SHARE = 0.1


def ranked(values: Reals) -> Reals:
    """Return ranks from 1; ties share their mean rank."""
    return pd.Series(values).rank().to_numpy(dtype=float)


def rank_correlation(risk: Reals, label: Reals) -> float | None:
    """Return Spearman's correlation of ``-risk`` with the label (both higher is better); None where one is constant.

    >>> rank_correlation(np.array([0.9, 0.5, 0.1]), np.array([1.0, 2.0, 3.0]))
    1.0
    """
    one, other = ranked(-risk), ranked(label)
    if len(one) < 2 or one.std() == 0 or other.std() == 0:
        return None
    return round(float(np.corrcoef(one, other)[0, 1]), 12)


def area(risk: Reals, bad: Flags) -> float | None:
    """Return the share of pairs (a bad, another) that the risk puts in the right order, ties half; None without both.

    >>> area(np.array([0.9, 0.2, 0.1]), np.array([True, False, False]))
    1.0
    """
    bad_n, other_n = int(bad.sum()), int((~bad).sum())
    if not bad_n or not other_n:
        return None
    return float((ranked(risk)[bad].sum() - bad_n * (bad_n + 1) / 2) / (bad_n * other_n))


def precision_at_top(risk: Reals, bad: Flags, share: float = TOP_SHARE) -> float | None:
    """Return the share of bad ones among the riskiest ``share`` (at least one; of equal risks the first); None of none.

    >>> precision_at_top(np.array([0.9, 0.2, 0.1]), np.array([True, False, False]))
    1.0
    """
    if not len(risk):
        return None
    top = np.argsort(-risk, kind="stable")[: max(1, round(len(risk) * share))]
    return float(bad[top].mean())

"""Rounds: a buyer's talk opens one, the first effective reply closes it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chataudit.arrays import Flags, Ints


class Rounds(NamedTuple):
    """For each round the rows of the opening and of the reply (-1: pending), in order."""

    opening: Ints
    reply: Ints


def pair_rounds(opens: Flags, closes: Flags, group: Ints) -> Rounds:
    """Pair openings with replies inside each group (session, or a buyer's day).

    ``group`` must be grouped and the rows in order; rows that neither open nor close are as if not there.

    >>> pair_rounds(np.array([True, True, False]), np.array([False, False, True]), np.array([0, 0, 0]))
    Rounds(opening=array([0]), reply=array([2]))
    """
    rows = np.flatnonzero(opens | closes).astype(np.int64)
    if not len(rows):
        return Rounds(rows, rows)
    asks, of = opens[rows], group[rows]
    turns = np.flatnonzero(np.append(True, (asks[1:] != asks[:-1]) | (of[1:] != of[:-1])))
    asking = np.flatnonzero(asks[turns])
    opening, after = turns[asking], turns[np.minimum(asking + 1, len(turns) - 1)]
    closed = ~asks[after] & (of[after] == of[opening])
    return Rounds(rows[opening], np.where(closed, rows[after], -1))

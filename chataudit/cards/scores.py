"""Points to scores, with the bounds that items which wait leave open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chataudit.arrays import Flags, Ints
from chataudit.cards.marks import CODE, DECIDED, WAITING, is_any
from chataudit.cards.model import Card


@dataclass(frozen=True)
class Scored:
    """Scores of subjects (NaN: no applicable item was decided), their bounds, whether items wait, what applied."""

    score: np.ndarray
    low: np.ndarray
    high: np.ndarray
    waits: Flags
    applicable: np.ndarray


def score(card: Card, outcome: Ints, points: np.ndarray) -> Scored:
    """Return the scores of subjects from arrays (items, subjects) of outcome codes and points.

    The score is the points of decided items over their full points, scaled. Low takes what waits as nothing, high as
    full. With ``na: zero`` what does not apply counts as an item without points.
    """
    full = np.array([item.points for item in card.items])[:, None]
    decided = is_any(outcome, DECIDED)
    waiting = is_any(outcome, WAITING)
    if card.na == "zero":
        decided = decided | (outcome == CODE["not_applicable"])
    gained = np.where(decided, np.nan_to_num(points), 0).sum(axis=0)
    of, open_ = (full * decided).sum(axis=0), (full * waiting).sum(axis=0)
    # Points above an item's own (no upper limit) may lift a score over the scale; so may they the upper bound.
    whole = of + open_
    with np.errstate(invalid="ignore", divide="ignore"):
        result = np.where(of > 0, gained / of, np.nan) * card.scale
        low = np.where(whole > 0, gained / whole, np.nan) * card.scale
        high = np.where(whole > 0, (gained + open_) / whole, np.nan) * card.scale
        applicable = whole / full.sum() if full.sum() else np.full(outcome.shape[1], np.nan)
    low, high = np.fmin(low, result), np.fmax(high, result)
    low, high = np.where(of > 0, low, np.nan), np.where(of > 0, high, np.nan)
    return Scored(
        np.round(result, 6),
        np.round(low, 6),
        np.round(high, 6),
        np.asarray(waiting.any(axis=0)),
        np.round(applicable, 6),
    )

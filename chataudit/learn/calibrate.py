"""Scores turned into a risk between 0 and 1: the share of bad conversations among those scored alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chataudit.arrays import Flags
from chataudit.learn.labels import Reals

DIGITS = 6


@dataclass(frozen=True)
class Calibration:
    """``risk = 1 / (1 + exp(-(slope * score + start)))``; the slope is below 0, as a higher score is better."""

    slope: float
    start: float

    def risk(self, score: Reals) -> Reals:
        """Return the risk of scores."""
        odds = np.clip(self.slope * score + self.start, -500, 500)
        return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float64)


def calibrate(score: Reals, bad: Flags) -> Calibration:
    """Return Platt's calibration of out-of-fold scores (logistic regression of bad on score)."""
    from sklearn.linear_model import LogisticRegression

    spread = float(score.std()) or 1.0
    model = LogisticRegression(C=1e4, tol=1e-8, max_iter=1000)
    model.fit(((score - score.mean()) / spread).reshape(-1, 1), bad)
    slope = float(model.coef_[0, 0]) / spread
    return Calibration(round(slope, DIGITS), round(float(model.intercept_[0]) - slope * float(score.mean()), DIGITS))

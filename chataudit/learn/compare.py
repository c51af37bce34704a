"""The trained risk beside the untrained one, on the same conversations: whether it is better, and surely so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chataudit.arrays import Flags, Ints
from chataudit.errors import Words
from chataudit.learn.labels import Reals
from chataudit.learn.measures import area, precision_at_top, rank_correlation

RESAMPLES = 500
UNSURE = 0.05


@dataclass(frozen=True)
class Measured:
    """How well a risk tells; None where it can't be told (one kind of label only, or a constant)."""

    rank_correlation: float | None
    area: float | None
    precision_at_top: float | None


@dataclass(frozen=True)
class Fold:
    """One fold: how many conversations, how many bad, and both risks measured on it."""

    sessions: int
    bad: int
    trained: Measured
    untrained: Measured


@dataclass(frozen=True)
class Comparison:
    """Both risks on all folds together and on each; ``gain`` in rank correlation lies over ``least_gain`` in 95 of 100.

    ``least_gain`` is the 5th percentile over resamples of the conversations.
    """

    trained: Measured
    untrained: Measured
    folds: tuple[Fold, ...]
    gain: float
    least_gain: float

    @property
    def refused(self) -> Words | None:
        """Say why the trained risk is not to be used; None where it is surely better."""
        if self.least_gain > 0:
            return None
        ours, theirs = self.trained.rank_correlation or 0.0, self.untrained.rank_correlation or 0.0
        return Words(
            f"学到的并不比不训练的好：秩相关 {ours:.3f} 对 {theirs:.3f}（差 {self.gain:+.3f}，95% 把握下不低于 "
            f"{self.least_gain:+.3f}）。多判一些会话再试。",
            f"What was learnt is not better than the untrained risk: rank correlation {ours:.3f} against {theirs:.3f} "
            f"(gain {self.gain:+.3f}, with 95 % confidence not below {self.least_gain:+.3f}). Judge more conversations.",
        )


def compare(trained: Reals, untrained: Reals, label: Reals, bad: Flags, fold: Ints, seed: int) -> Comparison:
    """Return the comparison of two risks (any scale, higher is worse) on labelled conversations."""
    folds = []
    for number in range(int(fold.max()) + 1):
        mine = fold == number
        both = (_measured(risk[mine], label[mine], bad[mine]) for risk in (trained, untrained))
        folds.append(Fold(int(mine.sum()), int(bad[mine].sum()), *both))
    draw = np.random.default_rng(seed)
    gains = []
    for _ in range(RESAMPLES):
        at = draw.integers(0, len(label), len(label))
        gains.append(_gain(trained[at], untrained[at], label[at]))
    return Comparison(
        _measured(trained, label, bad),
        _measured(untrained, label, bad),
        tuple(folds),
        round(_gain(trained, untrained, label), 6),
        round(float(np.quantile(gains, UNSURE)), 6),
    )


def _measured(risk: Reals, label: Reals, bad: Flags) -> Measured:
    return Measured(
        *(_rounded(one) for one in (rank_correlation(risk, label), area(risk, bad), precision_at_top(risk, bad)))
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _gain(trained: Reals, untrained: Reals, label: Reals) -> float:
    return (rank_correlation(trained, label) or 0.0) - (rank_correlation(untrained, label) or 0.0)

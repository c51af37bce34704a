"""A linear model fitted: ridge regression of the label on weighed words and facts. The door to scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chataudit.arrays import Flags
from chataudit.learn.blocks import BLOCKS, Spoken
from chataudit.learn.facts import Facts
from chataudit.learn.grams import Vocabulary
from chataudit.learn.weigh import Reals, scales, values

PENALTY = 2.0
WORD_SCALE = 0.12
FACT_SCALE = 0.08
LEAST_SPREAD = 0.1  # a fact that hardly varies says little, and would be believed too far beyond what was seen
TOLERANCE = 1e-5
DIGITS = 6


@dataclass(frozen=True)
class Weights:
    """What a fit found: ``score = start + words' values + (facts - mean) * fact``; a higher score is a better label."""

    start: float
    grams: tuple[str, ...]
    words: Reals
    fact_names: tuple[str, ...]
    mean: Reals
    fact: Reals

    def score(self, spoken: Spoken, facts: Facts) -> Reals:
        """Return the score of every session."""
        said = values(spoken, Vocabulary(self.grams), self.words).sum(axis=1)
        return np.asarray(self.start + said + (facts.values - self.mean) @ self.fact, dtype=np.float64)


def fit(spoken: Spoken, facts: Facts, label: Reals, chosen: Flags, vocabulary: Vocabulary) -> Weights:
    """Return the weights fitted to the labels of the chosen sessions."""
    from sklearn.linear_model import Ridge

    counts = _counts(spoken, vocabulary)
    rows = np.flatnonzero(chosen)
    blocks, inverse = _weighed(counts, spoken, rows)
    mean = np.asarray(np.where(facts.counted, 0.0, facts.values[rows].mean(axis=0)), dtype=np.float64)
    spread = facts.values[rows].std(axis=0)
    factor = np.where(spread > 0, FACT_SCALE / np.maximum(spread, LEAST_SPREAD), 0.0)
    model = Ridge(alpha=PENALTY, solver="sparse_cg", tol=TOLERANCE, max_iter=2000)
    model.fit(_side_by_side([*blocks, (facts.values[rows] - mean) * factor]), label[rows])
    found = np.asarray(model.coef_, dtype=np.float64)
    size = len(vocabulary.grams)
    words = found[: size * len(BLOCKS)].reshape(len(BLOCKS), size).T * inverse.T
    return Weights(
        round(float(model.intercept_), DIGITS),
        vocabulary.grams,
        np.round(words, DIGITS),
        facts.names,
        np.asarray(np.round(mean, DIGITS), dtype=np.float64),
        np.round(found[size * len(BLOCKS) :] * factor, DIGITS),
    )


def _counts(spoken: Spoken, vocabulary: Vocabulary) -> Any:
    """Return how often each distinct text has each gram."""
    from scipy.sparse import csr_array

    found = vocabulary.find(spoken.texts)
    ones = np.ones(len(found.text))
    return csr_array((ones, (found.text, found.gram)), shape=(len(spoken.texts), len(vocabulary.grams)))


def _weighed(counts: Any, spoken: Spoken, rows: npt.NDArray[np.int64]) -> tuple[list[Any], Reals]:
    """Return for each block the weighed counts of the chosen sessions, and each gram's factor (block, gram).

    The factor is the inverse document frequency within the block, ``ln((1 + n) / (1 + d)) + 1``.
    """
    from scipy.sparse import csr_array, diags_array

    blocks, factors = [], []
    scale = scales(spoken.lengths)
    for block in range(len(BLOCKS)):
        mine = np.flatnonzero(spoken.block == block)
        shape = (len(spoken.lengths), len(spoken.texts))
        said = csr_array((np.ones(len(mine)), (spoken.session[mine], spoken.text[mine])), shape=shape)[rows]
        part = said @ counts
        holding = np.bincount(part.indices, minlength=part.shape[1])
        factor = (np.log((1 + len(rows)) / (1 + holding)) + 1) * WORD_SCALE
        blocks.append(diags_array(scale[rows, block]) @ part @ diags_array(factor))
        factors.append(factor)
    return blocks, np.stack(factors)


def _side_by_side(parts: list[Any]) -> Any:
    from scipy.sparse import csr_array, hstack

    return hstack([csr_array(part) for part in parts], format="csr")

"""Training: folds tried, compared with the untrained risk, calibrated, and fitted on everything at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from chataudit.arrays import Flags, Ints
from chataudit.errors import Words
from chataudit.learn import facts as fact_table
from chataudit.learn.blocks import Spoken, speak
from chataudit.learn.calibrate import Calibration, calibrate
from chataudit.learn.compare import Comparison, compare
from chataudit.learn.facts import Facts
from chataudit.learn.fit import Weights, fit
from chataudit.learn.folds import folds_of, persons
from chataudit.learn.labels import Bad, Reals, bad_of
from chataudit.learn.signs import Sign
from chataudit.learn.vocabulary import collect, without_names
from chataudit.log import Log
from chataudit.rulings import Rulings

FOLDS = 5
LEAST = 50
LEAST_OF_EACH = 10
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Lesson:
    """What to learn from: a log, what rules found in it, its untrained risk, and labels (NaN: none) by session."""

    log: Log
    rulings: Rulings
    signs: Sequence[Sign]
    untrained: Reals
    label: Reals


@dataclass(frozen=True)
class Learnt:
    """What was learnt from ``sessions`` talks with ``buyers`` people; ``weights`` is None where the model is refused."""

    sessions: int
    buyers: int
    bad: Bad
    comparison: Comparison | None
    calibration: Calibration | None
    weights: Weights | None
    refused: Words | None


def train(
    lesson: Lesson, *, under: float | None, seed: int, progress: Progress = lambda stage, done, of: None
) -> Learnt:
    """Return the model, or why there is none.

    Each fold is judged by weights fitted on the other folds (vocabulary included); no buyer is in two folds. The risk
    of these out-of-fold scores is compared with the untrained risk of the same sessions, and calibrated on them.
    """
    chosen = ~np.isnan(lesson.label) & ~np.isnan(lesson.untrained)
    label = lesson.label[chosen]
    bad = bad_of(label, under) if len(label) else bad_of(np.zeros(1), under)
    person = persons(lesson.log)
    buyers = len(np.unique(person[chosen]))
    few = _too_few(bad.of(label), buyers)
    if few is not None:
        return Learnt(len(label), buyers, bad, None, None, None, few)
    spoken = speak(without_names(lesson.log))
    facts = fact_table.gather(lesson.log, lesson.rulings, lesson.signs)
    names = [str(one) for one in lesson.log.sessions["session_id"]]
    fold = np.full(len(chosen), -1)
    fold[chosen] = folds_of(person[chosen], [name for name, one in zip(names, chosen, strict=True) if one], FOLDS, seed)
    score = _out_of_fold(spoken, facts, lesson.label, fold, person, progress)
    comparison = compare(-score[chosen], lesson.untrained[chosen], label, bad.of(label), fold[chosen], seed)
    calibration = calibrate(score[chosen], bad.of(label))
    refused = comparison.refused or (None if calibration.slope < 0 else NO_SLOPE)
    weights = None if refused else _fitted(spoken, facts, lesson.label, chosen, person)
    progress("learn", FOLDS + 1, FOLDS + 1)
    return Learnt(len(label), buyers, bad, comparison, calibration, weights, refused)


NO_SLOPE = Words("学到的分数和好坏无关。", "The score that was learnt does not go with what is bad.")


def _too_few(bad: Flags, buyers: int) -> Words | None:
    if len(bad) < LEAST or buyers < FOLDS:
        return Words(
            f"判过的会话太少：{len(bad)} 段（{buyers} 位买家），至少要 {LEAST} 段、{FOLDS} 位买家。",
            f"Too few judged conversations: {len(bad)} ({buyers} buyers); at least {LEAST} of {FOLDS} buyers.",
        )
    if min(int(bad.sum()), int((~bad).sum())) < LEAST_OF_EACH:
        return Words(
            f"判为差的 {int(bad.sum())} 段、其余 {int((~bad).sum())} 段：两边都至少要 {LEAST_OF_EACH} 段。",
            f"{int(bad.sum())} bad conversations and {int((~bad).sum())} others: at least {LEAST_OF_EACH} of each.",
        )
    return None


def _out_of_fold(spoken: Spoken, facts: Facts, label: Reals, fold: Ints, person: Ints, progress: Progress) -> Reals:
    """Return each labelled session's score by weights that were fitted without its fold; NaN elsewhere."""
    score = np.full(len(label), np.nan)
    for number in range(FOLDS):
        progress("learn", number, FOLDS + 1)
        weights = _fitted(spoken, facts, label, (fold >= 0) & (fold != number), person)
        score[fold == number] = weights.score(spoken, facts)[fold == number]
    return score


def _fitted(spoken: Spoken, facts: Facts, label: Reals, chosen: Flags, person: Ints) -> Weights:
    return fit(spoken, facts, label, chosen, collect(spoken, person, chosen))

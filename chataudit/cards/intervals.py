"""How sure a score is: intervals from the spread of conversations, or of days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from chataudit.cards.book import Book, Sources
from chataudit.cards.facts import Facts, teams_of
from chataudit.cards.model import Card
from chataudit.cards.periods import Period, period_of
from chataudit.cards.results import Result
from chataudit.errors import Words

FEWEST_DAYS, FEWEST_SCORES, DRAWS, SEED = 5, 3, 200, 20_260_101


@dataclass(frozen=True)
class Interval:
    """The 95 % interval of a score, and what it rests on (or why there is none)."""

    low: float | None
    high: float | None
    basis: Words


def of_scores(scores: Sequence[float]) -> Interval:
    """Return the interval of a mean by Student's t, within the scores' own range."""
    n = len(scores)
    if n < FEWEST_SCORES:
        return Interval(None, None, Words(f"只有 {n} 个会话，太少", f"only {n} conversations, too few"))
    from scipy.stats import t  # it costs half a second, and audits do without

    spread = float(np.std(scores, ddof=1)) / n**0.5
    half = float(t.ppf(0.975, n - 1)) * spread
    mean = float(np.mean(scores))
    low, high = max(mean - half, 0.0), mean + half
    return Interval(round(low, 6), round(high, 6), Words(f"{n} 个会话的分散程度", f"the spread of {n} conversations"))


def of_days(
    name: str, card: Card, sources: Sources, period: Period, results: Mapping[str, Result]
) -> dict[str, Interval]:
    """Return the interval of each subject's score when the period's days are drawn anew, with repetition.

    Figures of sheets stay as they are: what is shown is how much the score owes to which days there happened to be.
    The same input gives the same intervals.
    """
    facts = Facts.of(sources.facts, teams_of(sources.people) if card.subject == "team" else None)
    own = [
        at
        for at, day in enumerate(facts.days)
        if day in facts.log_days and day is not None and period_of(day, period.length) == period
    ]
    if len(own) < FEWEST_DAYS:
        why = Words(f"只有 {len(own)} 天记录，太少", f"only {len(own)} days of log, too few")
        return {subject: Interval(None, None, why) for subject in results}
    random = np.random.default_rng(SEED)
    drawn: dict[str, list[float]] = {subject: [] for subject in results}
    for _ in range(DRAWS):
        weights = np.ones(len(facts.days))
        weights[own] = random.multinomial(len(own), np.full(len(own), 1 / len(own)))
        for subject, result in Book.of(name, card, sources, facts.resampled(weights)).results(period).items():
            if result.score is not None and subject in drawn:
                drawn[subject].append(result.score)
    return {subject: _between(scores, len(own)) for subject, scores in drawn.items()}


def _between(scores: Sequence[float], days: int) -> Interval:
    if len(scores) < DRAWS // 2:
        return Interval(None, None, Words("没有分数", "no score"))
    low, high = np.percentile(scores, [2.5, 97.5])
    basis = Words(f"{days} 天重抽 {DRAWS} 次", f"{days} days drawn anew {DRAWS} times")
    return Interval(round(float(low), 6), round(float(high), 6), basis)

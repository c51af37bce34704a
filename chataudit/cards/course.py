"""A card over time: its own periods, and the longer ones that are made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from chataudit.cards.model import Card, Rollup, grade_of
from chataudit.cards.model.outcomes import Grade
from chataudit.cards.periods import Length, Period
from chataudit.cards.rankings import placed
from chataudit.cards.reading import reads_log
from chataudit.cards.results import Result


@dataclass
class Course:
    """Results of a card by period; ``own`` gives those of its own length, ``since`` is the first that there is."""

    card: Card
    own: Callable[[Period], Mapping[str, Result]]
    since: Period | None
    _made: dict[Period, Mapping[str, Result]] = field(default_factory=dict)

    def results(self, period: Period) -> Mapping[str, Result]:
        """Return the results of a period by subject."""
        if period not in self._made:
            same = period.length == self.card.period
            self._made[period] = self.own(period) if same else self._rolled_up(period)
        return self._made[period]

    def parts(self, period: Period) -> list[Period]:
        """Return the card's own periods inside a period (itself, where it is one)."""
        return [period] if period.length == self.card.period else list(period.parts(self.card.period))

    def grades(self, length: Length) -> tuple[Grade, ...]:
        """Return the grades that hold for periods of a length."""
        rollup = self._rollup(length)
        return rollup.grades if rollup is not None and rollup.grades else self.card.grades

    def reaches(self, period: Period) -> bool:
        """Return whether the data go back to a period."""
        return self.since is not None and period.end > self.since.start

    def _rollup(self, length: Length) -> Rollup | None:
        return next((one for one in self.card.rollups if one.period == length), None)

    def _rolled_up(self, period: Period) -> Mapping[str, Result]:
        rollup = self._rollup(period.length)
        assert rollup is not None
        shorter = [self.card.period, *(one.period for one in self.card.rollups)]
        of = rollup.of or shorter[shorter.index(period.length) - 1]
        parts = list(period.parts(of))
        made = [self.results(part) for part in parts]
        subjects = sorted({subject for one in made for subject in one})
        results = [
            self._one(rollup, period, subject, [one[subject] for one in made if subject in one], len(parts))
            for subject in subjects
        ]
        return {one.subject: one for one in placed(self.card.ranking, results, reads_log(self.card))}

    def _one(self, rollup: Rollup, period: Period, subject: str, parts: list[Result], of: int) -> Result:
        """Return one subject's longer period; too few scores give none."""
        known = [one for one in parts if one.score is not None]
        enough = len(known) >= rollup.least and bool(known)
        score, low, high = (
            _together(rollup, [getattr(one, name) for one in known]) if enough else None
            for name in ("score", "low", "high")
        )
        grades = rollup.grades or self.card.grades
        return Result(
            period=period,
            subject=subject,
            score=score,
            low=low,
            high=high,
            grade=grade_of(grades, score),
            waits=any(one.waits for one in parts) or len(known) < of,
            red_lines=tuple(dict.fromkeys(red for one in parts for red in one.red_lines)),
            sample_n=sum(one.sample_n for one in parts),
            applicable=None,
            days=sum(one.days for one in parts),
            covered=len(parts) == of and all(one.covered for one in parts),
            own=tuple(one.score for one in known if one.score is not None),
        )


def _together(rollup: Rollup, values: list[float]) -> float:
    if rollup.how == "last":
        return values[-1]
    total = sum(values)
    return round(total if rollup.how == "sum" else total / len(values), 6)

"""A period of everybody beside the one before, and one person's course through many periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from chataudit.cards.facts import Added, Facts
from chataudit.cards.periods import Length, Period
from chataudit.history.figures import FIGURES, Figure, cards_in, value_of

TOGETHER = "*"  # the subject that stands for all persons while they are added up


@dataclass(frozen=True)
class Change:
    """A figure in a period and the period before (None: nothing known)."""

    figure: Figure
    value: Decimal | None
    before: Decimal | None

    @property
    def by(self) -> Decimal | None:
        """Return by how much it changed; None where either is not known."""
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def good(self) -> bool | None:
        """Return whether the change is for the better; None where it is neither, or there is none."""
        if not self.by or self.figure.better == "neither":
            return None
        return (self.by > 0) == (self.figure.better == "more")


@dataclass(frozen=True)
class Line:
    """One subject's changes; ``subject`` empty: everybody together."""

    subject: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Standing:
    """A period beside the one before: the figures' lines, and how many days of each are on record."""

    period: Period
    before: Period
    days: int
    days_before: int
    lines: tuple[Line, ...]


def changes(facts: pd.DataFrame, period: Period, levels: Mapping[str, str]) -> Standing:
    """Return everybody's figures in a period beside those of the period before, all together first.

    Reads the facts table (`chataudit.tables.FACTS`) of both periods; ``levels``: the level of each rule.
    """
    own, all_ = _added(facts, period.length), _added(facts, period.length, together=True)
    before = period.later(-1)
    figures = (*FIGURES, *cards_in([str(one) for one in facts["fact"].cat.categories]))
    told = dict(levels)
    lines = [
        Line(subject, tuple(_change(one, of, period, before, subject, told) for one in figures))
        for of, subjects in ((all_, all_.subjects(period)), (own, own.subjects(period)))
        for subject in subjects
    ]
    lines = [Line("" if one.subject == TOGETHER else one.subject, one.changes) for one in lines]
    return Standing(period, before, own.days(period), own.days(before), tuple(lines))


def _added(facts: pd.DataFrame, length: Length, *, together: bool = False) -> Added:
    persons = [str(one) for one in facts["person"].cat.categories] if len(facts) else []
    return Facts.of(facts, dict.fromkeys(persons, TOGETHER) if together else None).added(length)


def _change(
    figure: Figure, added: Added, period: Period, before: Period, subject: str, levels: dict[str, str]
) -> Change:
    return Change(
        figure,
        value_of(figure, added, period, subject, levels),
        value_of(figure, added, before, subject, levels),
    )


def course_of(
    facts: pd.DataFrame, person: str, periods: Sequence[Period], levels: Mapping[str, str]
) -> list[tuple[Figure, list[Decimal | None]]]:
    """Return a person's figures through periods, each figure with its values in their order."""
    added, told = _added(facts, periods[0].length), dict(levels)
    figures = (*FIGURES, *cards_in([str(one) for one in facts["fact"].cat.categories]))
    courses = [(one, [value_of(one, added, period, person, told) for period in periods]) for one in figures]
    return [(figure, values) for figure, values in courses if any(value is not None for value in values)]

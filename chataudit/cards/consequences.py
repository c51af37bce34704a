"""What follows from results over several periods: promotions to recommend, people who must leave, prizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chataudit.cards.course import Course
from chataudit.cards.ledger import Ledger
from chataudit.cards.model import Consequence, When
from chataudit.cards.periods import Period
from chataudit.cards.results import Result


@dataclass(frozen=True)
class Happened:
    """What holds of a subject: in which of the last periods, and how many of them the data hold.

    ``due``: it happened often enough; ``open``: it did not, but might with the periods that the data lack.
    """

    subject: str
    consequence: Consequence
    periods: tuple[str, ...]
    known: int
    due: bool
    open: bool


def happened(course: Course, ledger: Ledger | None, period: Period) -> list[Happened]:
    """Return the consequences that are due, or might be, of every subject with a result in ``period``."""
    return [
        one
        for consequence in course.card.consequences
        if consequence.when is not None and _fits(course, consequence.when, period)
        for subject in course.results(period)
        for one in _looked(course, ledger, consequence, consequence.when, period, subject)
        if one.due or one.open
    ]


def _fits(course: Course, when: When, period: Period) -> bool:
    """Return whether a consequence speaks of periods of this length: of grades where these exist, else of the card's own."""
    if when.grade:
        return set(when.grade) <= {grade.name for grade in course.grades(period.length)}
    return period.length == course.card.period


def _looked(
    course: Course, ledger: Ledger | None, consequence: Consequence, when: When, period: Period, subject: str
) -> Iterator[Happened]:
    found: list[str] = []
    known = 0
    for back in range(when.of):
        earlier = period.later(-back)
        if not course.reaches(earlier):
            break
        results = course.results(earlier)
        if subject not in results:
            continue
        verdict = _holds(when, results[subject], list(results.values()), ledger, earlier)
        known += verdict is not None
        found += [earlier.name] if verdict else []
    due = len(found) >= when.at_least
    missing = when.of - known
    yield Happened(
        subject,
        consequence,
        tuple(reversed(found)),
        known,
        due,
        not due and bool(found) and len(found) + missing >= when.at_least,
    )


def _holds(when: When, result: Result, everyone: list[Result], ledger: Ledger | None, period: Period) -> bool | None:
    """Return whether it holds in one period; None where that is not known."""
    if when.grade:
        return None if result.grade is None else result.grade in when.grade
    if when.place is not None:
        if result.place is None:
            return None
        places = [one.place for one in everyone if one.place is not None]
        if len(places) < 2 or min(places) == max(places):
            return False
        return result.place == (min(places) if when.place == "first" else max(places))
    if ledger is None or when.test is None:
        return None
    value = ledger.computed(when.test, period, result.subject).value
    return None if value is None else value != 0

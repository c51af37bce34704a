"""What follows from results over several periods: promotions to recommend, people who must leave, prizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chataudit.cards.course import Course
from chataudit.cards.facts import exact
from chataudit.cards.formulas import evaluate, parse
from chataudit.cards.formulas.evaluate import Value
from chataudit.cards.ledger import Ledger, Look
from chataudit.cards.model import Consequence, When, grade_of
from chataudit.cards.periods import Period
from chataudit.cards.results import Result


@dataclass(frozen=True)
class Happened:
    """What holds of a subject: in which of the last periods, and how many of them the data hold.

    ``due``: it happened often enough; ``open``: it did not, but might with the periods that the data lack or that are not
    settled.
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
    """Return whether a consequence speaks of periods of this length: those it names, else the card's own.

    Grades that only a longer period has speak of that one.
    """
    if when.period is not None:
        return period.length == when.period
    if when.grade and not set(when.grade) <= {grade.name for grade in course.card.grades}:
        return set(when.grade) <= {grade.name for grade in course.grades(period.length)}
    return period.length == course.card.period


def _looked(
    course: Course, ledger: Ledger | None, consequence: Consequence, when: When, period: Period, subject: str
) -> Iterator[Happened]:
    found: list[str] = []
    known = unsettled = 0
    for back in range(when.of):
        earlier = period.later(-back)
        if not course.reaches(earlier):
            break
        results = course.results(earlier)
        if subject not in results:
            continue
        verdict = _holds(course, when, results[subject], ledger, earlier)
        known, unsettled = known + (verdict is not None), unsettled + (verdict is None)
        found += [earlier.name] if verdict else []
    due = len(found) >= when.at_least
    possible = bool(found or unsettled) and len(found) + when.of - known >= when.at_least
    yield Happened(subject, consequence, tuple(reversed(found)), known, due, not due and possible)


def _holds(course: Course, when: When, result: Result, ledger: Ledger | None, period: Period) -> bool | None:
    """Return whether it holds in one period; None where that is not known, or may still change."""
    if when.grade:
        return _graded(course, when, result, period)
    if when.place is not None:
        return _placed(when.place, result, list(course.results(period).values()))
    if ledger is None or when.test is None:
        return None
    return _tested(course, when.test, result, ledger, period)


def _tested(course: Course, test: str, result: Result, ledger: Ledger, period: Period) -> bool | None:
    """Return whether a test holds; None where it is not known, or the open lines of the score may give another answer."""
    figure = ledger.computed(test, period, result.subject)
    if figure.value is None:
        return None
    held = figure.value != 0
    if not figure.unsure:
        return held
    others = [one for one in course.results(period).values() if one.place is not None and one.subject != result.subject]
    for score, place in (
        (result.low, 1 + sum((one.high or 0.0) > (result.low or 0.0) for one in others)),
        (result.high, 1 + sum((one.low or 0.0) > (result.high or 0.0) for one in others)),
    ):
        ends = {"score": score, "score_rank": place, "grade": grade_of(course.grades(period.length), score)}
        value = evaluate(parse(test), _At(ledger, period, result.subject, ends=ends))
        if value is None or (value != 0) != held:
            return None
    return held


@dataclass
class _At(Look):
    """Reads figures as they would be with another score."""

    ends: Mapping[str, float | str | None] = field(default_factory=dict)

    def figure(self, name: str) -> Value:
        if name not in self.ends:
            return super().figure(name)
        value = self.ends[name]
        return exact(value) if isinstance(value, int | float) else value


def _graded(course: Course, when: When, result: Result, period: Period) -> bool | None:
    """Return whether the grade is one of those asked; None while open lines may give another answer."""
    if result.grade is None:
        return None
    held = result.grade in when.grade
    ends = {grade_of(course.grades(period.length), end) in when.grade for end in (result.low, result.high)}
    return held if not result.waits or ends == {held} else None


def _placed(place: str, result: Result, everyone: list[Result]) -> bool | None:
    """Return whether the subject is first (or last) alone or in a tie that is not everybody's; None while it may change."""
    ranked = [one for one in everyone if one.place is not None]
    if result.place is None:
        return None
    if any(one.waits for one in ranked):
        return _settled(place, result, [one for one in ranked if one.subject != result.subject])
    places = [one.place for one in ranked if one.place is not None]
    if len(places) < 2 or min(places) == max(places):
        return False
    return result.place == (min(places) if place == "first" else max(places))


def _settled(place: str, result: Result, others: list[Result]) -> bool | None:
    """Return the same from the bounds of scores that wait."""
    sign = 1 if place == "first" else -1

    def worst(one: Result) -> float:
        return sign * ((one.low if sign > 0 else one.high) or 0.0)

    def best(one: Result) -> float:
        return sign * ((one.high if sign > 0 else one.low) or 0.0)

    if others and all(worst(result) > best(one) for one in others):
        return True
    return False if any(best(result) < worst(one) for one in others) else None

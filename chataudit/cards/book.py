"""A card of figures kept over periods: results by period, each computed once, so that later ones may look back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import pandas as pd

from chataudit.cards.facts import Added, Facts, exact, teams_of
from chataudit.cards.filled_in import FilledIn
from chataudit.cards.filling import Mark, fill_line
from chataudit.cards.formulas.evaluate import Value
from chataudit.cards.ledger import Ledger, since_of
from chataudit.cards.model import Card, Item, grade_of
from chataudit.cards.periods import Period
from chataudit.cards.rankings import placed
from chataudit.cards.reading import reads_log
from chataudit.cards.results import Result
from chataudit.cards.slips import PaidLine, pay_slip
from chataudit.cards.totals import subtotals, total


@dataclass(frozen=True)
class Sources:
    """What a card of figures is filled from.

    ``rules``: ids of the rules that the facts were counted with. Persons that only a sheet names are scored where the
    log or the people table knows them, or where there is neither.
    """

    facts: pd.DataFrame
    people: pd.DataFrame | None = None
    sheets: pd.DataFrame | None = None
    rules: frozenset[str] = frozenset()


@dataclass
class Book:
    """The results of one card, period after period."""

    name: str
    card: Card
    ledger: Ledger
    known: frozenset[str]
    _results: dict[Period | None, dict[str, Result]] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, card: Card, sources: Sources, facts: Facts | None = None) -> Book:
        """Return the book of a card; ``facts`` may stand in for those of the sources (resampled days)."""
        teams = teams_of(sources.people)
        if facts is None:
            facts = Facts.of(sources.facts, teams if card.subject == "team" else None)
        added = facts.added(card.period)
        filled = FilledIn.of(sources.sheets, card)
        people = set() if sources.people is None else {str(one) for one in sources.people["person"]}
        known = set(facts.subjects) | (set(teams.values()) if card.subject == "team" else people)
        ledger = Ledger(card, added, filled, sources.rules, since_of(sources.people))
        book = cls(name, card, ledger, frozenset(known))
        ledger.members = book.subjects
        ledger.beyond, ledger.unsettled = book.beyond, book.unsettled
        return book

    @cached_property
    def uses_log(self) -> bool:
        """Return whether any line reads figures of the log."""
        return reads_log(self.card)

    @property
    def added(self) -> Added:
        """Return the added-up facts."""
        return self.ledger.added

    def periods(self) -> list[Period]:
        """Return the periods that the log or the sheets name."""
        found = {*self.added.periods(), *self.ledger.filled_in.periods(self.card.period)}
        return sorted(found, key=lambda one: one.start)

    def subjects(self, period: Period | None) -> list[str]:
        """Return who is scored in a period: whom the log knows, and whom a sheet names if there is such a person."""
        named = self.ledger.filled_in.subjects(None if period is None else period.name)
        return sorted({*self.added.subjects(period), *(named & self.known if self.known else named)})

    def results(self, period: Period | None) -> dict[str, Result]:
        """Return the results of a period by subject."""
        if period not in self._results:
            scored = [self._result(period, subject) for subject in self.subjects(period)]
            self._results[period] = {one.subject: one for one in placed(self.card.ranking, scored, self.uses_log)}
        return self._results[period]

    def all_results(self, periods: Iterable[Period | None]) -> list[Result]:
        """Return the results of several periods."""
        return [result for period in periods for result in self.results(period).values()]

    def slip(self, period: Period | None, subject: str) -> list[PaidLine]:
        """Return a subject's pay slip; nothing where the card has none."""
        return [] if self.card.pay is None else pay_slip(self.card.pay, self.ledger, period, subject)

    def _result(self, period: Period | None, subject: str) -> Result:
        lines = (*self.card.items, *self.card.adjustments)
        marks = tuple(fill_line(line, self.ledger, period, subject) for line in lines)
        made = total(self.card, marks)
        reds = [
            mark
            for mark in marks
            if isinstance(mark.line, Item) and mark.line.red and mark.outcome in ("not_met", "partly")
        ]
        score, low, high, grade = self._after_reds(made.score, made.low, made.high, bool(reds))
        sessions = self.added.sum(period, subject, "session_n")
        return Result(
            period=period,
            subject=subject,
            score=score,
            low=low,
            high=high,
            grade=grade,
            waits=made.waits,
            red_lines=tuple(f"{mark.line.id} {mark.line.name}" for mark in reds),
            sample_n=int(sessions or 0),
            applicable=made.applicable,
            days=self.added.days(period),
            covered=not self.uses_log or (period is not None and self.added.days(period) >= period.days),
            marks=marks,
            parts=subtotals(self.card, marks),
        )

    def _after_reds(
        self, score: float | None, low: float | None, high: float | None, broken: bool
    ) -> tuple[float | None, float | None, float | None, str | None]:
        """Return score, bounds and grade after what a broken red line does to them."""
        rule = self.card.red_lines
        grade = grade_of(self.card.grades, score)
        if not broken or score is None or low is None or high is None or rule.effect == "report":
            return score, low, high, grade
        if rule.effect == "grade":
            return score, low, high, rule.grade
        top = 0.0 if rule.effect == "zero" else rule.cap or 0.0
        score, low, high = min(score, top), min(low, top), min(high, top)
        return score, low, high, grade_of(self.card.grades, score)

    def beyond(self, name: str, period: Period | None, subject: str) -> Value:
        """Return a figure that comes after scoring: ``score``, ``score_rank``, ``grade``, ``points:ITEM``, a pay line."""
        pay = self.card.pay
        if pay is not None and any(line.id == name for line in pay.lines):
            return next((line.value for line in self.slip(period, subject) if line.line.id == name), None)
        if not self._after(name):
            return None
        result = self.results(period).get(subject)
        if result is None:
            return None
        if name == "grade":
            return result.grade
        if name == "score":
            return None if result.score is None else exact(result.score)
        if name == "score_rank":
            return None if result.place is None else exact(result.place)
        return self._points(result.marks, name.removeprefix("points:"))

    def unsettled(self, name: str, period: Period | None, subject: str) -> bool:
        """Return whether a figure that comes after scoring may still change, because lines of the score wait."""
        pay = self.card.pay
        if pay is not None and any(line.id == name for line in pay.lines):
            return any(line.unsure for line in self.slip(period, subject) if line.line.id == name)
        result = self.results(period).get(subject) if self._after(name) else None
        return result is not None and result.waits

    @staticmethod
    def _after(name: str) -> bool:
        return name in ("score", "score_rank", "grade") or name.startswith("points:")

    @staticmethod
    def _points(marks: Iterable[Mark], item: str) -> Decimal | None:
        points = next((mark.points for mark in marks if mark.line.id == item), None)
        return None if points is None else exact(points)

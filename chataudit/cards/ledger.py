"""Every figure of a card by name, period and subject: facts, sheets, parameters, derived; each computed once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

import pandas as pd

from chataudit.cards.facts import HIT, KEPT, PART, SCORED, SCORED_N, SHARES, UNJUDGED, WHOLE, Added, exact
from chataudit.cards.filled_in import FilledIn, counted_by, number, weights_of
from chataudit.cards.formulas import Call, Node, Text, evaluate, parse, written
from chataudit.cards.formulas.evaluate import Value
from chataudit.cards.functions import place_of
from chataudit.cards.model import Card
from chataudit.cards.periods import Period
from chataudit.errors import Words

Beyond = Callable[[str, Period | None, str], Value]
EARLIEST = 240


@dataclass(frozen=True)
class Figure:
    """A value, the figures that it was made of (as written in the formula), and why it is not known.

    ``unsure``: it rests on a score while lines of that score wait.
    """

    value: Value
    made_of: Mapping[str, Value]
    lacks: Words | None = None
    unsure: bool = False


@dataclass
class Ledger:
    """A card's figures.

    ``beyond`` answers for what comes after scoring (``score``, pay lines, grades), ``unsettled`` says which of these may
    still change.
    """

    card: Card
    added: Added
    filled_in: FilledIn
    rules: frozenset[str]
    since: Mapping[str, date] = field(default_factory=dict)
    members: Callable[[Period | None], list[str]] = lambda period: []
    beyond: Beyond | None = None
    unsettled: Callable[[str, Period | None, str], bool] = lambda name, period, subject: False
    _memo: dict[tuple[str, Period | None, str], Figure] = field(default_factory=dict)

    def figure(self, name: str, period: Period | None, subject: str) -> Figure:
        """Return the figure of a name."""
        key = (name, period, subject)
        if key not in self._memo:
            self._memo[key] = self._found(name, period, subject)
        return self._memo[key]

    def computed(self, formula: str, period: Period | None, subject: str) -> Figure:
        """Return the value of a formula, and what it was made of."""
        look = Look(self, period, subject)
        value = evaluate(parse(formula), look)
        lacks = None if value is not None else look.lacks or Words("没有分母", "nothing to divide by")
        return Figure(value, look.trace, lacks, look.unsure)

    def reaches(self, period: Period) -> bool:
        """Return whether the data go back to a period."""
        if self.first is None:
            return False
        return period.start >= self.first.start

    @cached_property
    def first(self) -> Period | None:
        """Return the first period that the data hold."""
        known = [*self.added.periods(), *self.filled_in.periods(self.card.period)]
        return min(known, key=lambda one: one.start, default=None)

    def _found(self, name: str, period: Period | None, subject: str) -> Figure:
        card = self.card
        if name in card.params:
            return _of(name, exact(card.params[name].value))
        if name in card.inputs:
            return self._input(name, period, subject)
        if name in card.derived:
            made = self.computed(card.derived[name].formula, period, subject)
            return Figure(made.value, {name: made.value}, made.lacks, made.unsure)
        if name in SHARES:
            return self._share(name, SHARES[name], period, subject)
        value = self._plain(name, period, subject)
        if value is not None or self.beyond is None:
            return _of(name, value)
        found = _of(name, self.beyond(name, period, subject))
        return replace(found, unsure=self.unsettled(name, period, subject))

    def _plain(self, name: str, period: Period | None, subject: str) -> Value:
        if name == "days":
            return Decimal(self.added.days(period))
        if name == "head_count":
            return Decimal(len(self.members(period)))
        if name in ("period_number", "period_days", "tenure_days"):
            if period is None:
                return None
            if name == "tenure_days":
                since = self.since.get(subject)
                return None if since is None else Decimal((period.end - since).days)
            return Decimal(period.number if name == "period_number" else period.days)
        if name == "unreplied_n":
            whole, part = self.added.share(period, subject, ("consulted_n", "received_n"))
            return None if whole is None or part is None else whole - part
        return self.added.sum(period, subject, name)

    def _share(self, name: str, parts: tuple[str, str], period: Period | None, subject: str) -> Figure:
        top, bottom = self.added.share(period, subject, parts)
        if top is None or bottom is None:
            return Figure(None, {name: None}, _unknown(name))
        if bottom == 0:
            return Figure(
                None, {name: None, "numerator": top, "denominator": bottom}, Words("没有分母", "nothing to divide by")
            )
        value = top / bottom
        return Figure(value, {name: value, "numerator": top, "denominator": bottom})

    def _input(self, name: str, period: Period | None, subject: str) -> Figure:
        one = self.card.inputs[name]
        label = one.name or name
        said = self.filled_in.said(None if period is None else period.name, subject, name, one.per)
        if said is None:
            return Figure(None, {name: None}, Words(f"填报表里没有“{label}”", f"no sheet says {label}"))
        texts = counted_by(one, said)
        weights = weights_of(one, texts)
        if isinstance(weights, Words):
            return Figure(None, {name: None}, Words(f"“{label}”{weights.zh}", f"{label}: {weights.en}"))
        if one.kind == "text":
            words = {texts[rater] for rater in weights}
            if len(words) > 1:
                return Figure(None, {name: None}, Words(f"“{label}”几位评分人不一致", f"raters differ on {label}"))
            return _of(name, words.pop())
        total = sum((number(texts[rater]) * weight for rater, weight in weights.items()), Decimal(0))
        if len(weights) > 1:
            total = round(total, 6)
        return _of(name, total)


def _of(name: str, value: Value) -> Figure:
    return Figure(value, {name: value}, None if value is not None else _unknown(name))


def _unknown(name: str) -> Words:
    return Words(f"没有数据：{name}", f"{name} is not known")


@dataclass
class Look:
    """Reads a formula's figures for one subject and period, and notes what it read."""

    ledger: Ledger
    period: Period | None
    subject: str
    trace: dict[str, Value] = field(default_factory=dict)
    lacks: Words | None = None
    unsure: bool = False

    def figure(self, name: str) -> Value:
        """Return the figure of a name."""
        figure = self.ledger.figure(name, self.period, self.subject)
        self.trace |= figure.made_of
        self.unsure = self.unsure or figure.unsure
        self._missed(figure.lacks)
        return figure.value

    def asked(self, function: str, arguments: tuple[Node, ...]) -> Value:
        """Return the value of a function that looks into the log, the team or earlier periods."""
        key = written(Call(0, function, arguments))
        value = ASKED[function](self, arguments)
        self.trace[key] = value
        if value is None:
            self._missed(_unknown(key))
        return value

    def _missed(self, lacks: Words | None) -> None:
        self.lacks = self.lacks or lacks

    def _fact(self, name: str) -> Decimal | None:
        return self.ledger.added.sum(self.period, self.subject, name)

    def of_rule(self, prefix: str, arguments: tuple[Node, ...]) -> Value:
        """Return how many messages a rule counted; None where it could not be judged everywhere."""
        rule = _quoted(arguments[0])
        if rule not in self.ledger.rules or self._fact(UNJUDGED + rule) is not None or not self._known():
            return None
        return self._fact(prefix + rule) or Decimal(0)

    def _known(self) -> bool:
        return (self.period, self.subject) in self.ledger.added.sums

    def ratio(self, top: str, bottom: str, arguments: tuple[Node, ...]) -> Value:
        """Return the share of two facts that carry the same name."""
        name = _quoted(arguments[0])
        part, whole = self._fact(top + name), self._fact(bottom + name)
        return None if part is None or not whole else part / whole

    def before(self, arguments: tuple[Node, ...], by: int, default: Node | None) -> Value:
        """Return a figure of an earlier period; the default where it is not known."""
        value: Value = None
        if self.period is not None and 0 < by <= EARLIEST:
            earlier = self.period.later(-by)
            if self.ledger.reaches(earlier):
                value = self._earlier(arguments[0], earlier)
        return value if value is not None or default is None else evaluate(default, self)

    def _earlier(self, node: Node, period: Period) -> Value:
        """Return a figure of an earlier period; those before it are worked out first, so that no chain grows deep."""
        assert self.ledger.first is not None
        one = self.ledger.first
        while one.start < period.start:
            evaluate(node, Look(self.ledger, one, self.subject))
            one = one.later(1)
        look = Look(self.ledger, period, self.subject)
        value = evaluate(node, look)
        self.unsure = self.unsure or look.unsure
        return value

    def periods_ago(self, arguments: tuple[Node, ...]) -> Value:
        """Return a figure of so many periods ago."""
        by = evaluate(arguments[1], self)
        default = arguments[2] if len(arguments) > 2 else None
        return self.before(arguments, int(by), default) if isinstance(by, Decimal) else None

    def of_year(self, arguments: tuple[Node, ...]) -> Value:
        """Return the sum of a figure over the year so far; None where any of its periods is not known."""
        if self.period is None:
            return None
        total = Decimal(0)
        one: Period = self.period
        while True:
            value = evaluate(arguments[0], self if one == self.period else Look(self.ledger, one, self.subject))
            if not isinstance(value, Decimal):
                return None
            total += value
            if one.first_of_year:
                return total
            one = one.later(-1)

    def peers(self, node: Node) -> list[Decimal]:
        """Return the figure of every subject of the period that has it."""
        values = [
            evaluate(node, Look(self.ledger, self.period, subject)) for subject in self.ledger.members(self.period)
        ]
        return [value for value in values if isinstance(value, Decimal)]

    def of_team(self, arguments: tuple[Node, ...], made: Callable[[list[Decimal]], Decimal]) -> Value:
        """Return a figure over all subjects."""
        values = self.peers(arguments[0])
        return made(values) if values else None

    def rank(self, arguments: tuple[Node, ...]) -> Value:
        """Return the place of the subject's own figure, the highest first."""
        own = evaluate(arguments[0], self)
        if not isinstance(own, Decimal):
            return None
        return exact(place_of(float(own), [float(one) for one in self.peers(arguments[0])], "high", "min"))

    def grades(self, arguments: tuple[Node, ...]) -> Value:
        """Return how often a grade was given in the last periods, this one included."""
        wanted, by = _quoted(arguments[0]), evaluate(arguments[1], self)
        if self.period is None or not isinstance(by, Decimal) or not 1 <= by <= EARLIEST:
            return None
        found = 0
        for back in range(int(by)):
            earlier = self.period.later(-back)
            if self.ledger.reaches(earlier):
                found += self.ledger.figure("grade", earlier, self.subject).value == wanted
        return Decimal(found)


def _quoted(node: Node) -> str:
    assert isinstance(node, Text)
    return node.value


def _mean(values: list[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


ASKED: dict[str, Callable[[Look, tuple[Node, ...]], Value]] = {
    "tally": lambda look, given: look.of_rule(KEPT, given),
    "hits": lambda look, given: look.of_rule(HIT, given),
    "metric": lambda look, given: look.ratio(PART, WHOLE, given),
    "card_score": lambda look, given: look.ratio(SCORED, SCORED_N, given),
    "points": lambda look, given: look.ledger.figure(f"points:{_quoted(given[0])}", look.period, look.subject).value,
    "prev": lambda look, given: look.before(given, 1, given[1] if len(given) > 1 else None),
    "periods_ago": Look.periods_ago,
    "year_sum": Look.of_year,
    "team_mean": lambda look, given: look.of_team(given, _mean),
    "team_sum": lambda look, given: look.of_team(given, lambda values: sum(values, Decimal(0))),
    "team_max": lambda look, given: look.of_team(given, max),
    "team_min": lambda look, given: look.of_team(given, min),
    "team_rank": Look.rank,
    "grade_count": Look.grades,
}


def since_of(people: pd.DataFrame | None) -> dict[str, date]:
    """Return the day since which each person is there, where the people table says so."""
    if people is None or not len(people):
        return {}
    pairs = zip(people["person"], people["since"], strict=True)
    return {str(person): date.fromisoformat(since) for person, since in pairs if isinstance(since, str) and since}


__all__ = ["Figure", "Ledger", "Look", "since_of"]

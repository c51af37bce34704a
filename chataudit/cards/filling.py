"""One subject's lines filled in: each item's and adjustment's value, points, evidence and reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chataudit.cards.filled_in import Said, counted_by, weights_of
from chataudit.cards.formulas import Binary, Name, evaluate, names_in, parse, shown, written
from chataudit.cards.formulas.evaluate import Value
from chataudit.cards.functions import EXACT, level_points, points_of, settled
from chataudit.cards.ledger import Figure, Ledger, Look
from chataudit.cards.model import Item, Scoring
from chataudit.cards.periods import Period
from chataudit.cards.spans import open_span
from chataudit.errors import Words

DEFAULT = Words("默认档位，店铺可在评分表里改", "default bands; the shop may set its own in the card")
NOT_DUE = Words("本期不适用", "does not apply in this period")


@dataclass(frozen=True)
class Mark:
    """One line filled for one subject; ``low`` and ``high`` bound the points while it waits."""

    line: Scoring
    outcome: str
    points: float | None
    low: float
    high: float
    value: str | None
    evidence: Mapping[str, Any]
    reason: Words | None
    decided_by: str

    @property
    def max_points(self) -> float | None:
        """Return the line's full points; None for an adjustment."""
        return self.line.points if isinstance(self.line, Item) else None

    @property
    def waits(self) -> bool:
        """Return whether a person or data are still needed."""
        return self.outcome in ("needs_review", "no_data")


def fill_line(line: Scoring, ledger: Ledger, period: Period | None, subject: str) -> Mark:
    """Return a line's mark for a subject."""
    assert line.value is not None
    if line.applies is not None:
        applies = ledger.computed(line.applies, period, subject)
        if applies.value == 0:
            return _mark(line, "not_applicable", None, Figure(None, applies.made_of), NOT_DUE, "machine")
    if line.levels:
        return _levelled(line, ledger, period, subject)
    figure = ledger.computed(line.value, period, subject)
    by = _decided_by(line, ledger, period, subject)
    if not isinstance(figure.value, Decimal):
        return _mark(line, "no_data", None, figure, figure.lacks, by)
    try:
        points = points_of(line, float(figure.value), _peers(line, ledger, period))
    except ValueError as error:
        return _mark(line, "needs_review", None, figure, error.args[0], by)
    return _decided(line, round(points, EXACT) + 0.0, figure, by)  # + 0.0: no minus zero


def _decided(line: Scoring, points: float, figure: Figure, by: str) -> Mark:
    reason = DEFAULT if line.default else None
    if not isinstance(line, Item):
        outcome = "not_applicable" if points == 0 else "met" if points > 0 else "not_met"
        return _mark(line, outcome, points, figure, reason, by)
    outcome = "met" if points >= line.points else "not_met" if points <= 0 else "partly"
    return _mark(line, outcome, points, figure, reason, by)


def _mark(
    line: Scoring,
    outcome: str,
    points: float | None,
    figure: Figure,
    reason: Words | None,
    by: str,
    span: tuple[float, float] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Mark:
    if outcome == "not_applicable":
        span = (points or 0.0, points or 0.0)
    low, high = span or ((points, points) if points is not None else open_span(line))
    value = None if figure.value is None else shown(figure.value)
    evidence = {**_evidence(line, figure), **(extra or {})}
    return Mark(line, outcome, points, low, high, value, evidence, reason, by)


def _evidence(line: Scoring, figure: Figure) -> dict[str, Any]:
    """Return the figures that a value was made of; of a metric, or of one figure over another, both sides as well."""
    if not figure.made_of:
        return {}
    tree = parse(str(line.value))
    found: dict[str, Any] = {name: neat(value) for name, value in figure.made_of.items()}
    if isinstance(tree, Name):
        rest = {name: value for name, value in found.items() if name != tree.name}
        return {"metric": tree.name, **rest, "value": neat(figure.value)}
    sides = {}
    if isinstance(tree, Binary) and tree.sign == "/":
        values = {
            name: neat(figure.made_of.get(written(side)))
            for name, side in (("numerator", tree.left), ("denominator", tree.right))
        }
        sides = values if None not in values.values() else {}
    return {"formula": line.value, **found, **sides, "value": neat(figure.value)}


def neat(value: Value) -> float | int | str | None:
    """Return a value as JSON has it: whole numbers without a point, six digits at most."""
    if not isinstance(value, Decimal):
        return value
    rounded = round(float(value), 6)
    return int(rounded) if rounded.is_integer() else rounded


def _peers(line: Scoring, ledger: Ledger, period: Period | None) -> Sequence[float]:
    """Return the line's value of every subject to whom it applies, where others matter."""
    if line.rank is None and line.to_mean is None:
        return ()
    return list(_values(line, ledger, period))


def _values(line: Scoring, ledger: Ledger, period: Period | None) -> Iterator[float]:
    for subject in ledger.members(period):
        look = Look(ledger, period, subject)
        if line.applies is not None and evaluate(parse(line.applies), look) == 0:
            continue
        value = evaluate(parse(str(line.value)), look)
        if isinstance(value, Decimal):
            yield float(value)


def _decided_by(line: Scoring, ledger: Ledger, period: Period | None, subject: str) -> str:
    """Return ``sheet:RATERS`` where the value comes from people, else ``machine``."""
    raters: list[str] = []
    for name in _inputs_in(str(line.value), ledger):
        said = _said(name, ledger, period, subject)
        raters += list(counted_by(ledger.card.inputs[name], said)) if said else []
    return f"sheet:{'+'.join(dict.fromkeys(raters))}" if raters else "machine"


def _inputs_in(formula: str, ledger: Ledger) -> Iterator[str]:
    for node in names_in(parse(formula)):
        if isinstance(node, Name) and node.name in ledger.card.inputs:
            yield node.name
        elif isinstance(node, Name) and node.name in ledger.card.derived:
            yield from _inputs_in(ledger.card.derived[node.name].formula, ledger)


def _said(name: str, ledger: Ledger, period: Period | None, subject: str) -> Said | None:
    return ledger.filled_in.said(None if period is None else period.name, subject, name, ledger.card.inputs[name].per)


def _levelled(line: Scoring, ledger: Ledger, period: Period | None, subject: str) -> Mark:
    """Return the mark of a line whose value is a level that people give."""
    name = str(line.value)
    one = ledger.card.inputs[name]
    said = _said(name, ledger, period, subject)
    nothing = Figure(None, {})
    if said is None:
        label = one.name or line.name
        return _mark(
            line, "no_data", None, nothing, Words(f"填报表里没有“{label}”", f"no sheet says {label}"), "machine"
        )
    texts = counted_by(one, said)
    by = f"sheet:{'+'.join(texts)}" if texts else "machine"
    extra: dict[str, Any] = {"said": dict(said.by)}
    weights = weights_of(one, texts)
    if isinstance(weights, Words):
        return _mark(line, "no_data", None, nothing, weights, by, extra=extra)
    given = {rater: level_points(line.levels, texts[rater]) for rater in weights}
    low = _weighed(line, weights, {rater: one for rater, (_, one, _) in given.items()})
    high = _weighed(line, weights, {rater: one for rater, (_, _, one) in given.items()})
    figure = Figure("；".join(dict.fromkeys(texts.values())), {})
    if any(points is None for points, _, _ in given.values()):
        reason = Words(f"还要在 {low:g}–{high:g} 分之内定分", f"points within {low:g}–{high:g} are still to be picked")
        return _mark(line, "needs_review", None, figure, reason, by, (low, high), extra)
    points = round(low, EXACT)
    if isinstance(line, Item):
        outcome = "met" if points >= line.points else "not_met" if points <= 0 else "partly"
        return _mark(line, outcome, points, figure, None, by, extra=extra)
    return _mark(
        line,
        "met" if points > 0 else "not_met" if points < 0 else "not_applicable",
        points,
        figure,
        None,
        by,
        extra=extra,
    )


def _weighed(line: Scoring, weights: Mapping[str, Decimal], given: Mapping[str, float]) -> float:
    return settled(line, sum(float(weight) * given[rater] for rater, weight in weights.items()))

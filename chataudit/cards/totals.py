"""Marks to one score, with the bounds that lines which wait leave open: groups, bonus lines, adjustments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chataudit.cards.filling import Mark
from chataudit.cards.model import Card, Item
from chataudit.cards.model.card import NotApplicable, whole_points

Weighted = tuple[Mark, float]


@dataclass(frozen=True)
class Total:
    """A score (None: nothing that applies is decided), its bounds, and the share of the card's points that applied."""

    score: float | None
    low: float | None
    high: float | None
    waits: bool
    applicable: float | None


@dataclass(frozen=True)
class Subtotal:
    """What a group's decided lines came to, out of what they could give (``of``), in the group's own points."""

    group: str
    points: float
    of: float


def subtotals(card: Card, marks: Sequence[Mark]) -> tuple[Subtotal, ...]:
    """Return the parts of one subject's score by group, in the card's order; groups where nothing is decided are left out."""
    made = []
    for name, group in card.groups.items():
        own = [
            mark for mark in marks if isinstance(mark.line, Item) and not mark.line.bonus and mark.line.group == name
        ]
        decided = [(mark, weight) for mark, weight in _shared(own, group.points, group.na) if not mark.waits]
        of = sum(weight for _, weight in decided)
        if of:
            made.append(Subtotal(name, round(_gained(decided, "points"), 6), round(of, 6)))
    return tuple(made)


def total(card: Card, marks: Sequence[Mark]) -> Total:
    """Return the score of one subject.

    The points of decided items over what they could give, times the scale (or the points as they are, where the
    card's ``scale`` is null), plus bonus items and adjustments in full, within ``bottom`` and ``top``. Low takes what
    waits at its lowest, high at its highest.
    """
    regular = [mark for mark in marks if isinstance(mark.line, Item) and not mark.line.bonus]
    weighted = _weighted(card, regular)
    extra = [mark for mark in marks if not (isinstance(mark.line, Item) and not mark.line.bonus)]
    full = whole_points(card)
    decided = [(mark, weight) for mark, weight in weighted if not mark.waits]
    applicable = sum(weight for _, weight in weighted) / full if full else None
    waits = any(mark.waits for mark in marks)
    if not decided and not (card.scale is None and not regular):
        return Total(None, None, None, waits, applicable)
    score = _scaled(card, decided, "points")
    low, high = _scaled(card, weighted, "low"), _scaled(card, weighted, "high")
    if score is None or low is None or high is None:
        return Total(None, None, None, waits, applicable)
    score += sum(mark.points or 0.0 for mark in extra)
    low, high = low + sum(mark.low for mark in extra), high + sum(mark.high for mark in extra)
    low, high = min(low, score), max(high, score)
    score, low, high = (round(_bounded(card, one), 6) for one in (score, low, high))
    return Total(score, low, high, waits, None if applicable is None else round(min(applicable, 1.0), 6))


def _bounded(card: Card, score: float) -> float:
    if card.top is not None:
        score = min(score, card.top)
    return score if card.bottom is None else max(score, card.bottom)


def _scaled(card: Card, weighted: Sequence[Weighted], which: str) -> float | None:
    gained = _gained(weighted, which)
    if card.scale is None:
        return gained
    whole = sum(weight for _, weight in weighted)
    return gained / whole * card.scale if whole > 0 else None


def _gained(weighted: Sequence[Weighted], which: str) -> float:
    gained = 0.0
    for mark, weight in weighted:
        points = mark.points if which == "points" else mark.low if which == "low" else mark.high
        assert isinstance(mark.line, Item)
        gained += (points or 0.0) * (weight / mark.line.points if mark.line.points else 1.0)
    return gained


def _weighted(card: Card, marks: Sequence[Mark]) -> list[Weighted]:
    """Return the marks that count, each with the points that it may give: what does not apply is left out or spread."""
    result: list[Weighted] = []
    for name, group in card.groups.items():
        own = [mark for mark in marks if isinstance(mark.line, Item) and mark.line.group == name]
        result += _shared(own, group.points, group.na)
    single = [mark for mark in marks if isinstance(mark.line, Item) and mark.line.group is None]
    for mark in single:
        assert isinstance(mark.line, Item)
        if mark.outcome != "not_applicable" or card.na == "zero":
            result.append((mark, mark.line.points))
    order = {id(mark): at for at, mark in enumerate(marks)}
    return sorted(result, key=lambda one: order[id(one[0])])


def _shared(marks: Sequence[Mark], points: float, na: NotApplicable) -> list[Weighted]:
    """Return a group's marks with their parts of its points."""
    parts = {id(mark): mark.line.points for mark in marks if isinstance(mark.line, Item)}
    counted = [mark for mark in marks if mark.outcome != "not_applicable" or na == "zero"]
    of = counted if na == "redistribute" else marks
    whole = sum(parts[id(mark)] for mark in of)
    return [(mark, points * parts[id(mark)] / whole) for mark in counted] if whole else []

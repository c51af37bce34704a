"""Which items cost points, and which go with enquiries that were lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chataudit.cards.model import Card, Item
from chataudit.cards.results import Result
from chataudit.cards.rolled import DECIDED, Conversations
from chataudit.shares import Share, difference

FEWEST = 20


@dataclass(frozen=True)
class Cost:
    """An item over all subjects: how often it was decided and waited, points lost in all and on average."""

    item: Item
    decided: int
    waiting: int
    lost: float
    mean: float | None
    share: float | None


@dataclass(frozen=True)
class Association:
    """How often conversations went with an order where an item was met, and where it was not.

    ``met`` / ``missed``: (ordered, conversations); ``low`` / ``high``: 95 % interval of the difference (Newcombe), None
    where either side has fewer than `FEWEST`. It is association: it does not say that the one brings about the other.
    """

    item: Item
    met: tuple[int, int]
    missed: tuple[int, int]
    difference: float | None
    low: float | None
    high: float | None


def costs_of(card: Card, results: Iterable[Result], conversations: Conversations | None) -> list[Cost]:
    """Return the items, what they cost most first; of a card of conversations, counted over these."""
    rows: list[tuple[str, str, float | None]] = []
    if conversations is not None:
        rows = [
            (item, row["outcome"], row["points"]) for one in conversations.marks.values() for item, row in one.items()
        ]
    else:
        rows = [(mark.line.id, mark.outcome, mark.points) for result in results for mark in result.marks]
    made = []
    for item in card.items:
        own = [(outcome, points) for name, outcome, points in rows if name == item.id]
        lost = [max(item.points - float(points or 0), 0.0) for outcome, points in own if outcome in DECIDED]
        waiting = sum(1 for outcome, _ in own if outcome in ("no_data", "needs_review"))
        made.append((item, len(lost), waiting, round(sum(lost), 6)))
    total = sum(lost for *_, lost in made)
    costs = [
        Cost(item, n, waiting, lost, round(lost / n, 6) if n else None, round(lost / total, 6) if total else None)
        for item, n, waiting, lost in made
    ]
    return sorted(costs, key=lambda one: (-one.lost, one.item.id))


def associations_of(card: Card, conversations: Conversations, ordered: set[str]) -> list[Association]:
    """Return the items with orders beside; ``ordered`` are the sessions that an order is credited to."""
    made = []
    for item in card.items:
        sides = {True: [0, 0], False: [0, 0]}
        for (session, _), marks in conversations.marks.items():
            outcome = marks[item.id]["outcome"] if item.id in marks else ""
            if outcome in DECIDED:
                side = sides[outcome == "met"]
                side[0] += session in ordered
                side[1] += 1
        met, missed = ((side[0], side[1]) for side in (sides[True], sides[False]))
        if met[1] and missed[1]:
            made.append(Association(item, met, missed, *_difference(met, missed)))
    return made


def _difference(met: tuple[int, int], missed: tuple[int, int]) -> tuple[float | None, float | None, float | None]:
    """Return the difference of two shares, with its interval where both sides are large enough."""
    found = difference(Share(*met), Share(*missed))
    if found is None:
        return None, None, None
    whole, low, high = (round(one, 6) for one in found)
    return (whole, None, None) if min(met[1], missed[1]) < FEWEST else (whole, low, high)

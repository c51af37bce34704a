"""Fault rates inferred from what people judged, for all, teams and persons, each item and the plan's question.

``drawn``: from the checked conversations alone. ``corrected``: with the machine's marks on all conversations and
people's on few: among those that the machine found faulty, sound, not applicable or left open, the share that people
found faulty is weighted by how many there are of each in all (post-stratification, a double sampling design: Tenenbein,
JASA 65 (1970) 1350–1361; it mends what Rogan and Gladen mend, without taking sensitivity as known).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.arrays import Flags, Ints
from chataudit.cards.model import Card
from chataudit.errors import Words
from chataudit.spotcheck.coverage import subjects
from chataudit.spotcheck.drawing import Reals
from chataudit.spotcheck.drawn import Draw
from chataudit.spotcheck.planning import accepted, needed_for, needed_to_settle
from chataudit.spotcheck.population import Population
from chataudit.spotcheck.rates import Checked, Rate, rate
from chataudit.spotcheck.reviews import DECIDED, Reviews

LOST = ("not_met", "partly")
WAITING = ("needs_review", "no_data")
ANY = "ALL"


@dataclass(frozen=True)
class Cell:
    """What an item (or the plan's question) says of each conversation: fault, judged, open; by people or the machine."""

    fault: Flags
    judged: Flags
    waits: Flags

    @property
    def call(self) -> Ints:
        """Return the kind of mark: 0 faulty, 1 sound, 2 left open, 3 does not apply."""
        return np.select([self.fault, self.judged, self.waits], [0, 1, 2], 3).astype(np.int64)


class Findings:
    """Marks of people and of the machine as arrays over all conversations."""

    def __init__(self, population: Population, draw: Draw, reviews: Reviews, cards: Mapping[str, Card]) -> None:
        self.size, self.draw, self.cards = len(population.units), draw, cards
        self.done = np.zeros(self.size, dtype=bool)
        self.done[sorted(reviews.done)] = True
        self.checked = self.done & draw.taken
        self.machine, self.people = reviews.machine, reviews.settled

    def of(self, marks: pd.DataFrame, card: str | None, items: tuple[str, ...]) -> Cell:
        """Return the marks on these items together: faulty where one is, sound where all that apply are decided."""
        mine = marks[marks["item"].isin(items).to_numpy(dtype=bool)]
        if card is not None:
            mine = mine[(mine["card"] == card).to_numpy(dtype=bool)]
        unit = mine["unit"].to_numpy(dtype=np.int64)

        def has(words: tuple[str, ...]) -> Flags:
            at = unit[mine["outcome"].isin(list(words)).to_numpy(dtype=bool)]
            return np.bincount(at, minlength=self.size) > 0

        fault, decided, waits = has(LOST), has(DECIDED), has(WAITING)
        return Cell(fault, fault | (decided & ~waits), waits & ~fault)

    def people_of(self, card: str | None, items: tuple[str, ...]) -> Cell:
        """Return people's marks; an item that the machine left open and nobody decided keeps the conversation open."""
        cell = self.of(self.people, card, items)
        keys = ["unit", "card", "item"]
        waiting = self.machine[self.machine["outcome"].isin(list(WAITING)).to_numpy(dtype=bool)]
        left = waiting.merge(self.people[keys], on=keys, how="left", indicator=True)
        left = left[(left["_merge"] == "left_only").to_numpy(dtype=bool)]
        still = self.of(left, card, items).waits & ~cell.fault
        return Cell(cell.fault, cell.judged & ~still, still)

    def questions(self) -> Iterator[tuple[str | None, str, tuple[str, ...]]]:
        """Yield the plan's question over all cards, then each item: card, item (`ANY`: the question), items."""
        cards = {name: card for name, card in self.cards.items() if card.subject == "conversation"}
        red = self.draw.plan.question.faulty == "red"
        items = tuple(dict.fromkeys(item.id for card in cards.values() for item in card.items if item.red or not red))
        yield None, ANY, items
        for name, card in cards.items():
            for item in card.items:
                yield name, item.id, (item.id,)


def estimate(
    population: Population, draw: Draw, reviews: Reviews, cards: Mapping[str, Card], lang: str
) -> pd.DataFrame:
    """Return the estimates table: for each subject and question the rate as drawn and as corrected.

    ``random_n``, ``certain_n``: judged conversations drawn at random, and certain (events, strata drawn whole), which
    count as themselves; ``fault_n`` of both. ``more_for_margin_n`` and ``more_to_settle_n`` for the question.
    """
    findings = Findings(population, draw, reviews, cards)
    asked = [
        (card, item, findings.people_of(card, items), findings.of(findings.machine, card, items))
        for card, item, items in findings.questions()
    ]
    rows: list[dict[str, object]] = []
    for kind, name, mask in subjects(population, lang):
        for card, item, people, machine in asked:
            if (machine.judged | machine.waits | people.judged)[mask].any():
                for basis, group in (("drawn", draw.stratum), ("corrected", machine.call)):
                    found = infer(findings, mask, people, group)
                    rows.append(_row((kind, name), (card, item, basis), found, findings, mask, lang))
    return pd.DataFrame(rows)


def infer(findings: Findings, mask: Flags, cell: Cell, group: Ints) -> Rate:
    """Return the rate among the conversations of ``mask`` from those checked, weighted inside ``group``.

    A stratum that was to be reviewed whole but is not finished counts as drawn at random from itself.
    """
    units = np.flatnonzero(mask)
    chance, done = _chances(findings, units), findings.checked[units]
    totals = np.bincount(group[units[chance < 1]], minlength=int(group.max()) + 1).astype(float)
    at = units[done]
    checked = Checked(cell.fault[at], cell.judged[at], chance[done], group[at])
    return rate(checked, totals, findings.draw.plan.question.confidence)


def _chances(findings: Findings, units: Ints) -> Reals:
    """Return the units' probabilities, lowered where such as were certain are not finished yet."""
    draw, stratum = findings.draw, findings.draw.stratum[units]
    chance = draw.probability[units]
    certain = chance >= 1
    size = np.bincount(stratum[certain], minlength=len(draw.strata))
    done = np.bincount(stratum[certain & findings.checked[units]], minlength=len(draw.strata))
    share = np.divide(done, size, out=np.ones(len(size)), where=size > 0)[stratum]
    return np.where(certain & (share < 1), np.maximum(share, 1e-9), chance)


def _row(
    who: tuple[str, str], what: tuple[str | None, str, str], found: Rate, findings: Findings, mask: Flags, lang: str
) -> dict[str, object]:
    question = findings.draw.plan.question
    rest = int((mask & ~(findings.draw.certain & findings.checked)).sum())
    more: dict[str, object] = {"more_for_margin_n": None, "more_to_settle_n": None}
    if what[1] == ANY and found.value is not None and rest:
        wanted = {
            "more_for_margin_n": (needed_for, question.margin),
            "more_to_settle_n": (needed_to_settle, question.limit),
        }
        more = {
            name: max(count(found.value, edge, rest, question.confidence) - found.random_n, 0)
            for name, (count, edge) in wanted.items()
        }
        more = {**more, **_settled(found, question.limit, question.margin, more)}
    note = found.why if found.why is not None else _verdict(found, findings, mask) if what[1] == ANY else None
    return {
        "subject_kind": who[0],
        "subject": who[1],
        "card": what[0],
        "item": what[1],
        "basis": what[2],
        "rate": found.value,
        "low": found.low,
        "high": found.high,
        "random_n": found.random_n,
        "certain_n": found.certain_n,
        "fault_n": found.fault_n,
        **more,
        "note": None if note is None else note.said(lang),
    }


def _settled(found: Rate, limit: float, margin: float, more: Mapping[str, object]) -> dict[str, object]:
    """Return 0 more where the interval has already done it."""
    assert found.low is not None and found.high is not None
    done = {}
    if found.high - found.low <= 2 * margin:
        done["more_for_margin_n"] = 0
    if found.high < limit or found.low > limit:
        done["more_to_settle_n"] = 0
    return dict(done)


def _verdict(found: Rate, findings: Findings, mask: Flags) -> Words:
    """Say whether fewer than the limit are faulty: proved, refuted or open."""
    question = findings.draw.plan.question
    limit = f"{question.limit:.1%}"
    assert found.low is not None and found.high is not None
    chance = findings.draw.probability[mask & findings.checked]
    plain = len(chance) > 0 and bool((chance < 1).all()) and float(np.ptp(chance)) < 1e-12
    size, bad = int(mask.sum()), int(np.ceil(question.limit * mask.sum() - 1e-9))
    proved = plain and accepted(size, bad, found.random_n, found.fault_n) <= question.buyer_risk
    if found.high < question.limit or proved:
        return Words(f"可以认为少于 {limit}", f"shown to be under {limit}")
    if found.low > question.limit:
        return Words(f"可以认为超过 {limit}", f"shown to be over {limit}")
    return Words(f"还不能断定是否少于 {limit}", f"not settled whether under {limit}")

"""The filled cards per person: scores with their bounds, why they are provisional, where points are lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from chataudit.audit import Audit
from chataudit.cards.model import Card, Item, full_marks
from chataudit.cards.people import is_whole
from chataudit.report.cells import records
from chataudit.report.marks import WAITING, ConversationMarks, Mark, read_marks
from chataudit.report.wording import Speech, clip, known, plain

PER_TABLE = 8
OUTCOMES = ("met", "partly", "not_met", "waiting", "not_applicable")


@dataclass(frozen=True)
class Person:
    """A person's score on a card; ``why``: what makes it provisional."""

    label: str
    key: tuple[str, str | None]
    score: float | None
    low: float | None
    high: float | None
    grade: str | None
    provisional: bool
    why: tuple[str, ...]
    n: int
    red: str


@dataclass(frozen=True)
class Cell:
    """An item of a person: points, share lost (None: not judged), and what they stand on."""

    mark: Mark | None
    lost: float | None
    tally: dict[str, int]


@dataclass(frozen=True)
class ItemRow:
    """An item over persons; ``tally``: its outcomes (of conversations, or of persons); ``lost``: mean points lost."""

    id: str
    name: str
    points: float
    red: bool
    lost: float | None
    tally: dict[str, int]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class CardView:
    """A card filled; ``blocks``: the persons in groups that fit a page's width, each with its rows of items."""

    id: str
    title: str
    source: str
    inferred: str
    of_conversations: bool
    scale: float
    persons: tuple[Person, ...]
    blocks: tuple[tuple[tuple[Person, ...], tuple[ItemRow, ...]], ...]
    persons_left: int
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Disagreement:
    """A person's mark that differs from the machine's."""

    card: str
    item: str
    session_id: str
    agent: str | None
    machine: Mark
    person: Mark


def filled_cards(audit: Audit, speech: Speech, most: int) -> list[CardView]:
    """Return every card with the marks and scores of persons, lowest scores first."""
    scores = audit.scores[(audit.scores["subject_kind"] == "person").to_numpy(dtype=bool)]
    marks = audit.marks[(audit.marks["subject_kind"] == "person").to_numpy(dtype=bool)]
    return [
        _card(
            name,
            card,
            scores[(scores["card"] == name).to_numpy(dtype=bool)],
            read_marks(marks[(marks["card"] == name).to_numpy(dtype=bool)]),
            speech,
            most,
        )
        for name, card in audit.cards.items()
    ]


def _card(name: str, card: Card, scores: pd.DataFrame, marks: list[Mark], speech: Speech, most: int) -> CardView:
    by_subject: dict[tuple[str, str | None], dict[str, Mark]] = {}
    for mark in marks:
        by_subject.setdefault((mark.subject, mark.period), {})[mark.item] = mark
    several = scores["period"].nunique(dropna=False) > 1
    everyone = sorted(
        (_person(row, card, by_subject, several, speech) for row in records(scores)),
        key=lambda one: (one.score is None, one.score or 0.0, one.label),
    )
    persons = everyone[:most]
    rows = [(item, *_total(item, marks)) for item in card.items]
    blocks = [
        (tuple(part), tuple(_item(item, tally, lost, part, by_subject, speech) for item, tally, lost in rows))
        for part in _parts(persons)
    ]
    reasons = {
        (speech.t(item.name, item.name_en), speech.text(mark.reason, 200)): None
        for item in card.items
        for mark in marks
        if card.subject == "person" and mark.item == item.id and mark.reason and mark.outcome in WAITING
    }
    return CardView(
        name,
        card.title(speech.lang),
        card.source,
        card.inferred or "",
        card.subject == "conversation",
        full_marks(card),
        tuple(persons),
        tuple(blocks),
        len(everyone) - len(persons),
        tuple(reasons)[:40],
    )


def _parts(persons: Sequence[Person]) -> Iterator[Sequence[Person]]:
    for start in range(0, len(persons), PER_TABLE):
        yield persons[start : start + PER_TABLE]


def _person(
    row: dict[str, object],
    card: Card,
    by_subject: dict[tuple[str, str | None], dict[str, Mark]],
    several: bool,
    speech: Speech,
) -> Person:
    subject, period = str(row["subject"]), plain(row["period"])
    covered = known(row["days_covered"])
    mine = by_subject.get((subject, period), {}).values()
    why = []
    if not is_whole(period, None if covered is None else int(covered)):
        days = pd.Period(period, freq="M").days_in_month if period else None
        why.append(
            speech.t(f"本期只有 {covered:.0f}/{days} 天的记录", f"{covered:.0f} of {days} days in the log")
            if covered is not None and days
            else speech.t("记录没有日期", "the log has no dates")
        )
    waits = sum(tally_of(mark)["waiting"] for mark in mine)
    if waits:
        why.append(speech.t(f"{waits} 项待人工或缺数据", f"{waits} marks wait for a person or for data"))
    label = clip(subject, 40) + (f" · {period}" if several and period else "")
    return Person(
        label,
        (subject, period),
        known(row["score"]),
        known(row["score_low"]),
        known(row["score_high"]),
        plain(row["grade"]),
        bool(row["provisional"]),
        tuple(why),
        int(known(row["sample_n"]) or 0),
        clip(plain(row["red_lines"]) or "", 200),
    )


def tally_of(mark: Mark) -> dict[str, int]:
    """Return how many conversations (or this one person) had each outcome; needs_review and no_data are waiting."""
    counts = mark.figures.get("conversations")
    pairs = counts.items() if isinstance(counts, dict) else [(mark.outcome, 1)]
    tally = dict.fromkeys(OUTCOMES, 0)
    for outcome, number in pairs:
        tally["waiting" if outcome in WAITING else outcome] += int(number)
    return tally


def _total(item: Item, marks: Sequence[Mark]) -> tuple[dict[str, int], float | None]:
    """Return an item's outcomes over all persons, and the mean points lost."""
    tally = dict.fromkeys(OUTCOMES, 0)
    gone, judged = 0.0, 0
    for mark in (one for one in marks if one.item == item.id):
        mine = tally_of(mark)
        tally = {name: tally[name] + mine[name] for name in OUTCOMES}
        number = mine["met"] + mine["partly"] + mine["not_met"]
        if mark.points is not None:
            gone, judged = gone + max(item.points - mark.points, 0.0) * number, judged + number
    return tally, gone / judged if judged else None


def _item(
    item: Item,
    tally: dict[str, int],
    lost: float | None,
    persons: Sequence[Person],
    by_subject: dict[tuple[str, str | None], dict[str, Mark]],
    speech: Speech,
) -> ItemRow:
    cells = []
    for person in persons:
        found = by_subject.get(person.key, {}).get(item.id)
        known_points = found is not None and found.points is not None and item.points > 0
        part = max(item.points - (found.points or 0.0), 0.0) / item.points if found and known_points else None
        cells.append(Cell(found, part, tally_of(found) if found else dict.fromkeys(OUTCOMES, 0)))
    return ItemRow(
        item.id,
        speech.t(item.name, item.name_en),
        item.points,
        item.red,
        lost,
        tally,
        tuple(cells),
    )


def disagreements(
    audit: Audit, marks: ConversationMarks, speech: Speech, most: int
) -> tuple[list[Disagreement], int, int]:
    """Return the persons' marks that differ from a decided mark of the machine, how many in all, and how many agree."""
    machine = marks.read([pair[0] for pair in marks.pairs])
    person = marks.read([pair[1] for pair in marks.pairs])
    decided = [(one, other) for one, other in zip(machine, person, strict=True) if one.outcome not in WAITING]
    differ = [(one, other) for one, other in decided if one.outcome != other.outcome]
    names = {(card, item.id): item for card, of in audit.cards.items() for item in of.items}
    listed = [
        Disagreement(
            one.card, _named(names.get((one.card, one.item)), one.item, speech), one.subject, one.agent, one, other
        )
        for one, other in differ[:most]
    ]
    return listed, len(differ), len(decided) - len(differ)


def _named(item: Item | None, fallback: str, speech: Speech) -> str:
    return f"{item.id} {speech.t(item.name, item.name_en)}" if item else fallback

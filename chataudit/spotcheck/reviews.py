"""What people judged, from one or several workbooks: checked against the draw and the cards, each mark with its rater."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT
from chataudit.cards.model import Card, Item
from chataudit.errors import Fault, Faults, Words, one_of
from chataudit.ingest.handed_back import Entry, Judged, Key, cell_fault
from chataudit.spotcheck.population import Population, place_of

DECIDED = ("met", "partly", "not_met")
JUDGED = (*DECIDED, "not_applicable")
MARKS = ["unit", "card", "item", "rater", "outcome", "points", "remark", "explicit"]
VERDICTS = ["unit", "rule", "message_id", "start", "end", "verdict", "rater", "remark"]


@dataclass(frozen=True)
class Reviews:
    """What people judged; later files go before earlier ones.

    ``marks``: unit (the conversation's number), card, item, rater, outcome, points, remark, explicit (false: left empty,
    so agreed with the machine); ``verdicts``: on hits; ``finished``: for each rater the conversations read to the end;
    ``blind``: conversations judged without seeing the machine's marks; ``machine``: the machine's marks of all
    conversations (unit, card, item, outcome, points).
    """

    raters: tuple[str, ...]
    marks: pd.DataFrame
    verdicts: pd.DataFrame
    finished: Mapping[str, frozenset[int]]
    blind: frozenset[int]
    machine: pd.DataFrame

    @property
    def done(self) -> frozenset[int]:
        """Return the conversations that somebody finished."""
        return frozenset().union(*self.finished.values())

    @property
    def settled(self) -> pd.DataFrame:
        """Return for each mark the last person's."""
        return self.marks.drop_duplicates(["unit", "card", "item"], keep="last")


def gather(files: Sequence[Judged], draw: str, population: Population, cards: Mapping[str, Card]) -> Reviews:
    """Return what people judged, in the order of the files.

    Raises:
        Faults: a workbook of another draw; every cell that fits no conversation, item, hit or number of points.
    """
    faults = list(_wrong_draws(files, draw))
    checker = _Checker(population, cards)
    for judged in files:
        checker.take(judged)
    if faults or checker.faults:
        raise Faults([*faults, *checker.faults])
    marks = pd.DataFrame(checker.marks, columns=MARKS)
    machine = machine_marks(population)
    marks = pd.concat([_agreed(files, checker, machine), marks], ignore_index=True) if len(files) else marks
    order = {rater: number for number, rater in enumerate(checker.raters)}
    # What was written goes before what was left empty by the same rater; later raters before earlier ones.
    place = np.lexsort((marks["explicit"].to_numpy(dtype=bool), marks["rater"].map(order).to_numpy(dtype=np.int64)))
    marks = marks.iloc[place].drop_duplicates(["unit", "card", "item", "rater"], keep="last").reset_index(drop=True)
    verdicts = pd.DataFrame(checker.verdicts, columns=VERDICTS)
    verdicts = verdicts.drop_duplicates(["unit", "rule", "message_id", "start", "end", "rater"], keep="last")
    finished = {rater: frozenset(units) for rater, units in checker.finished.items()}
    return Reviews(
        tuple(checker.raters), marks, verdicts.reset_index(drop=True), finished, frozenset(checker.blind), machine
    )


def _wrong_draws(files: Sequence[Judged], draw: str) -> Iterator[Fault]:
    for judged in files:
        if judged.draw and judged.draw != draw:
            what = Words(
                f"这份表是另一次抽检（{judged.draw}），现在的审核、方案和种子抽出来是 {draw}。",
                f"This workbook is of another draw ({judged.draw}); these audits, plan and seed give {draw}.",
            )
            hint = Words(
                "给出当时的 --from、--plan、--n、--seed，或当时的 --out。",
                "Give the --from, --plan, --n and --seed of then, or its --out.",
            )
            yield Fault(what, judged.file, hint=hint)


def machine_marks(population: Population) -> pd.DataFrame:
    """Return the machine's marks of conversations: unit, card, item, outcome, points."""
    marks = population.tables["marks"]
    own = ((marks["subject_kind"] == "conversation") & (marks["decided_by"] == "machine")).to_numpy(dtype=bool)
    mine = marks[own]
    frame = pd.DataFrame(
        {
            "unit": place_of(population.units, mine["subject"], mine["agent"]),
            **{name: mine[name].astype(TEXT).to_numpy() for name in ("card", "item", "outcome")},
            "points": mine["points"].to_numpy(dtype=float, na_value=np.nan),
        }
    )
    return frame[(frame["unit"] >= 0).to_numpy(dtype=bool)].reset_index(drop=True)


def _agreed(files: Sequence[Judged], checker: _Checker, machine: pd.DataFrame) -> pd.DataFrame:
    """Return the machine's decided marks that a rater saw, finished and left as they are."""
    decided = machine[machine["outcome"].isin(list(JUDGED)).to_numpy(dtype=bool)]
    parts = []
    for judged in files:
        seen = {checker.unit(key) for key in judged.finished.keys() & judged.shown} - {-1}
        mine = decided[decided["unit"].isin(seen).to_numpy(dtype=bool)]
        parts.append(mine.assign(rater=judged.rater, remark=None, explicit=False)[MARKS])
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True).astype({"remark": object}) if filled else pd.DataFrame(columns=MARKS)


class _Checker:
    """Checks entry after entry, keeping every fault."""

    def __init__(self, population: Population, cards: Mapping[str, Card]) -> None:
        units = population.units
        self.place: dict[Key, int] = {
            key: at for at, key in enumerate(zip(units["session_id"], units["agent"], strict=True))
        }
        self.items: dict[tuple[str, str], Item] = {
            (name, item.id): item
            for name, card in cards.items()
            if card.subject == "conversation"
            for item in card.items
        }
        hits = population.tables["hits"]
        columns = [hits[name].astype(object) for name in ("session_id", "rule", "message_id")]
        spans = [hits[name].fillna(0).astype(int).astype(str) for name in ("start", "end")]
        self.hits = set(zip(*columns, *spans, strict=True))
        self.faults: list[Fault] = []
        self.raters: list[str] = []
        self.marks: list[tuple[object, ...]] = []
        self.verdicts: list[tuple[object, ...]] = []
        self.finished: dict[str, set[int]] = {}
        self.blind: set[int] = set()

    def unit(self, key: Key) -> int:
        """Return the number of a conversation, -1 where there is none."""
        return self.place.get(key, -1)

    def take(self, judged: Judged) -> None:
        """Check one workbook."""
        if judged.rater not in self.raters:
            self.raters.append(judged.rater)
        for entry in judged.marks:
            self._mark(judged, entry)
        for entry in judged.verdicts:
            self._verdict(judged, entry)
        for key, (sheet, cell) in judged.finished.items():
            if self.unit(key) < 0:
                self.faults.append(cell_fault(judged.file, sheet, cell, _unknown(key, "")))
        done = {key: self.unit(key) for key in judged.finished if self.unit(key) >= 0}
        self.finished.setdefault(judged.rater, set()).update(done.values())
        self.blind |= {unit for key, unit in done.items() if key not in judged.shown}

    def _mark(self, judged: Judged, entry: Entry) -> None:
        card, name = entry.about
        unit, item = self.unit(entry.conversation), self.items.get((card, name))
        if unit < 0 or item is None:
            self._fault(judged, entry, _unknown(entry.conversation, f"{card} {name}"), None)
            return
        wrong = _wrong_points(entry, item)
        if wrong is not None:
            self._fault(judged, entry, *wrong)
            return
        outcome, points = _mark_of(entry, item)
        self.marks.append((unit, card, name, judged.rater, outcome, points, entry.remark, True))

    def _verdict(self, judged: Judged, entry: Entry) -> None:
        unit = self.unit(entry.conversation)
        if unit < 0 or (entry.conversation[0], *entry.about) not in self.hits:
            self._fault(judged, entry, _unknown(entry.conversation, entry.about[0]), None)
            return
        rule, message, start, end = entry.about
        row = (unit, rule, message, int(start), int(end), entry.said, judged.rater, entry.remark)
        self.verdicts.append(row)

    def _fault(self, judged: Judged, entry: Entry, what: Words, hint: Words | None) -> None:
        self.faults.append(cell_fault(judged.file, entry.sheet, entry.cell, what, hint))


def _unknown(key: Key, about: str) -> Words:
    session, agent = (part[:60] for part in key)
    return Words(
        f"这些审核里没有：会话 {session}、客服 {agent}、{about[:60]}（隐藏列可能被改过）。",
        f"Not in these audits: session {session}, agent {agent} {about[:60]} (a hidden column may have been changed).",
    )


def _wrong_points(entry: Entry, item: Item) -> tuple[Words, Words | None] | None:
    points, full = entry.points, item.points
    if points is None:
        return None
    if points > full:
        what = Words(f"{points:g} 分超过满分 {full:g}。", f"{points:g} points are more than the full {full:g}.")
        return what, Words(f"可填：0 到 {full:g}", f"Allowed: 0 to {full:g}")
    meant = "met" if points == full else "not_met" if points == 0 else "partly"
    if entry.said and entry.said != meant:
        what = Words(
            f"判定和得分矛盾：{points:g}/{full:g} 分。",
            f"Mark and points contradict each other: {points:g} of {full:g}.",
        )
        return what, one_of(meant, [meant])
    return None


def _mark_of(entry: Entry, item: Item) -> tuple[str, float]:
    """Return outcome and points of a mark that gives one of them or both."""
    full, points = item.points, entry.points
    if points is not None:
        return ("met" if points == full else "not_met" if points == 0 else "partly"), points
    some = getattr(item, "some", None)
    given = {"met": full, "partly": full / 2 if some is None else some, "not_met": 0.0, "not_applicable": np.nan}
    return entry.said, given[entry.said]

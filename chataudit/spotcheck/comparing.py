"""Who agrees with whom: the machine with people, people with each other; and where they do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from chataudit.arrays import Ints
from chataudit.cards.model import Card
from chataudit.errors import Words
from chataudit.spotcheck.agreement import Agreement, alpha, kappa
from chataudit.spotcheck.drawn import Draw
from chataudit.spotcheck.estimating import ANY, Findings
from chataudit.spotcheck.intervals import Interval
from chataudit.spotcheck.population import Population
from chataudit.spotcheck.rates import Checked, rate
from chataudit.spotcheck.reviews import JUDGED, Reviews

MACHINE = Words("机器", "machine")
OPEN_EYED = Words(
    "评分时看得到机器的判定，一致程度会偏高；要公正请用 --blind",
    "judged with the machine's marks in sight, which flatters it; use --blind",
)
WORDS = {
    "met": Words("符合", "met"),
    "partly": Words("部分符合", "partly"),
    "not_met": Words("不符合", "not met"),
    "not_applicable": Words("不适用", "n/a"),
    "needs_review": Words("待人工", "needs a person"),
    "no_data": Words("缺数据", "no data"),
    "right": Words("对", "right"),
    "wrong": Words("错", "wrong"),
    "unsure": Words("拿不准", "unsure"),
}


def agree(population: Population, draw: Draw, reviews: Reviews, cards: Mapping[str, Card], lang: str) -> pd.DataFrame:
    """Return the agreement table: for each item kappa of machine and people, of each two raters, alpha of all raters.

    Only finished conversations count, each for as many as it was drawn for; what the machine left open is no mark.
    ``observed``: the share of equal marks; ``value`` null where undefined, ``note`` says why. Item `ALL`: whether
    anything is faulty.
    """
    table = _Table(population, draw, reviews, cards)
    rows: list[dict[str, object]] = []
    for card, item in table.items():
        for between, coefficient, found, blind in table.compare(card, item, lang):
            note = found.why or (None if blind or coefficient == "alpha" else OPEN_EYED)
            rows.append(
                {
                    "card": card or ANY,
                    "item": item,
                    "between": between,
                    "coefficient": coefficient,
                    "n": found.n,
                    "observed": found.observed,
                    "value": found.value,
                    "low": found.low,
                    "high": found.high,
                    "note": None if note is None else note.said(lang),
                }
            )
    return pd.DataFrame(rows)


class _Table:
    """Marks as codes: a column for the machine, people together, each rater."""

    def __init__(self, population: Population, draw: Draw, reviews: Reviews, cards: Mapping[str, Card]) -> None:
        self.reviews, self.draw, self.cards = reviews, draw, cards
        self.findings = Findings(population, draw, reviews, cards)
        self.units = np.flatnonzero(self.findings.checked)
        self.weight = 1 / draw.probability[self.units]
        self.place = np.full(len(population.units), -1, dtype=np.int64)
        self.place[self.units] = np.arange(len(self.units))
        self.blind = len(self.units) > 0 and set(self.units.tolist()) <= reviews.blind

    def items(self) -> Iterator[tuple[str | None, str]]:
        """Yield the items to compare on, the question first."""
        yield None, ANY
        for name, card in self.cards.items():
            if card.subject == "conversation":
                yield from ((name, item.id) for item in card.items)

    def codes(self, marks: pd.DataFrame, card: str | None, item: str) -> Ints:
        """Return a judge's marks on the checked conversations, -1 where there is none."""
        found = np.full(len(self.units), -1, dtype=np.int64)
        if card is None:
            return self._any(marks)
        mine = marks[((marks["card"] == card) & (marks["item"] == item)).to_numpy(dtype=bool)]
        mine = mine[mine["outcome"].isin(list(JUDGED)).to_numpy(dtype=bool)]
        at = self.place[mine["unit"].to_numpy(dtype=np.int64)]
        found[at[at >= 0]] = mine["outcome"].map(list(JUDGED).index).to_numpy(dtype=np.int64)[at >= 0]
        return found

    def _any(self, marks: pd.DataFrame) -> Ints:
        _, _, items = next(self.findings.questions())
        cell = self.findings.of(marks, None, items)
        said = np.where(cell.fault, 1, np.where(cell.judged, 0, -1))
        return said[self.units].astype(np.int64)

    def compare(self, card: str | None, item: str, lang: str) -> Iterator[tuple[str, str, Agreement, bool]]:
        """Yield who is compared, with which coefficient, the result, and whether they judged blind."""
        machine = self.codes(self.reviews.machine, card, item)
        people = self.codes(self.reviews.settled, card, item)
        of = self._interval(machine, people)
        said = Words("机器–人", "machine–people").said(lang)
        yield said, "kappa", kappa(machine, people, self.weight, of), self.blind
        raters = {rater: self.codes(self._finished(rater), card, item) for rater in self.reviews.raters}
        for first, second in combinations(raters, 2):
            yield f"{first}–{second}", "kappa", kappa(raters[first], raters[second], self.weight), True
        if len(raters) > 1:
            marks = np.stack(list(raters.values()), axis=1)
            yield Words("评分人之间", "all raters").said(lang), "alpha", alpha(marks, self.weight), True

    def _finished(self, rater: str) -> pd.DataFrame:
        marks = self.reviews.marks
        done = marks["unit"].isin(self.reviews.finished.get(rater, frozenset()))
        return marks[((marks["rater"] == rater) & done).to_numpy(dtype=bool)]

    def _interval(self, first: Ints, second: Ints) -> Interval | None:
        """Return the interval of the observed agreement as drawn."""
        both = (first >= 0) & (second >= 0)
        if not both.any():
            return None
        chance = self.draw.probability[self.units]
        stratum = self.draw.stratum[self.units]
        held = np.bincount(stratum[chance < 1], 1 / chance[chance < 1], minlength=len(self.draw.strata)).astype(float)
        found = rate(Checked(first == second, both, chance, stratum), held)
        return None if found.low is None or found.high is None else Interval(found.low, found.high)


def disagreements(population: Population, reviews: Reviews, lang: str) -> pd.DataFrame:
    """Return what to calibrate on: marks where people differ from the machine or from each other, hits judged wrong or
    differently; the conversations with most of them first.
    """
    rows = [*_marks(reviews, lang), *_hits(reviews, lang)]
    if not rows:
        return pd.DataFrame(columns=["kind", "about", "session_id", "agent", "marks", "reason"])
    table = pd.DataFrame(rows)
    units = population.units.iloc[table["unit"].to_numpy(dtype=np.int64)]
    table["session_id"], table["agent"] = units["session_id"].to_numpy(), units["agent"].to_numpy()
    table["agent"] = table["agent"].mask(table["agent"] == "")
    table["often"] = -table.groupby("unit")["unit"].transform("size")
    return table.sort_values(["often", "unit", "kind", "about"], kind="stable").reset_index(drop=True)


def _marks(reviews: Reviews, lang: str) -> Iterator[dict[str, object]]:
    machine = reviews.machine.set_index(["unit", "card", "item"])["outcome"]
    for key, group in reviews.marks.groupby(["unit", "card", "item"], sort=True):
        own = machine.get(key)
        said = dict(zip(group["rater"], group["outcome"], strict=True))
        differs = isinstance(own, str) and own in JUDGED and any(one != own for one in said.values())
        if differs or len(set(said.values())) > 1:
            parts = [(MACHINE.said(lang), own), *said.items()] if isinstance(own, str) else list(said.items())
            yield _line("mark", key[0], f"{key[1]} {key[2]}", parts, group["remark"], lang)


def _hits(reviews: Reviews, lang: str) -> Iterator[dict[str, object]]:
    keys = ["unit", "rule", "message_id", "start", "end"]
    for key, group in reviews.verdicts.groupby(keys, sort=True):
        said = dict(zip(group["rater"], group["verdict"], strict=True))
        if "wrong" in said.values() or len(set(said.values())) > 1:
            yield _line("hit", key[0], f"{key[1]} {key[2]}", list(said.items()), group["remark"], lang)


def _line(
    kind: str, unit: object, about: str, said: list[tuple[str, object]], remarks: pd.Series, lang: str
) -> dict[str, object]:
    colon, comma = ("：", "；") if lang == "zh" else (": ", "; ")
    marks = comma.join(f"{who}{colon}{WORDS[str(what)].said(lang)}" for who, what in said)
    notes = [one for one in remarks if isinstance(one, str)]
    return {"kind": kind, "unit": unit, "about": about, "marks": marks, "reason": comma.join(notes) or None}

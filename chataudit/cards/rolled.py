"""Scores of conversations put together per person and period, from the written tables of one or several audits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from chataudit.cards.filling import Mark
from chataudit.cards.model import Card, Item, grade_of
from chataudit.cards.periods import Period, period_of
from chataudit.cards.rankings import placed
from chataudit.cards.results import Result

SHOWN = 5
DECIDED = ("met", "partly", "not_met")


@dataclass(frozen=True)
class Conversations:
    """The conversations of one card: their scores and their marks, a person's mark in the machine's place.

    ``scores``: session_id (``subject``), agent, person, day, score, bounds, …; ``marks``: a mark of each item by
    (subject, agent).
    """

    scores: pd.DataFrame
    marks: Mapping[tuple[str, str], Mapping[str, Mapping[str, Any]]]


def conversations_of(name: str, scores: pd.DataFrame, marks: pd.DataFrame, people: pd.DataFrame) -> Conversations:
    """Return a card's conversations out of the scores and marks tables."""
    person_of = dict(zip(people["account"].astype(str), people["person"].astype(str), strict=True))
    own = scores[(scores["card"] == name) & (scores["subject_kind"] == "conversation")]
    own = own[own["agent"].notna() & own["period"].notna()]
    agents = own["agent"].astype(str)
    own = own.assign(
        agent=agents, person=agents.map(lambda one: person_of.get(one, one)), day=own["period"].astype(str)
    )
    rows = marks[(marks["card"] == name) & (marks["subject_kind"] == "conversation") & marks["agent"].notna()]
    gathered: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
    for row in rows.to_dict("records"):
        held = gathered.setdefault((str(row["subject"]), str(row["agent"])), {})
        if row["item"] not in held or str(row["decided_by"]).startswith("sheet:"):
            held[str(row["item"])] = row
    return Conversations(own.reset_index(drop=True), gathered)


def rolled(card: Card, conversations: Conversations, log_days: Iterable[date], period: Period) -> dict[str, Result]:
    """Return each person's result in a period: the mean over conversations, items with their mean points."""
    table = conversations.scores
    inside = [period_of(date.fromisoformat(day), period.length) == period for day in table["day"]]
    days = sum(1 for day in log_days if period_of(day, period.length) == period)
    results = [
        _result(card, conversations, rows, period, person, days)
        for person, rows in table[inside].groupby("person", observed=True, sort=True)
    ]
    return {one.subject: one for one in placed(card.ranking, results)}


def _result(
    card: Card, conversations: Conversations, rows: pd.DataFrame, period: Period, person: object, days: int
) -> Result:
    known = rows[rows["score"].notna()]
    score, low, high, applicable = (
        _mean(known[name]) for name in ("score", "score_low", "score_high", "applicable_share")
    )
    own = [conversations.marks.get((str(one.subject), str(one.agent)), {}) for one in rows.itertuples()]
    marks = tuple(_mark(item, [one[item.id] for one in own if item.id in one]) for item in card.items)
    reds = [(item, n) for item, n in _reds(card, own) if n]
    return Result(
        period=period,
        subject=str(person),
        score=score,
        low=low,
        high=high,
        grade=grade_of(card.grades, score),
        waits=bool(rows["provisional"].any()),
        red_lines=tuple(f"{item.id} {item.name} ×{n}" for item, n in reds),
        sample_n=len(known),
        applicable=applicable,
        days=days,
        covered=days >= period.days,
        marks=marks,
        own=tuple(float(one) for one in known["score"]),
    )


def _mean(values: pd.Series) -> float | None:
    known = values.dropna().astype(float)
    return round(float(known.mean()), 6) if len(known) else None


def _reds(card: Card, own: list[Mapping[str, Mapping[str, Any]]]) -> Iterable[tuple[Item, int]]:
    for item in card.items:
        if item.red:
            yield item, sum(1 for one in own if item.id in one and one[item.id]["outcome"] in ("not_met", "partly"))


def _mark(item: Item, rows: list[Mapping[str, Any]]) -> Mark:
    tally = Counter(str(row["outcome"]) for row in rows)
    decided = [row for row in rows if row["outcome"] in DECIDED]
    outcome = _verdict(tally)
    points = round(sum(float(row["points"]) for row in decided) / len(decided), 6) if decided else None
    lost = [str(row["subject"]) for row in decided if row["outcome"] != "met"][:SHOWN]
    evidence: dict[str, Any] = {"conversations": dict(sorted(tally.items()))} | ({"lost_in": lost} if lost else {})
    low, high = (0.0, item.points) if points is None else (points, points)
    by = sorted({str(row["decided_by"]) for row in decided} - {"machine"})
    return Mark(item, outcome, points, low, high, None, evidence, None, "; ".join(by) or "machine")


def _verdict(tally: Mapping[str, int]) -> str:
    met, partly, failed = (tally.get(word, 0) for word in DECIDED)
    if met + partly + failed == 0:
        return "needs_review" if tally.get("needs_review") else "no_data" if tally.get("no_data") else "not_applicable"
    return "met" if not partly + failed else "not_met" if not met + partly else "partly"

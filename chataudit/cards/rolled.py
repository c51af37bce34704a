"""Scores of conversations put together per person and period, from the written tables of one or several audits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from chataudit.cards.filling import Mark
from chataudit.cards.marks import CODE
from chataudit.cards.model import Card, Item, grade_of
from chataudit.cards.periods import Period, period_of
from chataudit.cards.rankings import placed
from chataudit.cards.results import Result
from chataudit.cards.scores import score
from chataudit.errors import Fault, Faults, Words

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


def conversations_of(
    name: str, card: Card, scores: pd.DataFrame, marks: pd.DataFrame, people: pd.DataFrame
) -> Conversations:
    """Return a card's conversations out of the scores and marks tables.

    Points and scores are made anew from the outcomes, so that a card whose points or grades changed since the audit
    can be filled; points that a person gave stay.

    Raises:
        Faults: the audit did not judge this card, or lacks one of its items.
    """
    person_of = dict(zip(people["account"].astype(str), people["person"].astype(str), strict=True))
    own = scores[(scores["card"] == name) & (scores["subject_kind"] == "conversation")]
    own = own[own["agent"].notna() & own["period"].notna()].reset_index(drop=True)
    rows = marks[(marks["card"] == name) & (marks["subject_kind"] == "conversation") & marks["agent"].notna()]
    gathered: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
    for row in rows.to_dict("records"):
        held = gathered.setdefault((str(row["subject"]), str(row["agent"])), {})
        if row["item"] not in held or str(row["decided_by"]).startswith("sheet:"):
            held[str(row["item"])] = row
    _check_judged(name, card, own, gathered)
    keys = list(zip(own["subject"].astype(str), own["agent"].astype(str), strict=True))
    outcome = np.array([[CODE[str(gathered[key][item.id]["outcome"])] for key in keys] for item in card.items])
    points = np.array([[_points(item, gathered[key][item.id]) for key in keys] for item in card.items], dtype=float)
    made = score(card, outcome.reshape(len(card.items), -1), points.reshape(len(card.items), -1))
    agents = own["agent"].astype(str)
    table = pd.DataFrame(
        {
            "subject": own["subject"].astype(str),
            "agent": agents,
            "person": agents.map(lambda one: person_of.get(one, one)),
            "day": own["period"].astype(str),
            "score": made.score,
            "score_low": made.low,
            "score_high": made.high,
            "provisional": made.waits,
            "applicable_share": made.applicable,
        }
    )
    for at, key in enumerate(keys):
        for number, item in enumerate(card.items):
            gathered[key][item.id] = {**gathered[key][item.id], "points": float(points[number, at])}
    return Conversations(table, gathered)


def _check_judged(
    name: str, card: Card, own: pd.DataFrame, marks: Mapping[tuple[str, str], Mapping[str, object]]
) -> None:
    again = Words(f"用 --card {name} 重新审核。", f"Audit again with --card {name}.")
    if not len(own):
        what = Words(f"审核结果里没有“{name}”的会话评分。", f"The audits hold no conversations scored with {name}.")
        raise Faults([Fault(what, hint=again)])
    judged = {item for one in marks.values() for item in one}
    lacks = [item.id for item in card.items if item.id not in judged]
    if lacks:
        what = Words(
            f"审核时没有考核项 {'、'.join(lacks)}。", f"The audits did not judge the items {', '.join(lacks)}."
        )
        raise Faults([Fault(what, name, hint=again)])


def _points(item: Item, row: Mapping[str, Any]) -> float:
    """Return the points of an outcome; those that a person gave stay as they are."""
    if str(row["decided_by"]).startswith("sheet:") and pd.notna(row["points"]):
        return float(row["points"])
    given = {"met": item.points, "partly": item.points / 2 if item.some is None else item.some, "not_met": 0.0}
    return given.get(str(row["outcome"]), float("nan"))


def rolled(card: Card, conversations: Conversations, log_days: Iterable[date], period: Period) -> dict[str, Result]:
    """Return each person's result in a period: the mean over conversations, items with their mean points."""
    table = conversations.scores
    inside = [period_of(date.fromisoformat(day), period.length) == period for day in table["day"]]
    days = sum(1 for day in log_days if period_of(day, period.length) == period)
    results = [
        _result(card, conversations, rows, period, person, days)
        for person, rows in table[inside].groupby("person", observed=True, sort=True)
    ]
    return {one.subject: one for one in placed(card.ranking, results, True)}


def _result(
    card: Card, conversations: Conversations, rows: pd.DataFrame, period: Period, person: object, days: int
) -> Result:
    known = rows[rows["score"].notna()]
    mean, low, high, applicable = (
        _mean(known[name]) for name in ("score", "score_low", "score_high", "applicable_share")
    )
    own = [conversations.marks.get((str(one.subject), str(one.agent)), {}) for one in rows.itertuples()]
    marks = tuple(_mark(item, [one[item.id] for one in own if item.id in one]) for item in card.items)
    reds = [(item, n) for item, n in _reds(card, own) if n]
    return Result(
        period=period,
        subject=str(person),
        score=mean,
        low=low,
        high=high,
        grade=grade_of(card.grades, mean),
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

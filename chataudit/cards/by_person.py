"""A card of figures per person and month: facts from the log, from orders and from sheets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from chataudit.arrays import Ints, codes_of
from chataudit.cards.by_conversation import Made, Subjects, _rounded, _table, score_table
from chataudit.cards.facts import Figure, PersonFacts, sums_by
from chataudit.cards.functions import points_of
from chataudit.cards.marks import CODE, to_json
from chataudit.cards.model import Card, Fact, Item, grade_of
from chataudit.cards.people import Persons, is_whole
from chataudit.cards.scores import Scored, score
from chataudit.errors import Words
from chataudit.log import Log
from chataudit.rulings import Rulings

DEFAULT = Words("默认档位，店铺可在评分表里改", "default bands; the shop may set its own in the card")


def fill_persons(
    name: str,
    card: Card,
    agents: pd.DataFrame,
    log: Log,
    rulings: Rulings,
    persons: Persons,
    sheets: pd.DataFrame | None,
    lang: str,
) -> Made:
    """Return the marks and scores of every person and month that the agents table knows."""
    group, subjects = _subjects(agents, persons)
    sums = sums_by(agents, group, len(subjects))
    tallies = {rule: _tally(rule, log, rulings, persons, subjects) for rule in _tallies(card)}
    rows, outcomes, points = (
        [],
        np.full((len(card.items), len(subjects)), 0),
        np.full((len(card.items), len(subjects)), np.nan),
    )
    for at, (period, person, days) in enumerate(subjects):
        facts = PersonFacts(
            sums[at],
            _sheet(sheets, period, person),
            {rule: int(counts[at]) for rule, counts in tallies.items()},
            days or 0,
        )
        rater = _rater(sheets, period, person)
        for number, item in enumerate(card.items):
            mark = _mark(item, facts, rater, lang)
            outcomes[number, at], points[number, at] = CODE[str(mark["outcome"])], mark["points"] or 0.0
            rows.append(
                {
                    "card": name,
                    "period": period,
                    "subject_kind": "person",
                    "subject": person,
                    "agent": None,
                    "item": item.id,
                    **mark,
                }
            )
    scored = score(card, outcomes, points)
    table = [_score_row(name, card, subject, scored, at, sums[at]) for at, subject in enumerate(subjects)]
    return Made([_table(rows, ["points", "max_points"])], [score_table(table)])


def _subjects(agents: pd.DataFrame, persons: Persons) -> tuple[Ints, Subjects]:
    """Return for each row of the persons' table the number of its (month, person), and these."""
    place = {name: number for number, name in enumerate(persons.names)}
    own = np.array([place.get(str(name), -1) for name in agents["agent"].cat.categories] + [-1], dtype=np.int64)
    month = {name: number for number, name in enumerate(persons.months)}
    months = np.array([month.get(day[:7], -1) if isinstance(day, str) else -1 for day in agents["day"]], dtype=np.int64)
    return persons.grouped(months, own[codes_of(agents["agent"])])


def _tallies(card: Card) -> set[str]:
    def inside(fact: Fact | None) -> set[str]:
        if fact is None:
            return set()
        return ({fact.tally} if fact.tally else set()) | inside(fact.over) | inside(fact.growth_on)

    return {rule for item in card.items for rule in inside(item.fact)}


def _tally(rule: str, log: Log, rulings: Rulings, persons: Persons, subjects: Subjects) -> Ints:
    """Return how often a rule counted for each subject: distinct messages."""
    judged = rulings.judged[rule]
    found, agent = (judged.kept, judged.kept_agent) if len(judged.kept.row) else (judged.broken, judged.agent)
    rows, first = np.unique(found.row, return_index=True)
    group, known = persons.group(persons.month_of[log.session[rows]], agent[first])
    counts = np.bincount(group[group >= 0], minlength=len(known))
    of = {(period, person): int(count) for (period, person, _), count in zip(known, counts, strict=True)}
    return np.array([of.get((period, person), 0) for period, person, _ in subjects], dtype=np.int64)


def _sheet(sheets: pd.DataFrame | None, period: str | None, person: str) -> dict[str, str]:
    """Return the sheet's values of a person and period, by item; of several raters the last stands."""
    mine = _rows(sheets, period, person)
    return (
        {}
        if mine is None
        else {
            str(item): str(value)
            for item, value in zip(mine["item"], mine["value"], strict=True)
            if isinstance(value, str)
        }
    )


def _rows(sheets: pd.DataFrame | None, period: str | None, person: str) -> pd.DataFrame | None:
    if sheets is None or period is None:
        return None
    return sheets[(sheets["person"] == person) & (sheets["period"] == period)]


def _rater(sheets: pd.DataFrame | None, period: str | None, person: str) -> dict[str, str]:
    mine = _rows(sheets, period, person)
    return (
        {}
        if mine is None
        else {
            str(item): str(rater) if isinstance(rater, str) else "sheet"
            for item, rater in zip(mine["item"], mine["rater"], strict=True)
        }
    )


def _mark(item: Item, facts: PersonFacts, rater: dict[str, str], lang: str) -> dict[str, object]:
    """Return outcome, points, value, evidence and reason of one item."""
    assert item.fact is not None
    figure = facts.figure(item.fact)
    by = f"sheet:{rater[item.fact.sheet]}" if item.fact.sheet in rater else "machine"
    empty: dict[str, object] = {
        "outcome": "no_data",
        "points": None,
        "max_points": item.points,
        "value": None,
        "evidence": to_json(dict(figure.made_of)) if figure.made_of else None,
        "reason": figure.lacks.said(lang) if figure.lacks else None,
        "decided_by": by,
    }
    if figure.value is None:
        return empty
    try:
        points = points_of(item, figure.value)
    except ValueError as error:
        return {**empty, "reason": str(error), "outcome": "needs_review"}
    outcome = "met" if points >= item.points else "not_met" if points <= 0 else "partly"
    return {
        **empty,
        "outcome": outcome,
        "points": round(points, 6),
        "value": _shown(figure),
        "reason": DEFAULT.said(lang) if item.default else None,
    }


def _shown(figure: Figure) -> str:
    value = figure.value or 0.0
    return str(int(value)) if float(value).is_integer() else f"{value:.6g}"


def _score_row(
    name: str,
    card: Card,
    subject: tuple[str | None, str, int | None],
    scored: Scored,
    at: int,
    sums: dict[str, float | None],
) -> dict[str, object]:
    period, person, days = subject
    value = _rounded(scored.score[at])
    return {
        "card": name,
        "period": period,
        "subject_kind": "person",
        "subject": person,
        "agent": None,
        "score": value,
        "score_low": _rounded(scored.low[at]),
        "score_high": _rounded(scored.high[at]),
        "grade": grade_of(card, value),
        "provisional": bool(scored.waits[at]) or not is_whole(period, days),
        "red_lines": None,
        "sample_n": int(sums.get("session_n") or 0),
        "applicable_share": _rounded(scored.applicable[at]),
        "days_covered": days,
    }

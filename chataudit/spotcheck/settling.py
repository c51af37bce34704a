"""Marks settled by people and the scores that follow, as an audit with their sheet would have them."""

from __future__ import annotations

import calendar
from collections.abc import Mapping

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Flags, text
from chataudit.cards.marks import CODE, to_json
from chataudit.cards.model import Card
from chataudit.cards.scores import Scored, score
from chataudit.spotcheck.population import Population, place_of
from chataudit.spotcheck.reviews import Reviews

LOST = (CODE["partly"], CODE["not_met"])


def settled_marks(population: Population, reviews: Reviews, cards: Mapping[str, Card]) -> pd.DataFrame:
    """Return the marks of conversations that people judged: those of the audit, and theirs beside them."""
    marks, units = population.tables["marks"], population.units
    mine = marks[(marks["subject_kind"] == "conversation").to_numpy(dtype=bool)]
    touched = np.isin(place_of(units, mine["subject"], mine["agent"]), reviews.marks["unit"].to_numpy(dtype=np.int64))
    own = reviews.marks
    full = {(name, item.id): item.points for name, card in cards.items() for item in card.items}
    about = units.iloc[own["unit"].to_numpy(dtype=np.int64)]
    agent = about["agent"].astype(TEXT).reset_index(drop=True)
    theirs = pd.DataFrame(
        {
            "card": own["card"],
            "period": about["day"].astype(TEXT).reset_index(drop=True),
            "subject_kind": "conversation",
            "subject": about["session_id"].astype(TEXT).reset_index(drop=True),
            "agent": agent.mask(agent == ""),
            "item": own["item"],
            "outcome": own["outcome"],
            "points": own["points"].astype(float),
            "max_points": [full[key] for key in zip(own["card"], own["item"], strict=True)],
            "value": text([None] * len(own)),
            "evidence": [
                to_json({"sheet": rater, "written": bool(one)})
                for rater, one in zip(own["rater"], own["explicit"], strict=True)
            ],
            "reason": text([one if isinstance(one, str) else None for one in own["remark"]]),
            "decided_by": [f"sheet:{rater}" for rater in own["rater"]],
        }
    )
    codes = {name: TEXT for name in mine.columns if isinstance(mine[name].dtype, pd.CategoricalDtype)}
    parts = [part for part in (mine[touched].astype(codes), theirs) if len(part)]
    joined = pd.concat(parts, ignore_index=True) if parts else mine.head(0)
    return joined.drop_duplicates(["card", "subject", "agent", "item", "decided_by"], keep="last")


def settled_scores(population: Population, reviews: Reviews, cards: Mapping[str, Card]) -> pd.DataFrame:
    """Return the scores table with people's marks in the machine's place.

    Rows: the conversations that they judged, and the persons and teams of the conversations' cards.
    """
    scores = population.tables["scores"].copy()
    for name, card in cards.items():
        mine = (scores["card"] == name).to_numpy(dtype=bool)
        if card.subject == "conversation" and mine.any():
            _Rescored(population, reviews, name, card).write(scores, mine)
    judged = set(reviews.marks["unit"])
    place = place_of(population.units, scores["subject"], scores["agent"])
    conversation = (scores["subject_kind"] == "conversation").to_numpy(dtype=bool)
    of_people = scores["card"].isin([name for name, card in cards.items() if card.subject == "conversation"])
    keep = np.where(conversation, np.isin(place, list(judged)), of_people.to_numpy(dtype=bool))
    return scores[keep].reset_index(drop=True)


class _Rescored:
    """A card's scores of all conversations, with people's marks in the machine's place."""

    def __init__(self, population: Population, reviews: Reviews, name: str, card: Card) -> None:
        self.card, self.units = card, population.units
        self.judged = np.unique(reviews.marks["unit"].to_numpy(dtype=np.int64))
        shape = (len(card.items), len(self.units))
        self.outcome, self.points = np.full(shape, CODE["not_applicable"]), np.full(shape, np.nan)
        numbers = {item.id: at for at, item in enumerate(card.items)}
        marks = population.tables["marks"]
        mine = marks[((marks["subject_kind"] == "conversation") & (marks["card"] == name)).to_numpy(dtype=bool)]
        by_machine = (mine["decided_by"] == "machine").to_numpy(dtype=bool)
        earlier = mine.iloc[np.argsort(~by_machine, kind="stable")]
        self._put(numbers, place_of(self.units, earlier["subject"], earlier["agent"]), earlier)
        theirs = reviews.settled[(reviews.settled["card"] == name).to_numpy(dtype=bool)]
        self._put(numbers, theirs["unit"].to_numpy(dtype=np.int64), theirs)
        self.scored: Scored = score(card, self.outcome, self.points)

    def _put(self, numbers: Mapping[str, int], unit: np.ndarray, rows: pd.DataFrame) -> None:
        item = rows["item"].astype(str).map(numbers).to_numpy(dtype=float)
        known = (unit >= 0) & ~np.isnan(item)
        at = (item[known].astype(np.int64), unit[known])
        self.outcome[at] = rows["outcome"].astype(str).map(CODE).to_numpy(dtype=np.int64)[known]
        self.points[at] = rows["points"].to_numpy(dtype=float, na_value=np.nan)[known]

    def write(self, scores: pd.DataFrame, mine: Flags) -> None:
        """Write the scores over those of the audit, in place."""
        kinds = scores["subject_kind"].astype(str).to_numpy()
        rows = np.flatnonzero(mine)
        place = place_of(self.units, scores["subject"], scores["agent"])
        for row in rows.tolist():
            if kinds[row] == "conversation":
                members = np.array([place[row]]) if place[row] >= 0 else np.array([], dtype=np.int64)
            else:
                members = self._members(kinds[row], str(scores["subject"].iat[row]), scores["period"].iat[row])
            if np.isin(members, self.judged).any():
                self._write_row(scores, row, members, kinds[row] == "conversation")

    def _members(self, kind: str, subject: str, period: object) -> np.ndarray:
        if kind not in ("person", "team"):
            return np.array([], dtype=np.int64)
        own = (self.units[kind] == subject).fillna(False).to_numpy(dtype=bool)
        return np.flatnonzero(own & within(self.units["day"], period))

    def _write_row(self, scores: pd.DataFrame, row: int, members: np.ndarray, single: bool) -> None:
        scored = self.scored
        known = members[~np.isnan(scored.score[members])]
        mean = {
            "score": _mean(scored.score[known]),
            "score_low": _mean(scored.low[known]),
            "score_high": _mean(scored.high[known]),
            "applicable_share": _mean(scored.applicable[members][~np.isnan(scored.applicable[members])]),
        }
        waits = bool(scored.waits[members].any())
        whole = single or _whole(scores["period"].iat[row], scores["days_covered"].iat[row])
        cells = {**mean, "grade": _grade(self.card, mean["score"]), "provisional": waits or not whole}
        for column, cell in {**cells, "red_lines": self._reds(members, single)}.items():
            if isinstance(scores[column].dtype, pd.CategoricalDtype):
                scores[column] = scores[column].astype(TEXT)
            scores.iloc[row, scores.columns.get_loc(column)] = cell
        if not single:
            scores.iloc[row, scores.columns.get_loc("sample_n")] = len(known)

    def _reds(self, members: np.ndarray, single: bool) -> str | None:
        said = []
        for number, item in enumerate(self.card.items):
            count = int(np.isin(self.outcome[number, members], LOST).sum()) if item.red else 0
            if count:
                said.append(f"{item.id} {item.name}" + ("" if single else f" ×{count}"))
        return "；".join(said) or None


def within(day: pd.Series, period: object) -> Flags:
    """Return the days that lie in a period: ``2026``, ``2026H1``, ``2026Q1``, ``2026-03``, ``2026-03-02``; null: no day.

    >>> within(pd.Series(["2026-02-28", "2026-04-01"]), "2026Q1").tolist()
    [True, False]
    """
    if not isinstance(period, str):
        return day.isna().to_numpy(dtype=bool)
    if len(period) == 6 and period[4] in "QH":
        size = 3 if period[4] == "Q" else 6
        months = day.str.slice(5, 7).fillna("0").astype(int)
        part = (months - 1) // size + 1 == int(period[5])
        return (day.str.startswith(period[:4]).fillna(False) & part).to_numpy(dtype=bool)
    return day.str.startswith(period).fillna(False).to_numpy(dtype=bool)


def _whole(period: object, days: object) -> bool:
    """Return whether the days cover the whole period."""
    if not isinstance(period, str) or pd.isna(days):
        return False
    year = int(period[:4])
    if len(period) == 7:
        wanted = calendar.monthrange(year, int(period[5:]))[1]
    else:
        months = {"Q": 3, "H": 6}.get(period[4:5], 12)
        first = (int(period[5:6] or 1) - 1) * months + 1 if months < 12 else 1
        wanted = (
            1 if len(period) == 10 else sum(calendar.monthrange(year, at)[1] for at in range(first, first + months))
        )
    return int(str(days)) >= wanted


def _mean(values: np.ndarray) -> float:
    return round(float(values.mean()), 6) if len(values) else np.nan


def _grade(card: Card, points: float) -> str | None:
    """Return the grade of a score; null without a score or grades."""
    if np.isnan(points):
        return None
    edges = ((grade.from_, grade.name) for grade in card.grades)
    return next((name for edge, name in edges if edge is None or round(points, 6) >= edge), None)

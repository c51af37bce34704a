"""Results as the rows of the marks and scores tables."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from chataudit.arrays import text
from chataudit.cards.marks import to_json
from chataudit.cards.results import Result

NUMBERS = ("points", "max_points")
MEASURED = ("score", "score_low", "score_high", "applicable_share", "provisional", "sample_n", "days_covered")


def mark_rows(card: str, kind: str, results: Iterable[Result], lang: str) -> pd.DataFrame:
    """Return a row for every line of every result, in the card's order; ``kind`` is the subjects' kind."""
    rows: list[dict[str, object]] = [
        {
            "card": card,
            "period": None if result.period is None else result.period.name,
            "subject_kind": kind,
            "subject": result.subject,
            "agent": None,
            "item": mark.line.id,
            "outcome": mark.outcome,
            "points": None if mark.points is None else round(mark.points, 6),
            "max_points": mark.max_points,
            "value": mark.value,
            "evidence": to_json(dict(mark.evidence)) if mark.evidence else None,
            "reason": None if mark.reason is None else mark.reason.said(lang),
            "decided_by": mark.decided_by,
        }
        for result in results
        for mark in result.marks
    ]
    return table_of(rows, NUMBERS)


def score_rows(card: str, kind: str, results: Iterable[Result]) -> pd.DataFrame:
    """Return a row for every result."""
    rows: list[dict[str, object]] = [
        {
            "card": card,
            "period": None if result.period is None else result.period.name,
            "subject_kind": kind,
            "subject": result.subject,
            "agent": None,
            "score": result.score,
            "score_low": result.low,
            "score_high": result.high,
            "grade": result.grade,
            "provisional": result.provisional,
            "red_lines": "；".join(result.red_lines) or None,
            "sample_n": result.sample_n,
            "applicable_share": result.applicable,
            "days_covered": result.days if result.period is not None else None,
        }
        for result in results
    ]
    return score_table(rows)


def score_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return a scores table from rows."""
    frame = table_of(rows, MEASURED)
    if len(frame):
        frame["provisional"] = frame["provisional"].astype(bool)
        frame["sample_n"] = frame["sample_n"].astype("int64")
        frame["days_covered"] = frame["days_covered"].astype("Int64")
    return frame


def table_of(rows: list[dict[str, object]], numbers: Iterable[str]) -> pd.DataFrame:
    """Return rows as a table of text, but for the columns of ``numbers``."""
    frame, measured = pd.DataFrame(rows), set(numbers)
    for column in frame.columns:
        frame[column] = frame[column].astype(float) if column in measured else text(frame[column].tolist())
    return frame

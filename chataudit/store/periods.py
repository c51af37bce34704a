"""The audits of a period as folders of tables, for cards; and the scores that were made of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from chataudit.ingest.folders import Folder
from chataudit.store.database import Database
from chataudit.store.loading import load_tables
from chataudit.store.saving import as_json
from chataudit.store.schema import ROWS, STORED, days, period_scores, runs, score_runs
from chataudit.store.windows import sheets_of


def day_runs(database: Database, first: dt.date, end: dt.date) -> dict[str, int]:
    """Return the runs of the nightly days from ``first`` up to ``end`` (not included), by day."""
    query = sa.select(days.c.day, days.c.run).where(
        days.c.day >= first.isoformat(), days.c.day < end.isoformat(), days.c.run.is_not(None)
    )
    with database.reading() as connection:
        return {str(day): int(run) for day, run in connection.execute(query.order_by(days.c.day))}


def single_runs(database: Database, first: dt.date, end: dt.date) -> list[int]:
    """Return the runs of single audits that hold a session of these days."""
    sessions = STORED["sessions"]
    inside = sa.select(sessions.c.run).where(sessions.c.day >= first.isoformat(), sessions.c.day < end.isoformat())
    query = sa.select(runs.c.id).where(runs.c.kind == "audit", runs.c.id.in_(inside)).order_by(runs.c.id)
    with database.reading() as connection:
        return [int(one) for one in connection.scalars(query)]


def folder_of(database: Database, run: int, name: str, tables: Sequence[str]) -> Folder:
    """Return a run with some of its tables, as if it were read from the folder that it was written to."""
    with database.reading() as connection:
        trace = connection.scalar(sa.select(runs.c.trace).where(runs.c.id == run))
    return Folder(Path(name), json.loads(trace or "{}"), load_tables(database, run, tuple(tables)))


def sheets_for(database: Database, periods: Sequence[str]) -> pd.DataFrame:
    """Return the figures that people wrote for some periods."""
    with database.reading() as connection:
        return sheets_of(connection, periods)


def made_of(database: Database, card: str, held: Mapping[str, int], periods: Sequence[str]) -> str:
    """Return a hash of all that a card's score of a period is made of."""
    table = ROWS["sheet_rows"]
    with database.reading() as connection:
        query = sa.select(table.c.id).where(table.c.period.in_(list(periods)) | table.c.period.is_(None))
        sheets = [int(one) for one in connection.scalars(query.order_by(table.c.id))]
        people = connection.scalar(sa.select(sa.func.max(ROWS["people_rows"].c.id)))
    return hashlib.sha256(as_json([card, sorted(held.items()), sheets, people]).encode()).hexdigest()


def known_score(database: Database, card: str, period: str) -> str | None:
    """Return the hash of what a card's kept score of a period was made of."""
    query = sa.select(score_runs.c.made_of).where(score_runs.c.card == card, score_runs.c.period == period)
    with database.reading() as connection:
        return connection.scalar(query)


def keep_scores(
    database: Database, card: str, period: str, of: str, trace: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Keep a card's scores of a period in place of those before."""
    with database.writing() as connection:
        for table in (score_runs, period_scores):
            connection.execute(sa.delete(table).where(table.c.card == card, table.c.period == period))
        told = {"card": card, "period": period, "made_of": of, "trace": as_json(trace)}
        connection.execute(sa.insert(score_runs), told)
        if rows:
            connection.execute(sa.insert(period_scores), [{"card": card, "period": period, **row} for row in rows])


def refused_score(database: Database, card: str, period: str, of: str) -> None:
    """Write down that a card can't be filled from what there is: it is tried again when that has changed."""
    with database.writing() as connection:
        mine = (score_runs.c.card == card) & (score_runs.c.period == period)
        if connection.execute(sa.update(score_runs).where(mine).values(made_of=of)).rowcount == 0:
            told = {"card": card, "period": period, "made_of": of, "trace": "{}"}
            connection.execute(sa.insert(score_runs), told)


def scores_of(database: Database, subject: str) -> list[Mapping[str, Any]]:
    """Return all kept scores of a person or team, oldest period first."""
    query = sa.select(period_scores).where(period_scores.c.subject == subject)
    with database.reading() as connection:
        order = query.order_by(period_scores.c.card, period_scores.c.period)
        return [dict(row) for row in connection.execute(order).mappings()]

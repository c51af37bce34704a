"""What each nightly run did: when it began and ended, how it went, in numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chataudit.store.database import Database
from chataudit.store.keys import extents_of
from chataudit.store.saving import as_json
from chataudit.store.schema import STORED, days, files, nights


@dataclass(frozen=True)
class Night:
    """A nightly run; instants in milliseconds since 1970; outcome ``running | done | attention | failed | broken off``."""

    id: int
    started_at: int
    ended_at: int | None
    outcome: str
    summary: Mapping[str, Any]


def begin_night(database: Database, now: int) -> int:
    """Write down that a night begins; what an earlier one left running was broken off."""
    with database.writing() as connection:
        broken = sa.update(nights).where(nights.c.outcome == "running").values(outcome="broken off")
        connection.execute(broken)
        number = int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(nights.c.id), 0))) or 0) + 1
        connection.execute(
            sa.insert(nights),
            {"id": number, "started_at": now, "ended_at": None, "outcome": "running", "summary": "{}"},
        )
    return number


def end_night(
    database: Database,
    number: int,
    now: int,
    outcome: str,
    summary: Mapping[str, Any],
    red: Iterable[tuple[str, int, int]] = (),
) -> None:
    """Write down how a night went; ``red``: days with the run and the number of red lines that people were told of."""
    told = {"ended_at": now, "outcome": outcome, "summary": as_json(summary)}
    with database.writing() as connection:
        connection.execute(sa.update(nights).where(nights.c.id == number).values(told))
        for day, run, count in red:
            connection.execute(sa.update(days).where(days.c.day == day).values(told=run, told_n=count))


def red_of(database: Database, run: int) -> dict[tuple[str, str], int]:
    """Return the red lines of a run, counted by rule and agent."""
    hits = STORED["hits"]
    with database.reading() as connection:
        at = extents_of(connection, run)["hits"]
        query = (
            sa.select(hits.c.rule, hits.c.agent, sa.func.count())
            .where(hits.c.id >= at.first, hits.c.id < at.first + at.rows, hits.c.level == "red")
            .group_by(hits.c.rule, hits.c.agent)
        )
        return {(str(rule), str(agent or "—")): int(count) for rule, agent, count in connection.execute(query)}


def latest_nights(database: Database, most: int = 10) -> list[Night]:
    """Return the latest nights, newest first."""
    query = sa.select(*(nights.c[name] for name in Night.__dataclass_fields__)).order_by(nights.c.id.desc()).limit(most)
    with database.reading() as connection:
        return [
            Night(one.id, one.started_at, one.ended_at, one.outcome, json.loads(one.summary))
            for one in connection.execute(query)
        ]


def rows_taken(database: Database) -> dict[str, int]:
    """Return of all files together: rows = messages + duplicates + rejects; and how many files, how many quarantined."""
    names = ("rows", "messages", "duplicates", "rejects")
    with database.reading() as connection:
        sums = connection.execute(sa.select(*(sa.func.coalesce(sa.func.sum(files.c[name]), 0) for name in names))).one()
        counted: dict[str, int] = dict(
            (str(state), int(count))
            for state, count in connection.execute(sa.select(files.c.state, sa.func.count()).group_by(files.c.state))
        )
    total = {name: int(value) for name, value in zip(names, sums, strict=True)}
    return {**total, "files": sum(counted.values()), "quarantined": counted.get("quarantined", 0)}

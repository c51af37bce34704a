"""What a database holds, in a few numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa

from chataudit.errors import Fault, Faults, Words
from chataudit.settings import Settings
from chataudit.store.database import Database
from chataudit.store.keys import extents_of
from chataudit.store.schema import METADATA, days, runs


@dataclass(frozen=True)
class Run:
    """A run in a line: its number, day (of a night's run), when it was made, its version, messages, hits, inputs."""

    id: int
    day: str | None
    made_at: int
    version: str
    messages: int
    hits: int
    inputs: tuple[str, ...]
    purged: bool


def counts_of(database: Database) -> dict[str, int]:
    """Return how many rows each table has."""
    with database.reading() as connection:
        return {
            table.name: int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
            for table in METADATA.sorted_tables
        }


def runs_of(database: Database, latest: int = 20) -> list[Run]:
    """Return the latest runs, newest first."""
    with database.reading() as connection:
        query = sa.select(runs.c.id, runs.c.day, runs.c.made_at, runs.c.version, runs.c.trace, runs.c.purged)
        found = connection.execute(query.order_by(runs.c.id.desc()).limit(latest)).all()
        held = {one.id: extents_of(connection, one.id) for one in found}
    return [
        Run(
            one.id,
            one.day,
            one.made_at,
            one.version,
            held[one.id]["messages"].rows,
            held[one.id]["hits"].rows,
            tuple(str(name["name"]) for name in json.loads(one.trace).get("inputs", ())),
            bool(one.purged),
        )
        for one in found
    ]


def is_purged(database: Database, run: int) -> bool:
    """Return whether personal text was taken out of a run."""
    with database.reading() as connection:
        return bool(connection.scalar(sa.select(runs.c.purged).where(runs.c.id == run)))


def run_of_day(database: Database, day: str) -> int:
    """Return the run of a nightly day.

    Raises:
        Faults: that day was not audited.
    """
    with database.reading() as connection:
        found = connection.scalar(sa.select(runs.c.id).where(runs.c.day == day))
        if found is None:
            first, last = connection.execute(sa.select(sa.func.min(days.c.day), sa.func.max(days.c.day))).one()
            what = Words(f"{day} 没有审核过。", f"{day} was not audited.")
            hint = Words(f"数据库里有 {first} 至 {last}。", f"The database has {first} to {last}.")
            raise Faults([Fault(what, database.name, hint=hint)])
    return int(found)


def settings_of_days(database: Database) -> Settings | None:
    """Return the settings of the latest nightly day; None where there is none."""
    query = sa.select(runs.c.settings).where(runs.c.kind == "day").order_by(runs.c.id.desc()).limit(1)
    with database.reading() as connection:
        found = connection.scalar(query)
    return None if found is None else Settings.model_validate_json(found)

"""The days that an inbox tells of: which are to be audited, which can still change, which are closed for good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from chataudit.store.database import Database
from chataudit.store.deleting import delete_run
from chataudit.store.schema import ROWS, days, runs


@dataclass(frozen=True)
class Day:
    """A day: due to be audited, when the next of its open orders becomes final, its run, the run of its report;
    the run whose red lines people were told of, and how many those were.
    """

    day: str
    due: bool
    next_at: int | None
    run: int | None
    reported: int | None
    told: int | None
    told_n: int | None
    frozen: bool

    @property
    def open(self) -> bool:
        """Return whether its orders may still be paid or refunded."""
        return self.next_at is not None

    def wants(self, now: int) -> bool:
        """Return whether it is to be audited, seen from the latest instant that is known of."""
        return not self.frozen and (self.due or (self.next_at is not None and now >= self.next_at))


def days_of(database: Database) -> list[Day]:
    """Return all days, in order."""
    with database.reading() as connection:
        query = sa.select(*(days.c[name] for name in Day.__dataclass_fields__)).order_by(days.c.day)
        return [Day(*row) for row in connection.execute(query)]


def latest_instant(database: Database) -> int | None:
    """Return the latest instant that messages and orders of the inbox tell of, in milliseconds since 1970."""
    with database.reading() as connection:
        known = [
            connection.scalar(sa.select(sa.func.max(ROWS["chat_rows"].c.sent_at))),
            connection.scalar(sa.select(sa.func.max(ROWS["order_rows"].c.until_at))),
        ]
    return max((int(one) for one in known if one is not None), default=None)


def add_days(connection: sa.Connection, wanted: Iterable[str]) -> None:
    """Mark days as due; those that are new are added, those that are frozen stay as they are."""
    known = set(connection.scalars(sa.select(days.c.day)))
    new = sorted(set(wanted) - known)
    blank = {"due": True, "next_at": None, "run": None, "reported": None, "told": None, "told_n": None, "frozen": False}
    if new:
        connection.execute(sa.insert(days), [{"day": day, **blank} for day in new])
    mark(connection, sorted(set(wanted) & known))


def mark(connection: sa.Connection, wanted: Iterable[str]) -> None:
    """Mark those of the days that are there, and not frozen, as due."""
    listed = list(wanted)
    if listed:
        connection.execute(sa.update(days).where(days.c.day.in_(listed), ~days.c.frozen).values(due=True))


def mark_between(connection: sa.Connection, spans: Iterable[tuple[str, str]]) -> None:
    """Mark the days that are there from each first to each last day as due."""
    known = list(connection.scalars(sa.select(days.c.day)))
    listed = list(spans)
    mark(connection, [day for day in known if any(first <= day <= last for first, last in listed)])


def settled(connection: sa.Connection, day: str, run: int, next_at: int | None) -> None:
    """Write down that a day was audited, and when the next of its open orders becomes final."""
    made = {"due": False, "next_at": next_at, "run": run}
    connection.execute(sa.update(days).where(days.c.day == day).values(made))


def reported(database: Database, day: str, run: int) -> None:
    """Write down that the report of a day's run is written."""
    with database.writing() as connection:
        connection.execute(sa.update(days).where(days.c.day == day).values(reported=run))


def emptied(database: Database, day: str) -> None:
    """Write down that a day has no session: what was said on it belongs to the day before."""
    with database.writing() as connection:
        for run in connection.scalars(sa.select(runs.c.id).where(runs.c.day == day)).all():
            delete_run(connection, run)
        gone = {"due": False, "next_at": None, "run": None, "reported": None}
        connection.execute(sa.update(days).where(days.c.day == day).values(gone))

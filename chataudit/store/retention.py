"""How long personal text is kept: purged by date, or forgotten for one buyer; scores and evidence positions stay."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chataudit.errors import Fault, Faults, Words
from chataudit.store.blanking import blank_run, blank_sessions, pseudonym, salt_of
from chataudit.store.database import Database
from chataudit.store.schema import ROWS, STORED, days, files, forgotten, runs, score_runs


@dataclass(frozen=True)
class Removed:
    """What was taken out: messages that lost their text, rows of the inbox, days that are never audited anew."""

    messages: int
    rows: int
    days: int


def purge(database: Database, before: dt.date) -> Removed:
    """Take the personal text of all sessions of days before a date out of the database.

    Raises:
        Faults: figures of these days can still change.
    """
    with database.reading() as connection:
        _all_final(connection, before)
    with database.writing() as connection:
        sessions = STORED["sessions"]
        old = connection.scalars(sa.select(sessions.c.id).where(sessions.c.day < before.isoformat())).all()
        blanked = blank_sessions(connection, list(old))
        for run in connection.scalars(sa.select(runs.c.id).where(_over(before))).all():
            blank_run(connection, run)
        rows = _purge_rows(connection, before)
        frozen = connection.execute(sa.update(days).where(days.c.day < before.isoformat()).values(frozen=True)).rowcount
        connection.execute(sa.update(score_runs).values(trace="{}").where(score_runs.c.period < before.isoformat()[:7]))
    _shrink(database)
    return Removed(blanked, rows, frozen)


def _over(before: dt.date) -> sa.ColumnElement[bool]:
    """Return which runs hold nothing of ``before`` or later."""
    sessions = STORED["sessions"]
    late = sa.select(sessions.c.run).where((sessions.c.day >= before.isoformat()) | sessions.c.day.is_(None))
    return runs.c.id.not_in(late)


def _all_final(connection: sa.Connection, before: dt.date) -> None:
    query = sa.select(days.c.day).where(
        days.c.day < before.isoformat(), days.c.due | days.c.next_at.is_not(None), ~days.c.frozen
    )
    waiting = connection.scalars(query.order_by(days.c.day)).all()
    if waiting:
        what = Words(
            f"{len(waiting)} 天的数字还会变（{waiting[0]} 起）。",
            f"The figures of {len(waiting)} days can still change (from {waiting[0]}).",
        )
        hint = Words(f"只清除更早的：--before {waiting[0]}。", f"Purge what is older: --before {waiting[0]}.")
        raise Faults([Fault(what, "--before", hint=hint)])


def _purge_rows(connection: sa.Connection, before: dt.date) -> int:
    """Delete what the files of the inbox said before a date, in each zone's own time."""
    zone = connection.scalar(sa.select(runs.c.settings).limit(1))
    start = dt.datetime.combine(before, dt.time(), ZoneInfo(json.loads(zone)["timezone"] if zone else "Asia/Shanghai"))
    at = int(start.timestamp() * 1000)
    chats, orders = ROWS["chat_rows"], ROWS["order_rows"]
    gone = connection.execute(sa.delete(chats).where(chats.c.sent_at < at)).rowcount
    gone += connection.execute(sa.delete(chats).where(chats.c.message_id.in_(_said_later(before, at)))).rowcount
    gone += connection.execute(sa.delete(orders).where(orders.c.until_at < at)).rowcount
    books = ROWS["jd_session_rows"]
    gone += connection.execute(sa.delete(books).where(books.c.asked_at < at)).rowcount
    verdicts = ROWS["verdict_rows"]
    gone += connection.execute(sa.delete(verdicts).where(verdicts.c.day < before.isoformat())).rowcount
    old = sa.select(files.c.id).where(files.c.last_day < before.isoformat())
    rejects = ROWS["reject_rows"]
    connection.execute(sa.update(rejects).where(rejects.c.file.in_(old)).values(value=None))
    connection.execute(sa.update(files).where(files.c.id.in_(old)).values(notes="[]"))
    return gone


def _said_later(before: dt.date, at: int) -> sa.Select[tuple[str]]:
    """Return the messages of sessions of earlier days that went on over midnight."""
    messages, sessions = STORED["messages"], STORED["sessions"]
    return (
        sa.select(messages.c.message_id)
        .join(sessions, sessions.c.id == messages.c.session)
        .where(sessions.c.day < before.isoformat(), messages.c.sent_at >= at)
    )


def forget(database: Database, buyer: str) -> Removed:
    """Take one buyer out: all that was said in the buyer's sessions, name and orders; scores stay as they are.

    What an export still to come says of this buyer before now is not taken in again.
    """
    with database.writing() as connection:
        salt = salt_of(connection)
        sessions, chats, orders = STORED["sessions"], ROWS["chat_rows"], ROWS["order_rows"]
        mine = sa.select(sessions.c.id, sessions.c.day).where(sessions.c.buyer == buyer)
        found = connection.execute(mine).all()
        blanked = blank_sessions(connection, [one.id for one in found])
        sold = STORED["conversions"]
        theirs = connection.scalars(sa.select(sold.c.order_id).where(sold.c.buyer == buyer).distinct()).all()
        for name in theirs:
            own = {"buyer": pseudonym(buyer, salt), "order_id": pseudonym(str(name), salt)}
            connection.execute(sa.update(sold).where(sold.c.order_id == name).values(own))
        rows = connection.execute(sa.delete(chats).where(chats.c.buyer == buyer)).rowcount
        rows += connection.execute(sa.delete(orders).where(orders.c.buyer == buyer)).rowcount
        books = ROWS["jd_session_rows"]
        rows += connection.execute(sa.delete(books).where(books.c.buyer == buyer)).rowcount
        touched = sorted({str(one.day) for one in found if one.day is not None})
        frozen = connection.execute(
            sa.update(days).where(days.c.day.in_(touched)).values(frozen=True, due=False, next_at=None)
        ).rowcount
        _remember(connection, pseudonym(buyer, salt))
    _shrink(database)
    return Removed(blanked, rows, frozen)


def _remember(connection: sa.Connection, name: str) -> None:
    """Keep the pseudonym of who was forgotten, and since when."""
    before = int(dt.datetime.now(dt.UTC).timestamp() * 1000)
    connection.execute(sa.delete(forgotten).where(forgotten.c.buyer == name))
    connection.execute(sa.insert(forgotten), {"buyer": name, "before": before})


def _shrink(database: Database) -> None:
    """Give the room back, so that nothing of what was deleted stays in SQLite's file."""
    if database.is_sqlite:
        with database.reading() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("VACUUM")

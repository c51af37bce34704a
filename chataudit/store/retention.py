"""How long personal text is kept: purged by date, or forgotten for one buyer; scores and evidence positions stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from chataudit.cards.periods import read_period
from chataudit.errors import Fault, Faults, Words
from chataudit.settings import Settings
from chataudit.store.blanking import (
    MESSAGES,
    SESSIONS,
    SOLD,
    blank_chosen,
    blank_runs,
    choosing,
    in_chosen,
    pseudonym,
    salt_of,
)
from chataudit.store.database import Database
from chataudit.store.days import around, start_of
from chataudit.store.deleting import delete_rows
from chataudit.store.known import place_of
from chataudit.store.overview import settings_of_days
from chataudit.store.schema import ROWS, days, files, forgotten, runs, score_runs

CHATS, ORDERS, BOOKS, VERDICTS = (ROWS[name] for name in ("chat_rows", "order_rows", "jd_session_rows", "verdict_rows"))


@dataclass(frozen=True)
class Removed:
    """What was taken out: messages that lost their text, rows of the inbox, days that are never audited anew."""

    messages: int
    rows: int
    days: int


def purge(database: Database, before: dt.date) -> Removed:
    """Take the personal text of all sessions of days before a date out of the database.

    The days after it whose orders looked back at them are not audited anew either.

    Raises:
        Faults: figures of these days can still change.
    """
    settings = settings_of_days(database) or Settings()
    day, at = before.isoformat(), start_of(before.isoformat(), settings)
    with database.writing() as connection:
        last = _last_that_looks_back(connection, day, at, settings)
        _all_final(connection, day, last)
        old = SESSIONS.c.day < day
        placed = sa.func.coalesce(SOLD.c.ordered_at, SOLD.c.paid_at)
        with choosing(connection, old):
            rows = _purge_rows(connection, day, at)
            blanked = blank_chosen(connection, SOLD.c.session.is_(None) & (placed < at))
            blank_runs(connection, _wholly(before))
        frozen = connection.execute(sa.update(days).where(days.c.day < last).values(frozen=True)).rowcount
        _purge_scores(connection, before)
    _shrink(database)
    return Removed(blanked, rows, frozen)


def _wholly(before: dt.date) -> sa.ColumnElement[bool]:
    """Return which runs hold nothing of ``before`` or later."""
    late = sa.select(SESSIONS.c.run).where((SESSIONS.c.day >= before.isoformat()) | SESSIONS.c.day.is_(None))
    return runs.c.id.not_in(late)


def _last_that_looks_back(connection: sa.Connection, day: str, at: int, settings: Settings) -> str:
    """Return the first day that nothing before the date concerns: a day on where no order is known, else the refund window."""
    ordered = connection.scalar(sa.select(ORDERS.c.id).where(ORDERS.c.from_at < at).limit(1))
    return around(day, 0, 0 if ordered is None else settings.after_sales_days + 1)[1]


def _all_final(connection: sa.Connection, day: str, last: str) -> None:
    query = sa.select(days.c.day).where(days.c.day < last, days.c.due | days.c.next_at.is_not(None), ~days.c.frozen)
    waiting = connection.scalars(query.order_by(days.c.day)).all()
    if waiting:
        what = Words(
            f"{len(waiting)} 天的数字还会变（{waiting[0]} 起），要用到 {day} 之前的聊天和订单。",
            f"The figures of {len(waiting)} days can still change (from {waiting[0]}) and rest on what was before {day}.",
        )
        hint = Words("等这些天定下来，或清除更早的。", "Wait until they are final, or purge what is older.")
        raise Faults([Fault(what, "--before", hint=hint)])


def _purge_rows(connection: sa.Connection, day: str, at: int) -> int:
    """Delete what the files of the inbox said before a day, and the rest of sessions that went on over midnight."""
    gone = connection.execute(sa.delete(CHATS).where(CHATS.c.sent_at < at)).rowcount
    later = sa.select(MESSAGES.c.message_id).where(in_chosen(MESSAGES.c.session), MESSAGES.c.sent_at >= at)
    gone += connection.execute(sa.delete(CHATS).where(CHATS.c.message_id.in_(later))).rowcount
    gone += connection.execute(sa.delete(ORDERS).where(ORDERS.c.until_at < at)).rowcount
    gone += connection.execute(sa.delete(BOOKS).where(BOOKS.c.asked_at < at)).rowcount
    gone += connection.execute(sa.delete(VERDICTS).where((VERDICTS.c.day < day) | VERDICTS.c.day.is_(None))).rowcount
    old = sa.select(files.c.id).where((files.c.last_day < day) | files.c.last_day.is_(None))
    rejects, sheets = ROWS["reject_rows"], ROWS["sheet_rows"]
    connection.execute(sa.update(rejects).where(rejects.c.file.in_(old)).values(value=None))
    connection.execute(sa.update(files).where(files.c.id.in_(old)).values(notes="[]", faults="[]"))
    names = connection.scalars(sa.select(sheets.c.period).distinct().where(sheets.c.period.is_not(None)))
    over = [str(name) for name in names if _is_over(str(name), dt.date.fromisoformat(day))]
    connection.execute(sa.update(sheets).where(sheets.c.period.in_(over)).values(remark=None))
    return gone


def _purge_scores(connection: sa.Connection, before: dt.date) -> None:
    """Take out what the traces of scores of periods that are over may quote."""
    for card, period in connection.execute(sa.select(score_runs.c.card, score_runs.c.period)).all():
        if _is_over(str(period), before):
            mine = (score_runs.c.card == card) & (score_runs.c.period == period)
            connection.execute(sa.update(score_runs).where(mine).values(trace="{}"))


def _is_over(period: str, before: dt.date) -> bool:
    try:
        return read_period(period).end <= before
    except ValueError:
        return False


def forget(database: Database, buyer: str) -> Removed:
    """Take one buyer out: all that was said in the buyer's sessions, name and orders; scores stay as they are.

    What an export still to come says of this buyer before now is not taken in again.
    """
    with database.writing() as connection:
        salt = salt_of(connection)
        of_buyer = SESSIONS.c.buyer == buyer
        found = connection.execute(sa.select(SESSIONS.c.day, SESSIONS.c.session_id).where(of_buyer)).all()
        with choosing(connection, of_buyer):
            rows = _forget_rows(connection, buyer, [str(one.session_id) for one in found])
            theirs = SOLD.c.order_id.in_(sa.select(SOLD.c.order_id).where(SOLD.c.buyer == buyer))
            blanked = blank_chosen(connection, theirs)
        touched = sorted({str(one.day) for one in found if one.day is not None})
        closed = {"frozen": True, "due": False, "next_at": None}
        frozen = connection.execute(sa.update(days).where(days.c.day.in_(touched)).values(closed)).rowcount
        _remember(connection, pseudonym(buyer, salt))
    _shrink(database)
    return Removed(blanked, rows, frozen)


def _forget_rows(connection: sa.Connection, buyer: str, sessions: Sequence[str]) -> int:
    """Delete what the files of the inbox say of a buyer, also under another name that a workbook made whole."""
    said = connection.execute(
        sa.select(MESSAGES.c.file, MESSAGES.c.row, MESSAGES.c.sent_at).where(in_chosen(MESSAGES.c.session))
    ).all()
    places = {(str(one.file), int(one.row)) for one in said}
    times = [int(one.sent_at) for one in said if one.sent_at is not None]
    ids = []
    if times:
        query = (
            sa.select(CHATS.c.id, CHATS.c.row, CHATS.c.member, files.c.name)
            .join(files, files.c.id == CHATS.c.file)
            .where(CHATS.c.sent_at >= min(times), CHATS.c.sent_at <= max(times))
        )
        for key, row, member, name in connection.execute(query):
            folder = "/".join(place_of(name, "")[0][:-1])
            if (f"{folder}/{member}" if folder else member, int(row)) in places:
                ids.append(int(key))
    delete_rows(connection, CHATS, ids)
    gone = len(ids) + connection.execute(sa.delete(CHATS).where(CHATS.c.buyer == buyer)).rowcount
    gone += connection.execute(sa.delete(ORDERS).where(ORDERS.c.buyer == buyer)).rowcount
    gone += connection.execute(sa.delete(BOOKS).where(BOOKS.c.buyer == buyer)).rowcount
    for start in range(0, len(sessions), 500):
        mine = VERDICTS.c.session_id.in_(sessions[start : start + 500])
        gone += connection.execute(sa.delete(VERDICTS).where(mine)).rowcount
    return gone


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

"""Which days a file of the inbox changes: by its talk, its orders, sheets, people, sessions of 京东, marks of people."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import sqlalchemy as sa

from chataudit.settings import Settings
from chataudit.store.calendar import add_days, mark, mark_between
from chataudit.store.days import MASKED_DAYS, around, days_at, local_days, reach_of, start_of
from chataudit.store.known import KnownMessages
from chataudit.store.schema import ROWS
from chataudit.store.schema import days as calendar

PEOPLE_DAYS = 62  # a changed table of people changes this month's and the last month's days, not years that are closed
Frames = Mapping[str, pd.DataFrame]


def days_of_talk(
    connection: sa.Connection, frames: Frames, chats: KnownMessages | None, settings: Settings
) -> set[str]:
    """Return the days whose messages change, those of the sessions that go on in the file included."""
    if chats is None or not chats.new.any():
        return set()
    new = frames["chat_rows"][chats.new]
    return set(local_days(new["sent_at"], settings).unique()) | _begun(connection, new, settings)


def _begun(connection: sa.Connection, new: pd.DataFrame, settings: Settings) -> set[str]:
    """Return the days on which sessions that the export names have their first messages so far."""
    named = new[new["session_id"].notna()]
    if not len(named):
        return set()
    mine = set(zip(*(named[name].astype(object) for name in ("platform", "shop", "session_id")), strict=True))
    ids = sorted({str(one[2]) for one in mine})
    rows, found = ROWS["chat_rows"], []
    key = (rows.c.platform, rows.c.shop, rows.c.session_id)
    for start in range(0, len(ids), 500):
        query = sa.select(*key, sa.func.min(rows.c.sent_at)).where(rows.c.session_id.in_(ids[start : start + 500]))
        found += [
            int(first) for *of, first in connection.execute(query.group_by(*key, rows.c.buyer)) if tuple(of) in mine
        ]
    return days_at(sorted(found), settings)


def mark_changed(
    connection: sa.Connection,
    days: set[str],
    last_day: str | None,
    frames: Frames,
    orders: pd.DataFrame | None,
    settings: Settings,
) -> None:
    """Mark the days that a file changes; ``days``: of its talk; ``last_day``: whose report tells of its other rows."""
    add_days(connection, days)
    mark(connection, [last_day] if last_day is not None else [])
    reach = _credit_reach(connection, min(days), settings) if days else 1
    mark_between(connection, (around(day, reach, reach) for day in days))
    if orders is not None and len(orders):
        _mark_of_orders(connection, orders, settings)
    for name, column in (("sheet_rows", "period"), ("verdict_rows", "day")):
        if name in frames:
            mark(connection, {str(one) for one in frames[name][column].dropna().unique()})
    if len(frames.get("jd_session_rows", ())):
        asked = local_days(frames["jd_session_rows"]["asked_at"], settings).unique()
        mark_between(connection, (around(str(day), 1, 1) for day in asked))
    if len(frames.get("people_rows", ())):
        _mark_of_people(connection)


def _credit_reach(connection: sa.Connection, day: str, settings: Settings) -> int:
    """Return how many days talk reaches: as far as orders may be credited to it, where there are any."""
    table = ROWS["order_rows"]
    query = sa.select(table.c.id).where(table.c.until_at >= start_of(day, settings)).limit(1)
    if connection.scalar(query) is None:
        return 1
    masked = connection.scalar(query.where(table.c.buyer.contains("*")))
    return reach_of(settings) if masked is None else max(reach_of(settings), MASKED_DAYS)


def _mark_of_orders(connection: sa.Connection, orders: pd.DataFrame, settings: Settings) -> None:
    spans = zip(local_days(orders["from_at"], settings), local_days(orders["until_at"], settings), strict=True)
    masked = orders["buyer"].astype(object).str.contains("*", regex=False).fillna(False).any()
    before, after = max(reach_of(settings), MASKED_DAYS if masked else 0), settings.after_sales_days + 1
    mark_between(connection, {(around(one, before, 0)[0], around(two, 0, after)[1]) for one, two in set(spans)})


def _mark_of_people(connection: sa.Connection) -> None:
    last = connection.scalar(sa.select(sa.func.max(calendar.c.day)))
    if last is not None:
        mark_between(connection, [around(str(last), PEOPLE_DAYS, 0)])


def latest_day(connection: sa.Connection, frames: Frames, settings: Settings) -> str | None:
    """Return the last day that a file's messages tell of, new or not; of a file without any the latest day known."""
    if len(frames.get("chat_rows", ())):
        return str(local_days(frames["chat_rows"]["sent_at"], settings).max())
    known = connection.scalar(sa.select(sa.func.max(calendar.c.day)))
    return None if known is None else str(known)

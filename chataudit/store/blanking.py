"""Personal text taken out of conversations: what was said, who the buyer was, which orders; scores and places stay."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable

import sqlalchemy as sa

from chataudit.store.schema import STORED, runs, salts

PER_STATEMENT = 500
Sessions = list[int]


def salt_of(connection: sa.Connection) -> str:
    """Return the database's salt, made once: without it a pseudonym can't be guessed from a list of names."""
    known = connection.scalar(sa.select(salts.c.salt))
    if known is None:
        known = secrets.token_hex(16)
        connection.execute(sa.insert(salts), {"salt": known})
    return str(known)


def pseudonym(word: str, salt: str) -> str:
    """Return what stands for a name or number, so that what was distinct still counts as distinct.

    >>> pseudonym("买家甲", "0")
    '#71f9bcd80abf'
    """
    return f"#{hashlib.sha256(f'{salt}|{word}'.encode()).hexdigest()[:12]}"


def blank_sessions(connection: sa.Connection, sessions: Sessions) -> int:
    """Take the personal text out of sessions (their keys) and all that quotes them; return how many messages lost it."""
    salt, blanked = salt_of(connection), 0
    messages, hits = STORED["messages"], STORED["hits"]
    for some in _in_parts(sessions):
        _rename(connection, STORED["sessions"], "buyer", STORED["sessions"].c.id.in_(some), salt)
        _rename(connection, messages, "buyer", messages.c.session.in_(some), salt)
        told = sa.update(messages).where(messages.c.session.in_(some)).values(text="", refs=None)
        blanked += connection.execute(told).rowcount
        connection.execute(sa.update(hits).where(hits.c.session.in_(some)).values(text="", reason=hits.c.rule))
        _blank_orders(connection, some, salt)
        _blank_marks(connection, some)
    return blanked


def _blank_orders(connection: sa.Connection, sessions: Sessions, salt: str) -> None:
    table = STORED["conversions"]
    for name in ("buyer", "order_id"):
        _rename(connection, table, name, table.c.session.in_(sessions), salt)


def _blank_marks(connection: sa.Connection, sessions: Sessions) -> None:
    """Take out what people remarked about the conversations."""
    table = STORED["sessions"]
    found = connection.execute(sa.select(table.c.run, table.c.session_id).where(table.c.id.in_(sessions))).all()
    marks = STORED["marks"]
    for run in sorted({one.run for one in found}):
        named = [one.session_id for one in found if one.run == run]
        mine = (marks.c.run == run) & (marks.c.subject_kind == "conversation") & marks.c.subject.in_(named)
        connection.execute(sa.update(marks).where(mine).values(reason=None))


def blank_run(connection: sa.Connection, run: int) -> None:
    """Take out what a run says that belongs to no session: rejected values, unmatched orders, quotes in notes."""
    salt = salt_of(connection)
    rejects, sold, marks = STORED["rejects"], STORED["conversions"], STORED["marks"]
    connection.execute(sa.update(rejects).where(rejects.c.run == run).values(value=None))
    connection.execute(sa.update(marks).where(marks.c.run == run).values(reason=None))
    for name in ("buyer", "order_id"):
        _rename(connection, sold, name, sold.c.run == run, salt)
    connection.execute(sa.update(runs).where(runs.c.id == run).values(notes="[]", purged=True))


def _rename(connection: sa.Connection, table: sa.Table, name: str, where: sa.ColumnElement[bool], salt: str) -> None:
    """Put pseudonyms for the words of a column; what is one already stays."""
    column = table.c[name]
    words = connection.scalars(sa.select(column).where(where, column.is_not(None)).distinct()).all()
    for word in words:
        if not str(word).startswith("#"):
            connection.execute(sa.update(table).where(where, column == word).values({name: pseudonym(str(word), salt)}))


def _in_parts(keys: Sessions) -> Iterable[Sessions]:
    return (keys[start : start + PER_STATEMENT] for start in range(0, len(keys), PER_STATEMENT))

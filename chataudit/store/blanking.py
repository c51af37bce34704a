"""Personal text taken out of conversations: what was said, who the buyer was, which orders; scores and places stay."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from chataudit.store.schema import KEY, STORED, runs, salts

# For the time of one transaction: the sessions that lose their text, and what stands for the words in them.
PASSING = sa.MetaData()
blanked = sa.Table(
    "blanked",
    PASSING,
    sa.Column("session", KEY, primary_key=True, autoincrement=False),
    sa.Column("run", sa.Integer),
    sa.Column("session_id", sa.Text),
    prefixes=["TEMPORARY"],
)
pseudonyms = sa.Table(
    "pseudonyms",
    PASSING,
    sa.Column("word", sa.Text, primary_key=True),
    sa.Column("name", sa.Text),
    prefixes=["TEMPORARY"],
)
SESSIONS, MESSAGES, HITS, MARKS, SOLD, REJECTS = (
    STORED[name] for name in ("sessions", "messages", "hits", "marks", "conversions", "rejects")
)


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
    '#5f1db15b748b'
    """
    return f"#{hashlib.sha256(f'{salt}|{word}'.encode()).hexdigest()[:12]}"


@contextmanager
def choosing(connection: sa.Connection, chosen: sa.ColumnElement[bool]) -> Iterator[int]:
    """Choose sessions to be blanked; give how many, and let go of the choice at the end."""
    PASSING.create_all(connection)
    query = sa.select(SESSIONS.c.id, SESSIONS.c.run, SESSIONS.c.session_id).where(chosen)
    try:
        yield connection.execute(sa.insert(blanked).from_select(["session", "run", "session_id"], query)).rowcount
    finally:
        PASSING.drop_all(connection)


def in_chosen(column: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Return whether a column names a chosen session."""
    return column.in_(sa.select(blanked.c.session))


def blank_chosen(connection: sa.Connection, sold: sa.ColumnElement[bool]) -> int:
    """Take the personal text out of the chosen sessions, of all that quotes them, and of the orders ``sold`` without one.

    Return how many messages lost their text.
    """
    orders = in_chosen(SOLD.c.session) | sold
    named = ((SESSIONS.c.buyer, in_chosen(SESSIONS.c.id)), (MESSAGES.c.buyer, in_chosen(MESSAGES.c.session)))
    told = ((SOLD.c.buyer, orders), (SOLD.c.order_id, orders))
    _name(connection, (*named, *told))
    lost = connection.execute(
        sa.update(MESSAGES)
        .where(in_chosen(MESSAGES.c.session))
        .values(text="", refs=None, buyer=_instead(MESSAGES.c.buyer))
    ).rowcount
    connection.execute(sa.update(HITS).where(in_chosen(HITS.c.session)).values(text="", reason=HITS.c.rule))
    again = {"buyer": _instead(SOLD.c.buyer), "order_id": _instead(SOLD.c.order_id)}
    connection.execute(sa.update(SOLD).where(orders).values(again))
    connection.execute(sa.update(SESSIONS).where(in_chosen(SESSIONS.c.id)).values(buyer=_instead(SESSIONS.c.buyer)))
    own = sa.tuple_(MARKS.c.run, MARKS.c.subject).in_(sa.select(blanked.c.run, blanked.c.session_id))
    connection.execute(sa.update(MARKS).where(MARKS.c.subject_kind == "conversation", own).values(reason=None))
    return lost


def _name(connection: sa.Connection, places: Iterable[tuple[sa.ColumnElement[str], sa.ColumnElement[bool]]]) -> None:
    """Give every word in some columns a pseudonym; what is one already keeps it."""
    salt, words = salt_of(connection), set[str]()
    for column, where in places:
        query = sa.select(column).where(where, column.is_not(None)).distinct()
        words.update(str(word) for word in connection.scalars(query))
    rows = [{"word": one, "name": one if one.startswith("#") else pseudonym(one, salt)} for one in sorted(words)]
    if rows:
        connection.execute(sa.insert(pseudonyms), rows)


def _instead(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Return what stands for a word."""
    return sa.select(pseudonyms.c.name).where(pseudonyms.c.word == column).scalar_subquery()


def blank_runs(connection: sa.Connection, whole: sa.ColumnElement[bool]) -> None:
    """Take out of the runs of chosen sessions what belongs to no session: rejected values, quotes in notes and faults.

    Runs that hold nothing else (``whole``) also lose what was remarked on persons.
    """
    touched = sa.select(blanked.c.run).distinct()
    connection.execute(sa.update(REJECTS).where(REJECTS.c.run.in_(touched)).values(value=None))
    connection.execute(sa.update(MARKS).where(MARKS.c.run.in_(sa.select(runs.c.id).where(whole))).values(reason=None))
    sheets = STORED["sheets"]
    connection.execute(sa.update(sheets).where(sheets.c.run.in_(touched)).values(remark=None))
    found = connection.execute(sa.select(runs.c.id, runs.c.trace).where(runs.c.id.in_(touched))).all()
    for one in found:
        trace = json.dumps({**json.loads(one.trace), "notes": []}, ensure_ascii=False)
        without = {"notes": "[]", "broken": "[]", "trace": trace, "purged": True}
        connection.execute(sa.update(runs).where(runs.c.id == one.id).values(without))

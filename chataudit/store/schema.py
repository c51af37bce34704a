"""The database's tables: integer keys inside, the content hashes as columns.

Every row of a result has an ``id``, its ``run``, and the columns of `chataudit.tables`; where these name a session or a
message by its hash, the row holds the integer key of it instead, so that hashes stand once. A run's rows of a table have
consecutive ids, in the table's order; `extents` says which. Instants are milliseconds since 1970 UTC, money is decimal
text, what is told in JSON is text. The tables of the inbox hold what its files say, row for row, before anything is made
of it: every result can be made from them again.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from chataudit import tables
from chataudit.tables import Column, Table

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "str": sa.Text(),
    "code": sa.Text(),
    "date": sa.Text(),
    "money": sa.Text(),
    "time": sa.BigInteger(),
    "int": sa.BigInteger(),
    "real": sa.Double(),
    "bool": sa.Boolean(),
}


def _kinds(spec: str) -> tuple[Column, ...]:
    return tables._table("", spec).columns


# What a frame has beside its table's columns, and the integer keys that stand for hashes.
SESSION, MESSAGE = Column("session", "int", True), Column("message", "int", True)
OF_MESSAGES = _kinds("int: part source position\nbool: masked closing")
OF_ROUNDS = _kinds("int: opening reply?")
OF_AGENTS = _kinds(
    """
    real: first_wait_s? wait_s?
    int: first_answered_n? answered_n? within_30s_n? first_n? within_180s_n? timed_n?
    int: order_n? returned_order_n? payer_n? refunded_n?
    """
)


def _columns(table: Table, more: tuple[Column, ...] = (), *, keyed: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """Return what is stored of a table: its columns but those ``keyed``, then ``more``."""
    return (*(column for column in table.columns if column.name not in keyed), *more)


RESULTS: dict[str, tuple[Column, ...]] = {
    "sessions": _columns(tables.SESSIONS),
    "messages": _columns(tables.MESSAGES, (SESSION, *OF_MESSAGES), keyed=("session_id",)),
    "rounds": _columns(tables.ROUNDS, (SESSION, *OF_ROUNDS), keyed=("session_id",)),
    "agents": _columns(tables.AGENTS, OF_AGENTS),
    "conversions": _columns(tables.CONVERSIONS, (SESSION,), keyed=("session_id",)),
    "platform_metrics": _columns(tables.PLATFORM_METRICS),
    "hits": _columns(tables.HITS, (SESSION, MESSAGE), keyed=("session_id", "message_id")),
    "marks": _columns(tables.MARKS),
    "scores": _columns(tables.SCORES),
    "rejects": _columns(tables.REJECTS),
    "people": _columns(tables.PEOPLE),
    "facts": _columns(tables.FACTS),
    "sheets": _columns(tables.SHEETS),
    "risk": _columns(tables.RISK, (SESSION,), keyed=("session_id",)),
}

# What the files of an inbox say. ``file``: the file of the inbox; ``member``: the name of the export in it.
PLACE = _kinds("int: file\nstr: member")
INBOX: dict[str, tuple[Column, ...]] = {
    "chat_rows": (
        *PLACE,
        *_kinds(
            """
            int: row part nth
            str: message_id
            code: platform shop session_id? buyer agent? sender kind
            time: sent_at
            str: text refs?
            """
        ),
    ),
    "order_rows": (*PLACE, *_kinds("str: sha256\ntime: from_at until_at"), *tables.ORDERS.columns),
    "people_rows": (*PLACE, *tables.PEOPLE.columns),
    "sheet_rows": (*PLACE, *tables.SHEETS.columns, *_kinds("int: row column?\nstr: cell? unreadable?")),
    "verdict_rows": (
        *PLACE,
        *_kinds("date: day?\nstr: card session_id agent? item outcome?\nreal: points?\nstr: rater? remark?\nint: row"),
    ),
    "reject_rows": (*PLACE, *_kinds("int: row?\nstr: column? reason value?")),
    "jd_session_rows": (
        *PLACE,
        *_kinds(
            """
            time: asked_at?
            str: agent? receiver? buyer? item?
            time: replied_at?
            real: mean_response_s? duration_min? buyer_n? agent_n?
            str: rating? solved? session_id?
            int: row
            """
        ),
    ),
}


def _stored(name: str, columns: tuple[Column, ...], *, run: bool) -> sa.Table:
    """Return a table of rows; only what a run is found by is indexed, so that writing stays cheap."""
    own = (
        [sa.Column("run", sa.Integer, nullable=False)] if run else []
    )  # no foreign key: deleting a run would scan all rows
    cells = [sa.Column(column.name, TYPES[column.kind]) for column in columns]
    return sa.Table(name, METADATA, sa.Column("id", KEY, primary_key=True, autoincrement=False), *own, *cells)


runs = sa.Table(
    "runs",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),  # audit | day
    sa.Column("day", sa.Text, unique=True),  # of a nightly day: there is one run for each
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("settings", sa.Text, nullable=False),
    sa.Column("trace", sa.Text, nullable=False),  # what run.json holds
    sa.Column("notes", sa.Text, nullable=False),
    sa.Column("broken", sa.Text, nullable=False),
    sa.Column("shapes", sa.Text, nullable=False),  # the frames' columns and types
    sa.Column("rulings", sa.LargeBinary, nullable=False),
    sa.Column("purged", sa.Boolean, nullable=False),  # personal text was taken out
)
extents = sa.Table(
    "extents",
    METADATA,
    sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("table", sa.Text, primary_key=True),
    sa.Column("first", sa.BigInteger, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
)
lexicon_files = sa.Table(
    "lexicon_files",
    METADATA,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
run_lexicons = sa.Table(
    "run_lexicons",
    METADATA,
    sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("path", sa.Text, primary_key=True),  # in the folder of lexicons
    sa.Column("sha256", sa.Text, sa.ForeignKey("lexicon_files.sha256"), nullable=False),
)
run_inputs = sa.Table(
    "run_inputs",
    METADATA,
    sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("read_as", sa.Text, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
)

files = sa.Table(
    "files",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),  # below the inbox
    sa.Column("sha256", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),  # read | quarantined
    sa.Column("inputs", sa.Text, nullable=False),  # name, sha256, read_as, rows of each export in it
    sa.Column("notes", sa.Text, nullable=False),
    sa.Column("faults", sa.Text, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),  # messages + duplicates + rejects
    sa.Column("messages", sa.BigInteger, nullable=False),
    sa.Column("duplicates", sa.BigInteger, nullable=False),
    sa.Column("rejects", sa.BigInteger, nullable=False),
    sa.Column("last_day", sa.Text),  # the latest day that it tells of
)
days = sa.Table(
    "days",
    METADATA,
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("due", sa.Boolean, nullable=False),  # to be audited: what it is made of has changed
    sa.Column("next_at", sa.BigInteger),  # when the next of its open orders becomes final; null: all are
    sa.Column("run", sa.Integer),
    sa.Column("reported", sa.Integer),  # the run of the report that was written
    sa.Column("told", sa.Integer),  # the run whose red lines people were told of, and how many those were
    sa.Column("told_n", sa.Integer),
    sa.Column("frozen", sa.Boolean, nullable=False),  # personal text was taken out: never audited anew
)
score_runs = sa.Table(
    "score_runs",
    METADATA,
    sa.Column("card", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("made_of", sa.Text, nullable=False),  # hash of the runs, sheets and card that it was made of
    sa.Column("trace", sa.Text, nullable=False),  # what its run.json holds
)
period_scores = sa.Table(
    "period_scores",
    METADATA,
    sa.Column("card", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("subject_kind", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("score", sa.Double),
    sa.Column("score_low", sa.Double),
    sa.Column("score_high", sa.Double),
    sa.Column("grade", sa.Text),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("red_lines", sa.Text),
    sa.Column("sample_n", sa.BigInteger, nullable=False),
)
nights = sa.Table(
    "nights",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("started_at", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    sa.Column("outcome", sa.Text, nullable=False),  # running | done | attention | failed
    sa.Column("summary", sa.Text, nullable=False),  # JSON
)
forgotten = sa.Table(
    "forgotten",
    METADATA,
    sa.Column("buyer", sa.Text, primary_key=True),  # salted hash of the name
    sa.Column("before", sa.BigInteger, nullable=False),  # rows sent before this instant are not taken in again
)
salts = sa.Table("salts", METADATA, sa.Column("salt", sa.Text, primary_key=True))

STORED: dict[str, sa.Table] = {name: _stored(name, columns, run=True) for name, columns in RESULTS.items()}
ROWS: dict[str, sa.Table] = {name: _stored(name, columns, run=False) for name, columns in INBOX.items()}
for _table_name in ROWS:
    sa.Index(f"ix_{_table_name}_file", ROWS[_table_name].c.file)
# PostgreSQL's trees take no long texts, and what an export calls an id may be anything: its hash indexes do.
sa.Index("ix_sessions_session_id", STORED["sessions"].c.session_id, postgresql_using="hash")
sa.Index("ix_sessions_day", STORED["sessions"].c.day)
sa.Index("ix_chat_rows_sent_at", ROWS["chat_rows"].c.sent_at)
_named = ROWS["chat_rows"].c.session_id.is_not(None)
sa.Index(
    "ix_chat_rows_session_id",
    ROWS["chat_rows"].c.session_id,
    sqlite_where=_named,
    postgresql_where=_named,
    postgresql_using="hash",
)
sa.Index("ix_order_rows_until_at", ROWS["order_rows"].c.until_at)
sa.Index("ix_order_rows_order_id", ROWS["order_rows"].c.order_id, postgresql_using="hash")

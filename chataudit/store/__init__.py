"""Audits kept in a database: SQLite by default, PostgreSQL for teams, by the same code.

`save` writes an audit in one transaction, `load` gives the same audit back. SQLAlchemy and Alembic are known here only.
"""

from chataudit.store.database import Database, open_database
from chataudit.store.loading import load, load_tables
from chataudit.store.overview import Run, counts_of, run_of_day, runs_of
from chataudit.store.retention import Removed, forget, purge
from chataudit.store.saving import save
from chataudit.store.turns import turn
from chataudit.store.versions import newest, ready, upgrade, version_of

__all__ = [
    "Database",
    "Removed",
    "Run",
    "counts_of",
    "forget",
    "load",
    "load_tables",
    "newest",
    "open_database",
    "purge",
    "ready",
    "run_of_day",
    "runs_of",
    "save",
    "turn",
    "upgrade",
    "version_of",
]

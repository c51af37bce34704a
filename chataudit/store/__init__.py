"""Audits kept in a database: SQLite by default, PostgreSQL for teams, by the same code.

`save` writes an audit in one transaction, `load` gives the same audit back. SQLAlchemy and Alembic are known here only.
"""

from chataudit.store.calendar import Day, days_of, emptied, latest_instant, reported
from chataudit.store.contents import Contents
from chataudit.store.database import Database, DatabaseFailed, open_database
from chataudit.store.days import local_day
from chataudit.store.history import facts_of, levels_of
from chataudit.store.loading import load, load_tables
from chataudit.store.nights import Night, begin_night, end_night, latest_nights, red_of, rows_taken
from chataudit.store.overview import Run, counts_of, is_purged, run_of_day, runs_of, settings_of_days
from chataudit.store.periods import (
    day_runs,
    folder_of,
    keep_scores,
    known_score,
    made_of,
    refused_score,
    scores_of,
    sheets_for,
    single_runs,
)
from chataudit.store.retention import Removed, forget, purge
from chataudit.store.saving import save, save_day
from chataudit.store.taking import Taken, days_of_sessions, known_file, take
from chataudit.store.turns import turn
from chataudit.store.versions import newest, ready, upgrade, version_of
from chataudit.store.windows import Window, window_of

__all__ = [
    "Contents",
    "Database",
    "DatabaseFailed",
    "Day",
    "Night",
    "Removed",
    "Run",
    "Taken",
    "Window",
    "begin_night",
    "counts_of",
    "day_runs",
    "days_of",
    "days_of_sessions",
    "emptied",
    "end_night",
    "facts_of",
    "folder_of",
    "forget",
    "is_purged",
    "keep_scores",
    "known_file",
    "known_score",
    "latest_instant",
    "latest_nights",
    "levels_of",
    "load",
    "load_tables",
    "local_day",
    "made_of",
    "newest",
    "open_database",
    "purge",
    "ready",
    "red_of",
    "refused_score",
    "reported",
    "rows_taken",
    "run_of_day",
    "runs_of",
    "save",
    "save_day",
    "scores_of",
    "settings_of_days",
    "sheets_for",
    "single_runs",
    "take",
    "turn",
    "upgrade",
    "version_of",
    "window_of",
]

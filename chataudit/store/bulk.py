"""Many rows at once: into SQLite through a private staging file, into PostgreSQL by COPY, inside the caller's transaction.

ADBC writes fast but brings a SQLite of its own, which on a file that others use silently loses committed rows. So it
only ever writes a file that nothing else opens; the caller's own connection attaches that file and copies from it.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import adbc_driver_sqlite.dbapi as adbc
import pyarrow as pa
import pyarrow.csv as pa_csv
import sqlalchemy as sa

from chataudit.store.database import Database

Batch = Mapping[str, Iterable[pa.Table]]
CHUNK = 100_000


@contextmanager
def staged(database: Database, batch: Batch) -> Iterator[Batch | Path]:
    """Give what `append` takes in a transaction: for SQLite a staging file beside the database, else the batch itself.

    ``batch``: for each table its rows, in parts, every column of the table but none that it has not.
    """
    if not database.is_sqlite:
        yield batch
        return
    with tempfile.TemporaryDirectory(prefix=f".{database.file.name}-", dir=database.file.parent) as folder:
        path = Path(folder) / "staging.db"
        with database.told(), adbc.connect(str(path), autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = OFF")
            cursor.execute("PRAGMA synchronous = OFF")
            for name, parts in batch.items():
                for part in parts:
                    cursor.adbc_ingest(name, part, mode="create_append")
        yield path


def sweep(database: Database) -> None:
    """Remove staging files that programs left which were killed; only who holds the turn may do so."""
    if database.is_sqlite:
        for left in database.file.parent.glob(f".{database.file.name}-*"):
            shutil.rmtree(left, ignore_errors=True)


def append(connection: sa.Connection, table: sa.Table, rows: Batch | Path) -> None:
    """Append a table's rows of what was `staged`; for SQLite the staging file must be attached (`attached`)."""
    if isinstance(rows, Path):
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        known = connection.exec_driver_sql("SELECT 1 FROM staging.sqlite_master WHERE name = ?", (table.name,))
        if known.first() is not None:
            connection.exec_driver_sql(
                f'INSERT INTO main."{table.name}" ({names}) SELECT {names} FROM staging."{table.name}"'
            )
        return
    for part in rows.get(table.name, ()):
        _copy(connection, table, part)


@contextmanager
def attached(database: Database, rows: Batch | Path) -> Iterator[sa.Connection]:
    """Give a connection in one transaction, with the staging file attached where there is one.

    Raises:
        Faults: as `Database.writing`; nothing is left half-written.
    """
    if not isinstance(rows, Path):
        with database.writing() as connection:
            yield connection
        return
    with database.reading() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("ATTACH DATABASE ? AS staging", (str(rows),))
        with connection.begin():
            yield connection


def _copy(connection: sa.Connection, table: sa.Table, part: pa.Table) -> None:
    """COPY rows into PostgreSQL as CSV: what is null is empty without quotes, what is empty has them."""
    names = ", ".join(f'"{name}"' for name in part.column_names)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT csv)') as copy:
        for start in range(0, len(part), CHUNK):
            text = io.BytesIO()
            options = pa_csv.WriteOptions(include_header=False, quoting_style="all_valid")
            pa_csv.write_csv(part.slice(start, CHUNK), text, options)
            copy.write(text.getbuffer())

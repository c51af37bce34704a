"""One writer at a time for each database: a lock that the system itself lets go when a program dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from filelock import FileLock, Timeout

from chataudit.errors import Fault, Faults, Words
from chataudit.store.bulk import sweep
from chataudit.store.database import Database

NUMBER = 0x63686174  # any number that no other program takes for its lock
BUSY = Words("另一次审核正在写这个数据库。", "Another run is writing to this database.")
LATER = Words(
    "等它结束后重新运行；chataudit status 显示进度。",
    "Run again when it has ended; chataudit status shows how far it is.",
)


@contextmanager
def turn(database: Database, *, wait_s: float = 0) -> Iterator[None]:
    """Hold the right to write to a database.

    Raises:
        Faults: another program holds it for longer than ``wait_s`` seconds.
    """
    held = _of_file(database, wait_s) if database.is_sqlite else _of_server(database, wait_s)
    with held:
        sweep(database)
        yield


@contextmanager
def _of_file(database: Database, wait_s: float) -> Iterator[None]:
    lock = FileLock(database.file.with_name(f"{database.file.name}.lock"), timeout=wait_s)
    try:
        lock.acquire()
    except Timeout:
        raise Faults([Fault(BUSY, database.name, hint=LATER)]) from None
    except OSError as error:
        what = Words(f"写不进去：{error.strerror or error}", f"Can't be written: {error.strerror or error}")
        raise Faults([Fault(what, str(database.file.parent))]) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _of_server(database: Database, wait_s: float) -> Iterator[None]:
    """Hold the server's advisory lock on a connection of its own: it falls with the connection."""
    with database.reading() as connection:
        connection.execute(sa.text(f"SET lock_timeout = {max(int(wait_s * 1000), 1)}"))
        taken = connection.scalar(sa.select(sa.func.pg_try_advisory_lock(NUMBER)))
        if not taken and wait_s:
            taken = _waited(connection)
        if not taken:
            raise Faults([Fault(BUSY, database.name, hint=LATER)])
        connection.commit()
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(NUMBER)))


def _waited(connection: sa.Connection) -> bool:
    try:
        connection.execute(sa.select(sa.func.pg_advisory_lock(NUMBER)))
    except sa.exc.OperationalError:
        connection.rollback()
        return False
    return True

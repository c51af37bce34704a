"""A database by its URL: SQLite for one machine, PostgreSQL for a team; the one door to SQLAlchemy's engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import adbc_driver_manager
import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from chataudit.errors import Fault, Faults, Words

ALLOWED = Words(
    "写成 chataudit.db、sqlite:///目录/chataudit.db 或 postgresql://用户:密码@主机/库名。",
    "Write chataudit.db, sqlite:///folder/chataudit.db or postgresql://user:password@host/database.",
)
WAIT_S = 30
DRIVERS = (sqlite3.Error, psycopg.Error, adbc_driver_manager.Error)  # what is done past SQLAlchemy, in bulk


class DatabaseFailed(Faults):  # noqa: N818 - as Faults
    """Raised where the database itself can't be reached or refuses."""


@dataclass(frozen=True)
class Database:
    """An open database: its engine, and how people may call it (without the password)."""

    engine: sa.Engine
    name: str

    @property
    def is_sqlite(self) -> bool:
        """Return whether it is a file of SQLite."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path:
        """Return SQLite's file."""
        return Path(str(self.engine.url.database))

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection; what the database says is wrong is raised as Faults."""
        with self.told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection in one transaction: committed as a whole at the end, or nothing of it.

        Raises:
            Faults: the database can't be reached or refuses (disk full, read-only, gone).
        """
        with self.told(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def told(self) -> Iterator[None]:
        """Raise what any of the drivers says is wrong as `DatabaseFailed`."""
        try:
            yield
        except DBAPIError as error:
            raise DatabaseFailed([self.fault(error.orig or error)]) from error
        except DRIVERS as error:
            raise DatabaseFailed([self.fault(error)]) from error

    def fault(self, error: BaseException) -> Fault:
        """Return what the database says is wrong, in one line and without statements or values."""
        said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        what = Words(f"数据库出错：{said}", f"The database failed: {said}")
        return Fault(what, self.name, hint=_next_step(said))


def _next_step(said: str) -> Words:
    low = said.lower()
    if "full" in low or "no space" in low:
        return Words(
            "磁盘满了：腾出空间后重新运行，没有写进一半的东西。",
            "The disk is full: make room and run again; nothing is half-written.",
        )
    if "readonly" in low or "read-only" in low or "permission" in low:
        return Words(
            "没有写权限：检查文件和文件夹的权限。", "No right to write: check the file's and the folder's permissions."
        )
    if "locked" in low:
        return Words("另一个程序正在写：等它结束后重新运行。", "Another program writes: run again when it has ended.")
    return Words(
        "检查数据库是否可用，然后重新运行；没有写进一半的东西。",
        "Check that the database is there and run again; nothing is half-written.",
    )


def open_database(url: str) -> Database:
    """Return the database at ``url``: a URL, or the path of a file of SQLite (made when it is first written).

    Raises:
        Faults: no such kind of database, or it can't be reached.
    """
    place = _place(url)
    try:
        engine = sa.create_engine(place, **_options(place))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        what = Words(f"不认识的数据库：{error}", f"No such kind of database: {error}")
        raise Faults([Fault(what, "--db", hint=ALLOWED)]) from error
    if engine.dialect.name == "sqlite":
        _govern(engine)
    database = Database(engine, place.render_as_string(hide_password=True))
    with database.reading():
        return database


def _place(url: str) -> URL:
    if "://" not in url:
        return URL.create("sqlite", database=str(Path(url)))
    try:
        place = make_url(url)
    except (ArgumentError, ValueError) as error:
        what = Words("数据库地址写得不对。", "The database URL is wrong.")
        raise Faults([Fault(what, "--db", hint=ALLOWED)]) from error
    kind = place.get_backend_name()
    no_file = kind == "sqlite" and (place.database in (None, "", ":memory:") or place.query)
    if kind not in ("sqlite", "postgresql") or no_file:
        what = Words(f"不支持 {kind} 数据库。", f"{kind} is not supported.")
        raise Faults([Fault(what, "--db", hint=ALLOWED)])
    return place.set(drivername="postgresql+psycopg") if kind == "postgresql" else place


def _options(place: URL) -> dict[str, Any]:
    if place.get_backend_name() == "sqlite":
        folder = Path(str(place.database)).parent
        if not folder.is_dir():
            raise Faults([Fault(Words("没有这个文件夹。", "No such folder."), str(folder))])
        return {"connect_args": {"timeout": WAIT_S, "isolation_level": None}, "poolclass": sa.NullPool}
    return {"connect_args": {"connect_timeout": WAIT_S}, "poolclass": sa.NullPool}


def _govern(engine: sa.Engine) -> None:
    """Let SQLAlchemy, not Python's driver, begin transactions, and take the right to write at once: two writers wait."""

    @sa.event.listens_for(engine, "connect")
    def _connected(connection: Any, record: object) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only unlinked

    @sa.event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

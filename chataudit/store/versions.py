"""The version of a database's tables: made, checked and brought up to date by Alembic's migrations."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from chataudit.errors import Fault, Faults, Words
from chataudit.store.database import Database

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def newest() -> str:
    """Return the version that this program writes."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def version_of(database: Database) -> str | None:
    """Return a database's version; None where it holds nothing of ours."""
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database) -> tuple[str | None, str]:
    """Bring a database's tables up to date, in one transaction; return its version before and after.

    Raises:
        Faults: it is of a newer program, or can't be written.
    """
    before = version_of(database)
    if before is not None:
        _known(database, before)
    with database.writing() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before, newest()


def ready(database: Database, *, make: bool = False) -> None:
    """Check that a database's tables are of this program's version; with ``make`` an empty database gets them.

    Raises:
        Faults: it is empty, or of another version.
    """
    version = version_of(database)
    if version == newest():
        return
    if version is None:
        if make:
            _empty(database)
            upgrade(database)
            return
        what = Words("数据库里还没有 chataudit 的表。", "The database holds no tables of chataudit yet.")
        hint = Words(
            "先运行 chataudit db upgrade，或用 chataudit audit --db 写入。",
            "Run chataudit db upgrade first, or write with chataudit audit --db.",
        )
        raise Faults([Fault(what, database.name, hint=hint)])
    _known(database, version)
    what = Words(f"数据库是旧版本（{version}）。", f"The database is of an older version ({version}).")
    hint = Words("先备份，再运行 chataudit db upgrade。", "Make a backup, then run chataudit db upgrade.")
    raise Faults([Fault(what, database.name, hint=hint)])


def _empty(database: Database) -> None:
    """Raise Faults where a database without our version holds tables: they are another program's."""
    with database.reading() as connection:
        others = sa.inspect(connection).get_table_names()
    if others:
        listed = ", ".join(sorted(others)[:5])
        what = Words(
            f"这是别的程序的数据库（有表 {listed}）。", f"The database is another program's (it has {listed})."
        )
        hint = Words("换一个数据库，或一个新的文件。", "Choose another database, or a new file.")
        raise Faults([Fault(what, database.name, hint=hint)])


def _known(database: Database, version: str) -> None:
    known = {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}
    if version not in known:
        what = Words(
            f"数据库是更新的版本（{version}）写的。", f"The database was written by a newer program ({version})."
        )
        raise Faults([Fault(what, database.name, hint=Words("升级 chataudit。", "Upgrade chataudit."))])


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


__all__ = ["newest", "ready", "upgrade", "version_of"]

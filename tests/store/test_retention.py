"""Personal text goes, from the file itself, too; scores and the places of evidence stay."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import sqlalchemy as sa
from click.testing import CliRunner

from chataudit import store
from chataudit.cli import main
from chataudit.store.schema import METADATA
from store.small import audit_of

KEPT = ("agents", "scores", "facts", "platform_metrics", "rounds")
SECRETS = ("买家甲", "13800138000", "100000000000000001", "这款很划算")


def kept(url: str, folder: Path) -> store.Database:
    database = store.open_database(url)
    store.ready(database, make=True)
    store.save(database, audit_of(folder))
    return database


def everything(database: store.Database) -> str:
    """Return every text that the database holds but the lexicons' own."""
    with database.reading() as connection:
        tables = [table for table in METADATA.sorted_tables if table.name not in ("lexicon_files", "forgotten")]
        return "\n".join(str(row) for table in tables for row in connection.execute(sa.select(table)))


def assert_only_text_is_gone(before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame]) -> None:
    for name in KEPT:
        pd.testing.assert_frame_equal(before[name], after[name])
    places = ["rule", "session_id", "message_id", "start", "end"]
    assert before["hits"][places].astype(str).equals(after["hits"][places].astype(str))
    assert before["marks"]["evidence"].equals(after["marks"]["evidence"])
    assert before["messages"]["message_id"].equals(after["messages"]["message_id"])


def test_purging_takes_the_text_of_older_days(url: str, tmp_path: Path) -> None:
    database = kept(url, tmp_path)
    before = store.load_tables(database, 1)
    assert all(word in everything(database) for word in SECRETS)
    removed = store.purge(database, dt.date(2026, 3, 3))
    assert removed.messages == 6
    after = store.load_tables(database, 1)
    assert_only_text_is_gone(before, after)
    assert not [word for word in SECRETS if word in everything(database)]
    assert "有货吗" in set(after["messages"]["text"]), "the later day stays"
    assert after["rejects"]["value"].isna().all(), (
        "a rejected row has no day, so its value goes with the first that does"
    )
    assert store.load(database, 1).run["notes"] == [], "notes may quote what was said"
    if database.is_sqlite:
        assert not [word for word in SECRETS if word.encode() in database.file.read_bytes()]
    assert store.load(database, 1).counts == {"rows": 9, "messages": 8, "duplicates": 0, "rejects": 1, "left_out": 0}


def test_purging_everything_takes_rejected_values_and_notes(url: str, tmp_path: Path) -> None:
    database = kept(url, tmp_path)
    store.purge(database, dt.date(2027, 1, 1))
    after = store.load_tables(database, 1)
    assert set(after["messages"]["text"]) == {""} and after["rejects"]["value"].isna().all()
    assert after["messages"]["buyer"].nunique() == 3, "who was distinct is still distinct"
    assert not after["messages"]["buyer"].astype(str).str.contains("买家").any()


def test_one_buyer_is_forgotten(url: str, tmp_path: Path) -> None:
    database = kept(url, tmp_path)
    before = store.load_tables(database, 1)
    assert store.forget(database, "买家甲").messages == 4
    after = store.load_tables(database, 1)
    assert_only_text_is_gone(before, after)
    assert not [word for word in SECRETS if word in everything(database)]
    assert "贵吗" in set(after["messages"]["text"]) and "买家乙" in set(after["messages"]["buyer"])


def test_the_commands_say_what_was_removed(url: str, tmp_path: Path) -> None:
    kept(url, tmp_path)
    said = CliRunner().invoke(main, ["db", "forget", "买家甲", "--db", url, "--lang", "en"])
    assert said.exit_code == 0 and "4 messages lost their text" in said.output
    nobody = CliRunner().invoke(main, ["db", "forget", "无此人", "--db", url, "--lang", "en"])
    assert nobody.exit_code == 2 and "no such buyer" in nobody.output
    said = CliRunner().invoke(main, ["db", "purge", "--before", "2027-01-01", "--db", url, "--lang", "en"])
    assert said.exit_code == 0 and "8 messages" in said.output

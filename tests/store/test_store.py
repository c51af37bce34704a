"""An audit saved and loaded is the same audit; a transaction is whole or nothing; versions and places are checked."""

from __future__ import annotations

import filecmp
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from click.testing import CliRunner

from chataudit import store
from chataudit.audit import Audit, Request, audit
from chataudit.cli import main
from chataudit.errors import Faults
from chataudit.report import write
from chataudit.settings import Settings, read_settings
from chataudit.store.schema import METADATA
from store.small import audit_of, plain

SAMPLES = Path(__file__).resolve().parents[2] / "sample_logs"


def opened(url: str) -> store.Database:
    database = store.open_database(url)
    store.ready(database, make=True)
    return database


def assert_same(one: Audit, other: Audit) -> None:
    for name, frame in one.tables().items():
        pd.testing.assert_frame_equal(plain(frame), plain(other.tables()[name]), check_exact=True, obj=name)
    for name in ("session", "opening", "reply", "closing"):
        assert np.array_equal(getattr(one.log, name), getattr(other.log, name)), name
    assert one.log.agent_names == other.log.agent_names
    assert list(one.rulings.judged) == list(other.rulings.judged) and one.rulings.titles == other.rulings.titles
    for rule, judged in one.rulings.judged.items():
        for part in ("agent", "kept_agent", "judged", "applies"):
            assert np.array_equal(getattr(judged, part), getattr(other.rulings.judged[rule], part)), (rule, part)
        for side in ("broken", "kept"):
            mine, theirs = getattr(judged, side), getattr(other.rulings.judged[rule], side)
            assert all(
                np.array_equal(getattr(mine, at), getattr(theirs, at)) for at in ("row", "start", "end", "label")
            )
    for name in ("rules", "cards", "policies", "settings", "notes", "broken", "counts"):
        assert getattr(one, name) == getattr(other, name), name
    assert dict(one.run) == dict(other.run)
    pd.testing.assert_frame_equal(plain(one.sheets), plain(other.sheets))


def assert_same_files(one: Path, other: Path) -> None:
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert len(names) > 15
    different = [name for name in names if not filecmp.cmp(one / name, other / name, shallow=False)]
    assert not different


def test_what_is_loaded_is_what_was_saved(url: str, tmp_path: Path) -> None:
    done = audit_of(tmp_path)
    assert [name for name, frame in done.tables().items() if not len(frame)] == []
    database = opened(url)
    assert [store.save(database, done), store.save(database, done)] == [1, 2]
    assert_same(done, store.load(database, 1))
    assert_same(done, store.load(database, 2))


def test_the_report_of_the_store_is_that_of_memory(url: str, tmp_path: Path) -> None:
    settings = read_settings(SAMPLES / "settings.yaml")
    done = audit(Request((SAMPLES / "shop",)), settings)
    database = opened(url)
    loaded = store.load(database, store.save(database, done))
    assert_same(done, loaded)
    for name, one in (("memory", done), ("store", loaded)):
        write(one, tmp_path / name)
    assert_same_files(tmp_path / "memory", tmp_path / "store")


def test_a_run_of_only_some_days_is_the_same_too(url: str, tmp_path: Path) -> None:
    audit_of(tmp_path)
    request = Request((tmp_path / "chats.csv",), days=("2026-03-03", "2026-03-03"))
    done = audit(request, read_settings(tmp_path / "shop.yaml"))
    database = opened(url)
    assert_same(done, store.load(database, store.save(database, done)))


def test_the_tables_are_those_that_the_migrations_make(url: str) -> None:
    database = opened(url)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_upgrading_twice_changes_nothing(url: str) -> None:
    database = store.open_database(url)
    assert store.version_of(database) is None
    assert store.upgrade(database) == (None, store.newest())
    assert store.upgrade(database) == (store.newest(), store.newest())


def test_a_database_of_another_version_is_refused(url: str) -> None:
    database = opened(url)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Faults, match="newer program"):
        store.ready(database)
    with pytest.raises(Faults, match="newer program"):
        store.upgrade(database)


def test_an_empty_database_is_told(url: str) -> None:
    with pytest.raises(Faults, match="no tables of chataudit"):
        store.ready(store.open_database(url))


def test_nothing_is_left_of_a_run_that_failed(url: str, tmp_path: Path) -> None:
    done, database = audit_of(tmp_path), opened(url)

    def fail(connection: sa.Connection, run: int) -> None:
        raise Faults([])

    with pytest.raises(Faults):
        store.save(database, done, also=fail)
    assert set(store.counts_of(database).values()) == {0}
    assert not list(tmp_path.glob(".*staging*")) and not list(tmp_path.glob(".chataudit.db-*"))


def test_a_day_replaces_the_one_before(url: str, tmp_path: Path) -> None:
    done, database = audit_of(tmp_path), opened(url)
    first = store.save(database, done, day="2026-03-02")
    held = store.counts_of(database)
    second = store.save(database, done, day="2026-03-02")
    assert (first, second) == (1, 2) and store.counts_of(database) == held
    assert store.run_of_day(database, "2026-03-02") == second
    assert_same(done, store.load(database, second))


def test_one_writer_at_a_time(url: str) -> None:
    first, second = opened(url), store.open_database(url)
    with store.turn(first):
        with pytest.raises(Faults, match="Another run is writing"), store.turn(second):
            pass
        with pytest.raises(Faults, match="Another run is writing"), store.turn(second, wait_s=0.2):
            pass
    with store.turn(second):
        pass


def test_a_lexicon_changed_during_the_run_is_not_kept_under_its_old_hash(url: str, tmp_path: Path) -> None:
    done, database = audit_of(tmp_path), opened(url)
    rule = tmp_path / "lexicons" / "rules" / "lowest.yaml"
    rule.write_text(rule.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    with pytest.raises(Faults, match="rules/lowest"):
        store.save(database, done)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://root@localhost/x", "mysql is not supported"),
        ("sqlite://", "sqlite is not supported"),
        ("nowhere/else/x.db", "No such folder"),
        ("postgresql://u:geheim@127.0.0.1:1/x", "The database failed"),
        ("://", "The database URL is wrong"),
    ],
)
def test_places_that_are_none_are_told_without_the_password(url: str, said: str) -> None:
    with pytest.raises(Faults) as raised:
        store.open_database(url)
    assert said in str(raised.value) and "geheim" not in str(raised.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(Faults, match="The database failed"):
        store.ready(store.open_database(str(path)))


def test_text_with_any_character_comes_back(url: str, tmp_path: Path) -> None:
    odd = '"引号",逗号;制表\\N \\. 反斜杠\u2028😀 $1 NULL'
    audit_of(tmp_path)
    chats = tmp_path / "odd.csv"
    quoted = '"' + odd.replace('"', '""') + '"'
    chats.write_text(
        f"平台,店铺,买家,客服,发送方,时间,内容\n淘宝,小店,甲,小雯,买家,2026-03-02 10:00:00,{quoted}\n", "utf-8"
    )
    done = audit(Request((chats,)), Settings(lexicons=tmp_path / "lexicons"))
    database = opened(url)
    loaded = store.load(database, store.save(database, done))
    assert_same(done, loaded)
    assert loaded.messages["text"].tolist() == [odd]


def run(*words: str) -> str:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_commands(url: str, tmp_path: Path) -> None:
    audit_of(tmp_path)
    assert "empty" in run("db", "status", "--db", url, "--lang", "en")
    assert "empty → " in run("db", "upgrade", "--db", url, "--lang", "en")
    words = ["audit", str(tmp_path / "chats.csv"), "--settings", str(tmp_path / "shop.yaml"), "--db", url]
    said = CliRunner().invoke(main, [*words, "--out", str(tmp_path / "out"), "--lang", "en"])
    assert said.exit_code == 0 and "run 1" in said.output
    assert "run 1 (one audit" in run("db", "status", "--db", url, "--lang", "en")
    run("db", "export", "--db", url, "--run", "1", "--out", str(tmp_path / "again"), "--lang", "en")
    assert_same_files(tmp_path / "out", tmp_path / "again" / "run-1")
    missing = CliRunner().invoke(main, ["db", "export", "--db", url, "--run", "7", "--lang", "en"])
    assert missing.exit_code == 2 and "There is no run 7" in missing.output
    unknown = CliRunner().invoke(main, ["db", "export", "--db", url, "--day", "2026-03-02", "--lang", "en"])
    assert unknown.exit_code == 2 and "was not audited" in unknown.output


def test_scores_from_the_database_are_those_from_folders(url: str, tmp_path: Path) -> None:
    audit_of(tmp_path)
    sheet = "周期,姓名,考核项,数值,评分人,备注\n2026-03,何小雯,考试分,80,,\n2026-03,孙小凯,考试分,60,,\n"
    (tmp_path / "sheet.csv").write_text(sheet, encoding="utf-8")
    words = ["audit", str(tmp_path / "chats.csv"), "--settings", str(tmp_path / "shop.yaml"), "--db", url]
    words += ["--people", str(tmp_path / "people.csv"), "--sheet", str(tmp_path / "sheet.csv")]
    run(*words, "--out", str(tmp_path / "out"))
    more = ["--period", "2026-03", "--settings", str(tmp_path / "shop.yaml")]
    run(
        "score",
        "month",
        *more,
        "--from",
        str(tmp_path / "out"),
        "--sheet",
        str(tmp_path / "sheet.csv"),
        "--out",
        str(tmp_path / "one"),
    )
    run("score", "month", *more, "--db", url, "--out", str(tmp_path / "two"))
    run("score", "month", *more, "--db", url, "--run", "1", "--out", str(tmp_path / "three"))
    scores = [(tmp_path / name / "tables" / "scores.csv").read_bytes() for name in ("one", "two", "three")]
    assert scores[0] == scores[1] == scores[2] and b"90" in scores[0]
    both = CliRunner().invoke(
        main, ["score", "month", *more, "--db", url, "--from", str(tmp_path / "out"), "--lang", "en"]
    )
    assert both.exit_code == 2 and "not both" in both.output


def test_an_audit_that_the_database_refuses_leaves_no_report(tmp_path: Path) -> None:
    audit_of(tmp_path)
    (tmp_path / "x.db").mkdir()
    words = [
        "audit",
        str(tmp_path / "chats.csv"),
        "--settings",
        str(tmp_path / "shop.yaml"),
        "--db",
        str(tmp_path / "x.db"),
    ]
    done = CliRunner().invoke(main, [*words, "--out", str(tmp_path / "out"), "--lang", "en"])
    assert done.exit_code == 2 and "The database failed" in done.output
    assert not (tmp_path / "out").exists()

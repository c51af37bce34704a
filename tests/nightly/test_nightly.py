"""Whatever the order in which files come, the days are those of one audit of all of them; twice changes nothing."""

from __future__ import annotations

import datetime as dt
import importlib
import io
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from inbox_shop import FILES, FIRST, a_night, chats, drop, line, make_lexicons, of_days, orders, written_days

from chataudit import store
from chataudit.audit import Request, audit
from chataudit.cli import main
from chataudit.errors import Faults
from chataudit.nightly import inbox as inbox_module
from chataudit.report import write
from chataudit.settings import Settings
from chataudit.store.schema import METADATA

CHATS = ("0302.csv", "0303.csv", "0304.csv")
ARRIVALS = {
    "in order": (("0302.csv", "orders-1.csv", "people.csv"), ("0303.csv",), ("0304.csv", "orders-2.csv")),
    "late": (("0304.csv", "people.csv"), ("orders-2.csv",), ("0302.csv", "orders-1.csv"), ("0303.csv",)),
    "at once": (tuple(FILES),),
    "orders first": (("orders-2.csv", "orders-1.csv", "people.csv"), ("0303.csv",), ("0304.csv", "0302.csv")),
}


def whole(folder: Path, settings: Settings, names: Iterable[str] = FILES) -> Path:
    """Audit all files together, as one would by hand; return its report."""
    drop(folder / "all", names)
    write(audit(Request((folder / "all",)), settings), folder / "whole")
    return folder / "whole"


@pytest.mark.parametrize("order", ARRIVALS)
def test_the_days_are_those_of_one_audit_of_everything(url: str, tmp_path: Path, order: str) -> None:
    settings = make_lexicons(tmp_path)
    for number, names in enumerate(ARRIVALS[order], start=1):
        drop(tmp_path / "inbox", names)
        night = a_night(url, tmp_path, settings, number)
        assert night.failed == [] and night.taken == sorted(names)
    found, wanted = of_days(written_days(tmp_path)), of_days([whole(tmp_path, settings)])
    for name, rows in wanted.items():
        assert found[name] == rows, name
    assert sum(found["messages"].values()) == 13
    assert {dict(row)["day"] for row in found["sessions"]} == {"2026-03-02", "2026-03-03", "2026-03-04"}


def test_a_session_that_goes_on_over_midnight_is_audited_anew(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0302.csv"])
    a_night(url, tmp_path, settings)
    before = of_days(written_days(tmp_path))
    assert [dict(row)["pending_n"] for row in before["sessions"] if dict(row)["buyer"] == "买家乙"] == ["1"]
    drop(tmp_path / "inbox", ["0303.csv"])
    assert a_night(url, tmp_path, settings, 2).days == ["2026-03-02", "2026-03-03"]
    after = of_days(written_days(tmp_path))
    assert [dict(row)["pending_n"] for row in after["sessions"] if dict(row)["buyer"] == "买家乙"] == ["0"]


def test_figures_that_were_not_final_are_made_anew(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0302.csv", "orders-1.csv"])
    a_night(url, tmp_path, settings)
    assert store.days_of(store.open_database(url))[0].open
    later = line("买家庚", "买家", "2026-04-20 10:00:00", "在吗")
    drop(tmp_path / "inbox", ["0420.csv"], {"0420.csv": chats(later)})
    assert a_night(url, tmp_path, settings, 2).days == ["2026-03-02", "2026-04-20"]
    first = store.days_of(store.open_database(url))[0]
    assert not first.open and not first.due
    sold = of_days([tmp_path / "out" / "2026-03-02"])["conversions"]
    assert {dict(row)["final"] for row in sold} == {"true"}
    assert a_night(url, tmp_path, settings, 3).days == []


def everything(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of the database but those that tell of the nights themselves and when a run was written."""
    database = store.open_database(url)
    with database.reading() as connection:
        return {
            table.name: sorted(
                map(
                    tuple,
                    connection.execute(
                        sa.select(*(column for column in table.columns if column.name not in ("made_at",)))
                    ).all(),
                ),
                key=str,
            )
            for table in METADATA.sorted_tables
            if table.name not in ("nights", "salts")
        }


def test_a_second_night_with_nothing_new_changes_nothing(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", FILES)
    a_night(url, tmp_path, settings)
    before = everything(url)
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file() and "out" in path.parts}
    for number in (2, 3):
        night = a_night(url, tmp_path, settings, number)
        assert (night.taken, night.known, night.days, night.scored) == ([], [], [], [])
    assert everything(url) == before
    assert files == {path: path.stat().st_mtime_ns for path in files}


def test_the_same_file_twice_and_an_overlapping_one_count_once(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0302.csv"])
    assert a_night(url, tmp_path, settings).messages == 5
    drop(tmp_path / "inbox", ["again.csv"], {"again.csv": FILES["0302.csv"]})
    second = a_night(url, tmp_path, settings, 2)
    assert (second.known, second.messages, second.days) == (["again.csv"], 0, [])
    assert (tmp_path / "inbox" / "done" / "again.csv").is_file()
    drop(tmp_path / "inbox", ["0303.csv"])
    third = a_night(url, tmp_path, settings, 3)
    assert (third.rows, third.messages, third.duplicates, third.rejects) == (7, 5, 2, 0)
    held = store.rows_taken(store.open_database(url))
    assert held["rows"] == held["messages"] + held["duplicates"] + held["rejects"] == 12


def test_a_corrected_export_of_the_same_name_adds_what_it_has_more(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0302.csv"], {"0302.csv": chats(*FIRST[:3])})
    a_night(url, tmp_path, settings)
    drop(tmp_path / "inbox", ["0302.csv"])
    night = a_night(url, tmp_path, settings, 2)
    assert (night.messages, night.duplicates) == (2, 3)
    assert len(list((tmp_path / "inbox" / "done").iterdir())) == 2, "neither file is lost"
    assert sum(of_days(written_days(tmp_path))["messages"].values()) == 5


def test_a_bad_file_is_quarantined_and_the_rest_goes_on(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0302.csv"])
    (tmp_path / "inbox" / "坏.bin").write_bytes(os.urandom(2000))
    (tmp_path / "inbox" / "no-times.csv").write_text("买家,发送方,内容\n甲,买家,在吗\n", encoding="utf-8")
    night = a_night(url, tmp_path, settings)
    assert night.quarantined == ["no-times.csv", "坏.bin"] and night.outcome == "attention"
    assert night.days == ["2026-03-02"]
    reasons = (tmp_path / "inbox" / "quarantine" / "no-times.csv.reasons.txt").read_text(encoding="utf-8")
    assert "不知道是哪一天" in reasons and "log_date" in reasons
    assert (tmp_path / "inbox" / "quarantine" / "坏.bin").is_file()
    assert store.rows_taken(store.open_database(url))["quarantined"] == 2


def test_an_empty_night_is_a_good_night(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    (tmp_path / "inbox").mkdir()
    night = a_night(url, tmp_path, settings)
    assert night.outcome == "done" and night.days == []


def test_a_file_that_is_still_being_written_waits(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0302.csv", "0303.csv", "0304.csv"])
    (tmp_path / "inbox" / "0305.csv.part").write_text("half", encoding="utf-8")
    old = time.time() - 3600
    for name in ("0302.csv", "0304.csv"):
        os.utime(tmp_path / "inbox" / name, (old, old))

    def grows(seconds: float) -> None:
        with (tmp_path / "inbox" / "0304.csv").open("a", encoding="utf-8") as file:
            file.write(line("买家辛", "买家", "2026-03-04 20:00:00", "在吗") + "\n")

    monkeypatch.setattr(inbox_module.time, "sleep", grows)
    night = a_night(url, tmp_path, settings, settle_s=60)
    assert night.taken == ["0302.csv"] and night.growing == ["0303.csv", "0304.csv", "0305.csv.part"]
    assert (tmp_path / "inbox" / "0303.csv").is_file()


def test_our_own_files_in_the_inbox_are_no_exports(tmp_path: Path) -> None:
    make_lexicons(tmp_path)
    drop(tmp_path / "inbox", FILES)
    (tmp_path / "shop.yaml").replace(tmp_path / "inbox" / "shop.yaml")
    (tmp_path / "lexicons").replace(tmp_path / "lexicons-apart")
    own = tmp_path / "inbox" / "shop.yaml"
    own.write_text("shop: 小店\nlexicons: ../lexicons-apart\n", encoding="utf-8")
    words = [
        "nightly",
        "--inbox",
        str(tmp_path / "inbox"),
        "--db",
        str(tmp_path / "inbox" / "chataudit.db"),
        "--settle",
        "0",
    ]
    words += [
        "--out",
        str(tmp_path / "inbox" / "out"),
        "--settings",
        str(own),
        "--log",
        str(tmp_path / "inbox" / "log.jsonl"),
    ]
    for taken in (6, 0):
        done = CliRunner().invoke(main, [*words, "--lang", "en"])
        assert done.exit_code == 0 and f"Files: {taken} new, 0 known, 0 quarantined" in done.output, done.output
    assert {one.name for one in (tmp_path / "inbox").iterdir()} >= {
        "chataudit.db",
        "out",
        "shop.yaml",
        "log.jsonl",
        "done",
    }


def test_days_that_can_still_change_are_not_purged(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0302.csv", "0303.csv", "orders-1.csv"])
    a_night(url, tmp_path, settings)
    database = store.open_database(url)
    with pytest.raises(Faults, match="can still change"):
        store.purge(database, dt.date(2026, 3, 3))
    later = line("买家庚", "买家", "2026-04-20 10:00:00", "在吗")
    drop(tmp_path / "inbox", ["0420.csv"], {"0420.csv": chats(later)})
    a_night(url, tmp_path, settings, 2)
    removed = store.purge(database, dt.date(2026, 3, 3))
    assert (removed.messages, removed.days) == (6, 2), "the day after looks back at its orders"
    assert "买家乙" not in json.dumps(everything(url), ensure_ascii=False, default=str)
    drop(tmp_path / "inbox", ["late.csv"], {"late.csv": chats(line("买家壬", "买家", "2026-03-02 22:00:00", "在吗"))})
    night = a_night(url, tmp_path, settings, 3)
    assert "2026-03-02" not in night.days and any("2026-03-02" in one.zh for one in night.failed)


def test_files_may_stay_where_they_are(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0302.csv"])
    assert a_night(url, tmp_path, settings, keep_files=True).taken == ["0302.csv"]
    again = a_night(url, tmp_path, settings, 2, keep_files=True)
    assert (again.taken, again.known, again.days) == ([], ["0302.csv"], [])
    assert [one.name for one in (tmp_path / "inbox").iterdir()] == ["0302.csv"]


def test_only_the_days_asked_are_audited_and_others_stay_due(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", CHATS)
    assert a_night(url, tmp_path, settings, days=("2026-03-03", "2026-03-03")).days == ["2026-03-03"]
    assert a_night(url, tmp_path, settings, 2).days == ["2026-03-02", "2026-03-04"]


def test_a_report_that_was_not_written_is_written_from_the_store(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", FILES)
    a_night(url, tmp_path, settings)
    wanted = {path.name: path.read_bytes() for path in (tmp_path / "out" / "2026-03-03").rglob("*") if path.is_file()}
    database = store.open_database(url)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE days SET reported = NULL WHERE day = '2026-03-03'"))
    for path in wanted:
        for file in (tmp_path / "out" / "2026-03-03").rglob(path):
            file.unlink()
    night = a_night(url, tmp_path, settings, 2)
    assert night.days == [] and [one.name for one in night.reports] == ["2026-03-03"]
    again = {path.name: path.read_bytes() for path in (tmp_path / "out" / "2026-03-03").rglob("*") if path.is_file()}
    assert again == wanted


def test_months_are_scored_with_the_sheets_that_came(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", FILES)
    assert a_night(url, tmp_path, settings).scored == ["month 2026-03"]
    kept = store.scores_of(store.open_database(url), "何小雯")
    assert [(one["card"], one["provisional"]) for one in kept] == [("month", True)]
    sheet = "周期,姓名,考核项,数值,评分人,备注\n2026-03,何小雯,考试分,80,,\n2026-03,孙小凯,考试分,60,,\n"
    drop(tmp_path / "inbox", ["sheet.csv"], {"sheet.csv": sheet})
    night = a_night(url, tmp_path, settings, 2)
    assert night.days == [] and night.scored == ["month 2026-03"]
    assert store.scores_of(store.open_database(url), "何小雯")[0]["score"] == 80 / 100 * 50 + 50
    april = line("买家庚", "买家", "2026-04-01 10:00:00", "在吗")
    drop(tmp_path / "inbox", ["0401.csv"], {"0401.csv": chats(april)})
    assert a_night(url, tmp_path, settings, 3).scored == ["checklist 2026-03", "month 2026-03", "month 2026-04"]


def test_a_sheet_that_does_not_fit_stops_neither_night_nor_days(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", FILES)
    bad = "周期,姓名,考核项,数值,评分人,备注\n2026-03,何小雯,考试分,八十,,\n"
    drop(tmp_path / "inbox", ["sheet.csv"], {"sheet.csv": bad})
    night = a_night(url, tmp_path, settings)
    assert night.days == ["2026-03-02", "2026-03-03", "2026-03-04"] and night.outcome == "attention"
    assert any("month 2026-03" in one.zh and "八十" in one.zh for one in night.failed)


def test_marks_handed_back_settle_their_day(url: str, tmp_path: Path) -> None:
    import openpyxl

    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", FILES)
    a_night(url, tmp_path, settings)
    book = openpyxl.load_workbook(tmp_path / "out" / "2026-03-03" / "checklists.xlsx")
    marked = 0
    for sheet in book.worksheets:
        heads: dict[str, int] = {}
        for row in sheet.iter_rows():
            said = {str(cell.value): cell.column for cell in row if cell.value}
            heads = said if "人工判定" in said else heads
            if heads and "人工判定" not in said and row[heads["评分表编号"] - 1].value == "checklist":
                sheet.cell(row[0].row, heads["人工判定"], "不符合")
                marked += 1
                break
    book.save(tmp_path / "inbox" / "checklists.xlsx")
    night = a_night(url, tmp_path, settings, 2)
    assert marked and night.days == ["2026-03-03"]
    marks = of_days([tmp_path / "out" / "2026-03-03"])["marks"]
    assert [dict(row)["outcome"] for row in marks if dict(row)["decided_by"].startswith("sheet:")] == [
        "not_met"
    ] * marked


@pytest.mark.parametrize("way", ["inbox", "clock", "turn", "database"])
def test_what_stops_a_night_is_said_and_leaves_nothing_half_done(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0302.csv"])
    a_night(url, tmp_path, settings, 5)
    drop(tmp_path / "inbox", ["0303.csv"])
    before = everything(url)
    database = store.open_database(url)
    if way == "inbox":
        monkeypatch.setattr(inbox_module.tempfile, "TemporaryFile", _read_only)
        with pytest.raises(Faults, match="--keep-files"):
            a_night(url, tmp_path, settings, 6)
    elif way == "clock":
        with pytest.raises(Faults, match="--accept-clock"):
            a_night(url, tmp_path, settings, 1)
    elif way == "turn":
        with store.turn(database), pytest.raises(Faults, match="Another run"):
            a_night(url, tmp_path, settings, 6)
    else:
        with database.writing() as connection:
            connection.execute(sa.text("ALTER TABLE hits RENAME TO gone"))
        with pytest.raises(store.DatabaseFailed):
            a_night(url, tmp_path, settings, 6)
        with database.writing() as connection:
            connection.execute(sa.text("ALTER TABLE gone RENAME TO hits"))
    assert (tmp_path / "inbox" / "0303.csv").is_file()
    if way != "database":
        assert everything(url) == before
    monkeypatch.undo()
    night = a_night(url, tmp_path, settings, 7)
    assert "2026-03-03" in night.days and night.outcome == "done"
    assert of_days(written_days(tmp_path)) == of_days([whole(tmp_path, settings, ["0302.csv", "0303.csv"])])


def _read_only(**_: object) -> None:
    raise OSError(30, "Read-only file system")


def test_a_full_disk_is_told_and_the_next_night_goes_on(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0302.csv"])

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(importlib.import_module("chataudit.report.write"), "draw_page", full)
    with pytest.raises(Faults, match="No space left"):
        a_night(url, tmp_path, settings)
    assert not (tmp_path / "out" / "2026-03-02").exists() and (tmp_path / "inbox" / "0302.csv").is_file()
    monkeypatch.undo()
    night = a_night(url, tmp_path, settings, 2)
    assert [one.name for one in night.reports] == ["2026-03-02", "2026-03"]
    assert of_days(written_days(tmp_path)) == of_days([whole(tmp_path, settings, ["0302.csv"])])


def test_the_diary_has_no_personal_data(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    files = {"买家甲的聊天.csv": FILES["0302.csv"], "orders-1.csv": FILES["orders-1.csv"]}
    drop(tmp_path / "inbox", files, files)
    said = io.StringIO()
    a_night(url, tmp_path, settings, log=said)
    lines = [json.loads(one) for one in said.getvalue().splitlines()]
    assert [one["event"] for one in lines[:2]] == ["begun", "taken in"] and lines[-1]["event"] == "ended"
    for word in ("买家", "有货", "小雯", "何小雯", "100000000000000001", str(tmp_path)):
        assert word not in said.getvalue(), word


def test_forgotten_buyers_stay_forgotten(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0302.csv", "orders-1.csv"])
    a_night(url, tmp_path, settings)
    store.forget(store.open_database(url), "买家甲")
    drop(
        tmp_path / "inbox",
        ["again.csv"],
        {"again.csv": chats(*FIRST, line("买家丙", "买家", "2026-03-02 20:00:00", "在"))},
    )
    night = a_night(url, tmp_path, settings, 2)
    assert (night.rows, night.messages, night.duplicates, night.rejects) == (6, 1, 3, 2)
    assert any("2026-03-02" in one.zh and "已清除" in one.zh for one in night.failed)
    assert "买家甲" not in json.dumps(everything(url), ensure_ascii=False, default=str)


def test_orders_told_again_night_after_night_are_kept_once(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    rows = FILES["orders-1.csv"]
    drop(tmp_path / "inbox", ["0302.csv", "o1.csv"], {"0302.csv": FILES["0302.csv"], "o1.csv": rows})
    a_night(url, tmp_path, settings)
    more = rows + "100000000000000009,淘宝,小店,买家癸,2026-05-02 12:00:00,,1.00,,\n"
    drop(tmp_path / "inbox", ["o2.csv"], {"o2.csv": more})
    a_night(url, tmp_path, settings, 2)
    assert store.counts_of(store.open_database(url))["order_rows"] == 2


def test_of_two_exports_that_differ_the_later_by_name_is_believed_whatever_came_first(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    told = "100000000000000001,淘宝,小店,买家甲,2026-03-02 12:00:00,2026-03-02 12:05:00,99.90,{},"
    files = {
        "a.csv": orders(told.format("0.00")),
        "b.csv": orders(told.format("20.00")),
        "c.csv": orders(told.format("0.00"), "9,淘宝,小店,买家癸,2026-03-02 12:00:00,,1.00,,"),
    }
    for number, names in enumerate(
        (("a.csv", "b.csv", "c.csv"), ("c.csv", "b.csv", "a.csv"), ("b.csv", "c.csv", "a.csv")), start=1
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        own = url if number == 1 else str(folder / "x.db")
        make_lexicons(folder)
        drop(folder / "inbox", ["0302.csv"])
        for night, name in enumerate(names, start=1):
            drop(folder / "inbox", [name], files)
            a_night(own, folder, settings, night)
        sold = of_days([folder / "out" / "2026-03-02"])["conversions"]
        assert {dict(row)["refund"] for row in sold if dict(row)["order_id"] != "9"} == {"0.00"}, names


def test_the_commands(url: str, tmp_path: Path) -> None:
    make_lexicons(tmp_path)
    drop(tmp_path / "inbox", FILES)
    words = [
        "nightly",
        "--inbox",
        str(tmp_path / "inbox"),
        "--db",
        url,
        "--out",
        str(tmp_path / "out"),
        "--settle",
        "0",
    ]
    words += ["--settings", str(tmp_path / "shop.yaml"), "--log", str(tmp_path / "log.jsonl"), "--lang", "en"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert "Files: 6 new" in done.output and "Audited 3 days" in done.output
    said = CliRunner().invoke(main, ["status", "--db", url, "--lang", "en"])
    assert said.exit_code == 0 and "conserved" in said.output and "night 1" in said.output
    told = json.loads(CliRunner().invoke(main, ["status", "--db", url, "--json"]).output)
    assert told["conserved"] and told["rows"]["files"] == 6 and told["due"] == []
    (tmp_path / "inbox" / "x.bin").write_bytes(b"\0\1\2" * 500)
    bad = CliRunner().invoke(main, words)
    assert bad.exit_code == 1 and "Quarantined: x.bin" in bad.output
    assert CliRunner().invoke(main, ["status", "--db", url]).exit_code == 1
    none = CliRunner().invoke(main, [*words[:2], str(tmp_path / "none"), *words[3:]])
    assert none.exit_code == 2 and "No such inbox" in none.output

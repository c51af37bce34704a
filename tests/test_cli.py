"""The commands: exit codes, messages in both languages, what is written and what is left alone."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from contract_checks import faults_of

import chataudit
from chataudit.cli import main
from chataudit.report import charts

Run = Callable[..., Result]
# A small shop: its own few rules and cards, so that an audit is quick; two agents, three conversations.
LEXICONS = {
    "words/greeting.yaml": "phrases: [您好, 欢迎光临]\nborder: false\n",
    "words/lowest.yaml": "phrases: [全网最低]\nborder: false\n",
    "rules/greeting.yaml": """
name: 缺少问候
name_en: No greeting
level: minor
why: A greeting is due.
source: The shop's own
window: {first: 3}
find: {who: [agent, auto], words: greeting}
expect: some
examples:
  - hit: |
      B 在吗
      A 在的
  - ok: |
      B 在吗
      A 您好
""",
    "rules/lowest.yaml": """
name: 说全网最低
name_en: Says the lowest of all
level: red
why: It can't be proven.
source: The shop's own
find: {words: lowest}
examples:
  - hit: |
      B 贵吗
      A 全网最低哦
  - ok: |
      B 贵吗
      A 不贵
""",
    "cards/checklist.yaml": """
name: 简易质检表
name_en: Short checklist
source: The shop's own
subject: conversation
items:
  - id: "1.10"
    name: 开场问候
    name_en: Greeting
    points: 40
    checklist: {judge: duty, at: opening, must: [greeting]}
  - id: "2"
    name: 如实介绍
    name_en: Truthful
    points: 60
    red: true
    checklist: {judge: prohibition, must_not: [lowest]}
grades: [{name: 合格, from: 80}, {name: 不合格}]
""",
    "cards/month.yaml": """
name: 月度评分表
name_en: Monthly card
source: The shop's own
subject: person
inputs: {考试分: {}}
items:
  - id: exam
    name: 考试
    name_en: Exam
    points: 50
    value: 考试分
    rating: {low: 0, high: 100}
  - id: consulted
    name: 咨询量
    name_en: Enquiries
    points: 50
    value: consulted_n
    bands: [{from: 2, points: 50}, {points: 20}]
""",
}
HEADER = "平台,店铺,会话ID,买家,客服,发送方,时间,内容"
CHATS = """淘宝,小店,-7,买家甲,小雯,买家,2026-03-02 10:00:00,我的电话13800138000，能优惠吗
淘宝,小店,-7,买家甲,小雯,客服,2026-03-02 10:00:20,您好，这款很划算
淘宝,小店,-7,买家甲,小雯,买家,2026-03-02 10:01:00,=1+1
淘宝,小店,-7,买家甲,小雯,客服,2026-03-02 10:01:10,@收到
淘宝,小店,s2,买家乙,小凯,买家,2026-03-02 11:00:00,贵吗
淘宝,小店,s2,买家乙,小凯,客服,2026-03-02 11:00:30,我们是全网最低
淘宝,小店,s3,买家丙,小雯,买家,2026-03-03 09:00:00,有货吗
淘宝,小店,s3,买家丙,小雯,客服,2026-03-03 09:00:09,有的
"""
PEOPLE = "账号,姓名,小组\n小雯,何小雯,一组\n小凯,孙小凯,一组\n"


def make_shop(folder: Path) -> Path:
    """Write the shop's lexicons, settings, chats and people; return its folder."""
    for name, text in LEXICONS.items():
        path = folder / "lexicons" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "presets").mkdir(exist_ok=True)
    (folder / "shop.yaml").write_text("shop: 小店\nlexicons: lexicons\n", encoding="utf-8")
    (folder / "chats.csv").write_text(f"{HEADER}\n{CHATS}", encoding="utf-8")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make_shop(tmp_path)


DRAWN = charts._svg


@pytest.fixture(autouse=True)
def _no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts take most of a small audit's time and stand in the golden runs; here they are left out."""
    monkeypatch.setattr("chataudit.report.charts._svg", lambda *_, **__: "<svg></svg>", raising=False)


@pytest.fixture
def run(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in the shop's folder; ``audit`` takes the shop's settings."""
    monkeypatch.chdir(shop)

    def invoke(*words: str) -> Result:
        given = ["--settings", "shop.yaml"] if words[0] == "audit" and "--settings" not in words else []
        result = CliRunner().invoke(main, [*words, *given])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    return invoke


def rows(out: Path, table: str) -> list[dict[str, str]]:
    with (out / "tables" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def score(out: Path, subject: str, card: str = "checklist") -> float:
    found = [row["score"] for row in rows(out, "scores") if (row["card"], row["subject"]) == (card, subject)]
    assert len(found) == 1, found
    return float(found[0])


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_an_audit_is_done_with_0_and_says_where_the_report_is(run: Run, shop: Path) -> None:
    done = run("audit", "chats.csv", "--people", "people.csv", "--out", "report")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "读到 8 行 = 消息 8 + 重复 0 + 拒收 0" in done.stdout
    assert str(shop / "report" / "index.html") in done.stdout
    assert faults_of(shop / "report") == []
    assert {path.name for path in shop.iterdir()} == {
        "lexicons",
        "presets",
        "shop.yaml",
        "chats.csv",
        "people.csv",
        "report",
    }
    run_json = json.loads((shop / "report" / "run.json").read_text(encoding="utf-8"))
    assert run_json["version"] == chataudit.__version__
    assert {one["name"] for one in run_json["inputs"]} == {"chats.csv", "people.csv"}
    assert score(shop / "report", "s2") == 0.0
    assert score(shop / "report", "孙小凯") == 0.0


def test_messages_and_report_speak_english_when_asked(run: Run, shop: Path) -> None:
    done = run("audit", "chats.csv", "--out", "report", "--lang", "en")
    assert done.exit_code == 0
    assert "8 rows = 8 messages + 0 duplicates + 0 rejects" in done.stdout
    assert not re.search("[一-鿿]", done.stdout)
    page = (shop / "report" / "index.html").read_text(encoding="utf-8")
    assert "Customer service audit" in page and "客服质检报告" not in page
    reasons = {row["reason"] for row in rows(shop / "report", "hits")}
    assert any("No greeting" in reason for reason in reasons)


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有这个文件或文件夹"), ("en", "No such file or folder")])
def test_a_named_file_that_is_not_there_ends_with_2(run: Run, shop: Path, lang: str, said: str) -> None:
    done = run("audit", "nowhere.csv", "--out", "report", "--lang", lang)
    assert done.exit_code == 2
    assert "nowhere.csv" in done.stderr and said in done.stderr
    assert not (shop / "report").exists()


def test_a_named_file_that_cannot_be_read_ends_with_2_and_leaves_nothing(run: Run, shop: Path) -> None:
    (shop / "talk.docx").write_text("nothing that anybody exports\n", encoding="utf-8")
    before = {path.name for path in shop.iterdir()}
    done = run("audit", "chats.csv", "talk.docx", "--out", "report", "--lang", "en")
    assert done.exit_code == 2
    assert (
        "talk.docx:1" in done.stderr
        and "Unknown layout" in done.stderr
        and "nothing that anybody exports" in done.stderr
    )
    assert {path.name for path in shop.iterdir()} == before


def test_every_named_file_that_cannot_be_read_is_named_at_once(run: Run, shop: Path) -> None:
    (shop / "a.txt").write_text("", encoding="utf-8")
    (shop / "b.bin").write_bytes(bytes(range(256)) * 20)
    done = run("audit", "a.txt", "b.bin", "chats.csv", "--lang", "en")
    assert done.exit_code == 2
    assert "a.txt" in done.stderr and "b.bin" in done.stderr


def test_a_bad_file_in_a_folder_ends_with_1_and_the_rest_is_audited(run: Run, shop: Path) -> None:
    folder = shop / "exports"
    folder.mkdir()
    (folder / "chats.csv").write_text(f"{HEADER}\n{CHATS}", encoding="utf-8")
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    done = run("audit", "exports", "--out", "report")
    assert done.exit_code == 1
    assert "broken.xlsx" in done.stdout
    assert len(rows(shop / "report", "messages")) == 8
    assert [row["file"] for row in rows(shop / "report", "rejects")] == ["broken.xlsx"]
    assert faults_of(shop / "report") == []


def test_rows_that_cannot_be_messages_are_rejects_with_place_and_reason(run: Run, shop: Path) -> None:
    line = "淘宝,小店,s2,买家乙,小凯,客服,someday,好的\n淘宝,小店,s2,买家乙,小凯,谁,2026-03-02 11:02:00,好的\n"
    (shop / "chats.csv").write_text(f"{HEADER}\n{CHATS}{line}", encoding="utf-8")
    done = run("audit", "chats.csv", "--out", "report")
    assert done.exit_code == 0
    assert "读到 10 行 = 消息 8 + 重复 0 + 拒收 2" in done.stdout
    assert [(row["row"], row["column"], row["value"]) for row in rows(shop / "report", "rejects")] == [
        ("10", "时间", "someday"),
        ("11", "发送方", "谁"),
    ]


def test_the_same_export_twice_adds_nothing(run: Run, shop: Path) -> None:
    run("audit", "chats.csv", "--out", "once")
    (shop / "again.csv").write_bytes((shop / "chats.csv").read_bytes())
    done = run("audit", "again.csv", "chats.csv", "--out", "twice")
    assert "读到 16 行 = 消息 8 + 重复 8 + 拒收 0" in done.stdout
    for table in ("sessions", "agents", "scores"):
        assert rows(shop / "once", table) == rows(shop / "twice", table)


def test_a_score_under_the_limit_ends_with_1_after_all_is_written(run: Run, shop: Path) -> None:
    done = run("audit", "chats.csv", "--card", "checklist", "--out", "report", "--fail-under", "50")
    assert done.exit_code == 1
    assert "低于 50" in done.stderr
    assert faults_of(shop / "report") == []
    assert run("audit", "chats.csv", "--card", "month", "--out", "report", "--fail-under", "0").exit_code == 0


def test_an_unknown_card_is_answered_with_the_nearest_one(run: Run, shop: Path) -> None:
    done = run("audit", "chats.csv", "--card", "cheklist", "--card", "mouth", "--out", "report", "--lang", "en")
    assert done.exit_code == 2
    assert "'cheklist'" in done.stderr and "Did you mean checklist?" in done.stderr
    assert "'mouth'" in done.stderr and "Did you mean month?" in done.stderr
    assert not (shop / "report").exists()


def test_only_the_cards_asked_are_filled_in_their_order(run: Run, shop: Path) -> None:
    run("audit", "chats.csv", "--card", "month", "--out", "report")
    assert {row["card"] for row in rows(shop / "report", "scores")} == {"month"}
    assert {row["card"] for row in rows(shop / "report", "marks")} == {"month"}


def test_all_faults_of_the_settings_are_said_at_once_with_their_places(run: Run, shop: Path) -> None:
    (shop / "bad.yaml").write_text(
        "sesion_gap: 60\ncut_hour: 99\ntimezone: Mars/Olympus\nservice_hours: 8 to 9\n", encoding="utf-8"
    )
    done = run("audit", "chats.csv", "--settings", "bad.yaml", "--out", "report", "--lang", "en")
    assert done.exit_code == 2
    for place in ("bad.yaml:1:", "bad.yaml:2:", "bad.yaml:3:", "bad.yaml:4:"):
        assert re.search(rf"^{re.escape(place)}\d+: ", done.stderr, re.MULTILINE), done.stderr
    assert "Did you mean session_gap?" in done.stderr
    assert not (shop / "report").exists()


def test_a_settings_file_that_is_not_there_ends_with_2(run: Run) -> None:
    done = run("audit", "chats.csv", "--settings", "none.yaml")
    assert done.exit_code == 2
    assert "none.yaml" in done.stderr and "没有这个设置文件" in done.stderr


@pytest.mark.parametrize(
    ("window", "days"),
    [
        ("2026-03-02", {"2026-03-02"}),
        ("2026-03-03..2026-03-09", {"2026-03-03"}),
        ("2026-03-02..2026-03-03", {"2026-03-02", "2026-03-03"}),
    ],
)
def test_only_the_days_asked_are_audited(run: Run, shop: Path, window: str, days: set[str]) -> None:
    done = run("audit", "chats.csv", "--date", window, "--out", "report")
    assert done.exit_code == 0
    assert {row["day"] for row in rows(shop / "report", "sessions")} == days
    assert {row["sent_at"][:10] for row in rows(shop / "report", "messages")} == days
    assert faults_of(shop / "report") == []


def test_a_date_that_is_none_ends_with_2(run: Run) -> None:
    done = run("audit", "chats.csv", "--date", "yesterday", "--lang", "en")
    assert done.exit_code == 2
    assert "--date" in done.stderr and "yesterday" in done.stderr


def test_wrong_usage_ends_with_2(run: Run) -> None:
    assert run("audit").exit_code == 2
    assert run("audit", "chats.csv", "--platform", "amazon").exit_code == 2
    assert run("audit", "chats.csv", "--no-such-option").exit_code == 2


def test_foreign_files_in_the_report_folder_stay(run: Run, shop: Path) -> None:
    out = shop / "report"
    (out / "mine").mkdir(parents=True)
    (out / "mine" / "notes.txt").write_text("keep me", encoding="utf-8")
    (out / "letter.docx").write_bytes(b"keep me too")
    assert run("audit", "chats.csv", "--out", "report").exit_code == 0
    assert run("audit", "chats.csv", "--out", "report", "--lang", "en").exit_code == 0
    assert (out / "mine" / "notes.txt").read_text(encoding="utf-8") == "keep me"
    assert (out / "letter.docx").read_bytes() == b"keep me too"
    assert "Customer service audit" in (out / "index.html").read_text(encoding="utf-8")
    assert faults_of(out) == []


def test_a_run_that_fails_leaves_the_old_report_as_it_was(run: Run, shop: Path) -> None:
    assert run("audit", "chats.csv", "--out", "report").exit_code == 0
    before = bytes_of(shop)
    assert run("audit", "chats.csv", "nowhere.csv", "--out", "report").exit_code == 2
    assert run("audit", "chats.csv", "--card", "none", "--out", "report").exit_code == 2
    assert bytes_of(shop) == before


def test_a_report_that_breaks_while_it_is_written_leaves_the_old_one(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("audit", "chats.csv", "--out", "report").exit_code == 0
    before = bytes_of(shop)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys.modules["chataudit.report.write"], "draw_workbook", full)
    done = run("audit", "chats.csv", "--out", "report", "--lang", "en")
    assert done.exit_code == 2
    assert "No space left on device" in done.stderr
    assert bytes_of(shop) == before
    assert run("audit", "chats.csv", "--out", "new/folder/report").exit_code == 2
    assert not (shop / "new").exists()


def test_a_second_process_writes_the_same_files(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "_svg", DRAWN)
    assert run("audit", "chats.csv", "--out", "alone", "--jobs", "1").exit_code == 0
    monkeypatch.setattr(sys.modules["chataudit.apart"], "LARGE", 1)
    monkeypatch.setattr(sys.modules["chataudit.rules"], "LONG", 1)
    assert run("audit", "chats.csv", "--out", "together", "--jobs", "2").exit_code == 0
    assert bytes_of(shop / "alone") == bytes_of(shop / "together")


def test_a_mistyped_command_is_told_with_the_nearest_one(run: Run) -> None:
    done = run("audt", "chats.csv")
    assert done.exit_code == 2
    assert "No such command 'audt'. Did you mean 'audit'?" in done.stderr


def test_personal_data_are_masked_unless_asked_otherwise(run: Run, shop: Path) -> None:
    run("audit", "chats.csv", "--out", "masked")
    run("audit", "chats.csv", "--out", "open", "--unmasked")
    hidden = "我的电话138********，能优惠吗"
    assert hidden in {row["text"] for row in rows(shop / "masked", "messages")}
    assert "我的电话13800138000，能优惠吗" in {row["text"] for row in rows(shop / "open", "messages")}
    for name, content in bytes_of(shop / "masked").items():
        assert b"13800138000" not in content, name
    page = (shop / "masked" / "index.html").read_text(encoding="utf-8")
    assert "138********" in page
    assert "13800138000" in (shop / "open" / "index.html").read_text(encoding="utf-8")


def test_text_that_a_spreadsheet_would_run_is_guarded(run: Run, shop: Path) -> None:
    run("audit", "chats.csv", "--out", "report")
    texts = [row["text"] for row in rows(shop / "report", "messages")]
    assert "'=1+1" in texts and "'@收到" in texts and "=1+1" not in texts
    assert "'-7" in {row["session_id"] for row in rows(shop / "report", "sessions")}
    book = openpyxl.load_workbook(shop / "report" / "checklists.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert not [
        cell.value for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))
    ]


def test_the_sample_size_is_the_number_of_conversations_drawn(run: Run, shop: Path) -> None:
    start = "淘宝,小店,t{0},买家{0},小雯"
    talk = f"{start},买家,2026-03-02 10:{{0:02d}}:00,有货吗\n{start},客服,2026-03-02 10:{{0:02d}}:09,您好\n"
    (shop / "chats.csv").write_text(f"{HEADER}\n" + "".join(talk.format(n) for n in range(12)), encoding="utf-8")
    run("audit", "chats.csv", "--sample", "3", "--card", "checklist", "--out", "report")
    book = openpyxl.load_workbook(shop / "report" / "checklists.xlsx")
    shown = {
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if re.fullmatch(r"t\d+", str(cell.value))
    }
    assert len(shown) == 3
    assert json.loads((shop / "report" / "run.json").read_text(encoding="utf-8"))["report"]["sample"] == 3


def test_rules_are_listed_in_both_languages(run: Run) -> None:
    assert run("rules", "list", "--settings", "shop.yaml").stdout.splitlines() == [
        "greeting\tminor\t缺少问候",
        "lowest\tred\t说全网最低",
    ]
    assert (
        run("rules", "list", "--settings", "shop.yaml", "--lang", "en").stdout.splitlines()[1]
        == "lowest\tred\tSays the lowest of all"
    )


def test_the_examples_of_rules_decide_the_exit(run: Run, shop: Path) -> None:
    done = run("rules", "test", "--settings", "shop.yaml")
    assert (done.exit_code, done.stdout) == (0, "4 个示例，0 个不符；0 个词永远不会命中。\n")
    path = shop / "lexicons" / "rules" / "lowest.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("A 不贵", "A 不贵，全网最低"), encoding="utf-8")
    done = run("rules", "test", "--settings", "shop.yaml", "--lang", "en")
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "lowest example 2: states ok, is hit",
        "4 examples, 1 wrong; 0 phrases can never hit.",
    ]


def test_cards_are_listed_and_checked(run: Run) -> None:
    assert run("cards", "list", "--settings", "shop.yaml").stdout.splitlines() == [
        "checklist\tconversation\t2\t简易质检表",
        "month\tperson\t2\t月度评分表",
    ]
    done = run("cards", "check", "--settings", "shop.yaml", "--lang", "en")
    assert (done.exit_code, done.stdout) == (0, "2 cards are sound.\n")


def test_faults_of_cards_name_file_line_column_and_the_nearest_word(run: Run, shop: Path) -> None:
    folder = shop / "lexicons" / "cards"
    text = (folder / "checklist.yaml").read_text(encoding="utf-8")
    (folder / "checklist.yaml").write_text(
        text.replace("must: [greeting]", "must: [greting]").replace("red: true", "rad: true"), encoding="utf-8"
    )
    month = (folder / "month.yaml").read_text(encoding="utf-8")
    (folder / "month.yaml").write_text(month.replace("value: consulted_n", "value: consulted"), encoding="utf-8")
    done = run("cards", "check", "--settings", "shop.yaml", "--lang", "en")
    assert done.exit_code == 2
    assert re.search(r"checklist\.yaml:16:5: Unknown key 'rad'\. Did you mean red\?", done.stderr), done.stderr
    assert re.search(r"month\.yaml:18:\d+: There is no figure 'consulted'\. Did you mean consulted_n\?", done.stderr), (
        done.stderr
    )


def test_a_rule_that_a_card_reads_must_be_there(run: Run, shop: Path) -> None:
    path = shop / "lexicons" / "cards" / "checklist.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("must: [greeting]", "must: [greting]"), encoding="utf-8")
    done = run("audit", "chats.csv", "--lang", "en")
    assert done.exit_code == 2
    assert re.search(r"checklist\.yaml:11:\d+: There is no rule 'greting'\. Did you mean greeting\?", done.stderr), (
        done.stderr
    )


def test_an_empty_sheet_filled_in_and_handed_back_changes_the_scores(run: Run, shop: Path) -> None:
    run("audit", "chats.csv", "--people", "people.csv", "--out", "before")
    done = run(
        "sheet",
        "new",
        "month",
        "--period",
        "2026-03",
        "--people",
        "people.csv",
        "--out",
        "figures.xlsx",
        "--settings",
        "shop.yaml",
    )
    assert done.exit_code == 0
    assert "2 人，2 格待填" in done.stdout
    book = openpyxl.load_workbook(shop / "figures.xlsx")
    page = book.active
    assert [cell.value for cell in page["B"] if cell.value] == ["姓名", "何小雯", "孙小凯"]
    page["D2"], page["E2"] = 90, "王主管"
    book.save(shop / "figures.xlsx")
    done = run("audit", "chats.csv", "--people", "people.csv", "--sheet", "figures.xlsx", "--out", "after")
    assert done.exit_code == 0, done.stderr
    assert score(shop / "before", "何小雯", "month") == 100.0
    assert score(shop / "after", "何小雯", "month") == 95.0
    marks = {row["subject"]: row for row in rows(shop / "after", "marks") if row["item"] == "exam"}
    assert (marks["何小雯"]["points"], marks["何小雯"]["decided_by"]) == ("45", "sheet:王主管")
    assert (marks["孙小凯"]["outcome"], marks["孙小凯"]["points"]) == ("no_data", "")
    assert {one["name"] for one in json.loads((shop / "after" / "run.json").read_text(encoding="utf-8"))["inputs"]} == {
        "chats.csv",
        "people.csv",
        "figures.xlsx",
    }


def test_a_card_without_figures_has_no_sheet(run: Run, shop: Path) -> None:
    done = run("sheet", "new", "checklist", "--people", "people.csv", "--settings", "shop.yaml", "--lang", "en")
    assert done.exit_code == 2
    assert "checklists.xlsx" in done.stderr
    done = run("sheet", "new", "mnth", "--people", "people.csv", "--settings", "shop.yaml", "--lang", "en")
    assert done.exit_code == 2
    assert "Did you mean month?" in done.stderr
    assert not list(shop.glob("*.xlsx"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_marks_in_a_workbook_handed_back_stand_beside_the_machines_and_win(run: Run, shop: Path, lang: str) -> None:
    run("audit", "chats.csv", "--people", "people.csv", "--out", "before", "--lang", lang)
    path = shop / "before" / "checklists.xlsx"
    words = {
        "zh": ("编号", "会话编号", "人工判定", "人工得分", "评分人", "备注", "不符合"),
        "en": ("item", "session id", "person's mark", "person's points", "rater", "remark", "not met"),
    }[lang]
    given = {
        ("s3", "1.10"): {"points": 25, "rater": "王主管", "remark": "后面补上了"},
        ("-7", "2"): {"mark": words[6], "rater": "王主管"},
    }
    book = openpyxl.load_workbook(path)
    filled = 0
    for sheet in book:
        columns: dict[Any, int] = {}
        for line in sheet.iter_rows():
            said = {cell.value: cell.column - 1 for cell in line}
            if set(words[:6]) <= said.keys():
                columns = said
            elif columns:
                key = (str(line[columns[words[1]]].value).lstrip("'"), line[columns[words[0]]].value)
                for field, value in given.get(key, {}).items():
                    at = {"mark": words[2], "points": words[3], "rater": words[4], "remark": words[5]}[field]
                    line[columns[at]].value = value
                    filled += 1
    assert filled == 5
    book.save(shop / "filled.xlsx")
    done = run(
        "audit", "chats.csv", "--people", "people.csv", "--sheet", "filled.xlsx", "--out", "after", "--lang", lang
    )
    assert done.exit_code == 0, done.stderr
    marks = {
        (row["subject"].lstrip("'"), row["item"], row["decided_by"]): row
        for row in rows(shop / "after", "marks")
        if row["subject_kind"] == "conversation"
    }
    assert marks["s3", "1.10", "machine"]["outcome"] == "not_met"
    by_person = marks["s3", "1.10", "sheet:王主管"]
    assert (by_person["outcome"], by_person["points"], by_person["reason"]) == ("partly", "25", "后面补上了")
    assert marks["-7", "2", "machine"]["outcome"] == "met"
    assert marks["-7", "2", "sheet:王主管"]["outcome"] == "not_met"
    assert (score(shop / "before", "s3"), score(shop / "after", "s3")) == (60.0, 85.0)
    assert (score(shop / "before", "'-7"), score(shop / "after", "'-7")) == (100.0, 40.0)
    assert (score(shop / "before", "何小雯"), score(shop / "after", "何小雯")) == (80.0, 62.5)
    red = {row["subject"]: row["red_lines"] for row in rows(shop / "after", "scores") if row["card"] == "checklist"}
    assert red["'-7"], "the person's mark breaks a red line"
    assert faults_of(shop / "after") == []


def test_a_workbook_handed_back_twice_and_unchanged_changes_nothing(run: Run, shop: Path) -> None:
    run("audit", "chats.csv", "--out", "before")
    done = run("audit", "chats.csv", "--out", "after", "--sheet", "before/checklists.xlsx")
    assert done.exit_code == 0, done.stderr
    for table in ("marks", "scores", "hits"):
        assert rows(shop / "before", table) == rows(shop / "after", table)


def test_a_console_that_lacks_characters_shows_question_marks(shop: Path) -> None:
    command = [sys.executable, "-m", "chataudit", "cards", "list", "--settings", "shop.yaml"]
    done = subprocess.run(
        command,
        cwd=shop,
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == b"checklist\tconversation\t2\t?????"


def test_help_says_how_to_begin() -> None:
    done = CliRunner().invoke(main, ["--help"])
    assert done.exit_code == 0
    assert "chataudit audit" in done.output
    assert CliRunner().invoke(main, ["--version"]).output.strip().endswith(chataudit.__version__)


# --- Cards and scores ----------------------------------------------------------------------------------------------


def audited_shop(run: Run) -> None:
    assert run("audit", "chats.csv", "--out", "out").exit_code == 0


def test_score_fills_a_card_from_an_audit_folder(run: Run, shop: Path) -> None:
    audited_shop(run)
    done = run("score", "month", "--period", "2026-03", "--from", "out", "--settings", "shop.yaml", "--out", "scored")
    assert done.exit_code == 0, done.stderr
    assert "月度评分表 2026-03" in done.stdout
    with (shop / "scored" / "tables" / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["card"] for row in rows} == {"month"} and {row["period"] for row in rows} == {"2026-03"}
    assert (shop / "scored" / "run.json").is_file()


def test_score_says_what_is_wrong_with_everything_at_once(run: Run, shop: Path) -> None:
    done = run("score", "mnth", "--period", "March", "--from", "nowhere", "--settings", "shop.yaml", "--lang", "en")
    assert done.exit_code == 2
    assert "Did you mean month?" in done.stderr and "'March' is not understood" in done.stderr
    assert not (shop / "chataudit-score").exists()


def test_a_new_card_is_sound_and_can_be_scored_at_once(run: Run, shop: Path) -> None:
    audited_shop(run)
    assert run("cards", "new", "本店", "--settings", "shop.yaml").exit_code == 0
    assert (shop / "lexicons" / "cards" / "本店.yaml").is_file()
    assert run("cards", "check", "--settings", "shop.yaml").exit_code == 0
    assert run("score", "本店", "--period", "2026-03", "--from", "out", "--settings", "shop.yaml").exit_code == 0
    again = run("cards", "new", "本店", "--settings", "shop.yaml", "--lang", "en")
    assert again.exit_code == 2 and "exists already" in again.stderr
    assert run("cards", "new", "../up", "--settings", "shop.yaml").exit_code == 2


def test_a_card_may_begin_as_a_copy(run: Run, shop: Path) -> None:
    assert run("cards", "new", "copy", "--copy", "month", "--settings", "shop.yaml").exit_code == 0
    cards = shop / "lexicons" / "cards"
    assert (cards / "copy.yaml").read_bytes() == (cards / "month.yaml").read_bytes()
    lost = run("cards", "new", "other", "--copy", "mnth", "--settings", "shop.yaml", "--lang", "en")
    assert lost.exit_code == 2 and "Did you mean month?" in lost.stderr


def test_cards_show_says_in_words_how_points_are_given(run: Run) -> None:
    shown = run("cards", "show", "month", "--settings", "shop.yaml")
    assert shown.exit_code == 0
    assert "consulted_n：≥2→50；<2→20" in shown.stdout and "0–100 按比例给分" in shown.stdout


def test_cards_diff_says_whose_grade_changes_and_why(run: Run, shop: Path) -> None:
    audited_shop(run)
    old = shop / "lexicons" / "cards" / "month.yaml"
    text = old.read_text(encoding="utf-8")
    (shop / "new.yaml").write_text(text.replace("{from: 2, points: 50}", "{from: 1, points: 50}"), encoding="utf-8")
    given = ("--period", "2026-03", "--from", "out", "--settings", "shop.yaml", "--lang", "en")
    same = run("cards", "diff", str(old), str(old), *given)
    assert same.exit_code == 0 and "0 change" in same.stdout
    done = run("cards", "diff", str(old), "new.yaml", *given)
    assert done.exit_code == 0, done.stderr
    assert re.search(r"consulted 咨询量\t20/50 → 50/50", done.stdout), done.stdout


def test_cards_diff_of_conversations_goes_by_the_marks(run: Run, shop: Path) -> None:
    audited_shop(run)
    old = shop / "lexicons" / "cards" / "checklist.yaml"
    text = old.read_text(encoding="utf-8")
    given = ("--period", "2026-03", "--from", "out", "--settings", "shop.yaml", "--lang", "en")
    (shop / "new.yaml").write_text(text.replace("from: 80", "from: 1"), encoding="utf-8")
    done = run("cards", "diff", str(old), "new.yaml", *given)
    assert done.exit_code == 0 and "get another grade" in done.stdout, done.stderr
    (shop / "new.yaml").write_text(text.replace("must_not: [lowest]", "must_not: [greeting]"), encoding="utf-8")
    judged = run("cards", "diff", str(old), "new.yaml", *given)
    assert judged.exit_code == 2 and "only a new audit can tell" in judged.stderr

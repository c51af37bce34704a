"""The sample logs, audited: nothing changes unnoticed, the same input gives the same bytes, the contract holds."""

from __future__ import annotations

import difflib
import filecmp
import os
import subprocess
import sys
from pathlib import Path

import pytest
from contract_checks import faults_of
from golden import FILES, GOLDEN, LOGS, ROOT, RUNS, golden_of, report_of, rows_of

from chataudit import cards, rules
from chataudit.apart import Apart
from chataudit.audit import Request, audit
from chataudit.report import write
from chataudit.settings import lexicons_folder, read_settings

MOST_WAITING = 0.15
CHECKLIST = "presales-checklist"


@pytest.mark.parametrize("name", RUNS)
def test_a_run_is_what_it_was(name: str) -> None:
    made = golden_of(name)
    for file in FILES:
        kept = (GOLDEN / name / file).read_text(encoding="utf-8").splitlines()
        changed = list(
            difflib.unified_diff(kept, made[file].splitlines(), f"tests/golden/{name}/{file}", "now", lineterm="", n=0)
        )
        shown = "\n".join(line[:200] for line in changed[:40])
        assert not changed, f"If this is meant, run make golden and read the difference.\n{shown}"


def test_golden_files_stay_readable_in_review() -> None:
    files = [path for path in GOLDEN.rglob("*") if path.is_file()]
    assert {path.relative_to(GOLDEN).as_posix() for path in files} == {
        f"{name}/{file}" for name in RUNS for file in FILES
    }
    assert sum(path.stat().st_size for path in files) < 200_000


@pytest.mark.parametrize("name", RUNS)
def test_a_report_holds_the_contract(name: str) -> None:
    assert faults_of(report_of(name))[:10] == []


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_same_input_gives_the_same_bytes(jobs: str, tmp_path: Path) -> None:
    """The command in a process of its own, or in two, with another hash seed and another place to run from."""
    command = [
        sys.executable,
        "-m",
        "chataudit",
        "audit",
        str(LOGS / "shop"),
        "--settings",
        str(LOGS / "settings.yaml"),
        "--out",
        str(tmp_path / "again"),
        "--jobs",
        jobs,
    ]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr
    first = report_of("shop")
    names = [path.relative_to(first).as_posix() for path in sorted(first.rglob("*")) if path.is_file()]
    assert len(names) == 16
    same, differ, lost = filecmp.cmpfiles(first, tmp_path / "again", names, shallow=False)
    assert (differ, lost) == ([], []), same


def test_a_large_report_is_drawn_in_two_processes_as_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []
    begin = Apart.begin
    monkeypatch.setattr(Apart, "begin", lambda self, *given: begun.append(self.alone) or begin(self, *given))
    monkeypatch.setattr(sys.modules["chataudit.report.write"], "LARGE", 1)
    write(audit(Request(paths=(RUNS["plain"][0],)), read_settings(None)), tmp_path / "again")
    first = report_of("plain")
    assert begun[-3:] == [False] * 3  # two charts' works and the workbook
    for name in ("index.html", "checklists.xlsx"):
        assert (tmp_path / "again" / name).read_bytes() == (first / name).read_bytes()


def test_the_sample_logs_are_what_their_maker_writes(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, str(LOGS / "make.py"), "--out", str(tmp_path)], check=True, capture_output=True, timeout=120
    )
    made = [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    folders = ("shop", "layouts", "sheets")
    kept = [path.relative_to(LOGS).as_posix() for name in folders for path in sorted((LOGS / name).iterdir())]
    assert set(made) == {*kept, "planted.csv"}
    _, differ, lost = filecmp.cmpfiles(LOGS, tmp_path, made, shallow=False)
    assert (differ, lost) == ([], [])


@pytest.mark.parametrize("name", ["shop", "uneed"])
def test_few_points_wait_for_a_person(name: str) -> None:
    marks = [
        row
        for row in rows_of(report_of(name), "marks")
        if row["subject_kind"] == "conversation"
        and row["decided_by"] == "machine"
        and row["outcome"] != "not_applicable"
    ]
    of = sum(float(row["max_points"]) for row in marks)
    waiting = sum(float(row["max_points"]) for row in marks if row["outcome"] in ("needs_review", "no_data"))
    assert of > 0
    assert waiting / of <= MOST_WAITING, f"{waiting:g} of {of:g} points wait"


def _items() -> list[str]:
    folder = lexicons_folder()
    return [item.id for item in cards.load(folder, rules.load(folder).rules).cards[CHECKLIST].items]


def test_the_checklist_has_fifteen_items() -> None:
    assert len(_items()) == 15


@pytest.mark.parametrize("item", _items())
def test_every_item_of_the_checklist_is_both_met_and_broken_in_the_sample_shop(item: str) -> None:
    seen = {
        row["outcome"]
        for row in rows_of(report_of("shop"), "marks")
        if row["card"] == CHECKLIST and row["item"] == item and row["subject_kind"] == "conversation"
    }
    folder = lexicons_folder()
    card = cards.load(folder, rules.load(folder).rules).cards[CHECKLIST]
    checklist = next(one.checklist for one in card.items if one.id == item)
    assert checklist is not None
    broken = {"not_met", "partly"} | ({"needs_review"} if checklist.judge == "judgement" else set())
    assert "met" in seen
    assert seen & broken, f"{item} ({checklist.judge}) has only {sorted(seen)}"


def test_make_golden_is_the_script_that_writes_them() -> None:
    assert "tests/golden.py" in (ROOT / "Makefile").read_text(encoding="utf-8")

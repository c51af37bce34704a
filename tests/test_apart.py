"""Work in a process of its own: the same result there, here, and where that process fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from chataudit.report import apart
from chataudit.report.apart import Apart


def write_line(path: Path, line: str) -> None:
    path.write_text(line, encoding="utf-8")


def test_work_is_done_in_another_process(tmp_path: Path) -> None:
    with Apart() as one:
        finish = one.begin(Path.write_text, tmp_path / "line.txt", "好的", "utf-8")
        finish()
    assert (tmp_path / "line.txt").read_text(encoding="utf-8") == "好的"


def test_what_the_process_does_not_do_is_done_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "COMMAND", ("-c", "raise SystemExit(3)"))
    with Apart() as one:
        one.begin(write_line, tmp_path / "line.txt", "好的")()
    assert (tmp_path / "line.txt").exists()


def test_without_a_process_the_work_is_done_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, executable in enumerate(("", "/nowhere/python")):
        monkeypatch.setattr("sys.executable", executable)
        with Apart() as one:
            one.begin(write_line, tmp_path / f"{number}.txt", "好的")()
    with Apart(wanted=False) as one:
        one.begin(write_line, tmp_path / "2.txt", "好的")()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.txt", "1.txt", "2.txt"]


def test_what_fails_here_too_is_said(tmp_path: Path) -> None:
    with Apart() as one, pytest.raises(FileNotFoundError):
        one.begin(Path.write_text, tmp_path / "nowhere" / "line.txt", "好的", "utf-8")()


def test_a_process_without_work_ends(tmp_path: Path) -> None:
    with Apart() as one:
        process = one._process
    assert process is not None
    assert process.returncode is not None

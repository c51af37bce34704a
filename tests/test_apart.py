"""Work in a process of its own: the same result there, here, and where that process fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from chataudit import apart
from chataudit.apart import Apart, is_large


def write_line(path: Path, line: str) -> None:
    path.write_text(line, encoding="utf-8")


def append_line(path: Path) -> int:
    with path.open("a", encoding="utf-8") as file:
        file.write("一行\n")
    return len(path.read_text(encoding="utf-8").splitlines())


def test_work_is_done_in_another_process(tmp_path: Path) -> None:
    with Apart() as one:
        finish = one.begin(Path.write_text, tmp_path / "line.txt", "好的", "utf-8")
        finish()
    assert (tmp_path / "line.txt").read_text(encoding="utf-8") == "好的"


def test_what_the_process_does_not_do_is_done_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Apart("no.such.module") as one:
        one.begin(write_line, tmp_path / "line.txt", "好的")()
    assert (tmp_path / "line.txt").exists()


def test_a_process_that_ends_between_two_works_is_replaced_by_this_one() -> None:
    with Apart() as one:
        first, second, third = one.begin(min, 3, 2), one.begin(sys.exit), one.begin(max, 3, 2)
        assert first() == 2
        with pytest.raises(SystemExit):
            second()
        assert third() == 3


def test_works_are_done_in_their_order_and_bring_their_results() -> None:
    with Apart("json") as one:
        waits = [one.begin(divmod, number, 7) for number in range(40)]
        assert [wait() for wait in reversed(waits)] == [divmod(number, 7) for number in reversed(range(40))]


@pytest.mark.parametrize("wanted", [True, False])
def test_a_work_is_done_once_however_often_it_is_waited_for(wanted: bool, tmp_path: Path) -> None:
    with Apart("no.such.module" if wanted else "json", wanted=wanted) as one:
        made = one.begin(append_line, tmp_path / "lines.txt")
        assert made() == made() == 1


def test_what_is_printed_there_is_no_answer() -> None:
    with Apart() as one:
        one.begin(print, "好的" * 1000)()
        assert one.begin(max, 3, 2)() == 3


def test_files_in_folders_are_large_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGE", 20)
    for number in range(2):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "chats.csv").write_text("0123456789", encoding="ascii")
    assert is_large([tmp_path])
    assert is_large([tmp_path / "0", tmp_path / "1" / "chats.csv"])
    assert not is_large([tmp_path / "0", tmp_path / "nowhere"])


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

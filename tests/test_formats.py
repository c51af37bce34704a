"""``chataudit formats``: the list, what a file was understood as, and the question where it could be two things."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chataudit import ingest
from chataudit.cli import main
from chataudit.errors import Faults, Words
from chataudit.ingest import detection
from chataudit.ingest.layout import SURE, Sign
from chataudit.ingest.layouts import LAYOUTS
from chataudit.settings import Settings

SAMPLES = Path(__file__).parents[1] / "sample_logs"
WANGWANG = SAMPLES / "layouts" / "wangwang.txt"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_layouts_are_listed_with_their_example(lang: str) -> None:
    done = run("formats", "--lang", lang)
    assert done.exit_code == 0
    for layout in LAYOUTS:
        assert f"{layout.name}\t{layout.title.said(lang)}" in done.output
        assert layout.example.split("\n")[0] in done.output


def test_what_a_text_was_understood_as() -> None:
    done = run("formats", "detect", WANGWANG)
    assert done.exit_code == 0
    for part in ("wangwang", "（确定）", "单聊", "buyer 42, agent 34", "2026-03-02 10:01:05 至 2026-03-03 10:13:05"):
        assert part in done.output


def test_how_columns_were_understood_and_what_is_open(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("会话,发送者,时刻,消息,心情\nS1,tb甲,x,在吗,好\nS1,小何,x,在的,好\n", encoding="utf-8")
    done = run("formats", "detect", path, "--lang", "en")
    assert done.exit_code == 0, done.output
    for part in (
        "plain",
        "Column: '发送者' → account",
        "Column: '心情' → not read",
        "roles were guessed",
        "settings agents / bots",
        "no shop",
        "--platform",
        "response times are not measured",
    ):
        assert part in done.output


def test_a_companion_table_is_said_to_be_one() -> None:
    done = run("formats", "detect", SAMPLES / "shop" / "订单.csv", "--lang", "en")
    assert done.exit_code == 0
    assert "107 rows" in done.output and "'订单编号' → order_id" in done.output


def test_what_is_unknown_or_missing_is_a_fault_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("不是聊天\n", encoding="utf-8")
    done = run("formats", "detect", tmp_path / "a.txt", tmp_path / "没有.txt", WANGWANG)
    assert done.exit_code == 2
    assert "看不出是什么格式" in done.stderr and "没有.txt" in done.stderr and "（确定）" in done.stdout


def test_a_tie_is_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two layouts that are equally sure of one file: both are named, and how to say which."""
    twin = replace(LAYOUTS[0], name="twin", look=lambda source, settings: Sign(SURE, Words("也有标记", "a mark too")))
    monkeypatch.setattr(detection, "LAYOUTS", (*LAYOUTS, twin))
    with pytest.raises(Faults) as caught:
        ingest.read([WANGWANG], Settings())
    said = caught.value.said("zh")
    assert "--format wangwang / --format twin" in said and "也有标记" in said
    taken = ingest.read([WANGWANG], Settings(), layout="wangwang")
    assert taken.counts["messages"] == 76

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chataudit import rules
from chataudit.errors import Faults
from chataudit.examples import _messages, transcript
from chataudit.learn import signs, untrained
from chataudit.learn.reasons import Pieces, joined
from chataudit.log import Log
from chataudit.segmenter import Segmenter
from chataudit.sessions import split
from chataudit.settings import Settings, lexicons_folder

FOLDER = lexicons_folder()
LIBRARY = rules.load(FOLDER)
SIGNS = signs.load(FOLDER, LIBRARY.rules)
SEGMENTER = Segmenter()

CALM = """
B 10:00:00 有蓝色吗
A 10:00:20 有的，今天能发
B 10:00:40 好的谢谢
"""
ANGRY = """
B 10:00:00 怎么还不发货
A 10:20:00 非常抱歉，已反馈给相关部门，请您耐心等待
B 10:20:30 太差劲了，再不发我就打12315投诉！！
"""
SILENT = """
A 10:00:00 您好，在吗
"""


def log_of(*dialogues: str) -> Log:
    rows = [row for at, text in enumerate(dialogues) for row in transcript(text, f"{at:06d}", "here")]
    return split(_messages(rows, Settings()), Settings())


def judged(*dialogues: str, lang: str = "en") -> list[tuple[float, str]]:
    log = log_of(*dialogues)
    rulings = rules.flag(log, LIBRARY, SEGMENTER).rulings
    assert SIGNS is not None
    table = untrained.judge(log, rulings, SIGNS.signs, lang)
    return [(risk, reasons) for risk, reasons in zip(table["risk"], table["reasons"], strict=True)]


def test_an_angry_talk_is_riskier_than_a_calm_one_and_nobodys_talk_has_no_risk() -> None:
    calm, angry, silent = judged(CALM, ANGRY, SILENT)
    assert calm[0] < 0.1 < 0.8 < angry[0]
    assert math.isnan(silent[0]) and silent[1] is np.nan


def test_every_contribution_is_shown_and_they_add_up() -> None:
    assert SIGNS is not None
    for risk, reasons in judged(CALM, ANGRY):
        shown = sum(float(one.rsplit(" ", 1)[1]) for one in reasons.split("; "))
        assert math.log(risk / (1 - risk)) == pytest.approx(SIGNS.signs.start + shown)


def test_the_signs_of_an_angry_talk_by_hand() -> None:
    """Counted by reading: pressed once; complained in one message, displeased in one, both at the end; marks; waited."""
    reasons = judged(ANGRY)[0][1].split("; ")
    assert sorted(reasons) == sorted(
        [
            "The buyer is displeased in his last message +0.80",
            "The buyer means to complain +0.70",
            "The buyer is displeased +0.50",
            "The buyer's last message has ?? or !! +0.50",
            "The buyer was left without an answer +0.50",
            "The buyer writes ?? or !! +0.40",
            "The buyer presses +0.35",
            "A wait over three minutes +0.30",
            "The agent says noted, passed on, please wait +0.30",
            "The agent apologises +0.20",
        ]
    )
    values = [float(one.rsplit(" ", 1)[1]) for one in reasons]
    assert values == sorted(values, reverse=True)


def test_reasons_are_said_in_the_readers_language() -> None:
    assert "买家想投诉 +0.70" in judged(ANGRY, lang="zh")[0][1]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([-2.0, -0.5, 0.25, 1.0]), st.integers(0, 2)), max_size=12),
    st.integers(1, 5),
)
def test_reasons_stand_in_the_order_of_their_weight(found: list[tuple[int, float, int]], most: int) -> None:
    labels = ["a", "b", "c"]
    pieces = [
        Pieces(np.array([session]), np.array([value]), np.array([label]), labels) for session, value, label in found
    ]
    said = joined(pieces, np.array([True, True, True, True, False]), most)
    for session in range(5):
        mine = [(-abs(value), rank, label, value) for rank, (at, value, label) in enumerate(found) if at == session]
        expected = "; ".join(f"{labels[label]} {value:+.2f}" for _, _, label, value in sorted(mine)[:most])
        assert (said[session] if isinstance(said[session], str) else "") == expected


def test_the_file_of_signs_says_all_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "risk").mkdir()
    file = tmp_path / "risk" / "signs.yaml"
    file.write_text(
        "start: -2\nsigns:\n  - {rule: risk/curs, weight: 1}\n  - {rule: risk/curse, weight: 1}\n"
        "  - {rule: risk/curse, weight: 2}\n",
        encoding="utf-8",
    )
    with pytest.raises(Faults) as caught:
        signs.load(tmp_path, LIBRARY.rules)
    said = [fault.said("en") for fault in caught.value.faults]
    assert len(said) == 2
    assert "signs.yaml:3:6" in said[0] and "risk/curse" in said[0]
    assert "signs.yaml:5:6" in said[1] and "twice" in said[1]


@pytest.mark.parametrize("weight", [".nan", "11", "-11", "heavy"])
def test_weights_are_numbers_in_bounds(tmp_path: Path, weight: str) -> None:
    (tmp_path / "risk").mkdir()
    file = tmp_path / "risk" / "signs.yaml"
    file.write_text(f"start: -2\nsigns:\n  - {{rule: risk/curse, weight: {weight}}}\n", encoding="utf-8")
    with pytest.raises(Faults):
        signs.load(tmp_path, LIBRARY.rules)


def test_lexicons_without_signs_give_no_risk_and_say_so(tmp_path: Path) -> None:
    assert signs.load(tmp_path, LIBRARY.rules) is None
    table = untrained.unknown(log_of(CALM))
    assert table["risk"].isna().all() and list(table["model"]) == ["none"]

"""Senior engineers: parts of the work that stand in for one another, deductions, levels with discretion, the self score beside."""

from __future__ import annotations

import pytest

from cards.cases import book, points, result, shipped
from chataudit.cards.functions import level_points
from chataudit.cards.model import Card

PARTS = "周期 姓名 安排调研 安排方案 安排投标 安排资料 售前调研 超出内审次数 销售不满意次数 方案投诉次数"
TITLES = f"{PARTS} 封装后返工 流标废标 资料与培训 工作态度 出勤与制度"
WORK = ("research", "solutions", "bids", "sharing")


@pytest.mark.parametrize(
    ("row", "work", "score"),
    [
        # All four parts, 15 each: 15 + 15 + 15 + 15 + 19 + 20
        ("1 1 1 1 A 0 0 0 0 0 A A19 A20", [15, 15, 15, 15], 99),
        # 80 % of 15; −1 −2 −5 of 15; −2 −5 of 15; 60 % of 15: 12 + 7 + 8 + 9 + 16 + 18
        ("1 1 1 1 B 1 1 1 1 1 B B16 A18", [12, 7, 8, 9], 70),
        # Two parts, 30 each: −1 −2 of 30, −2 of 30: 27 + 28 + 13 + 12
        ("0 1 1 0 - 1 1 0 1 0 - C13 C12", [None, 13.5, 14, None], 80),
        # One part, 60: three void bids take 15 of 60: 45 + 18 + 15
        ("0 0 1 0 - - - - 0 3 - A18 B15", [None, None, 11.25, None], 78),
        # One part: deductions end at nothing: 0 + 20 + 20
        ("0 1 0 0 - 0 0 13 - - - A20 A20", [None, 0, None, None], 40),
        # 60 % of 30, and 4 of 15 at discretion is 8 of 30: 18 + 8 + 11.5 + 3
        ("1 0 0 1 C - - - - - C4 D11.5 D3", [9, None, None, 4], 40.5),
        # No part at all: 40 of 40
        ("0 0 0 0 - - - - - - - A20 A20", [None] * 4, 100),
    ],
)
def test_by_hand(row: str, work: list[float | None], score: float) -> None:
    one = result(book("engineer-senior", sheets=f"{TITLES}\n2026-03 甲 {row}"), "2026-03", "甲")
    assert [points(one)[item] for item in WORK] == work
    assert (one.score, one.provisional) == (pytest.approx(score), False)


def test_what_is_open_has_bounds() -> None:
    # A level without its number: 12 to 15. Whether the research was late is not said: 0 to 60. At most 95 in the end, but
    # never less than what the decided 20 of 20 points say.
    row = "1 0 0 0 - - - - - - - C A20"
    one = result(book("engineer-senior", sheets=f"{TITLES}\n2026-03 甲 {row}"), "2026-03", "甲")
    assert (one.score, one.low, one.high, one.waits) == (100, 20 + 12, 100, True)


def test_a_self_score_stands_beside_and_counts_nothing() -> None:
    sheets = f"{TITLES}\n2026-03 甲 1 0 0 0 B - - - - - - B15 B15\n\n周期 姓名 评分人 售前调研 工作态度\n2026-03 甲 自评 A A20"
    one = result(book("engineer-senior", sheets=sheets), "2026-03", "甲")
    assert one.score == 48 + 15 + 15
    mark = next(mark for mark in one.marks if mark.line.id == "attitude")
    assert (mark.points, mark.evidence["said"]) == (15, {"示例主管": "B15", "自评": "A20"})


def level(item: str, text: str) -> tuple[float | None, float, float] | None:
    card: Card = shipped("engineer-senior")
    levels = next(one for one in card.items if one.id == item).levels
    try:
        return level_points(levels, text)
    except ValueError:
        return None


@pytest.mark.parametrize("item", ["attitude", "rules"])
@pytest.mark.parametrize(
    ("low", "text", "taken"),
    [
        ("A", "20", True), ("A", "18", True), ("A", "17.9", False), ("A", "20.1", False),
        ("B", "17.9", True), ("B", "15", True), ("B", "18", True), ("B", "18.1", False), ("B", "14.9", False),
        ("C", "14.9", True), ("C", "12", True), ("C", "15", True), ("C", "15.1", False), ("C", "11.9", False),
        ("D", "11.9", True), ("D", "0", True), ("D", "12", False),
    ],
)  # fmt: skip
def test_edges_of_the_levels(item: str, low: str, text: str, taken: bool) -> None:
    assert level(item, f"{low} {text}") == ((float(text),) * 3 if taken else None)


@pytest.mark.parametrize(("text", "taken"), [("D 8.9", True), ("D 9", False), ("D 0", True), ("C", True), ("E", False)])
def test_edges_of_the_research(text: str, taken: bool) -> None:
    assert (level("research", text) is not None) == taken

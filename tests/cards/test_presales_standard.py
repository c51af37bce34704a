"""The standard of agents: every default band's edges, growth without an upper limit, a failed exam, four of six months."""

from __future__ import annotations

import pytest

from cards.cases import book, follows, points, result, shipped
from chataudit.cards.model import grade_of

WORDS = "courtesy/service-words"
EDGES = [
    ("consulted", "consulted_n", 31, [(40, 10), (39.9, 8), (30, 8), (29.9, 6), (20, 6), (19.9, 4), (10, 4), (9.9, 2)]),
    ("paid", "paid_n", 31, [(15, 10), (14.9, 8), (10, 8), (9.9, 6), (6, 6), (5.9, 4), (3, 4), (2.9, 2)]),
    ("conversion", "paid_n", 1, [(50, 10), (49, 8), (40, 8), (39, 6), (30, 6), (29, 4), (20, 4), (19, 2)]),
    ("response", "first_wait_s", 100, [(15, 5), (15.1, 4), (30, 4), (30.1, 3), (60, 3), (60.1, 1), (120, 1), (121, 0)]),
    (
        "attitude",
        f"kept:{WORDS}",
        1,
        [(40, 15), (39, 12), (30, 12), (29, 9), (20, 9), (19, 5), (10, 5), (9, 0), (0, 0)],
    ),
    ("returns", "returned_order_n", 1, [(2, 5), (2.1, 4), (5, 4), (5.1, 2), (10, 2), (10.1, 0)]),
]
OF_100 = {
    "consulted_n": "session_n",
    "paid_n": "consulted_n",
    "first_wait_s": "first_answered_n",
    f"kept:{WORDS}": "agent_msg_n",
    "returned_order_n": "order_n",
}


@pytest.mark.parametrize(
    ("item", "fact", "times", "value", "given"),
    [(item, fact, times, value, given) for item, fact, times, cases in EDGES for value, given in cases],
)
def test_edges(item: str, fact: str, times: float, value: float, given: float) -> None:
    facts = f"周期 姓名 {fact} {OF_100[fact]}\n2026-03 甲 {value * times:g} 100"
    assert points(result(book("presales-standard", facts=facts, rules=(WORDS,)), "2026-03", "甲"))[item] == given


@pytest.mark.parametrize(("wrong", "given"), [(0, 10), (10, 10), (11, 8), (30, 8), (31, 5), (50, 5), (51, 0)])
def test_edges_of_wrong_orders(wrong: int, given: float) -> None:
    filled = book(
        "presales-standard",
        facts="周期 姓名 order_n\n2026-03 甲 1000",
        sheets=f"周期 姓名 错误订单数\n2026-03 甲 {wrong}",
    )
    assert points(result(filled, "2026-03", "甲"))["correct"] == given


@pytest.mark.parametrize(
    ("sales", "given"),
    [(1099.9, 0), (1100, 1), (1199, 1), (1200, 2), (2500, 15), (2600, 16), (11000, 100), (1000, 0), (500, 0), (0, 0)],
)
def test_growth_has_no_upper_limit(sales: float, given: float) -> None:
    facts = f"周期 姓名 sales\n2026-02 甲 1000\n2026-03 甲 {sales}"
    assert points(result(book("presales-standard", facts=facts), "2026-03", "甲"))["growth"] == given


@pytest.mark.parametrize(
    ("mark", "given"),
    # 15 points for 100; from 60 on in proportion; below, what lacks to 60 is taken away in the same proportion
    [(100, 15), (80, 12), (60, 9), (59.9, -0.015), (58, -0.3), (40, -3), (0, -9)],
)
def test_a_failed_exam_takes_points_away(mark: float, given: float) -> None:
    filled = book("presales-standard", sheets=f"周期 姓名 业务知识考核评分\n2026-03 甲 {mark}")
    assert points(result(filled, "2026-03", "甲"))["exam"] == given


def test_grades() -> None:
    made = [grade_of(shipped("presales-standard").grades, score) for score in (120, 85, 84.99, 60, 59.99, -3)]
    assert made == ["卓越", "卓越", "合格", "合格", "待改进", "待改进"]


def test_four_excellent_months_of_six_may_be_promoted() -> None:
    # Excellent in four months each: 甲 in February, April, May, July; 乙 in January, April, May, July, which are seven.
    marks = {"甲": (60, 90, 60, 90, 90, 60, 90), "乙": (90, 60, 60, 90, 90, 60, 90)}
    rows = [f"2026-0{month} {name} {mark}" for name in marks for month, mark in enumerate(marks[name], 1)]
    sheets = "\n".join(["周期 姓名 业务知识考核评分", *rows])
    # with the other items unknown the grades may still change, and nobody is promoted
    assert follows(book("presales-standard", sheets=sheets), "2026-07") == set()
    card = shipped("presales-standard")
    exam = tuple(item for item in card.items if item.id == "exam")
    filled = book(card.model_copy(update={"items": exam}), sheets=sheets)
    assert follows(filled, "2026-06") == set()
    assert follows(filled, "2026-07") == {("甲", "六个月内至少四次卓越")}

"""Values and post indicators: three agents counted by hand, every edge against the mean, levels, a mean that compares with nobody."""

from __future__ import annotations

import pytest

from cards.cases import book, points, result
from chataudit.errors import Words

FACTS = """
周期     姓名  effective_sales  inquiry_n  paid_n  wait_s  answered_n
2026-03  甲    8000             100        50      1000    100
2026-03  乙    10000            100        40      2000    100
2026-03  丙    12000            100        30      3000    100
"""
SHEETS = """
周期     姓名  客户第一  团队合作  拥抱变化  诚信  激情  敬业  销售任务  打字速度  点名表扬  点名批评
2026-03  甲    5         4         3         5     4     3     10000     79        4         1
2026-03  乙    3         3         3         3     3     3     10000     100       2         0
2026-03  丙    1         -         2         1     1     1     10000     121       1         0
"""


def test_three_agents() -> None:
    filled = book("presales-values", facts=FACTS, sheets=SHEETS)
    made = {name: result(filled, "2026-03", name) for name in "甲乙丙"}
    got = {name: points(one) for name, one in made.items()}
    # Means: reached 80 %, 100 %, 120 % of the target: 1 (0.8 and 1.2 of it: both middle); converted .5, .4, .3: .4 (above
    # 1.2, middle, under 0.8); typed 79, 100, 121: 100; praised 3, 2, 1: 2; answered in 10, 20, 30 s: 20, less is better.
    expected = {
        "completed": [10, 10, 10],
        "conversion": [15, 10, 5],
        "typing": [5, 10, 15],
        "attitude": [15, 10, 5],
        "response": [15, 10, 5],
    }
    assert {item: [got[name][item] for name in "甲乙丙"] for item in expected} == expected
    # 甲: 24 of 30 values are 20 of 25; 60 of 75. 乙: 18 of 30 are 15 of 25; 50 of 75.
    assert (made["甲"].score, made["乙"].score) == (80, 65)
    # The two parts stand side by side.
    assert [(one.group, one.points, one.of) for one in made["甲"].parts] == [("values", 20, 25), ("post", 60, 75)]
    # 丙: one value waits: 6 of 25 are 5 of 20.83; and 40 of 75: 45 of 95.83 decided points.
    third = made["丙"]
    assert third.waits
    assert third.score == pytest.approx(45 / (75 + 25 * 5 / 6) * 100)
    assert (third.parts[0].points, third.parts[0].of) == (5, pytest.approx(125 / 6))
    assert (third.low, third.high) == (45, pytest.approx(45 + 25 / 6))


@pytest.mark.parametrize(
    ("own", "other", "typing", "response"),
    # Of 1000 together the mean is 500: 399 is under 80 % of it, 400 is 80 %, 600 is 120 %, 601 is above.
    [(399, 601, 5, 15), (400, 600, 10, 10), (500, 500, 10, 10), (600, 400, 10, 10), (601, 399, 15, 5)],
)
def test_edges_against_the_mean(own: int, other: int, typing: float, response: float) -> None:
    facts = f"周期 姓名 wait_s answered_n\n2026-03 甲 {own} 10\n2026-03 乙 {other} 10"
    filled = book("presales-values", facts=facts, sheets=f"周期 姓名 打字速度\n2026-03 甲 {own}\n2026-03 乙 {other}")
    got = points(result(filled, "2026-03", "甲"))
    assert (got["typing"], got["response"]) == (typing, response)


def test_nobody_praised_compares_with_nobody() -> None:
    filled = book("presales-values", sheets="周期 姓名 点名表扬 点名批评\n2026-03 甲 0 1\n2026-03 乙 1 2")
    one = next(mark for mark in result(filled, "2026-03", "甲").marks if mark.line.id == "attitude")
    assert (one.outcome, one.points, one.reason) == (
        "needs_review",
        None,
        Words("没有可比的平均值", "there is no mean to compare with"),
    )


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_levels(level: int) -> None:
    names = ("customer", "team", "change", "integrity", "passion", "dedication")
    sheets = f"周期 姓名 客户第一 团队合作 拥抱变化 诚信 激情 敬业\n2026-03 甲{f' {level}' * 6}"
    one = points(result(book("presales-values", sheets=sheets), "2026-03", "甲"))
    assert [one[name] for name in names] == [level] * 6

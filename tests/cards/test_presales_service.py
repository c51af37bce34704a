"""The plans without weights of their own: service by month, work by quarter; every default band, parts that do not apply."""

from __future__ import annotations

import pytest

from cards.cases import book, follows, points, result

FACTS = """
周期     姓名  consulted_n  received_n  ordered_n  within_30s_n  first_n  within_180s_n  timed_n
2026-02  甲    560          560         140        1             1        1              1
2026-03  甲    682          651         124        80            100      99             100
2026-03  乙    310          930         248        50            100      79             100
"""
SHEETS = """
周期     姓名  客户反馈条数  满意反馈条数  满意度调查得分  应回访数  已回访数
2026-03  甲    20            18            90              4         3
2026-03  乙    0             0             70              0         -

周期     姓名  其他业务处理量  其他业务指标  抽查回复条数  准确回复条数  定性考核  上期日均咨询量
2026-03  甲    6               10            50            45            80        -
2026-03  乙    -               0             -             -             60        10
"""


def test_service_by_hand() -> None:
    filled = book("presales-service", facts=FACTS, sheets=SHEETS)
    # 甲: 18/20 and 90 of 100 and 3/4; 682/31 = 22 a day, 560/28 = 20 before: +10 %; received 651/31 = 21 of 30;
    # ordered 124/31 = 4 of 8; 6 of 10; 80 % within 30 s, 99 % within 3 min; 45/50; 80 of 100.
    first = result(filled, "2026-03", "甲")
    assert points(first) == {
        "feedback": 9, "survey": 9, "revisits": 7.5, "enquiries": 3, "growth": 5, "received": 5.6, "ordered": 4,
        "other_work": 2.4, "first_reply": 8, "later_reply": 10, "accuracy": 9, "overall": 8,
    }  # fmt: skip
    # 25.5 + 20 + 27 + 8
    assert (first.score, first.provisional) == (80.5, False)
    # 乙: no feedback, nobody to revisit: the survey takes the group's 30 points: 21. No other business: 2 + 3 + 8 + 8 = 21
    # of 26, times 30/26 = 24.23. 3 + 0 + accuracy open. 6 of 10. 310/31 = 10 a day as before; 30 of 30; 8 of 8.
    second = result(filled, "2026-03", "乙")
    assert [name for name, one in points(second).items() if one is None] == [
        "feedback", "revisits", "other_work", "accuracy",
    ]  # fmt: skip
    gained = 21 + 21 * 30 / 26 + 3 + 0 + 6
    assert second.score == pytest.approx(gained / 90 * 100, abs=1e-6)
    assert (second.low, second.high) == (pytest.approx(gained, abs=1e-6), pytest.approx(gained + 10, abs=1e-6))


@pytest.mark.parametrize(
    ("item", "fact", "over", "value", "given"),
    [
        *[("enquiries", "consulted_n", "-", 31 * day, mark) for day, mark in ((40, 5), (30, 4), (20, 3), (10, 2))],
        *[("enquiries", "consulted_n", "-", 31 * day - 1, mark) for day, mark in ((40, 4), (30, 3), (20, 2), (10, 1))],
        *[("first_reply", "within_30s_n", "first_n", at, mark) for at, mark in ((900, 10), (899, 8), (800, 8))],
        *[
            ("first_reply", "within_30s_n", "first_n", at, mark)
            for at, mark in ((799, 6), (700, 6), (699, 3), (499, 0))
        ],
        *[("later_reply", "within_180s_n", "timed_n", at, mark) for at, mark in ((990, 10), (989, 8), (950, 8))],
        *[
            ("later_reply", "within_180s_n", "timed_n", at, mark)
            for at, mark in ((949, 6), (900, 6), (899, 3), (799, 0))
        ],
    ],
)
def test_service_edges(item: str, fact: str, over: str, value: int, given: float) -> None:
    facts = f"周期 姓名 {fact} {over if over != '-' else 'session_n'}\n2026-03 甲 {value} 1000"
    assert points(result(book("presales-service", facts=facts), "2026-03", "甲"))[item] == given


@pytest.mark.parametrize(("now", "given"), [(1100, 5), (1099, 3), (1000, 3), (999, 2), (900, 2), (899, 0)])
def test_growth_edges(now: int, given: float) -> None:
    facts = f"周期 姓名 consulted_n\n2026-03 甲 {now}"
    filled = book("presales-service", facts=facts, sheets=f"周期 姓名 上期日均咨询量\n2026-03 甲 {1000 / 31:.12f}")
    assert points(result(filled, "2026-03", "甲"))["growth"] == given


WORK = """
周期    姓名  first_wait_s  first_answered_n  consulted_n  effective_sales
2026Q1  甲    3000          100               1800         4500
2026Q1  乙    30100         100               890          7000
"""
WORK_SHEETS = """
周期    姓名  抽查回复条数  准确回复条数  与销售协作  销售目标  满意度调查得分
2026Q1  甲    100           95            80          6000      90
2026Q1  乙    100           60            40          6000      50
"""


def test_work_by_hand() -> None:
    filled = book("presales-work", facts=WORK, sheets=WORK_SHEETS)
    # 甲: 30 s; 95 %; 1800 / 90 days = 20; 80 of 100; 4500 / 6000 = 75 %; 90 of 100: 20 + 19 + 9 + 12 + 11.25 + 13.5
    assert points(result(filled, "2026Q1", "甲")) == {
        "response": 20, "accuracy": 19, "enquiries": 9, "cooperation": 12, "target": 11.25, "survey": 13.5,
    }  # fmt: skip
    first, second = result(filled, "2026Q1", "甲"), result(filled, "2026Q1", "乙")
    assert (first.score, first.grade, first.provisional) == (84.75, "合格", False)
    # 乙: 301 s; 60 %; under 10 a day; 40; more than the target is the target; 50: 0 + 12 + 3 + 6 + 15 + 7.5
    assert (second.score, second.grade) == (43.5, "待改进")
    assert follows(filled, "2026Q1") == {("乙", "表现不佳")}


@pytest.mark.parametrize(
    ("seconds", "given"), [(30, 20), (30.1, 16), (60, 16), (60.1, 12), (120, 12), (120.1, 6), (300, 6), (300.1, 0)]
)
def test_work_response_edges(seconds: float, given: float) -> None:
    facts = f"周期 姓名 first_wait_s first_answered_n\n2026Q1 甲 {seconds * 10} 10"
    assert points(result(book("presales-work", facts=facts), "2026Q1", "甲"))["response"] == given


@pytest.mark.parametrize(("a_day", "given"), [(40, 15), (39.9, 12), (30, 12), (29.9, 9), (20, 9), (10, 6), (9.9, 3)])
def test_work_enquiries_edges(a_day: float, given: float) -> None:
    facts = f"周期 姓名 consulted_n\n2026Q1 甲 {a_day * 90:g}"
    assert points(result(book("presales-work", facts=facts), "2026Q1", "甲"))["enquiries"] == given


@pytest.mark.parametrize(("mark", "grade"), [(85, "优秀"), (84.99, "合格"), (60, "合格"), (59.99, "待改进")])
def test_work_grades(mark: float, grade: str) -> None:
    sheets = f"周期 姓名 与销售协作 满意度调查得分\n2026Q1 甲 {mark} {mark}"
    assert result(book("presales-work", sheets=sheets), "2026Q1", "甲").grade == grade

"""Cards that nobody here thought of, from other shops' tools and handbooks: written in YAML alone, counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from cards.cases import book, card_of, course, follows, paid, points, result
from chataudit.cards.book import Book
from chataudit.cards.periods import read_period

FOLDER = Path(__file__).parent / "foreign"
RULES = ("insult/abuse", "contact/off-platform")


def filled(name: str, **tables: str) -> Book:
    return book(card_of(FOLDER / f"{name}.yaml"), rules=RULES, **tables)  # type: ignore[arg-type]


# --- Between worst and best: a straight line -----------------------------------------------------------------------

LINEAR_FACTS = """
周期     姓名  consulted_n  received_n  within_180s_n  timed_n  wait_s  answered_n  first_wait_s  first_answered_n  slow_n
2026-03  A     543          543         10000          10000    1378    100         1846          100               13
2026-03  B     499          499         9971           10000    932     100         1746          100               14
2026-03  C     521          521         9966           10000    1145    100         1547          100               11
2026-03  D     100          100         100            100      500     100         800           100               0
2026-03  E     100          90          95             100      3000    100         4000          100               10
2026-03  F     100          95          -              -        -       -           -             -                 -
"""
LINEAR = """
周期     姓名  有效接待
2026-03  A     415
2026-03  B     408
2026-03  C     381
2026-03  D     85
2026-03  E     40
"""


def test_linear_scores_and_their_order() -> None:
    made = filled("linear-100", facts=LINEAR_FACTS, sheets=LINEAR).results(read_period("2026-03"))
    # A: 25 + 25 + 20 × (30 − 13.78) / 25 = 12.976 + 10 × (40 − 18.46) / 32 = 6.73125
    #    + 10 × (10 − 13 / 5.43) / 10 = 7.605893 + 10 × (41500 / 543 − 40) / 45 = 8.094945: 85.408088
    assert {one: round(made[one].score or 0, 2) for one in "ABC"} == {"A": 85.41, "B": 88.61, "C": 86.06}
    assert (made["D"].score, made["E"].score) == (100, 0), "best and worst of everything"
    # F: half of the one thing known, 50
    assert {one: made[one].place for one in "DBCAFE"} == {"D": 1, "B": 2, "C": 3, "A": 4, "F": 5, "E": 6}


def test_linear_leaves_out_what_is_missing_and_says_so() -> None:
    made = result(filled("linear-100", facts=LINEAR_FACTS, sheets=LINEAR), "2026-03", "F")
    # only the reply share: 95 % is half of 25, of the 25 that are known; the rest leaves 12.5 to 87.5 of 100
    assert (made.score, made.low, made.high, made.provisional) == (50, 12.5, 87.5, True)
    nobody = filled("linear-100", facts="周期 姓名 session_n\n2026-03 G 1")
    assert result(nobody, "2026-03", "G").score is None


# --- Bands that add up to a day's wage -----------------------------------------------------------------------------

BANDED_FACTS = """
周期     姓名  sales   payer_n  paid_n  inquiry_n  within_180s_n  timed_n  within_30s_n  first_n  wait_s  answered_n
2026-03  甲    3500    50       50      142        200            200      44            45       1800    200
2026-03  乙    119990  2000     2000    4762       999            1000     95            100      1700    100
2026-03  丙    5990    100      100     400        97             100      74            100      3600    100
"""
BANDED = """
周期     姓名  出勤天数
2026-03  甲    31.5
2026-03  乙    26
2026-03  丙    -
"""


def test_banded_wages() -> None:
    made = filled("banded-payroll", facts=BANDED_FACTS, sheets=BANDED)
    # 甲: 70 yuan (100); 50 of 142 = 35.2 % (350); 100 % (200); 97.78 % (50); 9 s (50): 750, so 120 a day, 3780
    assert points(result(made, "2026-03", "甲")) == {
        "order_value": 100, "conversion": 350, "three_minutes": 200, "half_minute": 50, "mean": 50,
    }  # fmt: skip
    assert result(made, "2026-03", "甲").score == 750
    assert paid(made, "2026-03", "甲") == {"日薪": "120.00", "月薪": "3780.00", "total": "3780.00"}
    # 乙: 59.995 (50); 2000 of 4762 = 41.9992 %, which the printed 39–41.99 would drop to the bottom (450); 99.9 % (200);
    # 95 % (50); 17 s (50): 800, 136 a day
    assert result(made, "2026-03", "乙").score == 800
    assert paid(made, "2026-03", "乙")["total"] == "3536.00"
    # 丙: 59.9 (50); 25 % (200); 97 % (50); 74 % (20); 36 s (20): 340, 96 a day, and nobody has counted the days
    assert result(made, "2026-03", "丙").score == 340
    assert paid(made, "2026-03", "丙") == {"日薪": "96.00", "月薪": None, "total": None}


@pytest.mark.parametrize(
    ("conversion", "expected"),
    [(42, 500), (41.995, 450), (39, 450), (38.999, 350), (38.995, 350), (35, 350), (34.999, 200), (0, 200)],
)
def test_banded_edges_have_no_holes(conversion: float, expected: float) -> None:
    facts = f"周期 姓名 paid_n inquiry_n\n2026-03 甲 {conversion * 1000:.0f} 100000"
    assert points(result(filled("banded-payroll", facts=facts), "2026-03", "甲"))["conversion"] == expected


@pytest.mark.parametrize(
    ("wait", "expected"), [(17, 50), (17.5, 40), (24, 40), (24.5, 30), (34, 30), (34.5, 20), (35, 20)]
)
def test_banded_edges_of_waits(wait: float, expected: float) -> None:
    facts = f"周期 姓名 wait_s answered_n\n2026-03 甲 {wait * 10:g} 10"
    assert points(result(filled("banded-payroll", facts=facts), "2026-03", "甲"))["mean"] == expected


# --- A handbook with a bit of everything ---------------------------------------------------------------------------

SNACK_PEOPLE = """
姓名  小组  入职日期
甲    一组  2024-01-01
乙    一组  2024-01-01
丙    一组  2024-01-01
丁    一组  2026-03-10
"""
SNACK_FACTS = """
周期     姓名  consulted_n  first_wait_s  first_answered_n  paid_n  inquiry_n  sales   hit:insult/abuse  hit:contact/off-platform
2026-02  丙    100          12000         100               10      100        10000   9                 2
2026-03  甲    900          4000          200               450     900        120000  1                 0
2026-03  乙    700          3500          100               280     700        80000   0                 0
2026-03  丙    700          1000          100               273     700        60000   0                 1
2026-03  丁    500          1000          100               50      500        40000   0                 0
"""
SNACK = """
考核项    2026-03/甲  2026-03/乙  2026-03/丙  2026-03/丁  2026-02/丙  2026-03/全店
迟到      1           3           2           0           12           -
旷工      0           0           1           0           0           -
出勤      22          20          21          16          22           -
组长评定  A9.5        8           9           B7          0           -
带教加分  2           -           -           -           -           -
点名表扬  7           0           0           0           0           -
有责投诉  0           1           0           0           0           -
应出勤    -           -           -           -           -           22
"""


def snack(sheets: str = SNACK, people: str = SNACK_PEOPLE) -> Book:
    return filled("snack-shop", facts=SNACK_FACTS, sheets=sheets, people=people)


def test_handbook_scores() -> None:
    made = snack()
    # 甲: first (20); 20 s: 20 × 40 / 50 = 16; 50 % (20); one hit (13); 5; one lateness is free (10); 9.5: 93.5;
    # + 2 for teaching + 5 for praise (7, capped): 100.5
    first = result(made, "2026-03", "甲")
    assert points(first) == {
        "reception": 20, "speed": 16, "conversion": 20, "quality": 13, "private_deal": 5, "attendance": 10,
        "lead": 9.5, "teaching": 2, "praise": 5, "complaints": 0,
    }  # fmt: skip
    assert (first.score, first.grade) == (100.5, "A")
    # 乙: second with 丙 (16); 10; 40 % (15); 15; 5; 3 late, 1 free (8); 8: 77, − 3 for a complaint: 74
    assert (result(made, "2026-03", "乙").score, result(made, "2026-03", "乙").grade) == (74, "C")
    # 丙: 16; 20; 39 % (10); 15; 0 for a private deal; 2 + 3 × 1 = 5, 1 free (6); 9: 76, capped at 59 by the red line
    third = result(made, "2026-03", "丙")
    assert sum(value or 0 for value in points(third).values()) == 76
    assert (third.score, third.grade, third.red_lines) == (59, "D", ("private_deal 飞单",))
    # 丁: 22 days there, no conversion yet: last (8); 20; 15; 5; 10; 7: 65 of 80
    fourth = result(made, "2026-03", "丁")
    assert (fourth.score, fourth.applicable, fourth.grade) == (81.25, 0.8, "B")
    assert [result(made, "2026-03", one).place for one in "甲乙丙丁"] == [1, 3, 4, 2]


def test_handbook_consequences() -> None:
    made = snack()
    # 丙 in February alone: too few to rank reception, 0 for 120 s, 4, 0, 0, 0 (11 beyond), 0: 4 of 80, a D as in March
    assert result(made, "2026-02", "丙").score == 5
    assert follows(made, "2026-03") == {("丙", "三个月内两次 D"), ("甲", "当月第一名")}
    assert course(made).results(read_period("2026-03"))["甲"].place == 1


def test_handbook_pay() -> None:
    made = snack()
    # 甲: 2600 × 22 / 22; 120000 × 1.5 % × 1.2 = 2160; late once, so no full attendance
    assert paid(made, "2026-03", "甲") == {
        "出勤工资": "2600.00", "等级系数": "1.20", "提成": "2160.00", "全勤": "0.00", "total": "4760.00",
    }  # fmt: skip
    # 乙: 2600 × 20 / 22 = 2363.636…; 80000 × 1 % × 0.8 = 640
    assert paid(made, "2026-03", "乙")["total"] == "3003.64"
    # 丁: 2600 × 16 / 22 = 1890.909…; 40000 × 0.5 % × 1 = 200; full attendance 200
    assert paid(made, "2026-03", "丁") == {
        "出勤工资": "1890.91", "等级系数": "1.00", "提成": "200.00", "全勤": "200.00", "total": "2290.91",
    }  # fmt: skip


@pytest.mark.parametrize(("since", "applies"), [("2026-03-02", True), ("2026-03-03", False)])
def test_handbook_newcomers(since: str, applies: bool) -> None:
    # March ends on the 31st: from the 2nd on it is 30 days, both counted.
    made = snack(people=f"姓名 小组 入职日期\n丁 一组 {since}\n甲 一组 2024-01-01")
    assert (points(result(made, "2026-03", "丁"))["conversion"] is not None) is applies

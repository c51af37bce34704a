"""The bonus on a year of 2812: quarters that carry over, shortfalls made up first, the settlement at year end, to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.cases import book, paid, points, result, shipped
from chataudit.cards.book import Book
from chataudit.cards.model import Card

KPI = """
周期    姓名  季度工资  支持售前次数  支持售前项目  外派演讲  培训下级顾问
2026Q1  甲    60000     48            12            1         3
2026Q4  甲    60000     48            12            1         3

周期    姓名  优秀方案数  总方案数  成功项目数  应支持项目数  被支持单位反馈  团体精神
2026Q1  甲    9           10        8           10            9               9
2026Q4  甲    9           10        8           10            9               9
"""
RECEIPTS = """
周期    姓名  NC回款  U8回款  分销回款  其他回款
2026Q1  甲    300     200     50        50
2026Q2  甲    200     500     0         0
2026Q3  甲    150     400     0         0
2026Q4  甲    400     500     0         0
"""
YEAR = ("2026Q1", "2026Q2", "2026Q3", "2026Q4")


def with_params(card: Card, **values: float) -> Card:
    changed = {name: card.params[name].model_copy(update={"value": value}) for name, value in values.items()}
    return card.model_copy(update={"params": {**card.params, **changed}})


def lines(filled: Book, name: str, person: str = "甲") -> list[str | None]:
    return [paid(filled, quarter, person)[name] for quarter in YEAR]


def test_kpi_by_hand() -> None:
    one = result(book("consultant-bonus", sheets=KPI), "2026Q1", "甲")
    # 48 of 48, 12 of 15, 1 of 1, 3 of 3 give 10, 8, 10, 10; 9/10 and 8/10 of 20 each; 9; 9
    assert points(one) == {
        "supports": 10, "projects": 8, "talks": 10, "trainings": 10, "solutions": 18, "won": 16, "feedback": 9, "spirit": 9,
    }  # fmt: skip
    assert (one.score, one.provisional) == (90, False)


def test_a_year_by_hand() -> None:
    filled = book("consultant-bonus", sheets=f"{RECEIPTS}\n{KPI}")
    # NC: targets 20/25/25/30 % of 1225, bases 70 % of them.
    assert lines(filled, "NC目标") == ["245.000000", "306.250000", "306.250000", "367.500000"]
    assert lines(filled, "NC基数") == ["171.500000", "214.375000", "214.375000", "257.250000"]
    # Q1: 300 is 55 above the target; Q2: 200 + 55 = 255, between base and target; Q3: 150 lacks 64.375 to the base;
    # Q4: 400 − 64.375 = 335.625, between base and target.
    assert lines(filled, "NC转入") == ["0.000000", "55.000000", "0.000000", "-64.375000"]
    assert lines(filled, "NC计提") == ["245.000000", "255.000000", "150.000000", "335.625000"]
    assert lines(filled, "NC转出") == ["55.000000", "0.000000", "-64.375000", "0.000000"]
    # U8 with distribution and others: targets of 1587; 300; 500; 400 + 103.25; 500 + 106.5
    assert lines(filled, "U8目标") == ["317.400000", "396.750000", "396.750000", "476.100000"]
    assert lines(filled, "U8计提") == ["300.000000", "396.750000", "396.750000", "476.100000"]
    assert lines(filled, "U8转出") == ["0.000000", "103.250000", "106.500000", "130.400000"]
    # A unit of NC is 10000 × 0.5 % × 80 % = 40 yuan, of U8 80: 245 × 40 + 300 × 80; 255 × 40 + 396.75 × 80; …
    assert lines(filled, "回款奖金") == ["33800.00", "41940.00", "37740.00", "51513.00"]
    # 60000 × 20 % × 0.9; nobody filled in the KPI of Q2 and Q3
    assert lines(filled, "工资奖金") == ["10800.00", None, None, "10800.00"]
    # NC: 300 + 200 + 150 + 400 = 1050 of 1225; U8: 300 + 500 + 400 + 500 = 1700, above 1587: the whole year × 1.3.
    # Due: 1050 × 40 + 1700 × 1.3 × 80 = 42000 + 176800 = 218800; counted 33800 + 41940 + 37740 + 51513 = 164993.
    assert lines(filled, "累计已计") == ["33800.00", "75740.00", "113480.00", "164993.00"]
    assert lines(filled, "年终结算") == ["0.00", "0.00", "0.00", "53807.00"]
    assert lines(filled, "total") == ["44600.00", None, None, "116120.00"]


def test_the_higher_rate_for_what_is_above_the_target_only() -> None:
    card = with_params(shipped("consultant-bonus"), 倍率用于全年=0)
    # 1050 × 40 + (1700 + 113 × 0.3) × 80 = 42000 + 138712; less 164993
    assert paid(book(card, sheets=f"{RECEIPTS}\n{KPI}"), "2026Q4", "甲")["年终结算"] == "15719.00"


@pytest.mark.parametrize(
    ("receipts", "counted", "carried"),
    [
        (245.01, "245.000000", "0.010000"),
        (245, "245.000000", "0.000000"),  # on the target
        (244.99, "244.990000", "0.000000"),
        (171.5, "171.500000", "0.000000"),  # on the base
        (171.49, "171.490000", "-0.010000"),
        (0, "0.000000", "-171.500000"),
    ],
)
def test_edges_of_a_quarter(receipts: float, counted: str, carried: str) -> None:
    pay = paid(book("consultant-bonus", sheets=f"周期 姓名 NC回款\n2026Q1 甲 {receipts}"), "2026Q1", "甲")
    assert (pay["NC计提"], pay["NC转出"]) == (counted, carried)


def test_a_shortfall_that_the_next_quarter_cannot_make_up_grows() -> None:
    filled = book("consultant-bonus", sheets="周期 姓名 NC回款\n2026Q1 甲 0\n2026Q2 甲 100\n2026Q3 甲 600")
    # Q2: 100 − 171.5 = −71.5: nothing counts, and base 214.375 + 71.5 are to be made up; Q3: 600 − 285.875 = 314.125
    assert [paid(filled, one, "甲")["NC计提"] for one in YEAR[:3]] == ["0.000000", "0.000000", "306.250000"]
    assert [paid(filled, one, "甲")["NC转出"] for one in YEAR[:3]] == ["-171.500000", "-285.875000", "7.875000"]


@pytest.mark.parametrize(("last", "higher"), [(367.5, "0.000000"), (367.51, "1225.010000")])
def test_on_the_years_target_the_rate_stays(last: float, higher: str) -> None:
    rows = "\n".join(f"{one} 甲 {value} 0 0 0" for one, value in zip(YEAR, (245, 306.25, 306.25, last), strict=True))
    filled = book("consultant-bonus", sheets=f"周期 姓名 NC回款 U8回款 分销回款 其他回款\n{rows}")
    assert paid(filled, "2026Q4", "甲")["NC加倍额"] == higher


def test_the_target_is_shared_and_a_new_year_begins_with_nothing() -> None:
    rows = "2026Q4 甲 900 -\n2026Q4 乙 0 -\n2027Q1 甲 100 50%\n2027Q1 乙 100 -\n2027Q1 丙 100 -"
    filled = book("consultant-bonus", sheets=f"周期 姓名 NC回款 任务份额\n{rows}")
    assert paid(filled, "2026Q4", "甲")["NC目标"] == "183.750000"  # 367.5 / 2
    assert [paid(filled, "2027Q1", one)["NC目标"] for one in "甲乙"] == ["122.500000", "81.666667"]
    assert paid(filled, "2027Q1", "甲")["NC转入"] == "0.000000"


def test_a_record_that_begins_within_the_year() -> None:
    rows = "2026Q3 甲 300 200 0 0 -30 0\n2026Q4 甲 400 300 0 0 - -"
    late = book("consultant-bonus", sheets=f"周期 姓名 NC回款 U8回款 分销回款 其他回款 NC期初结转 U8期初结转\n{rows}")
    assert paid(late, "2026Q3", "甲")["NC可用"] == "270.000000"
    # 270 × 40 + 200 × 80 = 26800; in Q4 U8 made up 198.375 × … first: 300 − 77.725 = 222.275; NC 367.5
    last = paid(late, "2026Q4", "甲")
    assert (last["NC累计回款"], last["U8计提"], last["回款奖金"]) == ("700.000000", "222.275000", "32482.00")
    # 700 is above 306.25 + 367.5 = 673.75: 700 × 1.3 × 40 + 500 × 80 = 76400, less 26800 + 32482
    assert last["年终结算"] == "17118.00"
    # Without it nobody knows what was carried in.
    bare = book("consultant-bonus", sheets="周期 姓名 NC回款\n2026Q3 甲 300")
    assert (paid(bare, "2026Q3", "甲")["NC转入"], paid(bare, "2026Q3", "甲")["total"]) == (None, None)


AMOUNTS = st.lists(st.integers(0, 600), min_size=4, max_size=4)


@settings(max_examples=25)
@given(AMOUNTS, AMOUNTS)
def test_the_year_pays_exactly_what_is_due(nc: list[int], u8: list[int]) -> None:
    rows = "\n".join(f"{one} 甲 {a} {b} 0 0" for one, a, b in zip(YEAR, nc, u8, strict=True))
    filled = book("consultant-bonus", sheets=f"周期 姓名 NC回款 U8回款 分销回款 其他回款\n{rows}")
    rates = [Decimal("1.3") if total > target else 1 for total, target in ((sum(nc), 1225), (sum(u8), 1587))]
    due = sum(nc) * rates[0] * 40 + sum(u8) * rates[1] * 80
    counted = sum(Decimal(one or 0) for one in lines(filled, "回款奖金"))
    settled = Decimal(paid(filled, "2026Q4", "甲")["年终结算"] or 0)
    assert counted + settled == due
    assert settled >= 0

"""Cards over time: longer periods, consequences over history, ties, teams; counted by hand."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from chataudit.cards.book import Book
from chataudit.cards.consequences import happened
from chataudit.cards.course import Course
from chataudit.cards.model import Card
from chataudit.cards.periods import read_period
from chataudit.cards.teams import team_means
from tests.cards.cases import book

CARD: dict[str, Any] = {
    "name": "表",
    "name_en": "card",
    "source": "test",
    "subject": "person",
    "inputs": {"分": {"low": 0, "high": 100}},
    "items": [
        {"id": "1", "name": "分", "name_en": "points", "points": 100, "value": "分", "direct": {"from": 0, "to": 100}}
    ],
    "grades": [{"name": "优", "from": 90}, {"name": "良", "from": 60}, {"name": "差"}],
    "rollups": [
        {"period": "quarter", "least": 2},
        {"period": "year", "of": "quarter", "how": "last", "grades": [{"name": "卓越", "from": 95}, {"name": "一般"}]},
    ],
    "consequences": [
        {"says": "推荐晋升", "when": {"grade": "优", "at_least": 4, "of": 6}},
        {"says": "淘汰", "when": {"place": "last", "at_least": 3, "of": 3}},
        {"says": "面谈", "when": {"test": "score < 60"}},
        {"says": "年度奖", "when": {"grade": "卓越"}},
        {"says": "说明"},
    ],
}
SHEET = """
周期     姓名 分
2026-01  甲   95
2026-01  乙   80
2026-02  甲   92
2026-02  乙   70
2026-03  甲   59
2026-03  乙   59
2026-04  甲   90
2026-04  乙   50
2026-05  甲   97
2026-05  乙   55
"""


def course(sheet: str = SHEET, **given: Any) -> tuple[Course, Book]:
    card = Card.model_validate({**CARD, **given})
    made = book(card, sheets=sheet)
    return Course(card, made.results, made.periods()[0]), made


def due(period: str, sheet: str = SHEET) -> dict[tuple[str, str], tuple[bool, tuple[str, ...], int]]:
    made, own = course(sheet)
    found = happened(made, own.ledger, read_period(period))
    return {(one.subject, one.consequence.says): (one.due, one.periods, one.known) for one in found}


def test_a_quarter_is_the_mean_of_its_months() -> None:
    made, _ = course()
    first = made.results(read_period("2026Q1"))
    # 甲 (95 + 92 + 59) / 3 = 82; 乙 (80 + 70 + 59) / 3 = 69.666667
    assert (first["甲"].score, first["甲"].grade, first["甲"].provisional) == (82, "良", False)
    assert first["乙"].score == pytest.approx(69.666667)
    assert (first["甲"].place, first["乙"].place) == (1, 2)
    # the second quarter has two of its three months: enough for a score, but provisional; 甲 (90 + 97) / 2
    second = made.results(read_period("2026Q2"))["甲"]
    assert (second.score, second.provisional) == (93.5, True)


def test_too_few_months_give_no_score() -> None:
    made, _ = course("周期 姓名 分\n2026-01 甲 95\n")
    alone = made.results(read_period("2026Q1"))["甲"]
    assert (alone.score, alone.grade, alone.own) == (None, None, (95.0,))


def test_a_year_takes_the_last_quarter_and_its_own_grades() -> None:
    made, _ = course()
    year = made.results(read_period("2026"))
    assert (year["甲"].score, year["甲"].grade) == (93.5, "一般")


def test_longer_periods_must_grow() -> None:
    with pytest.raises(ValidationError):
        course(rollups=[{"period": "month"}])
    with pytest.raises(ValidationError):
        course(rollups=[{"period": "year"}, {"period": "quarter"}])


def test_four_of_six_months_and_what_is_still_open() -> None:
    # 优 (90 and above): January, February, April, May; of the six months to May the data hold five
    assert due("2026-05")["甲", "推荐晋升"] == (True, ("2026-01", "2026-02", "2026-04", "2026-05"), 5)
    # in April three of four; two months before January are not in the data, so it is open, not refused
    assert due("2026-04")["甲", "推荐晋升"] == (False, ("2026-01", "2026-02", "2026-04"), 4)
    assert ("乙", "推荐晋升") not in due("2026-05")


def test_last_three_months_in_a_row_and_a_tie_is_nobodys_last() -> None:
    # 乙 is last in April and May; in March both have 59: nobody is last
    assert ("乙", "淘汰") not in due("2026-05")
    alone = SHEET.replace("2026-03  乙   59", "2026-03  乙   58")
    assert due("2026-05", alone)["乙", "淘汰"] == (True, ("2026-03", "2026-04", "2026-05"), 3)
    assert due("2026-02")["乙", "淘汰"] == (False, ("2026-01", "2026-02"), 2)  # two of two: open


def test_a_test_of_the_month_itself() -> None:
    assert due("2026-03")["甲", "面谈"] == (True, ("2026-03",), 1)
    assert ("甲", "面谈") not in due("2026-04")


def test_grades_of_longer_periods_have_their_own_consequences() -> None:
    assert ("甲", "年度奖") not in due("2026")
    best = SHEET.replace("2026-04  甲   90", "2026-04  甲   95")
    assert due("2026", best)["甲", "年度奖"] == (True, ("2026",), 1)  # (95 + 97) / 2 = 96
    assert ("甲", "推荐晋升") not in due("2026", best)


@pytest.mark.parametrize(
    ("ties", "places"), [("min", [1, 2, 2, 4]), ("mean", [1, 2.5, 2.5, 4]), ("dense", [1, 2, 2, 3])]
)
def test_ties_in_the_ranking(ties: str, places: list[float]) -> None:
    made, _ = course("周期 姓名 分\n2026-01 甲 90\n2026-01 乙 80\n2026-01 丙 80\n2026-01 丁 70", ranking={"ties": ties})
    results = made.results(read_period("2026-01"))
    assert [results[name].place for name in "甲乙丙丁"] == places


def test_teams_have_a_mean_from_enough_members_on() -> None:
    made, _ = course("周期 姓名 分\n2026-01 甲 90\n2026-01 乙 80\n2026-01 丙 70\n2026-01 丁 60")
    period = read_period("2026-01")
    teams = team_means(
        made.card, period, made.results(period), {"甲": "一组", "乙": "一组", "丙": "一组", "丁": "二组"}
    )
    # (90 + 80 + 70) / 3 = 80; one member is fewer than three
    assert [(one.subject, one.score, one.grade, one.unranked) for one in teams] == [
        ("一组", 80, "良", False),
        ("二组", None, None, True),
    ]


def test_a_grade_that_there_is_not_is_a_fault() -> None:
    with pytest.raises(ValidationError, match="no grade"):
        course(consequences=[{"says": "x", "when": {"grade": "甲等"}}])


# --- Scores that may still change ----------------------------------------------------------------------------------

OPEN: dict[str, Any] = {
    **CARD,
    "inputs": {"分": {"low": 0, "high": 100}, "余": {"low": 0, "high": 100}},
    "items": [
        {**CARD["items"][0], "points": 90, "direct": {"from": 0, "to": 90}},
        {"id": "2", "name": "余", "name_en": "rest", "points": 10, "value": "余", "direct": {"from": 0, "to": 10}},
    ],
    "rollups": [],
    "consequences": [
        {"says": "优等", "when": {"grade": "优"}},
        {"says": "末位", "when": {"place": "last"}},
        {"says": "及格", "when": {"test": "score >= 60"}},
        {"says": "前一", "when": {"test": "score_rank == 1"}},
    ],
    "pay": {"lines": [
        {"id": "奖金", "name": "奖金", "name_en": "bonus", "formula": "score * 10"},
        {"id": "补贴", "name": "补贴", "name_en": "allowance", "formula": 100},
        {"id": "合发", "name": "合发", "name_en": "both", "formula": "奖金 + 补贴", "counts": False},
    ]},
}  # fmt: skip


def test_what_open_lines_may_change_is_open_and_not_due() -> None:
    # 甲 85 of 90 and ten open: 85 to 95, 优 from 90. 乙 60 of 90: 60 to 70. 丙 49 of 90: 49 to 59.
    card = Card.model_validate(OPEN)
    made = book(card, sheets="周期 姓名 分\n2026-01 甲 85\n2026-01 乙 60\n2026-01 丙 49")
    period = read_period("2026-01")
    found = {
        (one.subject, one.consequence.says): one.due
        for one in happened(Course(card, made.results, period), made.ledger, period)
    }
    assert found == {
        ("甲", "优等"): False,  # open
        ("甲", "及格"): True,
        ("甲", "前一"): True,
        ("乙", "及格"): True,  # 60 at the lowest
        ("丙", "末位"): True,  # 59 at the highest
    }


def test_pay_that_rests_on_an_open_score_is_provisional() -> None:
    made = book(Card.model_validate(OPEN), sheets="周期 姓名 分 余\n2026-01 甲 85 -\n2026-01 乙 60 5")
    period = read_period("2026-01")
    assert [one.unsure for one in made.slip(period, "甲")] == [True, False, True]
    assert [one.unsure for one in made.slip(period, "乙")] == [False, False, False]


def test_months_in_a_row_are_months_and_not_quarters() -> None:
    made, own = course(consequences=[{"says": "两连优", "when": {"grade": "优", "at_least": 1, "of": 2}}])
    assert happened(made, own.ledger, read_period("2026Q1")) == []
    quarterly, own = course(
        consequences=[{"says": "季优", "when": {"grade": "优", "period": "quarter", "at_least": 1, "of": 1}}]
    )
    assert [one.subject for one in happened(quarterly, own.ledger, read_period("2026Q2"))] == ["甲"]


def test_a_long_chain_of_periods_needs_no_depth() -> None:
    card = {
        **CARD,
        "period": "day",
        "rollups": [],
        "consequences": [],
        "derived": {"累计": {"formula": "分 + prev(累计, 0)"}},
    }
    days = [f"2026-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29)]
    made = book(Card.model_validate(card), sheets="周期 姓名 分\n" + "\n".join(f"{day} 甲 1" for day in days))
    assert made.ledger.figure("累计", read_period("2026-12-28"), "甲").value == 28  # the month's 28 days in a row


def test_people_of_sheets_are_ranked_beside_people_of_the_log() -> None:
    made = book(
        Card.model_validate(CARD), facts="周期 姓名 session_n\n2026-01 客服 30", sheets="周期 姓名 分\n2026-01 客服 90"
    )
    assert made.results(read_period("2026-01"))["客服"].place == 1

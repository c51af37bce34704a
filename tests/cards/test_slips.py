"""Slips that can be checked line by line, and bounds and zeros that say what they mean."""

from __future__ import annotations

from typing import Any

import pytest

from cards.cases import book, paid, points, result
from chataudit.cards.book import Book
from chataudit.cards.functions import compared
from chataudit.cards.model import Card, ToMean
from chataudit.cards.periods import read_period
from chataudit.cards.slips import PaidLine

ITEM: dict[str, Any] = {"id": "1", "name": "分", "name_en": "mark", "points": 10, "value": "分", "direct": {}}


def card(**parts: Any) -> Card:
    plain = {"name": "表", "name_en": "card", "source": "test", "subject": "person", "inputs": {"分": {}, "数": {}}}
    return Card.model_validate({**plain, "items": [ITEM], **parts})


def line(name: str, formula: str, **parts: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "name_en": name, "formula": formula, **parts}


def slip_of(filled: Book, period: str) -> list[PaidLine]:
    return filled.slip(read_period(period), "甲")


SLIP = [
    line("转入", "coalesce(数, if(period_number == 1, 0, prev(转出)))", counts=False),
    line("转出", "-max(if(分 >= 8, 转入 + 分, 分 * 2), 0)", counts=False),
    line("奖金", "if(known(数), 100, 1 / 3) * 转入"),
]
SHEETS = """
周期     姓名  分  数
2026-01  甲    9   -
2026-02  甲    6   -
2026-03  甲    9   5
"""


@pytest.mark.parametrize(
    ("period", "worked", "value"),
    [
        ("2026-01", ["0", "−max(0 + 9, 0)", "1 ÷ 3 × 0"], {"转入": "0.00", "转出": "-9.00", "奖金": "0.00"}),
        ("2026-02", ["-9", "−max(6 × 2, 0)", "1 ÷ 3 × (-9)"], {"转入": "-9.00", "转出": "-12.00", "奖金": "-3.00"}),
        ("2026-03", ["5", "−max(5 + 9, 0)", "100 × 5"], {"转入": "5.00", "转出": "-14.00", "奖金": "500.00"}),
    ],
)
def test_a_line_shows_the_branch_that_was_taken(period: str, worked: list[str], value: dict[str, str]) -> None:
    filled = book(card(pay={"lines": SLIP}), sheets=SHEETS)
    assert [one.worked for one in slip_of(filled, period)] == worked
    assert paid(filled, period, "甲") == {**value, "total": value["奖金"]}


def test_what_cannot_be_decided_is_shown_whole() -> None:
    filled = book(card(pay={"lines": [line("奖金", "if(数 > 1, coalesce(数, 分), 0)")]}), sheets=SHEETS)
    (one,) = slip_of(filled, "2026-01")
    assert (one.value, one.worked) == (None, "if(？ > 1, coalesce(？, 分), 0)")


def test_an_item_that_may_exceed_its_points_bounds_the_score_by_its_cap() -> None:
    above = {**ITEM, "id": "2", "name": "数", "value": "数", "cap": 15}
    one = result(book(card(items=[ITEM, above], scale=None), sheets=SHEETS), "2026-01", "甲")
    assert (one.score, one.low, one.high) == (9, 9, 9 + 15)


@pytest.mark.parametrize("values", [[-2, 1, 0.5], [-1, 1], [0.1, 0.2, -0.3], [0, 0]])
def test_a_mean_that_is_not_above_nothing_compares_with_nobody(values: list[float]) -> None:
    with pytest.raises(ValueError, match="no mean"):
        compared(ToMean(points=(5, 10, 15)), values[0], values)


def test_nothing_taken_away_is_nothing_and_not_minus_nothing() -> None:
    taken = {"id": "扣", "name": "扣", "name_en": "less", "value": "数 * 0", "each": {"points": -4}}
    one = result(book(card(adjustments=[taken]), sheets=SHEETS), "2026-03", "甲")
    assert str(points(one)["扣"]) == "0.0"

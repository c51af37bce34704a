"""Rounding takes nothing from anybody: thirds add up, equal marks stay what they are, quotients reach their edge."""

from __future__ import annotations

import pytest

from cards.cases import book, paid, points, result
from chataudit.cards.model import Adjustment, Card, Item
from chataudit.cards.spans import open_span

CARD = {
    "name": "表",
    "name_en": "card",
    "source": "test",
    "subject": "person",
    "params": {"年度": {"value": 100}},
    "inputs": {"甲项": {}, "评分": {}, "等级": {}, "实际": {}},
    "items": [
        *(
            {
                "id": one,
                "name": one,
                "name_en": one,
                "points": 10,
                "value": "甲项",
                "linear": {"pairs": [[0, 0], [9, 10]]},
            }
            for one in ("a", "b", "c")
        ),
        {"id": "rated", "name": "d", "name_en": "d", "points": 10, "value": "评分", "rating": {"low": 0, "high": 100}},
        {
            "id": "level",
            "name": "e",
            "name_en": "e",
            "points": 10,
            "value": "等级",
            "levels": [{"key": "A", "from": 5, "to": 10}, {"key": "B", "from": 0, "to": 5}],
        },
        {
            "id": "target",
            "name": "f",
            "name_en": "f",
            "points": 10,
            "value": "if(实际 >= 年度 / 12 * 3, 1, 0) + floor(实际 / 12 * 3 / 6.25)",
            "bands": [{"from": 2, "points": 10}, {"points": 0}],
        },
    ],
    "scale": None,
    "grades": [{"name": "优", "from": 38}, {"name": "差"}],
    "pay": {"lines": [{"id": "奖", "name": "奖", "name_en": "bonus", "formula": "实际 / 12 * 3 * 0.1976"}]},
}
SHEETS = """
周期     姓名  评分人  甲项  评分  等级  实际
2026-03  甲    一      3     90    9     25
2026-03  甲    二      3     90    9     25
2026-03  甲    三      3     90    9     25
"""


def test_thirds_and_equal_marks_reach_the_edge() -> None:
    filled = book(Card.model_validate(CARD), sheets=SHEETS)
    made = result(filled, "2026-03", "甲")
    # 3 / 9 of 10, three times: 10, not 9.999999; three raters' 90 is 90 (9); level 9;
    # 25 reaches a quarter of 100, and 25 / 12 × 3 = 6.25 goes once into 6.25 (2, so 10): 38
    assert points(made) == {"a": pytest.approx(10 / 3), "b": pytest.approx(10 / 3), "c": pytest.approx(10 / 3),
                            "rated": 9, "level": 9, "target": 10}  # fmt: skip
    assert (made.score, made.grade) == (38, "优")
    # 6.25 × 0.1976 = 1.235, half a cent up
    assert paid(filled, "2026-03", "甲")["奖"] == "1.24"


def line(**function: object) -> Item:
    return Item.model_validate({"id": "a", "name": "a", "name_en": "a", "points": 10, "value": "x", **function})


@pytest.mark.parametrize(
    ("function", "span"),
    [
        ({"bands": [{"from": 1, "points": 10}, {"points": 4}]}, (0, 10)),
        ({"bands": [{"from": 1, "points": 12}, {"points": -4}]}, (-4, 12)),
        ({"bands": [{"from": 1, "points": 100}, {"points": -50}], "out_of": 100}, (-5, 10)),
        ({"direct": {"from": -5, "to": 15}}, (-5, 15)),
        ({"direct": {"from": -5, "to": 15}, "floor": -2, "cap": 12}, (-2, 12)),
        ({"direct": {}}, (0, 10)),
        ({"per_step": {"step": 1, "points": 1}}, (0, 10)),
        ({"per_step": {"step": 1, "points": 1, "floor": -3, "cap": 5}}, (-3, 10)),
        ({"per_count": {"full": 12, "minus": 2, "floor": -6}}, (-6, 12)),
        ({"each": {"points": -2}, "floor": -8}, (-8, 10)),
        ({"each": {"points": -2}, "cap": 6}, (0, 6)),
        ({"rating": {"low": 0, "high": 5}}, (0, 10)),
        ({"rank": {"places": [{"to": 1, "points": 10}, {"points": 5}], "last": -1}}, (-1, 10)),
        ({"to_mean": {"points": [-5, 0, 5]}}, (-5, 10)),
        ({"linear": {"pairs": [[0, 20], [9, -20]]}}, (-20, 20)),
    ],
)
def test_what_waits_is_bounded_by_what_it_may_come_to(function: dict[str, object], span: tuple[float, float]) -> None:
    assert open_span(line(**function)) == span


@pytest.mark.parametrize(
    ("function", "span"),
    [
        ({"each": {"points": -3}}, (0, 0)),
        ({"each": {"points": -3, "floor": -9, "cap": 0}}, (-9, 0)),
        ({"each": {"points": -3}, "floor": -9}, (-9, 0)),
        ({"each": {"points": 2}, "cap": 5}, (0, 5)),
        ({"direct": {"from": -5, "to": 5}}, (-5, 5)),
        ({"bands": [{"from": 1, "points": 2}, {"points": 1}]}, (0, 2)),
    ],
)
def test_a_waiting_adjustment_may_come_to_nothing(function: dict[str, object], span: tuple[float, float]) -> None:
    made = Adjustment.model_validate({"id": "a", "name": "a", "name_en": "a", "value": "x", **function})
    assert open_span(made) == span

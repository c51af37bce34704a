"""The tables that cases are written in."""

from __future__ import annotations

from cards.cases import book, points, result

FACTS = """
周期     姓名  consulted_n  paid_n  order_n  first_wait_s  first_answered_n  returned_order_n  agent_msg_n  sales
2026-02  甲    1            1       1        1             1                 0                 1            1000
2026-03  甲    620          310     300      6000          400               9                 1000         1550
2026-03  乙    310          31      30       -             -                 3                 1000         -
"""
SHEETS = """
周期     姓名  错误订单数  业务知识考核评分  直属领导评分
2026-03  甲    6           80                4
2026-03  乙    0           -                 5
"""


def test_the_shipped_standard_filled_from_tables() -> None:
    filled = book("presales-standard", facts=FACTS, sheets=SHEETS, rules=("courtesy/service-words",))
    first = result(filled, "2026-03", "甲")
    # 620 / 31 days = 20 a day; 310 / 31 = 10; 310 / 620; 6000 / 400 = 15 s; no service words; 9 / 300 = 3 %;
    # 1 - 6 / 300 = 98 %; 1550 / 1000 - 1 = +55 %; 80 of 100; 4 of 5.
    assert points(first) == {
        "consulted": 6, "paid": 8, "conversion": 10, "response": 5, "attitude": 0,
        "returns": 4, "correct": 8, "growth": 5, "exam": 12, "lead": 4,
    }  # fmt: skip
    assert (first.score, first.provisional) == (62, False)
    second = points(result(filled, "2026-03", "乙"))
    assert [item for item, value in second.items() if value is None] == ["response", "growth", "exam"]

"""The KPI table of agents: a team of four counted by hand, every band edge, places, pay to the cent, three months last."""

from __future__ import annotations

import pytest

from cards.cases import book, follows, paid, points, result, shipped
from chataudit.cards.book import Book

FACTS = """
周期     姓名  inquiry_n  ordered_n  paid_n  sales  effective_sales  payer_n  refunded_n
2026-02  甲    400        200        190     30000  10000            100      0
2026-02  乙    400        200        190     30000  10000            100      0
2026-02  丙    400        200        190     30000  9000             100      0
2026-03  甲    400        200        190     50000  27000            200      2
2026-03  乙    400        200        180     30000  24300            150      3
2026-03  丙    400        200        170     20000  21600            100      4
2026-03  丁    400        200        169     16000  13499            100      4

周期     姓名  received_n  consulted_n  wait_s  answered_n  agent_msg_n  buyer_msg_n
2026-03  甲    998         1000         12000   500         1300         1000
2026-03  乙    990         1000         12500   500         1200         1000
2026-03  丙    980         1000         15000   500         1000         1000
2026-03  丁    979         1000         20000   500         999          1000
"""
SHEETS = """
周期     姓名  执行力  点名好评数  点名差评数  普通维权  严重维权  基础底薪  奖励底薪  住房补贴
2026-03  甲    100     5           0           1         1         2000      800       500
2026-03  乙    80      5           0           0         0         2000      800       500
2026-03  丙    60      0           1           0         0         1800      600       500
2026-03  丁    40      0           3           2         0         1800      600       -

周期     姓名  店铺销售目标  计划流量  实现流量
2026-03  全店  200000        10000     9000
"""


def team() -> Book:
    return book("presales-kpi", facts=FACTS, sheets=SHEETS)


def test_four_agents() -> None:
    # The target of each: 200000 × 60 % / 4 agents × 9000 / 10000 = 27000; reached: 100 %, 90 %, 80 %, 49.996 %.
    # Enquiries that paid: 47.5 %, 45 %, 42.5 %, 42.25 %: 1st, 2nd, 3rd, last. Orders paid: 95 %, 90 %, 85 %, 84.5 %.
    # Per buyer: 250, 200, 200, 160: 1st, two 2nd, last. Replied: 99.8 %, 99 %, 98 %, 97.9 %. Seconds: 24, 25, 30, 40.
    # Messages: 1.3, 1.2, 1, 0.999. Refunded: 1 %, 2 %, 4 %, 4 %: 1st, 2nd, two 3rd (no rule for the last).
    filled = team()
    expected = {
        "target": [30, 27, 24, 0],
        "conversion": [10, 9.5, 8.5, 5],
        "paid": [5, 4, 3, 0],
        "order_value": [10, 9.5, 9.5, 5],
        "replied": [5, 4, 3, 0],
        "response": [5, 4.5, 3.75, 3],
        "quality": [10, 9, 8, 6],
        "refunds": [5, 4.75, 4.25, 4.25],
        "execution": [20, 16, 12, 8],
        "praised": [2, 2, 0, 0],
        "blamed": [0, 0, 0, -4],
        "rights": [-1, 0, 0, -2],
        "grave_rights": [-2, 0, 0, 0],
    }
    made = {name: result(filled, "2026-03", name) for name in "甲乙丙丁"}
    got = {name: points(one) for name, one in made.items()}
    assert {item: [got[name][item] for name in "甲乙丙丁"] for item in expected} == expected
    # 100 + 2 − 3; 88.25 + 2; 76; 31.25 − 4 − 2
    assert [(one.score, one.place) for one in made.values()] == [(99, 1), (90.25, 2), (76, 3), (25.25, 4)]
    assert not any(one.provisional for one in made.values())


def test_pay_to_the_cent() -> None:
    filled = team()
    # 1 % × 100 % × 175 / 250 = 0.7 %; of 27000 = 189. 甲 and 乙 were first in February together: 300 each.
    assert paid(filled, "2026-03", "甲") == {
        "底薪": "2000.00", "奖励": "800.00", "住房": "500.00", "单项奖": "300.00", "提成比例": "0.700000",
        "提成": "189.00", "total": "3789.00",
    }  # fmt: skip
    # 1 % × 90 % × 175 / 200 = 0.7875 %; of 24300 = 191.3625
    second = paid(filled, "2026-03", "乙")
    assert (second["提成比例"], second["提成"], second["total"]) == ("0.787500", "191.36", "3791.36")
    # 1 % × 80 % × 175 / 200 = 0.7 %; of 21600 = 151.2; nothing for 9000 in February
    third = paid(filled, "2026-03", "丙")
    assert (third["单项奖"], third["提成"], third["total"]) == ("0.00", "151.20", "3051.20")
    # 丁 was not there in February; nobody said what housing is paid: the total waits.
    last = paid(filled, "2026-03", "丁")
    assert (last["单项奖"], last["住房"], last["total"]) == ("0.00", None, None)
    # 1 % × 0.499963 × 175 / 160 = 0.546834 % (13499 / 27000 exactly); of 13499 = 73.82
    assert (last["提成比例"], last["提成"]) == ("0.546834", "73.82")


def test_the_prize_waits_without_the_whole_month_before_unless_somebody_says_it() -> None:
    only_march = "\n".join(line for line in FACTS.splitlines() if not line.startswith("2026-02"))
    filled = book("presales-kpi", facts=only_march, sheets=f"{SHEETS}\n周期 姓名 上月单项奖\n2026-03 乙 120.50")
    assert paid(filled, "2026-03", "甲")["单项奖"] is None
    assert paid(filled, "2026-03", "乙")["单项奖"] == "120.50"


EDGES = [
    ("target", "effective_sales", 1000, [(1000, 30), (999.9, 27), (900, 27), (899.9, 24), (800, 24), (799.9, 21),
     (700, 21), (699.9, 18), (600, 18), (599.9, 15), (500, 15), (499.9, 0)]),
    ("paid", "paid_n", 1000, [(950, 5), (949, 4), (900, 4), (899, 3), (850, 3), (849, 0)]),
    ("replied", "received_n", 1000, [(995, 5), (994, 4), (990, 4), (989, 3), (980, 3), (979, 0)]),
    ("response", "wait_s", 100, [(2499, 5), (2500, 4.5), (2999, 4.5), (3000, 3.75), (3999, 3.75), (4000, 3)]),
    ("quality", "agent_msg_n", 1000, [(1300, 10), (1299, 9), (1200, 9), (1199, 8), (1000, 8), (999, 6)]),
]  # fmt: skip
OVER = {"paid_n": "ordered_n", "received_n": "consulted_n", "wait_s": "answered_n", "agent_msg_n": "buyer_msg_n"}


@pytest.mark.parametrize(
    ("item", "fact", "over", "value", "given"),
    [(item, fact, over, value, given) for item, fact, over, cases in EDGES for value, given in cases],
)
def test_edges(item: str, fact: str, over: int, value: float, given: float) -> None:
    facts = f"周期 姓名 {fact} {OVER.get(fact, 'session_n')}\n2026-03 甲 {value} {over}"
    shop = f"周期 姓名 店铺销售目标 计划流量 实现流量 在岗客服人数\n2026-03 全店 {over * 10} 1 1 6"
    filled = book("presales-kpi", facts=facts, sheets=shop)
    assert points(result(filled, "2026-03", "甲"))[item] == given


@pytest.mark.parametrize(
    ("count", "best", "least"),
    [
        (7, [10, 9.5, 8.5, 8.5, 8.5, 7, 5], [5, 4.75, 4.25, 4.25, 4.25, 3, 3]),
        (2, [10, 5], [5, 4.75]),
        (1, [10], [5]),
    ],
)
def test_places(count: int, best: list[float], least: list[float]) -> None:
    rows = [f"2026-03 客服{at} 100 {90 - at} 100 {at}" for at in range(count)]
    filled = book("presales-kpi", facts="\n".join(["周期 姓名 inquiry_n paid_n payer_n refunded_n", *rows]))
    got = [points(result(filled, "2026-03", f"客服{at}")) for at in range(count)]
    assert [one["conversion"] for one in got] == best
    assert [one["refunds"] for one in got] == least


def test_what_nobody_filled_in_waits_with_bounds() -> None:
    shop = SHEETS.split("\n\n")[1]
    one = result(book("presales-kpi", facts=FACTS, sheets=shop), "2026-03", "甲")
    # 80 of 80 decided points; 20 points of the supervisor and the adjustments are open: −4 at worst, +2 at best
    assert (one.score, one.low, one.high, one.waits) == (100, 80 - 4, 100 + 2, True)


def test_three_months_last_is_out() -> None:
    months = ("2026-01", "2026-02", "2026-03", "2026-04")
    # 丙 is last in February, March and April; 乙 was last in January.
    marks = {"甲": (100, 100, 100, 100), "乙": (40, 80, 80, 80), "丙": (60, 60, 60, 60)}
    sheets = "周期 姓名 执行力\n" + "\n".join(
        f"{month} {name} {marks[name][at]}" for at, month in enumerate(months) for name in marks
    )
    # with nine of ten lines unknown nobody is last for sure
    assert follows(book("presales-kpi", sheets=sheets), "2026-04") == set()
    card = shipped("presales-kpi")
    known = tuple(item for item in card.items if item.id == "execution")
    filled = book(card.model_copy(update={"items": known, "adjustments": ()}), sheets=sheets)
    assert follows(filled, "2026-03") == set()
    assert follows(filled, "2026-04") == {("丙", "KPI 评比连续 3 个月倒数第一")}

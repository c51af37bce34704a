"""The bonus on a year of 650: two raters, every edge, the slip to the cent."""

from __future__ import annotations

import pytest

from cards.cases import book, paid, points, result

SHEETS = """
周期    姓名  回款收入  合作伙伴分利  销售费用  大额招待费  项目差旅费  季度基本工资
2026Q1  甲    1253000   50000         20000     10000       3000        20000
2026Q1  乙    105000    0             4000      0           1000        18000

周期    姓名  培训或方案月数  支持售前次数  支持售前项目  外派演讲
2026Q1  甲    3               48            15            1
2026Q1  乙    1               24            9             0

周期    姓名  评分人    方案与项目文档  被支持单位反馈  团队精神
2026Q1  甲    销售总监  完整            好              5
2026Q1  甲    总经理    不完整          一般            4
2026Q1  乙    销售总监  完整            好              5

周期    姓名  公司实际收入
2026Q1  全店  117
"""


def test_by_hand() -> None:
    filled = book("consultant-650", sheets=SHEETS)
    one = result(filled, "2026Q1", "甲")
    # Each month; 16 and 5 a month; one talk; half of 10; half of 10 and 6; half of 5 and 4; 117 of 650 × 20 % = 90 %
    assert points(one) == {
        "knowledge": 10, "supports": 15, "projects": 15, "talks": 5, "documents": 5, "feedback": 8, "spirit": 4.5,
        "revenue": 30,
    }  # fmt: skip
    assert (one.score, one.provisional) == (92.5, False)
    # 1253000 − 83000 = 1170000; / 1.17 × 1 % = 10000; 20000 × 10 % × 0.925 = 1850
    assert paid(filled, "2026Q1", "甲") == {
        "净回款": "1170000.00", "项目奖金": "10000.00", "KPI系数": "0.925000", "工作量奖金": "1850.00", "total": "11850.00",
    }  # fmt: skip


def test_one_rater_alone_does_not_settle_it() -> None:
    filled = book("consultant-650", sheets=SHEETS)
    one = result(filled, "2026Q1", "乙")
    # 3.33 + 10 + 10 + 0 + 30 of 75; the general manager's marks are open
    assert (one.score, one.low, one.high) == (
        pytest.approx(53.333333 / 75 * 100), pytest.approx(53.333333), pytest.approx(78.333333),
    )  # fmt: skip
    assert [mark.line.id for mark in one.marks if mark.waits] == ["documents", "feedback", "spirit"]
    # 100000 / 1.17 × 1 % = 854.7008…
    assert paid(filled, "2026Q1", "乙")["项目奖金"] == "854.70"


@pytest.mark.parametrize(
    ("item", "name", "value", "given"),
    [
        *[("supports", "支持售前次数", value, given) for value, given in ((48, 15), (47, 10), (24, 10), (23, 0))],
        *[
            ("projects", "支持售前项目", value, given)
            for value, given in ((16, 15), (15, 15), (14, 10), (9, 10), (8, 0))
        ],
        *[("talks", "外派演讲", value, given) for value, given in ((2, 5), (1, 5), (0, 0))],
        *[("knowledge", "培训或方案月数", value, given) for value, given in ((3, 10), (0, 0))],
    ],
)
def test_edges(item: str, name: str, value: float, given: float) -> None:
    filled = book("consultant-650", sheets=f"周期 姓名 {name}\n2026Q1 甲 {value}")
    assert points(result(filled, "2026Q1", "甲"))[item] == given


@pytest.mark.parametrize(("quarter", "target"), [("2026Q1", 130), ("2026Q2", 195), ("2026Q3", 195), ("2026Q4", 130)])
@pytest.mark.parametrize(
    ("share", "given"), [(0.9, 30), (0.8999, 20), (0.8, 20), (0.7999, 10), (0.7, 10), (0.6999, 0), (0, 0)]
)
def test_edges_of_the_revenue(quarter: str, target: float, share: float, given: float) -> None:
    sheets = f"周期 姓名 外派演讲\n{quarter} 甲 1\n\n周期 姓名 公司实际收入\n{quarter} 全店 {target * share:.6f}"
    assert points(result(book("consultant-650", sheets=sheets), quarter, "甲"))["revenue"] == given


@pytest.mark.parametrize(("said", "given"), [("好", 10), ("一般", 6), ("差", 0)])
def test_feedback(said: str, given: float) -> None:
    rows = f"2026Q1 甲 销售总监 {said}\n2026Q1 甲 总经理 {said}"
    filled = book("consultant-650", sheets=f"周期 姓名 评分人 被支持单位反馈\n{rows}")
    assert points(result(filled, "2026Q1", "甲"))["feedback"] == given

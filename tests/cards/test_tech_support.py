"""Technical support by month: a case by hand, every edge, plus points above the weight, what waits."""

from __future__ import annotations

import pytest

from cards.cases import book, points, result

SHEETS = """
周期     姓名  未独立解决数  支持满意度  未回访项目数  客户投诉  培训学习成绩  分享成功经验  未交日报  深刻日报  敷衍日报
2026-03  甲    2             91          0             1         96            3             1         1         2
2026-03  乙    11            79          12            4         80            0             6         0         0
2026-03  丙    0             100         0             -         100           0             0         0         0
"""


def test_by_hand() -> None:
    filled = book("tech-support-kpi", sheets=SHEETS)
    first = result(filled, "2026-03", "甲")
    # 30 + 12 + 15 + (15 − 5) + 10 + (10 − 1) = 86; three stories would be +6, at most +5; deep +2; two empty −2
    assert points(first) == {
        "solved": 30, "satisfaction": 12, "revisits": 15, "complaints": 10, "learning": 10, "reports": 9,
        "shared": 5, "deep": 2, "empty": -2,
    }  # fmt: skip
    assert (first.score, first.provisional) == (91, False)
    # 10 + 0 + 0 + 0 (four times 5 is more than 15) + 5 + 0 (six reports missing)
    assert result(filled, "2026-03", "乙").score == 15
    third = result(filled, "2026-03", "丙")
    assert (third.score, third.low, third.high, third.waits) == (100, 85, 100, True)


EDGES = [
    ("solved", "未独立解决数", [(0, 35), (1, 30), (3, 30), (4, 25), (5, 25), (6, 20), (10, 20), (11, 10)]),
    ("satisfaction", "支持满意度", [(100, 15), (95, 15), (94.9, 12), (90, 12), (89.9, 10), (85, 10), (84.9, 5), (80, 5),
     (79.9, 0), (0, 0)]),
    ("revisits", "未回访项目数", [(0, 15), (1, 12), (3, 12), (4, 10), (5, 10), (6, 5), (10, 5), (11, 0)]),
    ("complaints", "客户投诉", [(0, 15), (1, 10), (2, 5), (3, 0), (4, 0)]),
    ("learning", "培训学习成绩", [(95.1, 10), (95, 8), (90.1, 8), (90, 6), (80.1, 6), (80, 5), (79.9, 5), (0, 5)]),
    ("reports", "未交日报", [(0, 10), (1, 9), (5, 5), (6, 0), (20, 0)]),
    ("shared", "分享成功经验", [(0, 0), (1, 2), (2, 4), (3, 5), (9, 5)]),
    ("deep", "深刻日报", [(0, 0), (2, 4)]),
    ("empty", "敷衍日报", [(0, 0), (2, -2)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "name", "value", "given"),
    [(item, name, value, given) for item, name, cases in EDGES for value, given in cases],
)
def test_edges(item: str, name: str, value: float, given: float) -> None:
    filled = book("tech-support-kpi", sheets=f"周期 姓名 {name}\n2026-03 甲 {value}")
    assert points(result(filled, "2026-03", "甲"))[item] == given


def test_plus_points_may_lift_the_score_above_its_full_marks() -> None:
    sheets = SHEETS.replace("-         100           0", "0         100           3")
    assert result(book("tech-support-kpi", sheets=sheets), "2026-03", "丙").score == 105

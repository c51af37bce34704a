"""Cards of pre-sales engineers: cases computed by hand, and the edges of what the cards fix."""

from __future__ import annotations

import pytest

from cards.cases import book, follows, points, result

FIVE = """
周期     姓名  客户满意度  方案设计质量  技术能力  项目跟进能力  团队合作能力
2026-03  甲    86          90            80        70            100
2026-03  乙    85          75            60        80            90
2026-03  丙    80          100           -         100           100
"""


def test_engineer_5() -> None:
    filled = book("engineer-5", sheets=FIVE)
    # 甲: above 85 excellent 100 % of 30; 90 % of 20; 80 % of 20; 70 % of 15; 15: 30 + 18 + 16 + 10.5 + 15 = 89.5
    first = result(filled, "2026-03", "甲")
    assert points(first) == {"satisfaction": 30, "solution": 18, "technique": 16, "follow_up": 10.5, "team": 15}
    assert (first.score, first.grade, first.provisional) == (89.5, None, False)
    # 乙: 85 is good, 80 % of 30; 15; 12; 12; 13.5: 24 + 15 + 12 + 12 + 13.5 = 76.5
    second = result(filled, "2026-03", "乙")
    assert points(second) == {"satisfaction": 24, "solution": 15, "technique": 12, "follow_up": 12, "team": 13.5}
    assert second.score == 76.5
    # 丙: 24 + 20 + ? + 15 + 15 = 74 of 80 decided; the open 20 leave 74 to 94 of 100
    third = result(filled, "2026-03", "丙")
    assert points(third)["technique"] is None
    assert (third.score, third.low, third.high, third.waits) == (92.5, 74, 94, True)
    assert [result(filled, "2026-03", one).place for one in "甲乙丙"] == [2, 3, 1]


@pytest.mark.parametrize(
    ("survey", "expected"),
    [(100, 30), (85.01, 30), (85, 24), (84.99, 24), (80, 24), (79.99, 18), (75, 18), (74.99, 0), (0, 0)],
)
def test_engineer_5_edges_of_satisfaction(survey: float, expected: float) -> None:
    filled = book("engineer-5", sheets=f"周期 姓名 客户满意度\n2026-03 甲 {survey}")
    assert points(result(filled, "2026-03", "甲"))["satisfaction"] == expected


THREE = """
考核项          2026Q1/甲  2026Q1/乙  2026Q1/丙
支持反馈        90         100        100
支持销售额      450000     500000     700000
支持销售目标    500000     500000     500000
商机数          20         0          10
转化商机数      8          0          5
方案满意度      80         90         100
方案数          10         0          2
签约方案数      6          0          1
方案创新与可行  70         90         100
培训学时        12         16         0
证书数          0          1          0
难题数          4          3          0
"""


def test_engineer_3() -> None:
    filled = book("engineer-3", sheets=THREE)
    # 甲: support 9 + 450000 / 500000 (9) + 8 / 20 of the 50 % that is full (8) = 26 of 30, times 40 = 34.666667;
    # solutions 8 + 10 (60 % signed, full from 50 %) + 7 = 25 of 30, times 30 = 25;
    # learning 12 / 16 (7.5) + 0 + 10 (4 of 3) = 17.5 of 30, times 30 = 17.5: 77.166667
    first = result(filled, "2026Q1", "甲")
    assert points(first) == {
        "feedback": 9, "sales": 9, "conversion": 8, "liked": 8, "signed": 10, "novel": 7,
        "training": 7.5, "certificates": 0, "problems": 10,
    }  # fmt: skip
    assert (first.score, first.provisional) == (77.166667, False)
    # 乙: no opportunity, no solution: 40 over two items (20 of 20), 30 over two (18 of 20 = 27), 30: 97
    second = result(filled, "2026Q1", "乙")
    outcomes = {mark.line.id: mark.outcome for mark in second.marks}
    assert (outcomes["conversion"], outcomes["signed"]) == ("not_applicable", "not_applicable")
    assert (second.score, second.applicable) == (97, 1)
    # 丙: 40 + 30 + 0 = 70
    assert result(filled, "2026Q1", "丙").score == 70
    assert follows(filled, "2026Q1") == {("乙", "绩效优秀")}


@pytest.mark.parametrize(("novel", "score", "due"), [(50, 90, True), (49.9, 89.99, False)])
def test_engineer_3_excellent_from_90(novel: float, score: float, due: bool) -> None:
    # 40 + 30 of support and learning; solutions 5 + 10 + novel / 10 of 30
    items = [line.split()[0] for line in THREE.strip().splitlines()[1:]]
    marks = [100, 1, 1, 2, 1, 50, 1, 1, novel, 16, 1, 3]
    rows = [f"{item} {mark}" for item, mark in zip(items, marks, strict=True)]
    filled = book("engineer-3", sheets="\n".join(["考核项 2026Q1/甲", *rows]))
    assert result(filled, "2026Q1", "甲").score == score
    assert (follows(filled, "2026Q1") == {("甲", "绩效优秀")}) is due


FOUR = """
周期     姓名  实际销售额  销售目标  满意度调查  技术测试  方案编写  沟通记录  同事评价  团队协作
2026-03  甲    360000      400000    95          80        90        100       80        -
2026-03  乙    480000      400000    100         100       100       100       100       50
2026-03  丙    0           0         50          50        50        50        50        -
"""


def test_engineer_4() -> None:
    filled = book("engineer-4", sheets=FOUR)
    # 甲: 90 % of 40 = 36; 28.5; 8 + 9 = 17 of 20; 5 + 4 = 9 of 10: 90.5
    first = result(filled, "2026-03", "甲")
    assert points(first) == {
        "sales": 36, "satisfaction": 28.5, "test": 8, "solutions": 9, "records": 5, "colleagues": 4, "team": None,
    }  # fmt: skip
    assert (first.score, first.provisional) == (90.5, False)
    # 乙: 120 % of the target is full, not more; team work 50 stands beside and changes nothing: 100
    second = result(filled, "2026-03", "乙")
    assert (second.score, points(second)["sales"], points(second)["team"]) == (100, 40, 0)
    # 丙: no target, so nothing of sales: 15 + 10 + 5 of 60 = 50
    third = result(filled, "2026-03", "丙")
    assert (third.score, third.applicable) == (50, 0.6)


ABILITY = """
考核项        2026Q1/甲  2026Q1/乙  2026Q1/丙
项目表现      80         100        100
技术考试      70         100        100
客户问题数    10         0          2
解决问题数    8          0          1
解决问题评分  90         90         100
会议表现      85         100        100
方案文档      75         100        100
团队合作评分  90         100        -
项目计划      80         100        100
项目进度      70         100        100
项目风险      60         100        100
"""


def test_engineer_ability_5() -> None:
    filled = book("engineer-ability-5", sheets=ABILITY)
    # 甲: 8 + 7 = 15; 8 of 10 solved (8) + 9 = 17; 8.5 + 7.5 = 16; 18; 8 + 7 + 6 = 21 of 30, times 20 = 14: 80
    first = result(filled, "2026Q1", "甲")
    assert points(first) == {
        "projects": 8, "exam": 7, "solved": 8, "soundness": 9, "meetings": 8.5, "documents": 7.5, "team": 18,
        "plan": 8, "progress": 7, "risk": 6,
    }  # fmt: skip
    assert (first.score, first.provisional) == (80, False)
    # 乙: no problem came up, so the 20 rest on the rating alone (18): 20 + 18 + 20 + 20 + 20 = 98
    assert result(filled, "2026Q1", "乙").score == 98
    # 丙: 20 + (5 + 10) + 20 + ? + 20 = 75 of 80; team work open: 75 to 95
    third = result(filled, "2026Q1", "丙")
    assert (third.score, third.low, third.high) == (93.75, 75, 95)


SOLUTION = """
考核项        2026Q1/甲  2026Q1/乙
产品技术      90         100
行业趋势      80         100
需求分析      70         100
计划制定      80         100
进度跟踪      80         100
风险管理      80         100
销售团队协作  100        100
技术团队协作  80         100
客户团队协作  60         100
客户满意度    90         100
业务量        6          0
业务量目标    8          0
签单额        1200000    0
签单额目标    1000000    0
到期客户数    4          0
续费客户数    3          0
"""


def test_solution_engineer_5() -> None:
    filled = book("solution-engineer-5", sheets=SOLUTION)
    # 甲: 9 + 8 + 7 = 24 of 30, times 40 = 32; 24 of 30, times 20 = 16; 5 + 4 + 3 = 12 of 15; 13.5;
    # 6 / 8 (7.5) + 10 (120 %) + 3 / 4 (7.5) = 25 of 30, times 10 = 8.333333: 81.833333
    first = result(filled, "2026Q1", "甲")
    assert points(first) == {
        "product": 9, "trends": 8, "needs": 7, "plan": 8, "progress": 8, "risk": 8,
        "with_sales": 5, "with_engineers": 4, "with_customers": 3, "satisfaction": 13.5,
        "volume": 7.5, "signed": 10, "renewed": 7.5,
    }  # fmt: skip
    assert (first.score, first.provisional) == (81.833333, False)
    # 乙: no target and nobody due: the 10 of results are left out, 90 of 90
    second = result(filled, "2026Q1", "乙")
    assert (second.score, second.applicable) == (100, 0.9)

"""Cards of pre-sales staff: cases computed by hand, and the edges of what the cards fix."""

from __future__ import annotations

import pytest

from cards.cases import book, course, follows, points, result, shipped
from chataudit.cards.periods import read_period

# --- presales-system-5 ---------------------------------------------------------------------------------------------

SYSTEM_FACTS = """
周期    姓名  sales  order_n
2026Q1  甲    90000  450
2026Q1  乙    60000  200
2026Q1  丙    30000  100
2026Q2  甲    90000  450
2026Q2  乙    90000  450
"""
SYSTEM = """
考核项          2026Q1/甲  2026Q1/乙  2026Q1/丙  2026Q2/甲
销售指标        100000     50000      30000      90000
订单指标        500        250        -          450
方案质量        80         100        50         100
需求分析准确度  90         100        50         100
演示效果        70         100        50         100
售前支持        100        100        50         100
团队合作        90         100        50         100
协作态度        80         100        50         100
满意度调研      95         100        50         100
培训次数        5          3          0          10
培训成果数      2          2          0          0
"""


def test_presales_system_5() -> None:
    filled = book("presales-system-5", facts=SYSTEM_FACTS, sheets=SYSTEM)
    # 甲: 90 % of the target (9), 450 of 500 orders (9), 1.5 times the mean of 60000 (10): 28 of 30, times 20 = 18.666667;
    # 8 + 9 + 7 + 10 = 34 of 40, times 20 = 17; 17; 19; 5 × 2 + 2 × 5 = 20 learning points (20): 91.666667
    first = result(filled, "2026Q1", "甲")
    assert points(first) == {
        "target": 9, "orders": 9, "sales": 10, "solutions": 8, "needs": 9, "demos": 7, "support": 10,
        "teams": 9, "attitude": 8, "satisfaction": 19, "learning": 20,
    }  # fmt: skip
    assert (first.score, first.provisional) == (91.666667, False)
    # 乙: 10 (120 %), 8, at the mean (8): 26 of 30 = 17.333333; 20; 20; 20; 3 × 2 + 2 × 5 = 16 of 20: 93.333333
    second = result(filled, "2026Q1", "乙")
    assert (points(second)["sales"], points(second)["learning"], second.score) == (8, 16, 93.333333)
    # 丙: 10, ? (no order target), half of the mean (4); of the 100 points 20 / 3 are open:
    # 14 of 20, times 13.333333 = 9.333333, + 10 + 10 + 10 + 0 = 39.333333 of 93.333333 = 42.142857
    third = result(filled, "2026Q1", "丙")
    assert (third.score, third.low, third.high) == (42.142857, 39.333333, 46)
    assert follows(filled, "2026Q1") == {("甲", "表现优秀"), ("乙", "表现优秀")}
    # the half-year: the mean of 91.666667 and Q2: (10 + 10 + 8) / 30 × 20 = 18.666667 + 80 = 98.666667
    assert course(filled).results(read_period("2026H1"))["甲"].score == 95.166667


@pytest.mark.parametrize(("sales", "expected"), [(72.1, 10), (72, 8), (48, 8), (47.9, 4)])
def test_presales_system_5_beside_the_team(sales: float, expected: float) -> None:
    # The others make the mean 60: 80 % is 48, 120 % is 72, both inside.
    rest = (180 - sales) / 2
    facts = f"周期 姓名 sales\n2026Q1 甲 {sales}\n2026Q1 乙 {rest}\n2026Q1 丙 {rest}"
    assert points(result(book("presales-system-5", facts=facts), "2026Q1", "甲"))["sales"] == expected


@pytest.mark.parametrize(
    ("trainings", "results", "expected"), [(0, 0, 0), (1, 0, 2), (9, 0, 18), (10, 0, 20), (0, 5, 20)]
)
def test_presales_system_5_learning_points(trainings: int, results: int, expected: float) -> None:
    filled = book("presales-system-5", sheets=f"周期 姓名 培训次数 培训成果数\n2026Q1 甲 {trainings} {results}")
    assert points(result(filled, "2026Q1", "甲"))["learning"] == expected


# --- presales-draft-5 ----------------------------------------------------------------------------------------------

DRAFT = """
周期    姓名  评分人  客户反馈调查  净推荐值  方案数  及时方案数  商机数  转化商机数  方案质量  协作与分享  成长与学习
2026Q1  甲    CRM     90            40        20      18          50      20          -         -           -
2026Q1  甲    自评    -             -         -       -           -       -           90        100         80
2026Q1  甲    同事    -             -         -       -           -       -           80        90          80
2026Q1  甲    上级    -             -         -       -           -       -           70        80          90
2026Q1  乙    CRM     100           100       10      10          0       0           -         -           -
2026Q1  乙    自评    -             -         -       -           -       -           100       100         100
2026Q1  乙    同事    -             -         -       -           -       -           -         100         100
2026Q1  乙    上级    -             -         -       -           -       -           100       100         100
"""


def test_presales_draft_5() -> None:
    filled = book("presales-draft-5", sheets=DRAFT)
    # 甲: 90 (9) and NPS 40 of −100..100 (7): 16; quality 20 % of 90 + 30 % of 80 + 50 % of 70 = 77 % of 15 = 11.55,
    # 18 of 20 in time (13.5): 25.05; 20 of 50 won (25); 20 + 27 + 40 = 87 (8.7); 16 + 24 + 45 = 85 (8.5): 83.25
    first = result(filled, "2026Q1", "甲")
    assert points(first) == {
        "survey": 9, "promoters": 7, "quality": 11.55, "in_time": 13.5, "conversion": 25, "sharing": 8.7, "growth": 8.5,
    }  # fmt: skip
    assert (first.score, first.provisional) == (83.25, False)
    # 乙: the colleagues have not judged the solutions: 15 points open; no opportunity: 30 left out of 100.
    # 20 + 15 + 10 + 10 = 55 of 55, and 55 to 70 of 70
    second = result(filled, "2026Q1", "乙")
    assert [mark.outcome for mark in second.marks if mark.line.id in ("quality", "conversion")] == [
        "no_data",
        "not_applicable",
    ]
    assert (second.score, second.low, second.high, second.applicable) == (100, 78.571429, 100, 0.7)
    assert follows(filled, "2026Q1") == set()  # 乙 may still come to 78.57, and that is not enough


def test_presales_draft_5_without_promoters() -> None:
    card = shipped("presales-draft-5")
    params = card.params | {"用净推荐值": card.params["用净推荐值"].model_copy(update={"value": 0})}
    filled = book(card.model_copy(update={"params": params}), sheets=DRAFT)
    # The 20 of satisfaction rest on the survey alone: 18 instead of 16.
    assert result(filled, "2026Q1", "甲").score == 85.25


@pytest.mark.parametrize(
    ("won", "expected"), [(50, 30), (49, 25), (40, 25), (39, 20), (30, 20), (29, 10), (20, 10), (19, 0), (0, 0)]
)
def test_presales_draft_5_edges_of_opportunities(won: int, expected: float) -> None:
    filled = book("presales-draft-5", sheets=f"周期 姓名 商机数 转化商机数\n2026Q1 甲 100 {won}")
    assert points(result(filled, "2026Q1", "甲"))["conversion"] == expected


# --- presales-4 ----------------------------------------------------------------------------------------------------

FOUR = """
周期  姓名  评分人    专业评定  策略评定  服务评定  合作评定  满意度调查  分享次数  分享质量
2026  甲    直接上级  优秀      达标      优秀      待提高    92          3         80
2026  甲    自评      优秀      优秀      优秀      优秀      -           -         -
2026  乙    直接上级  优秀      优秀      优秀      优秀      100         5         100
2026  丙    直接上级  待提高    待提高    待提高    待提高    40          0         0
2026  丁    自评      优秀      优秀      优秀      优秀      -           -         -
2026  丁    直接上级  达标      -         -         -         -           -         -
"""


def test_presales_4() -> None:
    filled = book("presales-4", sheets=FOUR)
    # 甲: 30; 80 % of 30 = 24; 10 + 9.2 = 19.2 of 20; 40 % of 10 = 4, 3 of 4 (3.75), 4: 11.75 of 20: 84.95.
    # What 甲 says of himself stands beside and counts nothing.
    first = result(filled, "2026", "甲")
    assert points(first) == {
        "knowledge": 30, "strategy": 24, "service": 10, "survey": 9.2, "cooperation": 4, "sharing": 3.75,
        "sharing_quality": 4,
    }  # fmt: skip
    assert (first.score, first.grade) == (84.95, "达标")
    assert dict(first.marks[1].evidence["said"]) == {"直接上级": "达标", "自评": "优秀"}
    # 乙: all full, five times shared is not more than four. 丙: 12 + 12 + (4 + 4) + 4 = 36
    assert [result(filled, "2026", one).score for one in "乙丙"] == [100, 36]
    # 丁: only one level is given: 24 of 30, and 24 to 94 of 100
    fourth = result(filled, "2026", "丁")
    assert (fourth.score, fourth.low, fourth.high) == (80, 24, 94)
    assert follows(filled, "2026") == {("乙", "薪资晋升、奖金或学习进修机会"), ("丙", "降级或薪资调整")}


@pytest.mark.parametrize(
    ("level", "expected"), [("优秀", (30, 30, 10, 10)), ("达标", (24, 24, 8, 8)), ("待提高", (12, 12, 4, 4))]
)
def test_presales_4_levels(level: str, expected: tuple[float, ...]) -> None:
    sheet = f"周期 姓名 评分人 专业评定 策略评定 服务评定 合作评定\n2026 甲 直接上级 {level} {level} {level} {level}"
    made = points(result(book("presales-4", sheets=sheet), "2026", "甲"))
    assert tuple(made[item] for item in ("knowledge", "strategy", "service", "cooperation")) == expected


@pytest.mark.parametrize(("survey", "score", "grade"), [(60, 90, "优秀"), (59.9, 89.99, "达标")])
def test_presales_4_upper_edge(survey: float, score: float, grade: str) -> None:
    # 30 + 24 + 10 + survey / 10 + 10 + 5 + 5
    sheet = f"{FOUR.splitlines()[1]}\n2026 甲 直接上级 优秀 达标 优秀 优秀 {survey} 4 100"
    made = result(book("presales-4", sheets=sheet), "2026", "甲")
    assert (made.score, made.grade) == (score, grade)


@pytest.mark.parametrize(("quality", "score", "grade"), [(20, 60, "达标"), (19.8, 59.99, "待提高")])
def test_presales_4_lower_edge(quality: float, score: float, grade: str) -> None:
    # 12 + 24 + 8 + 7 + 8 + 0 + quality / 20
    sheet = f"{FOUR.splitlines()[1]}\n2026 甲 直接上级 待提高 达标 达标 达标 70 0 {quality}"
    made = result(book("presales-4", sheets=sheet), "2026", "甲")
    assert (made.score, made.grade) == (score, grade)


# --- presales-newcustomer-4 ----------------------------------------------------------------------------------------

NEW_FACTS = """
周期    姓名  first_wait_s  first_answered_n  sales
2026Q1  甲    3000          200               95000
2026Q1  乙    7000          100               100000
"""
NEW = """
考核项        2026Q1/甲  2026Q1/乙
新客户目标    10         10
新客户数      9          12
开发客户数    20         24
长期价值      80         100
产品了解      90         100
市场把握      80         100
问题解决      70         100
支持力度      100        100
协助目标      90         100
支持及时      80         100
专业水准      90         100
投诉数        4          0
投诉处理好    2          0
个人销售目标  100000     100000
"""


def test_presales_newcustomer_4() -> None:
    filled = book("presales-newcustomer-4", facts=NEW_FACTS, sheets=NEW)
    # 甲: 9 of 10 (9), 9 of 20 of the 50 % that is full (9), 8: 26; 9 + 8 + 7 = 24; 27 of 30, times 20 = 18;
    # 3000 / 200 = 15 s (10), 9, 2 of 4 complaints (5): 24 of 30, times 20 = 16: 84
    first = result(filled, "2026Q1", "甲")
    assert points(first) == {
        "number": 9, "success": 9, "worth": 8, "product": 9, "market": 8, "solving": 7,
        "strength": 10, "help": 9, "in_time": 8, "speed": 10, "expertise": 9, "complaints": 5,
    }  # fmt: skip
    assert (first.score, first.provisional) == (84, False)
    # 乙: 30 + 30 + 20; 70 s (3) and 10, no complaint: 13 of 20: 93; the target is met exactly
    second = result(filled, "2026Q1", "乙")
    assert second.score == 93
    assert follows(filled, "2026Q1") == {("甲", "未达到预定目标"), ("乙", "成绩优秀")}


@pytest.mark.parametrize(
    ("wait", "expected"), [(0, 10), (15, 10), (15.1, 8), (30, 8), (30.1, 6), (60, 6), (60.1, 3), (120, 3), (120.1, 0)]
)
def test_presales_newcustomer_4_edges_of_the_first_response(wait: float, expected: float) -> None:
    facts = f"周期 姓名 first_wait_s first_answered_n\n2026Q1 甲 {wait * 10:g} 10"
    assert points(result(book("presales-newcustomer-4", facts=facts), "2026Q1", "甲"))["speed"] == expected


# --- presales-metrics-5 --------------------------------------------------------------------------------------------

METRICS_FACTS = """
周期     姓名  sales   order_n
2026-02  甲    100000  80
2026-03  甲    110000  95
2026-03  乙    60000   50
2026-03  丙    50000   60
2026-03  丁    40000   40
"""
METRICS = """
周期     姓名  评分人    订单目标  销售目标  上期销售额  满意度调查  协作评分  专业评分  发展评分
2026-03  甲    示例主管  100       100000    -           90          80        70        60
2026-03  甲    自评      -         -         -           -           100       100       100
2026-03  乙    示例主管  50        50000     50000       100         100       100       100
2026-03  丙    示例主管  100       100000    60000       50          50        50        50
2026-03  丁    示例主管  40        40000     -           50          50        50        50
"""


def test_presales_metrics_5() -> None:
    filled = book("presales-metrics-5", facts=METRICS_FACTS, sheets=METRICS)
    # 甲: 95 of 100 (9.5), above the target (10), +10 % on February's log of the 20 % that is full (5): 24.5 of 30,
    # times 20 = 16.333333; 18 + 16 + 14 + 12: 76.333333; what 甲 says of himself counts nothing
    first = result(filled, "2026-03", "甲")
    assert points(first) == {
        "volume": 9.5, "sales": 10, "growth": 5, "satisfaction": 18, "team": 16, "skill": 14, "study": 12,
    }  # fmt: skip
    assert (first.score, first.provisional, first.place) == (76.333333, False, 2)
    # 乙: 10 + 10 + 10 (+20 %) and 80: 100. 丙: 6 + 5 + 0 (fell) = 11 of 30 = 7.333333, + 40: 47.333333
    assert [result(filled, "2026-03", one).score for one in "乙丙"] == [100, 47.333333]
    # 丁: no month before: 20 of 20 decided of 13.333333, + 40 of 80: 53.333333 of 93.333333; open 6.666667
    last = result(filled, "2026-03", "丁")
    assert (last.score, last.low, last.high, last.place) == (57.142857, 53.333333, 60, 3)
    assert follows(filled, "2026-03") == {(one, "绩效较好") for one in "甲乙丁"}
    # the quarter so far rests on one month each and says so
    quarter = course(filled).results(read_period("2026Q1"))["乙"]
    assert (quarter.score, quarter.provisional) == (100, True)

"""Training and personnel cards: cases computed by hand, grades of quarters and years, the bonus to the cent."""

from __future__ import annotations

import pytest

from cards.cases import book, course, follows, paid, points, result, shipped
from chataudit.cards.model import grade_of
from chataudit.cards.periods import read_period

TRAINING = """
考核项        2026-03/甲  2026-03/甲/产品培训  2026-03/甲/演示培训  2026-03/甲/示例项目A  2026-03/甲/示例项目B  2026-03/乙  2026-03/丙
产品笔试      90          -                    -                    -                     -                     60          100
行业笔试      80          -                    -                    -                     -                     60          100
技术笔试      70          -                    -                    -                     -                     60          100
培训成绩      -           100                  60                   -                     -                     -           -
沟通面试      80          -                    -                    -                     -                     50          100
演示实操      90          -                    -                    -                     -                     50          100
项目管理评分  70          -                    -                    -                     -                     50          100
完成项目数    4           -                    -                    -                     -                     0           2
成功项目数    3           -                    -                    -                     -                     0           2
客户满意度    90          -                    -                    -                     -                     -           100
项目文档      -           -                    -                    80                    100                   -           -
项目执行      85          -                    -                    -                     -                     -           100
项目反馈      80          -                    -                    -                     -                     -           100
职业道德      100         -                    -                    -                     -                     60          100
团队精神      90          -                    -                    -                     -                     60          100
责任心        95          -                    -                    -                     -                     60          100
培训评价      70          -                    -                    -                     -                     -           -
"""


def test_training_assessment() -> None:
    filled = book("training-assessment", sheets=TRAINING)
    # 甲: 9 + 8 + 7 and two trainings of 100 and 60 (mean 80, 8): 32 of 40, times 25 = 20; 8 + 9 + 7 = 24 of 30 = 20;
    # 3 of 4 (7.5) + 9 + documents of two projects 80 and 100 (9) + 8.5 + 8 = 42 of 50 = 21; 28.5 of 30 = 23.75: 84.75.
    # What 甲 says of the trainings is kept and counts nothing.
    first = result(filled, "2026-03", "甲")
    assert points(first) == {
        "products": 9, "trade": 8, "technology": 7, "training": 8, "talk": 8, "demo": 9, "projects": 7,
        "success": 7.5, "satisfaction": 9, "documents": 9, "execution": 8.5, "feedback": 8,
        "ethics": 10, "team": 9, "duty": 9.5, "of_training": 0,
    }  # fmt: skip
    assert (first.score, first.provisional) == (84.75, False)
    # 乙: no training, no project ended: 15 + 12.5 + 15 = 42.5 of 75
    second = result(filled, "2026-03", "乙")
    assert (second.score, second.applicable, second.waits) == (56.666667, 0.75, False)
    # 丙: projects ended, but the documents are not judged: 5 of 100 open
    third = result(filled, "2026-03", "丙")
    assert (third.score, third.low, third.high) == (100, 95, 100)
    assert follows(filled, "2026-03") == {("乙", "不合格"), ("丙", "优秀")}


@pytest.mark.parametrize(("mark", "due"), [(90, {"优秀"}), (89.9, set()), (60, set()), (59.9, {"不合格"})])
def test_training_assessment_edges(mark: float, due: set[str]) -> None:
    # No training and no project: nine marks that are all alike are the score.
    names = "产品笔试 行业笔试 技术笔试 沟通面试 演示实操 项目管理评分 职业道德 团队精神 责任心"
    filled = book("training-assessment", sheets=f"周期 姓名 完成项目数 {names}\n2026-03 甲 0" + f" {mark}" * 9)
    assert result(filled, "2026-03", "甲").score == mark
    assert {says for _, says in follows(filled, "2026-03")} == due


PERSONNEL = """
考核项          2026Q1/甲  2026Q1/甲/自评  2026Q2/甲  2026Q3/甲  2026Q4/甲  2026Q1/乙  2026Q1/丙  2026Q2/丙
投标项目数      10         -               10         0          10         10         4          4
中标项目数      4          -               5          0          5          0          2          2
支持销售额      900000     -               1000000    1000000    1000000    0          1000000    1000000
支持销售目标    1000000    -               1000000    1000000    1000000    1000000    1000000    1000000
需求调研准确性  90         100             100        100        100        50         100        60
解决方案质量    80         100             100        100        100        50         -          60
投标文件质量    85         100             100        -          100        50         100        60
满意度得分      95         -               100        100        90         50         100        60
沟通效率        90         100             100        100        100        50         100        60
问题解决能力    80         100             100        100        100        50         100        60
季度奖金基数    3000.55    -               3000.55    3000.55    3000.55    2000       2000       2000
"""


def test_personnel() -> None:
    filled = book("personnel", sheets=PERSONNEL, rater="上级主管")
    # 甲: 40 % won of the 50 % that is full (8), 90 % of the target (9): 17 of 20, times 30 = 25.5;
    # 9 + 8 + 8.5 = 25.5 of 30; 19; 9 + 8 = 17 of 20: 87, good; self marks count nothing
    first = result(filled, "2026Q1", "甲")
    assert points(first) == {
        "won": 8, "sales": 9, "needs": 9, "solutions": 8, "bids": 8.5, "satisfaction": 19, "talk": 9, "solving": 8,
    }  # fmt: skip
    assert (first.score, first.grade, first.provisional) == (87, "良好", False)
    # 乙: 0 + 15 + 10 + 10 = 35, not passed
    assert (result(filled, "2026Q1", "乙").score, result(filled, "2026Q1", "乙").grade) == (35, "不合格")
    # 丙: solutions not judged: 90 of 90; 90 to 100
    third = result(filled, "2026Q1", "丙")
    assert (third.score, third.low, third.high) == (100, 90, 100)


def test_personnel_bonus() -> None:
    filled = book("personnel", sheets=PERSONNEL, rater="上级主管")
    # 3000.55 × 1 for 良好; × 1.2 = 3600.66 for 优秀; nothing for 不合格; 2000 × 0.8 for 合格
    assert paid(filled, "2026Q1", "甲") == {"奖金系数": "1.00", "绩效奖金": "3000.55", "total": "3000.55"}
    assert paid(filled, "2026Q2", "甲")["total"] == "3600.66"
    assert paid(filled, "2026Q1", "乙") == {"奖金系数": "0.00", "绩效奖金": "0.00", "total": "0.00"}
    # 丙 in the second quarter: 30 + 18 + 12 + 12 = 72
    assert (result(filled, "2026Q2", "丙").score, paid(filled, "2026Q2", "丙")["total"]) == (72, "1600.00")


def test_personnel_year() -> None:
    filled = book("personnel", sheets=PERSONNEL, rater="上级主管")
    # 甲: 87, 100, 100 (no bid: what does not apply is shared out), 98: mean 96.25, outstanding
    year = course(filled).results(read_period("2026"))
    assert [result(filled, f"2026Q{one}", "甲").score for one in (1, 2, 3, 4)] == [87, 100, 100, 98]
    assert (year["甲"].score, year["甲"].grade) == (96.25, "卓越")
    # 乙 has one quarter of four: no year's grade yet
    assert (year["乙"].score, year["乙"].grade) == (None, None)
    assert follows(filled, "2026Q1") == {("乙", "季度不合格")}
    assert follows(filled, "2026") == {("甲", "年度优秀"), ("甲", "年度卓越")}


@pytest.mark.parametrize(
    ("score", "quarter", "year"),
    [
        (100, "优秀", "卓越"),
        (95, "优秀", "卓越"),
        (94.99, "优秀", "优秀"),
        (90, "优秀", "优秀"),
        (89.99, "良好", "良好"),
        (80, "良好", "良好"),
        (79.99, "合格", "合格"),
        (60, "合格", "合格"),
        (59.99, "不合格", "不合格"),
        (0, "不合格", "不合格"),
    ],
)
def test_personnel_edges_of_grades(score: float, quarter: str, year: str) -> None:
    card = shipped("personnel")
    assert (grade_of(card.grades, score), grade_of(card.rollups[0].grades, score)) == (quarter, year)

"""The support department: deductions in whole steps, plus points, completion between base and target, the slip to the cent."""

from __future__ import annotations

import pytest

from cards.cases import book, paid, points, result, shipped

SHEETS = """
周期    姓名  岗位  个人销售收入  首月大项目回款  次月大项目回款  末月大项目回款  季度基本工资
2026Q1  甲    高级  24            100000          0               250000          30000

周期    姓名  少组织活动  培训未按计划  销售流程未做  产品对比未做  竞争分析  优秀方案数  总方案数  成功项目数  应支持项目数
2026Q1  甲    1           0             0             1             1         17          20        18          20

周期    姓名  考勤培训违规  考勤每次扣分  其他违规  其他每次扣分
2026Q1  甲    1             1.5           1         3

周期    姓名  部门实际收入
2026Q1  全店  147.9
"""
QUARTERS = ("2026Q1", "2026Q2", "2026Q3", "2026Q4")


def test_by_hand() -> None:
    filled = book("support-department", sheets=SHEETS)
    one = result(filled, "2026Q1", "甲")
    # 10 − 2; 20; 10 − 5; 10; 85 % is one step of 5 % below 90: −2; 90 % is five steps of 1 % above 85: +2.5; 10 − 1.5 − 3
    assert points(one) == {
        "activities": 8, "training": 20, "tools": 5, "rivals": 10, "solutions": 18, "won": 22.5, "discipline": 5.5,
    }  # fmt: skip
    assert (one.score, one.provisional) == (89, False)
    # Own target 200 × 15 % = 30, base 21, reached 24 of 30. Department: 1160 × 15 % = 174, base 121.8;
    # (147.9 − 121.8) / (174 − 121.8) = 0.5; 30000 × 40 % × 0.5 × 0.89 = 5340; 1.5 % of 100000 and of 250000.
    assert paid(filled, "2026Q1", "甲") == {
        "个人任务": "30.00", "个人基数": "21.00", "个人完成率": "80.00",
        "首月大项目奖": "1500.00", "次月大项目奖": "0.00", "末月大项目奖": "3750.00",
        "部门基数": "121.80", "完成率": "0.500000", "综合奖": "5340.00", "知识贡献奖": "0.00", "total": "10590.00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("post", "targets", "bases"),
    [
        ("高级", ["30.00", "50.00", "60.00", "60.00"], ["21.00", "35.00", "42.00", "42.00"]),
        ("助理", ["24.00", "40.00", "48.00", "48.00"], ["16.80", "28.00", "33.60", "33.60"]),
    ],
)
def test_targets_of_posts(post: str, targets: list[str], bases: list[str]) -> None:
    rows = "\n".join(f"{one} 甲 {post}" for one in QUARTERS)
    pay = [paid(book("support-department", sheets=f"周期 姓名 岗位\n{rows}"), one, "甲") for one in QUARTERS]
    assert ([one["个人任务"] for one in pay], [one["个人基数"] for one in pay]) == (targets, bases)


@pytest.mark.parametrize(
    ("quarter", "actual", "completion"),
    [
        ("2026Q1", 121.8, "0.000000"),  # on the base
        ("2026Q1", 100, "0.000000"),  # never under nothing
        ("2026Q1", 127.02, "0.100000"),
        ("2026Q1", 174, "1.000000"),
        ("2026Q2", 290, "1.000000"),
        ("2026Q3", 348, "1.000000"),
        ("2026Q4", 400.2, "1.500000"),  # no upper limit
    ],
)
def test_completion(quarter: str, actual: float, completion: str) -> None:
    sheets = f"周期 姓名 岗位\n{quarter} 甲 高级\n\n周期 姓名 部门实际收入\n{quarter} 全店 {actual}"
    assert paid(book("support-department", sheets=sheets), quarter, "甲")["完成率"] == completion


SOLUTIONS = [(1000, 25), (910, 20.5), (909, 20), (900, 20), (899, 20), (851, 20), (850, 18), (849, 18), (800, 16),
             (401, 2), (400, 0), (0, 0)]  # fmt: skip
WON = [(1000, 27.5), (860, 20.5), (859, 20), (850, 20), (849, 20), (801, 20), (800, 18), (351, 2), (350, 0), (0, 0)]


@pytest.mark.parametrize(
    ("item", "names", "of_thousand", "given"),
    [
        *[("solutions", "优秀方案数 总方案数", value, given) for value, given in SOLUTIONS],
        *[("won", "成功项目数 应支持项目数", value, given) for value, given in WON],
    ],
)
def test_steps_below_and_above_the_standard(item: str, names: str, of_thousand: int, given: float) -> None:
    filled = book("support-department", sheets=f"周期 姓名 {names}\n2026Q1 甲 {of_thousand} 1000")
    assert points(result(filled, "2026Q1", "甲"))[item] == given


@pytest.mark.parametrize(
    ("item", "row", "given"),
    [
        *[("activities", {"少组织活动": count}, max(10 - 2 * count, 0)) for count in range(7)],
        *[("training", {"培训未按计划": late}, 20 - 5 * late) for late in (0, 1)],
        *[("tools", {"销售流程未做": a, "产品对比未做": b}, 10 - 5 * (a + b)) for a in (0, 1) for b in (0, 1)],
        *[("rivals", {"竞争分析": made}, 10 * made) for made in (0, 1)],
        ("discipline", {"考勤培训违规": 0, "其他违规": 0}, 10),
        ("discipline", {"考勤培训违规": 2, "考勤每次扣分": 2, "其他违规": 0}, 6),
        ("discipline", {"考勤培训违规": 0, "其他违规": 2, "其他每次扣分": 10}, 0),
        ("discipline", {"考勤培训违规": 1, "其他违规": 0}, None),  # how much is not said
    ],
)
def test_deductions(item: str, row: dict[str, float], given: float | None) -> None:
    names, values = " ".join(row), " ".join(str(value) for value in row.values())
    filled = book("support-department", sheets=f"周期 姓名 {names}\n2026Q1 甲 {values}")
    assert points(result(filled, "2026Q1", "甲"))[item] == given


def test_the_bounds_hold_the_plus_points() -> None:
    one = result(book("support-department", sheets="周期 姓名 竞争分析\n2026Q1 甲 1"), "2026Q1", "甲")
    assert (one.low, one.high) == (10, 10 + 10 + 20 + 10 + 25 + 27.5 + 10)


def test_no_solution_asked_for_is_left_out() -> None:
    sheets = SHEETS.replace("17          20        18", "0           0         18")
    one = result(book("support-department", sheets=sheets), "2026Q1", "甲")
    # 8 + 20 + 5 + 10 + 22.5 + 5.5 = 71 of 80
    assert (one.score, one.waits) == (88.75, False)


def test_the_knowledge_award_counts_what_was_spread() -> None:
    card = shipped("support-department")
    amount = card.params["知识贡献奖金额"].model_copy(update={"value": 1000})
    own = card.model_copy(update={"params": {**card.params, "知识贡献奖金额": amount}})
    spread = "\n周期 姓名 已推广_活动 已推广_培训 已推广_工具 已推广_竞争 已推广_方案\n2026Q1 甲 1 1 0 1 1"
    # (8 + 20 + 10 + 18) of 70, of 1000
    assert paid(book(own, sheets=SHEETS + spread), "2026Q1", "甲")["知识贡献奖"] == "800.00"
    assert paid(book(own, sheets=SHEETS), "2026Q1", "甲")["知识贡献奖"] is None

"""A new card to begin with: commented, and sound as it stands."""

from __future__ import annotations

TEMPLATE = """\
# 新评分表。改好后运行 chataudit cards check；用 chataudit score {id} 试算；用 chataudit cards diff 比较两版。
name: {name}
name_en: {name}
source: 本店自定
subject: person          # person 每人；team 每组；conversation 每个会话（考核项写 checklist）
period: month            # day week month quarter half year
scale: 100               # 满分折算成多少；null 表示不折算
na: leave_out            # 不适用的项：leave_out 剔除后折算，zero 按 0 分
audit: false             # true：每次 chataudit audit 都填这张表

params:                  # 店铺自己定的常数，公式里用名字
  目标销售额: {{value: 100000, unit: 元, default: 请改成本店目标}}

inputs:                  # 只有人知道的数，由填报表给出（chataudit sheet new {id}）
  主管评分: {{unit: 分, low: 0, high: 10}}
  工作态度: {{kind: text, note: 由主管评定}}

items:
  - id: response
    name: 平均响应时间
    name_en: Mean response
    points: 30
    value: mean_response_s              # 记录里的数：chataudit metrics list
    closed: to                          # 每档包含上边（to）还是下边（from）
    bands: [{{to: 30, points: 30}}, {{to: 60, points: 20}}, {{points: 0}}]
  - id: target
    name: 目标完成率
    name_en: Share of target
    points: 40
    value: effective_sales / 目标销售额
    linear: {{pairs: [[0, 0], [1, 40]]}}  # 按直线给分
  - id: lead
    name: 主管评分
    name_en: Lead's rating
    points: 10
    value: 主管评分
    rating: {{low: 0, high: 10}}
  - id: attitude
    name: 工作态度
    name_en: Attitude
    points: 20
    value: 工作态度
    levels:                             # 等级；写 points 是定分，写 from、to 是在范围内给分
      - {{key: A, from: 18, to: 20, says: 主动}}
      - {{key: B, from: 12, to: 18, says: 尚可}}
      - {{key: C, from: 0, to: 12, says: 不足}}

adjustments:             # 总分之外的加减分
  - id: forbidden
    name: 使用违禁词
    name_en: Forbidden words
    value: hits("{rule}")
    each: {{points: -2, floor: -10}}

grades: [{{name: 优秀, from: 90}}, {{name: 合格, from: 60}}, {{name: 不合格}}]
consequences:
  - says: 连续三个月不合格：面谈并安排培训
    when: {{grade: 不合格, at_least: 3, of: 3}}
"""


def new_card(name: str, rule: str) -> str:
    """Return the text of a new card; ``rule`` is any rule that there is, for the example."""
    return TEMPLATE.format(id=name, name=name, rule=rule)

"""What each figure of the agents table means: name, formula, source, and what its messages are."""

from __future__ import annotations

from typing import Literal, NamedTuple

from chataudit.errors import Words

Kind = Literal["buyers", "messages", "rounds", "sessions", "orders"]
CONTRACT = "output contract of chataudit, table agents"


class Definition(NamedTuple):
    """One figure: its column, names, formula in words, source, and what it is made of."""

    metric: str
    name: Words
    formula: Words
    kind: Kind
    source: str = CONTRACT


_ROWS: tuple[tuple[str, str, str, str, str, Kind], ...] = (
    (
        "consulted_n",
        "咨询人数",
        "Buyers who asked",
        "有发言或对话轮次归该客服的买家数（去重）",
        "distinct buyers with talk, or a round, that belongs to the agent",
        "buyers",
    ),
    (
        "received_n",
        "接待人数",
        "Buyers received",
        "其中客服（含智能辅助）说过话的买家数",
        "of these, buyers to whom the agent (or its assistant) said anything",
        "buyers",
    ),
    ("unreplied_n", "未回复人数", "Buyers not replied to", "咨询人数 − 接待人数", "consulted_n − received_n", "buyers"),
    ("reply_share", "回复率", "Reply share", "接待人数 / 咨询人数", "received_n / consulted_n", "buyers"),
    (
        "session_n",
        "会话数",
        "Sessions",
        "有该客服的轮次、发言或归其的买家发言的会话",
        "sessions with a round of the agent, own talk, or a buyer's talk that belongs to it",
        "sessions",
    ),
    (
        "round_n",
        "对话轮次",
        "Rounds",
        "归该客服、在服务时段内开启的轮次",
        "rounds that belong to the agent, opened in service hours",
        "rounds",
    ),
    (
        "pending_n",
        "未回复轮次",
        "Pending rounds",
        "其中会话结束仍未回复的",
        "of these, not answered when the session ends",
        "rounds",
    ),
    (
        "buyer_msg_n",
        "买家消息数",
        "Buyers' messages",
        "归该客服的买家发言条数",
        "buyers' talk that belongs to the agent",
        "messages",
    ),
    (
        "agent_msg_n",
        "客服消息数",
        "Agent's messages",
        "客服与智能辅助的发言条数",
        "talk of the agent and its assistant",
        "messages",
    ),
    ("reply_ratio", "答问比", "Reply ratio", "客服消息数 / 买家消息数", "agent_msg_n / buyer_msg_n", "messages"),
    (
        "first_response_s",
        "首次响应时间",
        "First response",
        "首轮已回复、计入且归该客服的会话，其首轮等待的平均秒数",
        "mean wait in seconds over sessions whose first round is answered, counted and the agent's",
        "rounds",
    ),
    (
        "mean_response_s",
        "平均响应时间",
        "Mean response",
        "Σ 等待 / 已回复轮次（秒）",
        "Σ wait / answered rounds, in seconds",
        "rounds",
    ),
    (
        "p50_response_s",
        "响应时间中位数",
        "Median response",
        "已回复轮次等待的第 50 百分位（最近秩）",
        "nearest-rank median over answered rounds",
        "rounds",
    ),
    (
        "p90_response_s",
        "响应时间 P90",
        "P90 response",
        "已回复轮次等待的第 90 百分位（最近秩）",
        "nearest-rank 90th percentile over answered rounds",
        "rounds",
    ),
    (
        "within_30s_share",
        "30秒应答率",
        "First answer within 30 s",
        "首轮 30 秒内回复 / 首轮（含未回复）",
        "first rounds answered in ≤ 30 s / first rounds, pending included",
        "rounds",
    ),
    (
        "within_180s_share",
        "3分钟回复率",
        "Within 180 s",
        "180 秒内回复的轮次 / 轮次（含未回复）",
        "rounds answered in ≤ 180 s / rounds, pending included",
        "rounds",
    ),
    (
        "slow_n",
        "慢响应人数",
        "Buyers who waited long",
        "平均等待超过 slow_after 秒的买家数",
        "buyers whose mean wait exceeds slow_after seconds",
        "rounds",
    ),
    (
        "long_n",
        "长接待人数",
        "Buyers of long sessions",
        "有超过 long_after 秒的会话的买家数",
        "buyers with a session longer than long_after seconds",
        "sessions",
    ),
    (
        "inquiry_n",
        "询单人数",
        "Enquiries",
        "会话前 after_sales_days 天内没有付款的接待买家",
        "received buyers with no order paid in the after_sales_days before the session",
        "orders",
    ),
    (
        "ordered_n",
        "下单人数",
        "Buyers who ordered",
        "询单买家中当日或次日下单的",
        "enquiry buyers who ordered by the end of the next day",
        "orders",
    ),
    (
        "paid_n",
        "付款人数",
        "Buyers who paid",
        "询单买家中当日或次日付款的",
        "enquiry buyers who paid by the end of the next day",
        "orders",
    ),
    ("conversion_share", "询单转化率", "Conversion", "付款人数 / 询单人数", "paid_n / inquiry_n", "orders"),
    (
        "sales",
        "销售额",
        "Sales",
        "归该客服的订单实付金额（下单优先判定）",
        "paid amounts of orders credited to the agent",
        "orders",
    ),
    ("refunds", "退款额", "Refunds", "这些订单的退款金额", "refunded amounts of these orders", "orders"),
    (
        "effective_sales",
        "有效销售额",
        "Effective sales",
        "实付 − 退款 − 邮费 − 佣金",
        "paid − refunded − postage − commission",
        "orders",
    ),
    ("order_value", "客单价", "Order value", "销售额 / 付款买家数", "sales / buyers who paid", "orders"),
)
DEFINITIONS = tuple(
    Definition(metric, Words(zh, en), Words(formula_zh, formula_en), kind)
    for metric, zh, en, formula_zh, formula_en, kind in _ROWS
)
BY_NAME = {one.metric: one for one in DEFINITIONS}

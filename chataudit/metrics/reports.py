"""The platforms' own performance exports: which of their columns is which of our figures."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Unit = Literal["count", "share", "seconds", "ratio", "money"]


class Column(NamedTuple):
    """A column of a report: folded header, our figure (agents table or platform metric), how its values are written."""

    header: str
    metric: str
    unit: Unit


# Headers as the exports have them (folded: no spaces, half-width brackets, units in brackets dropped).
COLUMNS: dict[str, tuple[Column, ...]] = {
    "生意参谋": (
        Column("咨询人数", "consulted_n", "count"),
        Column("接待人数", "received_n", "count"),
        Column("未回复人数", "unreplied_n", "count"),
        Column("平均响应时长", "taobao.mean_response", "seconds"),
        Column("3分钟人工响应率", "taobao.within_180s", "share"),
        Column("旺旺回复率", "taobao.reply_share", "share"),
        Column("首次响应时长", "first_response_s", "seconds"),
        Column("慢响应人数", "slow_n", "count"),
        Column("长接待人数", "long_n", "count"),
        Column("买家消息条数", "buyer_msg_n", "count"),
        Column("客服消息条数", "agent_msg_n", "count"),
        Column("答问比", "reply_ratio", "ratio"),
    ),
    "拼多多": (
        Column("3分钟人工回复率", "pdd.within_180s_buyers", "share"),
        Column("有效回复率", "pdd.valid_reply_1h", "share"),
        Column("30秒应答率", "within_30s_share", "share"),
        Column("平均人工响应时长", "mean_response_s", "seconds"),
        Column("咨询人数", "consulted_n", "count"),
        Column("人工接待人数", "received_n", "count"),
        Column("询单人数", "inquiry_n", "count"),
        Column("最终成团人数", "paid_n", "count"),
        Column("询单转化率", "conversion_share", "share"),
        Column("客服销售额", "sales", "money"),
        Column("去退销售额", "effective_sales", "money"),
    ),
    "飞鸽": (
        Column("人工已接待人数", "received_n", "count"),
        Column("人工已接待会话量", "session_n", "count"),
        Column("3分钟人工回复率(会话)", "douyin.within_180s_sessions", "share"),
        Column("3分钟人工回复率", "douyin.within_180s_rounds", "share"),
        Column("首次响应时长", "douyin.first_response", "seconds"),
        Column("平均响应时长", "mean_response_s", "seconds"),
        Column("询单人数", "inquiry_n", "count"),
        Column("下单人数", "ordered_n", "count"),
        Column("支付人数", "paid_n", "count"),
        Column("询单转化率", "conversion_share", "share"),
        Column("客服销售额", "sales", "money"),
    ),
    "京东": (
        Column("首次30秒应答率", "jd.first_30s", "share"),
        Column("30s应答率", "jd.first_30s", "share"),
        Column("平均响应时间", "jd.mean_response", "seconds"),
        Column("新平均响应时间", "jd.mean_response", "seconds"),
        Column("咨询量", "session_n", "count"),
        Column("客户消息数", "buyer_msg_n", "count"),
        Column("客服消息数", "agent_msg_n", "count"),
    ),
    "赤兔": (
        Column("咨询人数", "consulted_n", "count"),
        Column("接待人数", "received_n", "count"),
        Column("询单人数", "inquiry_n", "count"),
        Column("答问比", "reply_ratio", "ratio"),
        Column("首次响应", "first_response_s", "seconds"),
        Column("首次响应时间", "first_response_s", "seconds"),
        Column("平均响应", "mean_response_s", "seconds"),
        Column("平均响应时间", "mean_response_s", "seconds"),
        Column("询单->次日付款成功率", "conversion_share", "share"),
        Column("销售额", "sales", "money"),
        Column("客单价", "order_value", "money"),
    ),
}
PLATFORM = {"生意参谋": "taobao", "拼多多": "pdd", "飞鸽": "douyin", "京东": "jd", "赤兔": "taobao"}
AGENTS = ("客服", "客服昵称", "客服账号", "旺旺昵称", "账号名称", "客服旺旺", "旺旺", "员工账号", "转接后客服")
DAYS = ("日期", "统计日期", "时间", "咨询时间")
NOBODY = re.compile(r"^(?:汇总|均值|平均值|汇总值|合计|总计|平均|整体)$")
EMPTY = re.compile(r"^(?:|-|--|—|延迟统计|null|nan|暂无)$", re.IGNORECASE)
UNIT = re.compile(r"\((?:秒|s|分钟|分|min|元|%|8-23点|全天|次|人|条|m)\)", re.IGNORECASE)


def fold_header(header: str) -> str:
    """Return a report's header without spaces and the unit in brackets.

    >>> fold_header("首次响应时长（秒)")
    '首次响应时长'
    """
    folded = "".join(header.split()).replace("（", "(").replace("）", ")").replace("→", "->")
    return UNIT.sub("", folded)


def read_value(cell: str, unit: Unit, header: str) -> float | None:
    """Return a cell as our unit: shares 0..1, seconds; null where the report has no figure.

    ``99.71%``, ``0.9971`` and ``99.71`` are the same share, a bare 1 is 100 %; minutes are told by the header or cell.

    >>> read_value("99.71%", "share", "")
    0.9971
    >>> read_value("1.5分钟", "seconds", "")
    90.0
    """
    text = cell.strip().lstrip("'").replace(",", "").replace("￥", "").replace("¥", "")
    if EMPTY.match(text):
        return None
    clock = re.fullmatch(r"(?:(\d+):)?(\d{1,2}):(\d{2})", text)
    if clock and unit == "seconds":
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*(%|％|分钟|分|min|秒|s|元|人|条|次)?", text)
    if not found:
        return None
    number, mark = float(found.group(1)), found.group(2)
    if unit == "share":
        return round(number / 100, 8) if mark in ("%", "％") or number > 1 else number
    if unit == "ratio":
        return round(number / 100, 8) if mark in ("%", "％") else number
    minutes_meant = mark in ("分钟", "分", "min") or (mark is None and re.search(r"[(（](?:分钟|分|min)[)）]", header))
    return number * 60 if unit == "seconds" and minutes_meant else number

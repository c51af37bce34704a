"""Why a row was rejected, in the reader's language: readers write English, supervisors read Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from chataudit.arrays import text
from chataudit.errors import Fault

CHINESE = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        (r"unknown sender; allowed: (.*)", r"发送方看不懂；可用：\1"),
        (r"unknown kind; allowed: (.*)", r"类型看不懂；可用：\1"),
        (r"no sender", r"没有发送方"),
        (r"no buyer, and the session has none either", r"没有买家，会话里也没有"),
        (r"no time that can be read; allowed: (.*), seconds since 1970", r"时间读不懂；可用：\1、1970 年以来的秒数"),
        (r"no such time: (.*)", r"没有这样的时间：\1"),
        (r"longer than (\d+) characters", r"超过 \1 个字"),
        (r"(\d+) cells, the header has (\d+)", r"有 \1 格，表头有 \2 格"),
        (r"a quote that is never closed", r"引号没有闭合"),
        (r"a line that belongs to no message", r"不属于任何消息的行"),
        (r"a time that can't be read", r"时间读不懂"),
        (r"a time without a message", r"只有时间，没有消息"),
        (r"a push without a message", r"推送里没有消息"),
        (r"no chat with a buyer", r"不是和买家的聊天"),
        (r"an entry of the archive that is no message", r"存档里不是消息的记录"),
        (r"an opercode that is neither 2002 nor 2003", r"opercode 不是 2002 或 2003"),
        (r"a note among agents", r"客服之间的内部备注"),
        (r"a session without time or buyer", r"会话没有咨询时间或顾客"),
        (r"group chat is not audited", r"群聊不在审核范围"),
        (r"no peer block above says whose chat this is", r"上面没有对话人，不知是谁的聊天"),
        (r"not 6 or 7 cells parted by tabs", r"不是以制表符分开的 6 或 7 格"),
        (r"no order number", r"没有订单编号"),
        (r"an order number that a spreadsheet rounded", r"订单编号被表格软件四舍五入，末几位已丢失"),
        (r"no time that can be read", r"时间读不懂"),
        (r"no amount that can be read", r"金额读不懂"),
        (r"JSON syntax: (.*)", r"JSON 语法错误：\1"),
        (r"not an object", r"不是对象"),
        (r"turn without a known (.*)", r"对话轮缺少 \1"),
    )
)


def in_chinese(reasons: pd.Series, broken: Iterable[Fault]) -> pd.Series:
    """Return reasons in Chinese; those of files that could not be read as their faults say them."""
    said = {fault.what.en: fault.what.zh for fault in broken}
    known = {reason: said.get(reason) or translated(reason) for reason in reasons.dropna().unique()}
    return text([known.get(reason, reason) for reason in reasons])


def translated(reason: str) -> str:
    """Return one reader's reason in Chinese; as it is where it has no translation.

    >>> translated("3 cells, the header has 5")
    '有 3 格，表头有 5 格'
    """
    for english, chinese in CHINESE:
        found = english.fullmatch(reason)
        if found:
            return found.expand(chinese)
    return reason

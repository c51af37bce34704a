"""The switches by which one figure is counted otherwise: window, clock, whose reply, unit, pending, robots, cut hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chataudit.errors import Words


@dataclass(frozen=True)
class Switch:
    """One way to count otherwise: its name, the setting that turns it on, and the settings or policy change."""

    name: Words
    setting: str
    settings: Mapping[str, object] | None = None
    policy: Mapping[str, object] | None = None


SWITCHES = (
    Switch(Words("时段：全天", "window: all day"), "service_hours: all", {"service_hours": "all"}, {"hours": "all"}),
    Switch(
        Words("时段：08-24", "window: 08-24"),
        'service_hours: "08:00-24:00"',
        {"service_hours": "08:00-24:00"},
        {"hours": "08:00-24:00"},
    ),
    Switch(
        Words("时段：09-23", "window: 09-23"),
        'service_hours: "09:00-23:00"',
        {"service_hours": "09:00-23:00"},
        {"hours": "09:00-23:00"},
    ),
    Switch(
        Words("时段：08-23", "window: 08-23"),
        'service_hours: "08:00-23:00"',
        {"service_hours": "08:00-23:00"},
        {"hours": "08:00-23:00"},
    ),
    Switch(
        Words("结束语（好的、谢谢）也算提问", "closing lines open rounds"),
        "closing_lines: []",
        {"closing_lines": ()},
        {"closing": "opens"},
    ),
    Switch(
        Words("结束语（好的、谢谢）不算提问", "closing lines open no rounds"),
        "policies: closing: ignored",
        None,
        {"closing": "ignored"},
    ),
    Switch(
        Words("只有人工回复才算", "only a person's reply counts"), "policies: stops: agent", None, {"stops": ("agent",)}
    ),
    Switch(
        Words("机器人和自动回复也算回复", "robots and automatic replies count"),
        "policies: stops: [agent, assist, auto, bot]",
        None,
        {"stops": ("agent", "assist", "auto", "bot")},
    ),
    Switch(
        Words("纯机器人接待不剔除", "robot-only receptions are kept"),
        "policies: bots_alone: kept",
        None,
        {"bots_alone": "kept"},
    ),
    Switch(
        Words("纯机器人接待剔除", "robot-only receptions are left out"),
        "policies: bots_alone: out",
        None,
        {"bots_alone": "out"},
    ),
    Switch(
        Words("单位：按会话首轮", "unit: a session's first round"),
        "policies: unit: first",
        None,
        {"unit": "first", "rounds": "session"},
    ),
    Switch(
        Words("单位：按买家人天", "unit: a buyer's day"),
        "policies: unit: buyer_day",
        None,
        {"unit": "buyer_day", "rounds": "day"},
    ),
    Switch(Words("单位：按轮次", "unit: rounds"), "policies: unit: round", None, {"unit": "round"}),
    Switch(Words("未回复不计", "pending left out"), "policies: pending: out", None, {"pending": "out", "cap_s": None}),
    Switch(
        Words("未回复按 600 秒计", "pending counts 600 s"),
        "policies: pending: capped",
        None,
        {"pending": "capped", "cap_s": 600.0},
    ),
    Switch(
        Words("从转人工开始计时", "clock from the hand-over"),
        "policies: clock: reception",
        None,
        {"clock": "reception", "rounds": "session"},
    ),
    Switch(
        Words("识别出的自动回复不计", "detected automatic replies left out"),
        "detect_auto: apply",
        {"detect_auto": "apply"},
    ),
    Switch(Words("日切 4 点", "cut hour 4"), "cut_hour: 4", {"cut_hour": 4}),
    Switch(Words("日切 6 点", "cut hour 6"), "cut_hour: 6", {"cut_hour": 6}),
    Switch(
        Words("转接算给接收人", "a transfer counts for its receiver"),
        "transfer_counts: receiver",
        {"transfer_counts": "receiver"},
    ),
    Switch(Words("接待按回复日计", "received on the day of the reply"), "received_on: reply", {"received_on": "reply"}),
    Switch(Words("空聊天不计", "empty chats filtered"), "filters: {empty: true}", {"filters": {"empty": True}}),
    Switch(
        Words("单句聊天不计", "single-line buyers filtered"),
        "filters: {single_line: 1}",
        {"filters": {"single_line": 1}},
    ),
)

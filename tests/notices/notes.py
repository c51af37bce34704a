"""Notices for tests, and a pause that only writes down what was asked."""

from __future__ import annotations

from chataudit.errors import Words
from chataudit.notices import Notice

NOTICE = Notice(
    title=Words("3月2日质检", "Audit of 2 March"),
    summary=(Words("812 段会话，6 位客服", "812 conversations, 6 agents"),),
    red_lines=(Words("引导站外交易：2 次（小雯、小凯）", "Off-platform trade: 2 (小雯, 小凯)"),),
    failed=(Words("京东.log：读不出来", "京东.log: unreadable"),),
    reports=("2026-03-02/index.html",),
)
CALM = Notice(title=Words("3月3日质检", "Audit of 3 March"), summary=(Words("700 段会话", "700 conversations"),))


class Pauses(list[float]):
    """Called like time.sleep; keeps the seconds."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)

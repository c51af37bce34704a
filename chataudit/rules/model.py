"""What a rule file may say.

A rule is four small parts that combine: an *anchor* (where to start; without one, the conversation), a *window* (how
far to look from there), a *condition* to find in it, and whether finding it is wrong (``expect: none``, a prohibition),
missing it is (``expect: some``, a duty), or it is only counted (``expect: count``, a tally). A condition says who speaks
and what must hold of one message (`chataudit.rules.condition`).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from chataudit.errors import Words
from chataudit.rules.condition import Anchor, Condition, Entity, Near, Unless, Window
from chataudit.rules.lists import WordList
from chataudit.rules.parts import Names, Part, Range
from chataudit.rules.population import Facts, Order


class Example(Part):
    """A small transcript, a line a message, and the verdict: ``hit``, ``ok`` or ``skip`` (nothing to judge).

    A line is ``WHO [HH:MM:SS] text``: B buyer, A agent (A2 a second one), S assistant, O automatic reply, R robot,
    X system. A text that starts with ``#card``, ``#image``, ``#emoji``, ``#file``, ``#recall``, ``#transfer`` is of
    that kind. Lines without a time follow ten seconds after the one before; the first is at 10:00:00 on Monday
    2026-03-02. A line ``--- 3 days later`` (or ``--- 3 天后``) begins another session of the same buyer, so many days
    after the day of the one before, again at 10:00:00. ``order`` gives the buyer's order, ``agent`` what the people
    table says of the agent.
    """

    hit: str | None = Field(None, max_length=20_000)
    ok: str | None = Field(None, max_length=20_000)
    skip: str | None = Field(None, max_length=20_000)
    order: OrderGiven | None = None
    agent: AgentGiven | None = None
    session: SessionGiven | None = None

    @model_validator(mode="after")
    def _one(self) -> Example:
        given = [text for text in (self.hit, self.ok, self.skip) if text is not None]
        if len(given) != 1 or not given[0].strip():
            raise ValueError(
                Words(
                    "每个示例写且只写 hit、ok、skip 之一，且不能为空。",
                    "An example has exactly one of hit, ok, skip, and it is not empty.",
                )
            )
        return self


def _clock(value: Any) -> Any:
    if isinstance(value, str):
        try:
            dt.time.fromisoformat(value)
        except ValueError as error:
            raise ValueError(
                Words(f"时间 “{value}” 要写成 10:05:00。", f"Time {value!r} must read like 10:05:00.")
            ) from error
    return value


Clock = Annotated[str, BeforeValidator(_clock)]


class OrderGiven(Part):
    """The buyer's order in an example, on the example's day; what is not given did not happen."""

    ordered: Clock = "09:00:00"
    paid: Clock | None = None
    amount: float = Field(100, ge=0)
    refunded: bool = False


class AgentGiven(Part):
    """What the people table says of the example's agent."""

    team: str | None = None
    person: str | None = None
    joined_days: int | None = Field(None, ge=0, le=20_000)
    tag: str | None = None


class SessionGiven(Part):
    """Where and on which day the example's session is."""

    platform: Literal["plain", "taobao", "jd", "pdd", "douyin"] = "plain"
    shop: str = ""
    day: str = "2026-03-02"

    @field_validator("day")
    @classmethod
    def _day(cls, text: str) -> str:
        return day(text)


def day(text: str) -> str:
    """Return a day as it is written; raise ValueError with words where it is none."""
    try:
        dt.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            Words(f"日期 “{text}” 要写成 2026-03-02。", f"Day {text!r} must read like 2026-03-02.")
        ) from error
    return text


class Across(Part):
    """One verdict over several sessions of one buyer (platform, shop, name), the next one less than ``days`` after those before.

    Linked sessions are judged as one conversation in the order of time, whose day and hours are those of its first.
    Rounds stay those of their sessions.
    """

    days: int = Field(ge=1, le=366)


class Rule(Part):
    """A rule file. Its id is its path under ``rules/`` without the extension.

    ``by`` says what ``at_least`` and ``at_most`` count in a window (``at_most``: in the conversation): ``messages``,
    ``occurrences`` (several in one message count each) or ``different`` phrases or parts of ``any``. ``only``: the sessions
    and agents that the rule is for; ``across``: linked sessions of a buyer are judged as one; ``from`` and ``until``: the
    session days on which it is in force. ``slots``: values for the examples alone; in a run they come from
    the table that the setting ``slots`` names.
    """

    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    level: Literal["info", "minor", "major", "red"]
    why: str = Field(min_length=1)
    source: str = Field(min_length=1)
    say: str | None = None
    only: Facts | None = None
    across: Across | None = None
    from_: str | None = Field(None, alias="from")
    until: str | None = None
    anchor: Anchor | None = None
    window: Window = Window()
    find: Condition
    expect: Literal["none", "some", "count"] = "none"
    at_least: int = Field(1, ge=1, le=1000)
    at_most: int = Field(0, ge=0, le=1000)
    by: Literal["messages", "occurrences", "different"] = "messages"
    unless: Unless | None = None
    slots: dict[str, Names] = Field({}, max_length=20)
    examples: tuple[Example, ...] = Field(min_length=2, max_length=200)

    @field_validator("from_", "until")
    @classmethod
    def _day(cls, text: str | None) -> str | None:
        return None if text is None else day(text)

    @model_validator(mode="after")
    def _fits(self) -> Rule:
        for wrong, words in self._faults():
            if wrong:
                raise ValueError(words)
        return self

    def _faults(self) -> list[tuple[bool, Words]]:
        """Return what must not be together, and the words for it."""
        window, verdicts = self.window, {"hit" if one.hit else "ok" if one.ok else "skip" for one in self.examples}
        return [
            (
                self.anchor is not None and window.edge,
                Words(
                    "有 anchor 时窗口用 messages 或 seconds，不用 first/last。",
                    "With an anchor a window takes messages or seconds, not first/last.",
                ),
            ),
            (
                self.anchor is None and bool(window.messages or window.seconds or window.until),
                Words("没有 anchor 时窗口用 first 或 last。", "Without an anchor a window takes first or last."),
            ),
            (
                self.anchor is not None and self.anchor.which == 0,
                Words("which 从 1 或 -1 数起。", "which counts from 1, or from -1."),
            ),
            (
                self.anchor is None and self.unless is not None and not _edged(self.unless.window),
                Words(
                    "没有 anchor 时 unless 的窗口用 first 或 last。",
                    "Without an anchor the window of unless takes first or last.",
                ),
            ),
            (
                self.expect != "some" and self.at_least != 1 or self.expect != "none" and self.at_most != 0,
                Words(
                    "at_most 用于 expect: none，at_least 用于 expect: some。",
                    "at_most goes with expect: none, at_least with expect: some.",
                ),
            ),
            (
                self.by == "different" and not (self.find.words or self.find.phrases or self.find.any),
                Words(
                    "by: different 要求 find 有 words、phrases 或 any。",
                    "by: different asks for words, phrases or any in find.",
                ),
            ),
            (
                self.from_ is not None and self.until is not None and self.from_ > self.until,
                Words("from 不能晚于 until。", "from must not be later than until."),
            ),
            (
                "hit" not in verdicts or not verdicts & {"ok", "skip"},
                Words(
                    "示例要有命中（hit）和不命中（ok 或 skip）两面。",
                    "Examples must show both sides: hit, and ok or skip.",
                ),
            ),
        ]


def _edged(window: Window | None) -> bool:
    return window is None or window.edge or window == Window()


Example.model_rebuild()

__all__ = [
    "Across",
    "Anchor",
    "Condition",
    "Entity",
    "Example",
    "Facts",
    "Near",
    "Order",
    "Range",
    "Rule",
    "Unless",
    "Window",
    "WordList",
]

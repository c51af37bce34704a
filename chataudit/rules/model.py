"""What a rule file and a word list may say.

A rule is four small parts that combine: an *anchor* (where to start; without one, the conversation), a *window* (how
far to look from there), a *condition* to find in it, and whether finding it is wrong (``expect: none``, a prohibition),
missing it is (``expect: some``, a duty), or it is only counted (``expect: count``, a tally). A condition says who speaks
and what must hold of one message; several tests in one condition must hold together, and ``any``, ``all`` and ``not``
combine conditions.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from chataudit.errors import Words

Who = Literal["agent", "buyer", "auto", "bot", "system"]
Kind = Literal["text", "image", "card", "emoji", "file", "recall", "transfer", "event"]
Entity = Literal["phone", "link", "wechat", "qq", "bank_card", "email", "id_card"]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Part(BaseModel):
    """A part of a rule file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Range(Part):
    """Bounds of a number; all that are given must hold."""

    over: float | None = None
    at_least: float | None = None
    under: float | None = None
    at_most: float | None = None


class Repeats(Part):
    """The same text (folded) sent again in a conversation: true of the ``times``-th message and every later one."""

    times: int = Field(2, ge=2, le=1000)
    min_chars: int = Field(4, ge=1, le=1000)


class Condition(Part):
    """What must hold of one message. ``who: agent`` means the agent and the assistant that answers in its name."""

    who: Annotated[tuple[Who, ...], BeforeValidator(_listed)] = ("agent",)
    kind: Annotated[tuple[Kind, ...], BeforeValidator(_listed)] = ()
    words: Names = ()
    phrases: Names = ()
    pattern: str | None = Field(None, max_length=1000)
    entity: Annotated[tuple[Entity, ...], BeforeValidator(_listed)] = ()
    length: Range | None = None
    wait: Range | None = None
    opens: bool | None = None
    pending: bool | None = None
    repeats: Repeats | None = None
    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()
    not_: Condition | None = Field(None, alias="not")


class Anchor(Condition):
    """The condition whose hits are the places to start from: every one, or the first or last of a session."""

    which: Literal["every", "first", "last"] = "every"


class Window(Part):
    """How far to look.

    With an anchor: ``side`` says in which direction (``from`` is the anchor itself and after, ``at`` the anchor
    alone), ``messages`` how many messages of the speakers looked for, ``seconds`` how long. Without: ``first`` or
    ``last`` so many messages of these speakers in the session.
    """

    side: Literal["after", "from", "before", "around", "at"] = "after"
    messages: int | None = Field(None, ge=1, le=10_000)
    seconds: float | None = Field(None, gt=0)
    first: int | None = Field(None, ge=1, le=10_000)
    last: int | None = Field(None, ge=1, le=10_000)


class Example(Part):
    """A small transcript, a line a message, and the verdict: ``hit``, ``ok`` or ``skip`` (nothing to judge).

    A line is ``WHO [HH:MM:SS] text``: B buyer, A agent (A2 a second one), S assistant, O automatic reply, R robot,
    X system. A text that starts with ``#card``, ``#image``, ``#emoji``, ``#file``, ``#recall``, ``#transfer`` is of
    that kind. Lines without a time follow ten seconds after the one before.
    """

    hit: str | None = None
    ok: str | None = None
    skip: str | None = None

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


class Rule(Part):
    """A rule file. Its id is its path under ``rules/`` without the extension."""

    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    level: Literal["info", "minor", "major", "red"]
    why: str = Field(min_length=1)
    source: str = Field(min_length=1)
    say: str | None = None
    anchor: Anchor | None = None
    window: Window = Window()
    find: Condition
    expect: Literal["none", "some", "count"] = "none"
    at_least: int = Field(1, ge=1, le=1000)
    at_most: int = Field(0, ge=0, le=1000)
    unless: Condition | None = None
    examples: tuple[Example, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _fits(self) -> Rule:
        if self.anchor is not None and (self.window.first or self.window.last):
            raise ValueError(
                Words(
                    "有 anchor 时窗口用 messages 或 seconds，不用 first/last。",
                    "With an anchor a window takes messages or seconds, not first/last.",
                )
            )
        if self.anchor is None and (self.window.messages or self.window.seconds):
            raise ValueError(
                Words("没有 anchor 时窗口用 first 或 last。", "Without an anchor a window takes first or last.")
            )
        if self.window.first and self.window.last:
            raise ValueError(Words("first 和 last 只能写一个。", "Write first or last, not both."))
        if self.expect != "some" and self.at_least != 1 or self.expect != "none" and self.at_most != 0:
            raise ValueError(
                Words(
                    "at_most 用于 expect: none，at_least 用于 expect: some。",
                    "at_most goes with expect: none, at_least with expect: some.",
                )
            )
        verdicts = {"hit" if one.hit else "ok" if one.ok else "skip" for one in self.examples}
        if "hit" not in verdicts or not verdicts & {"ok", "skip"}:
            raise ValueError(
                Words(
                    "示例要有命中（hit）和不命中（ok 或 skip）两面。",
                    "Examples must show both sides: hit, and ok or skip.",
                )
            )
        return self


class WordList(Part):
    """A list of phrases with how they may be written and when they do not count.

    ``border``: both ends of a hit must be word borders (jieba); ``marks``: what may stand between a phrase's
    characters: ``none``, ``soft`` (spaces, symbols, emoji codes) or ``any`` (sentence marks too); ``exempt``: longer
    phrases inside which a hit does not count; ``not_after`` / ``not_before``: phrases that, at most ``reach``
    characters before / after the hit, make it innocent.
    """

    phrases: Names = Field(min_length=1)
    border: bool = True
    marks: Literal["none", "soft", "any"] = "soft"
    exempt: Names = ()
    not_after: Names = ()
    not_before: Names = ()
    reach: int = Field(6, ge=0, le=50)

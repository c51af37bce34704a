"""What is known of a session beside its words: where and when it was, its figures, its orders, its agent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, field_validator

from chataudit.rules.parts import Names, Part, Range, listed
from chataudit.settings import read_hours

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Ender = Literal["buyer", "agent", "assist", "auto", "bot"]
Placed = Literal["before", "during", "after"]
Paid = Literal["before", "during", "after", "never"]
FIGURES = (
    "duration_s",
    "buyer_n",
    "agent_n",
    "bot_n",
    "round_n",
    "pending_n",
    "first_response_s",
    "mean_response_s",
    "max_response_s",
)
AGENT_FACTS = ("agent", "person", "team", "tag", "joined_days")


class Order(Part):
    """An order of the session's buyer; all that is given must hold of the same one.

    ``placed`` and ``paid`` say when, seen from the session: ``before`` its first message, ``during``, ``after`` its last;
    ``paid: [after, never]`` is what was not paid when the session ended. Orders count from 15 days before the session
    (setting ``after_sales_days``) to the end of the day after it. ``exists: false``: there is no such order.
    """

    exists: bool = True
    placed: Annotated[tuple[Placed, ...], BeforeValidator(listed)] = ()
    paid: Annotated[tuple[Paid, ...], BeforeValidator(listed)] = ()
    refunded: bool | None = None
    amount: Range | None = None


class Facts(Part):
    """Facts of a session and, in the last five keys, of its agent; all that are given must hold.

    ``weekday`` and ``hours`` are those of its first message; ``ended_by`` is the sender of its last message that is not
    the system's; figures are columns of the sessions table. ``team``, ``person`` and ``joined_days`` (days from joining to
    the session's day) come from the people table, ``tag`` from the setting ``agent_tags``.
    """

    platform: Names = ()
    shop: Names = ()
    weekday: Annotated[tuple[Weekday, ...], BeforeValidator(listed)] = ()
    hours: str | None = None
    transferred: bool | None = None
    ended_by: Annotated[tuple[Ender, ...], BeforeValidator(listed)] = ()
    duration_s: Range | None = None
    buyer_n: Range | None = None
    agent_n: Range | None = None
    bot_n: Range | None = None
    round_n: Range | None = None
    pending_n: Range | None = None
    first_response_s: Range | None = None
    mean_response_s: Range | None = None
    max_response_s: Range | None = None
    order: Order | None = None
    agent: Names = ()
    person: Names = ()
    team: Names = ()
    tag: Names = ()
    joined_days: Range | None = None

    @field_validator("hours")
    @classmethod
    def _hours(cls, text: str | None) -> str | None:
        if text is not None:
            read_hours(text)
        return text

"""A response policy: how one platform counts waiting, as a small value.

The platforms differ in seven switches; a preset file under ``lexicons/presets/`` or an entry of the setting
``policies`` names each.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from chataudit.errors import Words
from chataudit.settings.hours import read_hours


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Policy(BaseModel):
    """How a metric counts.

    ``rounds``: over a buyer's local day or inside a session; ``stops``: whose talk stops the clock; ``closing``:
    whether a buyer's closing line opens a round; ``clock``: from the buyer's message, or from the reception (the first
    transfer before anybody answered, else the buyer's first talk); ``hours`` and what they are tested on
    (``opening`` of the round, ``session`` start, ``reception``); ``bots_alone``: whether sessions (or buyer-days) that
    only a robot served count.

    ``unit`` is what is counted: each ``round``; each session's ``first`` round; ``session`` (mean of its answered
    rounds); ``buyer_day`` (all rounds of a buyer's day); ``reception`` (first talk of a seller after it); ``pair``
    (buyer × agent × day). ``measure`` is what stands above the line: units ``within`` the limit, the ``wait`` in
    seconds, or units ``replied`` to. ``pending``: a unit without reply ``fails``, is left ``out``, or counts ``capped``.
    ``merge_s``: sessions of a buyer that start less than this after the end of the one before count as one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    source: str = Field(min_length=1)
    why: str | None = None
    unit: Literal["round", "first", "session", "buyer_day", "reception", "pair"]
    measure: Literal["within", "wait", "replied"]
    rounds: Literal["day", "session"] = "session"
    stops: Annotated[tuple[Literal["agent", "assist", "auto", "bot"], ...], BeforeValidator(_listed)] = (
        "agent",
        "assist",
    )
    closing: Literal["opens", "ignored"] = "opens"
    clock: Literal["message", "reception"] = "message"
    hours: str = "all"
    hours_of: Literal["opening", "session", "reception"] = "opening"
    bots_alone: Literal["out", "kept"] = "kept"
    limit_s: float | None = Field(None, gt=0)
    pending: Literal["fails", "out", "capped"] = "fails"
    cap_s: float | None = Field(None, gt=0)
    merge_s: float | None = Field(None, gt=0)

    @field_validator("hours")
    @classmethod
    def _hours(cls, text: str) -> str:
        read_hours(text)
        return text

    @model_validator(mode="after")
    def _fits(self) -> Policy:
        if (self.measure == "within") != (self.limit_s is not None):
            raise ValueError(Words("limit_s 和 measure: within 一起用。", "limit_s goes with measure: within."))
        if (self.pending == "capped") != (self.cap_s is not None):
            raise ValueError(Words("cap_s 和 pending: capped 一起用。", "cap_s goes with pending: capped."))
        if (self.measure == "replied") != (self.unit == "pair"):
            raise ValueError(Words("measure: replied 和 unit: pair 一起用。", "measure: replied goes with unit: pair."))
        if self.unit in ("first", "session", "reception") and self.rounds == "day":
            raise ValueError(
                Words(f"unit: {self.unit} 用 rounds: session。", f"unit: {self.unit} takes rounds: session.")
            )
        if self.unit == "buyer_day" and (self.rounds == "session" or self.measure != "within"):
            raise ValueError(
                Words(
                    "unit: buyer_day 用 rounds: day 和 measure: within。",
                    "unit: buyer_day takes rounds: day and measure: within.",
                )
            )
        if self.rounds == "day" and (self.hours_of != "opening" or self.clock != "message" or self.merge_s):
            raise ValueError(
                Words(
                    "rounds: day 只能按 opening 测时段、从消息计时、不合并会话。",
                    "rounds: day tests hours on the opening, starts on the message, merges no sessions.",
                )
            )
        return self

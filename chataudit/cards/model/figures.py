"""Where a card's figures come from beside the log: named constants, sheets that people fill in, derived figures."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from chataudit.cards.model.part import Formula, Names, Part
from chataudit.errors import Words


class Param(Part):
    """A constant that the shop may set. ``inferred`` / ``default`` say why this value stands here."""

    value: float
    name: str | None = None
    unit: str | None = None
    inferred: str | None = None
    default: str | None = None


class RaterShare(Part):
    """A rater and the weight of the mark (weights need not add up to one)."""

    name: str = Field(min_length=1, max_length=40)
    weight: float = Field(gt=0)


class Input(Part):
    """A figure that only people know, from a sheet.

    ``per``: one for each ``person``, or one for the whole shop (``all``; in the sheet the person is 全店). ``kind``: a
    ``number`` between ``low`` and ``high``, or a ``text`` out of ``choices``. ``raters``: whose marks count, with
    weights (none: all raters alike); ``missing``: where one of them is missing the figure waits, or the others count
    alone (``reweigh``). What the rater 自评 (self) says stands beside and never counts unless named; ``self``: the
    empty sheet asks for it.
    """

    name: str | None = None
    name_en: str | None = None
    unit: str | None = None
    kind: Literal["number", "text"] = "number"
    per: Literal["person", "all"] = "person"
    low: float | None = None
    high: float | None = None
    choices: Names = ()
    raters: tuple[RaterShare, ...] = ()
    missing: Literal["wait", "reweigh"] = "wait"
    self_too: bool = Field(default=False, alias="self")
    note: str | None = None
    inferred: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> Input:
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(Words("low 要小于 high。", "low must be less than high."))
        if self.kind == "text" and (self.low is not None or self.high is not None or self.raters):
            raise ValueError(Words("kind: text 用 choices，不用 low、high、raters。", "kind: text takes choices only."))
        if self.kind == "number" and self.choices:
            raise ValueError(Words("choices 用于 kind: text。", "choices go with kind: text."))
        return self


class Derived(Part):
    """A figure made from others; ``formula`` may name facts, inputs, parameters and other derived figures."""

    formula: Formula
    name: str | None = None
    name_en: str | None = None
    unit: str | None = None
    inferred: str | None = None
    note: str | None = None

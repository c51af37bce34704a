"""Items and adjustments: what each reads and how it gives points."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from chataudit.cards.model.bands import check_bands
from chataudit.cards.model.checklist import Checklist
from chataudit.cards.model.functions import Band, Each, Level, Linear, PerCount, PerStep, Rank, Rating, Span, ToMean
from chataudit.cards.model.part import Formula, Part
from chataudit.errors import Words

FUNCTIONS = ("bands", "per_step", "per_count", "each", "linear", "rank", "to_mean", "levels", "rating", "direct")


class Scoring(Part):
    """A value and the one function that turns it into points.

    ``value``: a formula; ``applies``: a formula, where it is 0 the line does not apply. Functions: ``bands`` (half-open
    ranges, each holding the end that ``closed`` names), ``per_step``, ``per_count``, ``each``, ``linear``, ``rank``,
    ``to_mean``, ``levels``, ``rating``, ``direct`` (the value is the points, within the range). ``floor`` and ``cap``
    bound the points. ``inferred`` says what the source does not state, ``default`` what the shop is meant to set.
    """

    id: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    value: Formula | None = None
    applies: Formula | None = None
    closed: Literal["from", "to"] = "from"
    bands: tuple[Band, ...] = ()
    per_step: PerStep | None = None
    per_count: PerCount | None = None
    each: Each | None = None
    linear: Linear | None = None
    rank: Rank | None = None
    to_mean: ToMean | None = None
    levels: tuple[Level, ...] = ()
    rating: Rating | None = None
    direct: Span | None = None
    floor: float | None = None
    cap: float | None = None
    inferred: str | None = None
    default: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _sound(self) -> Scoring:
        check_bands(self.bands, self.closed)
        keys = [level.key for level in self.levels]
        if len(set(keys)) < len(keys):
            raise ValueError(Words("levels 的 key 不能重复。", "Two levels have the same key."))
        if self.floor is not None and self.cap is not None and self.floor > self.cap:
            raise ValueError(Words("floor 不能大于 cap。", "floor must not exceed cap."))
        return self

    @property
    def function(self) -> str | None:
        """Return the name of the function that is written; None where none or several are."""
        written = [name for name in FUNCTIONS if getattr(self, name) not in (None, ())]
        return written[0] if len(written) == 1 else None


class Item(Scoring):
    """One line of a card, worth ``points``.

    ``some``: points of a checklist item where exactly one thing is unmet (null: nothing between all and none);
    ``out_of``: the function's points are out of this many and scaled to ``points`` (scores of 0–100 with weights);
    ``bonus``: what it gives comes on top of the full marks; ``group``: the group whose points it shares.
    """

    points: float = Field(ge=0)
    some: float | None = None
    red: bool = False
    bonus: bool = False
    group: str | None = None
    out_of: float | None = Field(None, gt=0)
    checklist: Checklist | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Item:
        if self.checklist is not None:
            if self.value is not None or any(getattr(self, name) not in (None, ()) for name in FUNCTIONS):
                raise ValueError(Words("checklist 不和 value 一起用。", "checklist does not go with value."))
        elif self.value is None or self.function is None:
            raise ValueError(
                Words(
                    f"写 checklist，或写 value 和 {'、'.join(FUNCTIONS)} 之一。",
                    f"Give checklist, or value with one of {', '.join(FUNCTIONS)}.",
                )
            )
        if self.some is not None and not 0 <= self.some <= self.points:
            raise ValueError(Words("some 要在 0 和 points 之间。", "some must lie between 0 and points."))
        return self


class Adjustment(Scoring):
    """Points outside the total, counted in full: added to (or taken from) the score after it is scaled."""

    @model_validator(mode="after")
    def _one_way(self) -> Adjustment:
        if self.value is None or self.function is None:
            raise ValueError(
                Words(f"写 value 和 {'、'.join(FUNCTIONS)} 之一。", f"Give value with one of {', '.join(FUNCTIONS)}.")
            )
        return self

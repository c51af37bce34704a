"""A card: its items and all that follows from them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from chataudit.cards.model.figures import Derived, Input, Param
from chataudit.cards.model.items import Adjustment, Item
from chataudit.cards.model.outcomes import Consequence, Grade, Ranking, RedLines, Rollup, check_grades
from chataudit.cards.model.part import Part
from chataudit.cards.model.pay import Pay
from chataudit.cards.periods import LENGTHS, Length
from chataudit.errors import Words

NotApplicable = Literal["leave_out", "redistribute", "zero"]


class Group(Part):
    """Items that share points: ``points`` are divided over the group's items in proportion to their own.

    ``na``: the points of an item that does not apply go to the group's other items (``redistribute``), are left out
    (``leave_out``), or count as not reached (``zero``).
    """

    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    points: float = Field(gt=0)
    na: NotApplicable = "redistribute"
    inferred: str | None = None


class Card(Part):
    """A card file; its id is its path under ``cards/`` without the extension.

    ``subject``: ``conversation`` (each conversation, averaged per person), ``person`` or ``team``; ``period``: how long
    its own periods are. ``scale``: the score of full marks (null: the points as they are). ``na``: points of items that
    do not apply are left out and the rest scaled (``leave_out``; ``redistribute`` is the same over all items) or count
    as not reached (``zero``). ``top`` / ``bottom`` bound the score after adjustments. ``audit``: filled by every audit that names
    no cards (else only where it is named, or by ``chataudit score``).
    """

    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    source: str = Field(min_length=1)
    subject: Literal["conversation", "person", "team"]
    period: Length = "month"
    scale: float | None = Field(100, gt=0)
    na: NotApplicable = "leave_out"
    top: float | None = None
    bottom: float | None = None
    audit: bool = True
    inferred: str | None = None
    params: dict[str, Param] = {}
    inputs: dict[str, Input] = {}
    derived: dict[str, Derived] = {}
    groups: dict[str, Group] = {}
    items: tuple[Item, ...] = Field(min_length=1)
    adjustments: tuple[Adjustment, ...] = ()
    grades: tuple[Grade, ...] = ()
    red_lines: RedLines = RedLines()
    ranking: Ranking = Ranking()
    team_least: int = Field(3, ge=1)
    rollups: tuple[Rollup, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    pay: Pay | None = None

    @model_validator(mode="after")
    def _fits(self) -> Card:
        ids = [line.id for line in (*self.items, *self.adjustments)]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(
                Words(f"考核项编号重复：{', '.join(twice)}。", f"Item ids stand twice: {', '.join(twice)}.")
            )
        names = [line.name for line in (*self.items, *self.adjustments)]
        same = sorted({one for one in names if names.count(one) > 1})
        if same:
            raise ValueError(
                Words(f"考核项名称重复：{'、'.join(same)}。", f"Two items have the same name: {', '.join(same)}.")
            )
        wrong = [item.id for item in self.items if (item.checklist is not None) != (self.subject == "conversation")]
        if wrong:
            raise ValueError(
                Words(
                    f"subject: {self.subject} 的评分表里，这些项的写法不对：{', '.join(wrong)}。",
                    f"Items that do not fit subject: {self.subject}: {', '.join(wrong)}.",
                )
            )
        check_grades(self.grades)
        self._check_periods()
        self._check_conversations()
        return self

    def _check_periods(self) -> None:
        shorter = self.period
        for rollup in self.rollups:
            of = rollup.of or shorter
            if LENGTHS.index(rollup.period) <= LENGTHS.index(of):
                raise ValueError(
                    Words(
                        f"rollups：{rollup.period} 要比 {of} 长。",
                        f"rollups: {rollup.period} must be longer than {of}.",
                    )
                )
            shorter = rollup.period
        known = {grade.name for grade in self.grades}
        asked = {name for one in self.consequences if one.when for name in one.when.grade}
        asked |= {self.red_lines.grade} if self.red_lines.grade else set()
        known |= {grade.name for rollup in self.rollups for grade in rollup.grades}
        lost = sorted(asked - known)
        if lost:
            raise ValueError(Words(f"没有等级 {'、'.join(lost)}。", f"There is no grade {', '.join(lost)}."))

    def _check_conversations(self) -> None:
        if self.subject != "conversation":
            return
        taken = [
            name for name in ("inputs", "derived", "groups", "adjustments", "pay", "params") if getattr(self, name)
        ]
        if taken or self.scale is None:
            what = "、".join(taken) or "scale: null"
            raise ValueError(
                Words(f"subject: conversation 的评分表不用 {what}。", f"A card of conversations takes no {what}.")
            )

    def title(self, lang: str) -> str:
        """Return the card's name in ``lang``."""
        return self.name_en if lang == "en" else self.name


def grade_of(grades: tuple[Grade, ...], score: float | None) -> str | None:
    """Return the grade of a score; null without a score or grades."""
    if score is None:
        return None
    for grade in grades:
        if grade.from_ is None or round(score, 6) >= grade.from_:
            return grade.name
    return None


def full_marks(card: Card) -> float:
    """Return the score of full marks: the scale, or the sum of the items' points where there is none."""
    return card.scale if card.scale is not None else whole_points(card)


def whole_points(card: Card) -> float:
    """Return the points that the items and groups share out, bonus items aside."""
    single = sum(item.points for item in card.items if item.group is None and not item.bonus)
    return single + sum(group.points for group in card.groups.values())

"""What follows from scores: grades, red lines, ranking, longer periods, consequences."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from chataudit.cards.model.part import Formula, Names, Part
from chataudit.cards.periods import Length
from chataudit.errors import Words


class Grade(Part):
    """A grade for scores from ``from_`` on (included)."""

    name: str = Field(min_length=1, max_length=20)
    from_: float | None = Field(None, alias="from")
    inferred: str | None = None


def check_grades(grades: tuple[Grade, ...]) -> None:
    """Raise ValueError (`Words`) where grades are not written from the highest down to one without an edge."""
    edges = [grade.from_ for grade in grades]
    known = [edge for edge in edges if edge is not None]
    if edges and (edges[-1] is not None or len(known) < len(edges) - 1 or known != sorted(set(known), reverse=True)):
        raise ValueError(
            Words("等级从高到低写，最后一级不写 from。", "Grades go from high to low, and the last one has no from.")
        )
    names = [grade.name for grade in grades]
    if len(set(names)) < len(names):
        raise ValueError(Words("等级名称不能重复。", "Two grades have the same name."))


class RedLines(Part):
    """What a broken red item does beside being reported by name: nothing more, cap the score, make it 0, set the grade."""

    effect: Literal["report", "cap", "zero", "grade"] = "report"
    cap: float | None = None
    grade: str | None = None
    inferred: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> RedLines:
        if (self.effect == "cap") != (self.cap is not None) or (self.effect == "grade") != (self.grade is not None):
            raise ValueError(
                Words(
                    "effect: cap 要写 cap，effect: grade 要写 grade。",
                    "effect: cap needs cap, effect: grade needs grade.",
                )
            )
        return self


class Ranking(Part):
    """How subjects are ranked by score: ties as in `Rank`; under ``least`` conversations (``sample_n``) too few to rank."""

    ties: Literal["min", "mean", "dense"] = "min"
    least: int = Field(1, ge=1)
    default: str | None = None


class Rollup(Part):
    """A longer period made of the card's own: the ``mean``, ``sum`` or ``last`` of their scores, from ``least`` of them on."""

    period: Length
    how: Literal["mean", "sum", "last"] = "mean"
    of: Length | None = None
    least: int = Field(1, ge=1)
    grades: tuple[Grade, ...] = ()
    inferred: str | None = None

    @model_validator(mode="after")
    def _sound(self) -> Rollup:
        check_grades(self.grades)
        return self


class When(Part):
    """What must have happened ``at_least`` so often in the last ``of`` periods (this one included).

    ``period``: the length of these periods (default: the card's own). One of ``grade`` (any of these), ``place``
    (``first`` or ``last`` of the ranking), ``test`` (a formula that is not 0).
    """

    grade: Names = ()
    place: Literal["first", "last"] | None = None
    test: Formula | None = None
    period: Length | None = None
    at_least: int = Field(1, ge=1)
    of: int = Field(1, ge=1, le=120)

    @model_validator(mode="after")
    def _fits(self) -> When:
        if sum((bool(self.grade), self.place is not None, self.test is not None)) != 1:
            raise ValueError(Words("写且只写 grade、place、test 之一。", "Give exactly one of grade, place, test."))
        if self.at_least > self.of:
            raise ValueError(Words("at_least 不能大于 of。", "at_least must not exceed of."))
        return self


class Consequence(Part):
    """What follows: without ``when`` it is only said on the card, with it whenever that has happened."""

    says: str = Field(min_length=1, max_length=300)
    when: When | None = None
    inferred: str | None = None

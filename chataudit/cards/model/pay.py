"""Pay: lines that a person can check, one after the other."""

from __future__ import annotations

from pydantic import Field, model_validator

from chataudit.cards.model.part import Formula, Part
from chataudit.errors import Words


class PayLine(Part):
    """A line of a pay slip.

    ``formula`` may name facts, inputs, parameters, derived figures, ``score``, ``score_rank``, ``grade`` and earlier lines;
    ``counts``: whether it is part of the total; ``digits``: decimals of the rounded result (halves up).
    """

    id: str = Field(pattern=r"^[^\W\d]\w*$", max_length=40)
    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    formula: Formula
    unit: str = "元"
    counts: bool = True
    digits: int = Field(2, ge=0, le=6)
    inferred: str | None = None
    note: str | None = None


class Pay(Part):
    """A pay slip: its lines, and the name of their total."""

    lines: tuple[PayLine, ...] = Field(min_length=1)
    total: str = "合计"
    total_en: str = "Total"

    @model_validator(mode="after")
    def _sound(self) -> Pay:
        ids = [line.id for line in self.lines]
        if len(set(ids)) < len(ids):
            raise ValueError(Words("pay 的 id 不能重复。", "Two pay lines have the same id."))
        return self

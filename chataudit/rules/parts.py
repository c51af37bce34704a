"""What the parts of rule files share: unknown keys refused, a word for a list of one, bounds of a number."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from chataudit.errors import Words

MOST_LISTED = 5_000


def listed(value: Any) -> Any:
    """Return one word as a list of it."""
    return [value] if isinstance(value, str | dict) else value


Phrase = Annotated[str, Field(min_length=1, max_length=300)]
Names = Annotated[tuple[Phrase, ...], BeforeValidator(listed), Field(max_length=MOST_LISTED)]


class Part(BaseModel):
    """A part of a rule file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Range(Part):
    """Bounds of a number; all that are given must hold."""

    over: float | None = None
    at_least: float | None = None
    under: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _some(self) -> Range:
        if not self.model_fields_set:
            raise ValueError(
                Words(
                    "至少写 over、at_least、under、at_most 之一。",
                    "Write at least one of over, at_least, under, at_most.",
                )
            )
        return self

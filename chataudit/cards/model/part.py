"""What all parts of a card file share: unknown keys are refused, formulas are parsed when the file is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, field_validator

from chataudit.cards.formulas import FormulaError, parse
from chataudit.errors import Words

LARGEST = 10.0**15


class Part(BaseModel):
    """A part of a card file: unknown keys are refused, and numbers that are none or beyond all money and points."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @field_validator("*", mode="after")
    @classmethod
    def _sized(cls, value: Any) -> Any:
        for number in _numbers(value):
            if not abs(number) <= LARGEST:
                raise ValueError(Words(f"{number:g} 太大，最大 1e15。", f"{number:g} is too large; at most 1e15."))
        return value


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, float | int):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _numbers(one)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


def _parsed(text: str) -> str:
    try:
        parse(text)
    except FormulaError as error:
        place = error.at + 1
        raise ValueError(
            Words(f"公式第 {place} 个字符：{error.what.zh}。", f"Formula, character {place}: {error.what.en}.")
        ) from error
    return text


def _text(value: Any) -> Any:
    """Let a bare number be a formula."""
    return f"{value}" if isinstance(value, int | float) and not isinstance(value, bool) else value


Formula = Annotated[str, BeforeValidator(_text), AfterValidator(_parsed)]

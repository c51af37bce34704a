"""What all parts of a card file share: unknown keys are refused, formulas are parsed when the file is read."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from chataudit.cards.formulas import FormulaError, parse
from chataudit.errors import Words


class Part(BaseModel):
    """A part of a card file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


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

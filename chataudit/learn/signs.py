"""The file of signs: which rules speak for or against risk, and how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from chataudit.errors import Fault, Faults, Words, one_of
from chataudit.settings import read_document, validate

FILE = "risk/signs"


class Part(BaseModel):
    """A part of the file of signs: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sign(Part):
    """A rule whose places speak for risk (``weight`` over 0, in log odds a place) or against it; ``most`` count."""

    rule: str
    weight: float = Field(ge=-10, le=10, allow_inf_nan=False)
    most: int = Field(1, ge=1, le=100)


class Signs(Part):
    """All signs; ``start``: the log odds of a conversation that shows none."""

    start: float = Field(ge=-10, le=10, allow_inf_nan=False)
    signs: tuple[Sign, ...] = Field(min_length=1)


@dataclass(frozen=True)
class SignFile:
    """The signs, and the SHA-256 of the file that they stand in."""

    signs: Signs
    hashes: dict[str, str]


def load(folder: Path, rules: Iterable[str]) -> SignFile | None:
    """Return the signs of a lexicons folder; None where it has none, as copies of older lexicons.

    Raises:
        Faults: what is wrong in the file, with line and column.
    """
    path = folder / f"{FILE}.yaml"
    if not path.is_file():
        return None
    document = read_document(path.read_bytes(), str(path))
    signs = validate(document, Signs)
    known, seen, faults = set(rules), set[str](), list[Fault]()
    for at, sign in enumerate(signs.signs):
        place = ("signs", at, "rule")
        if sign.rule not in known:
            what = Words(f"没有规则 “{sign.rule}”。", f"There is no rule {sign.rule!r}.")
            faults.append(document.fault(place, what, one_of(sign.rule, known)))
        elif sign.rule in seen:
            faults.append(document.fault(place, Words(f"“{sign.rule}” 写了两次。", f"{sign.rule!r} stands twice.")))
        seen.add(sign.rule)
    if faults:
        raise Faults(faults)
    return SignFile(signs, {FILE: document.digest})

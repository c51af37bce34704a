"""Slots of a shop in phrases and patterns: ``{商品名}`` stands for every value in that column of the shop's table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from chataudit.rules.parts import Part

SLOT = re.compile(r"(?<!\\[pPx])\{([^\W\d_][^{}\n]{0,29})\}")
MOST_FILLED = 5_000
TEXTS = ("phrases", "exempt", "not_after", "not_before", "samples")
PATTERNS = ("pattern", "except_")
Values = Mapping[str, tuple[str, ...]]
Filled = TypeVar("Filled", bound=Part)


def slots_in(part: Part) -> set[str]:
    """Return the names of the slots that stand in the phrases, samples and patterns of a part, at any depth."""
    found: set[str] = set()
    for name in type(part).model_fields:
        for value in _tuple(getattr(part, name)):
            if isinstance(value, Part):
                found |= slots_in(value)
            elif isinstance(value, str) and name in (*TEXTS, *PATTERNS):
                found.update(SLOT.findall(value))
    return found


def fill(part: Filled, values: Values) -> Filled:
    """Return a part with its slots filled; a phrase or pattern with a slot that has no value stays as it is."""
    if not slots_in(part):
        return part
    changed: dict[str, object] = {}
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, Part):
            changed[name] = fill(value, values)
        elif isinstance(value, tuple) and value and isinstance(value[0], Part):
            changed[name] = tuple(fill(one, values) for one in value)
        elif name in TEXTS and isinstance(value, tuple):
            changed[name] = _said(value, values)
        elif name in PATTERNS and value:
            changed[name] = (
                _alternatives(value, values)
                if isinstance(value, str)
                else tuple(_alternatives(one, values) for one in value)
            )
    return part.model_copy(update=changed)


def open_slots(parts: Iterable[Part]) -> list[str]:
    """Return the slots that are still open after filling, sorted."""
    return sorted({name for part in parts for name in slots_in(part)})


def _tuple(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _said(phrases: tuple[str, ...], values: Values) -> tuple[str, ...]:
    """Return each phrase once for every value of its slots, at most `MOST_FILLED` in all."""
    filled: dict[str, None] = {}
    for phrase in phrases:
        forms = [phrase]
        for name in dict.fromkeys(SLOT.findall(phrase)):
            if values.get(name):
                forms = [form.replace(f"{{{name}}}", value) for form in forms for value in values[name]][:MOST_FILLED]
        filled.update(dict.fromkeys(forms))
    return tuple(filled)[:MOST_FILLED]


def _alternatives(pattern: str, values: Values) -> str:
    def one(found: re.Match[str]) -> str:
        known = values.get(found.group(1))
        return f"(?:{'|'.join(map(re.escape, known))})" if known else found.group(0)

    return SLOT.sub(one, pattern)


__all__ = ["SLOT", "Values", "fill", "open_slots", "slots_in"]

"""Formulas as people read them: as written, and with figures in the place of names."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from chataudit.cards.formulas.evaluate import WIDE
from chataudit.cards.formulas.parse import Binary, Call, Name, Node, Number, Text, Unary

TIGHT = {
    "or": 1,
    "and": 2,
    "not": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "==": 4,
    "!=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}
PRINTED = {"*": "×", "/": "÷", "-": "−", ">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}
UNKNOWN = "？"
SIX = Decimal(1).scaleb(-6)


def shown(value: Decimal | str | None) -> str:
    """Return a value as people read it: at most six digits behind the point.

    >>> shown(Decimal("2400.00")), shown(Decimal(1) / 3), shown(None)
    ('2400', '0.333333', '？')
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return value
    rounded = value.quantize(SIX, context=WIDE)
    return f"{rounded:f}".rstrip("0").rstrip(".") if "." in f"{rounded:f}" else f"{rounded:f}"


def written(node: Node, values: Mapping[str, Decimal | str | None] | None = None) -> str:
    """Return a formula as text; with ``values`` (keyed by name, or by a call as written), these stand for the names.

    >>> from chataudit.cards.formulas.parse import parse
    >>> written(parse("(a + b) * 15%"), {"a": Decimal(3), "b": Decimal(4)})
    '(3 + 4) × 0.15'
    """
    return _text(node, 0, values)


def _text(node: Node, around: int, values: Mapping[str, Decimal | str | None] | None) -> str:
    if isinstance(node, Number):
        return shown(node.value)
    if isinstance(node, Text):
        return f"“{node.value}”"
    if isinstance(node, Name):
        return node.name if values is None or node.name not in values else _placed(values[node.name], around)
    if isinstance(node, Unary):
        sign = "−" if node.sign == "-" else "not "
        return sign + _text(node.of, 7, values)
    if isinstance(node, Binary):
        own = TIGHT[node.sign]
        said = (
            f"{_text(node.left, own, values)} {PRINTED.get(node.sign, node.sign)} {_text(node.right, own + 1, values)}"
        )
        return f"({said})" if own < around else said
    return _call(node, around, values)


def _call(node: Call, around: int, values: Mapping[str, Decimal | str | None] | None) -> str:
    said = f"{node.function}({', '.join(_text(one, 0, None) for one in node.arguments)})"
    if values is not None and said in values:
        return _placed(values[said], around)
    return f"{node.function}({', '.join(_text(one, 0, values) for one in node.arguments)})"


def _placed(value: Decimal | str | None, around: int) -> str:
    text = shown(value)
    return f"({text})" if text.startswith("-") and around else text

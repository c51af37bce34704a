"""A formula's tree and a reader of figures in, its value out."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Protocol

from chataudit.cards.formulas.parse import Binary, Call, Name, Node, Number, Text, Unary

Value = Decimal | str | None
LARGEST = Decimal(10) ** 60
ONE, NOTHING = Decimal(1), Decimal(0)
# 100 / 12 * 3 is 24.99…9 in forty digits and meant to be 25: what a value is compared with or cut at is read to 25 decimals.
WIDE, SURE = Context(prec=100), Decimal(1).scaleb(-25)


class Reader(Protocol):
    """Where a formula's figures come from."""

    def figure(self, name: str) -> Value:
        """Return the figure of a name; None where it is not known."""
        ...

    def asked(self, function: str, arguments: tuple[Node, ...]) -> Value:
        """Return the value of a function that looks into the log, the team or earlier periods."""
        ...


def evaluate(node: Node, reader: Reader) -> Value:
    """Return a formula's value; None where something that it needs is not known, or a division is by zero.

    Comparisons and ``and or not`` give 1 or 0. Numbers beyond 10^60 are not known.
    """
    with localcontext() as context:
        context.prec = 40
        return _value(node, reader)


def steady(value: Decimal) -> Decimal:
    """Return a value without the last digits, which divisions leave wrong.

    >>> steady(Decimal(100) / 12 * 3) == 25
    True
    """
    return value.quantize(SURE, context=WIDE) if value.is_finite() and abs(value) <= LARGEST else value


def _value(node: Node, reader: Reader) -> Value:
    if isinstance(node, Number | Text):
        return node.value
    if isinstance(node, Name):
        return reader.figure(node.name)
    if isinstance(node, Unary):
        return _unary(node, reader)
    if isinstance(node, Binary):
        return _binary(node, reader)
    return _call(node, reader)


def _unary(node: Unary, reader: Reader) -> Value:
    value = _value(node.of, reader)
    if not isinstance(value, Decimal):
        return None
    return -value if node.sign == "-" else _flag(not _true(value))


def _true(value: Decimal) -> bool:
    return steady(value) != 0


def _flag(test: bool) -> Decimal:
    return ONE if test else NOTHING


def _binary(node: Binary, reader: Reader) -> Value:
    left = _value(node.left, reader)
    if node.sign in ("and", "or"):
        return _logic(node, left, reader)
    right = _value(node.right, reader)
    if left is None or right is None:
        return None
    if isinstance(left, str) or isinstance(right, str):
        same = str(left) == str(right)
        return _flag(same if node.sign == "==" else not same) if node.sign in ("==", "!=") else None
    return _limited(SIGNS[node.sign](left, right))


def _logic(node: Binary, left: Value, reader: Reader) -> Value:
    """Return and/or of three values: what is already decided needs no other side."""
    decided = NOTHING if node.sign == "and" else ONE
    sides = [left, _value(node.right, reader)]
    flags = [None if not isinstance(side, Decimal) else _flag(_true(side)) for side in sides]
    if decided in flags:
        return decided
    return None if None in flags else ONE - decided


def _divided(left: Decimal, right: Decimal) -> Decimal | None:
    return left / right if _true(right) else None


SIGNS: dict[str, Callable[[Decimal, Decimal], Decimal | None]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divided,
    "<": lambda left, right: _flag(steady(left) < steady(right)),
    "<=": lambda left, right: _flag(steady(left) <= steady(right)),
    ">": lambda left, right: _flag(steady(left) > steady(right)),
    ">=": lambda left, right: _flag(steady(left) >= steady(right)),
    "==": lambda left, right: _flag(steady(left) == steady(right)),
    "!=": lambda left, right: _flag(steady(left) != steady(right)),
}


def _limited(value: Decimal | None) -> Decimal | None:
    return None if value is None or not value.is_finite() or abs(value) > LARGEST else value


def _call(node: Call, reader: Reader) -> Value:
    if node.function == "if":
        test = _value(node.arguments[0], reader)
        return None if not isinstance(test, Decimal) else _value(node.arguments[1 if _true(test) else 2], reader)
    if node.function == "coalesce":
        return next((value for one in node.arguments if (value := _value(one, reader)) is not None), None)
    if node.function == "known":
        return _flag(_value(node.arguments[0], reader) is not None)
    plain = PLAIN.get(node.function)
    if plain is None:
        return reader.asked(node.function, node.arguments)
    numbers = [_value(one, reader) for one in node.arguments]
    known = [one for one in numbers if isinstance(one, Decimal)]
    return _limited(plain(known)) if len(known) == len(numbers) else None


def _rounded(values: list[Decimal]) -> Decimal | None:
    digits = int(values[1]) if len(values) > 1 else 0
    if not -20 <= digits <= 20:
        return None
    return steady(values[0]).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, WIDE)


def _picked(values: list[Decimal]) -> Decimal | None:
    which = steady(values[0])
    at = int(which) if which == which.to_integral_value() else math.nan
    return values[int(at)] if 1 <= at < len(values) else None


PLAIN: dict[str, Callable[[list[Decimal]], Decimal | None]] = {
    "min": min,
    "max": max,
    "abs": lambda values: abs(values[0]),
    "round": _rounded,
    "floor": lambda values: steady(values[0]).to_integral_value(rounding=ROUND_FLOOR),
    "ceil": lambda values: steady(values[0]).to_integral_value(rounding=ROUND_CEILING),
    "pick": _picked,
}

"""Pay slips: every line with its formula, the figures put in, and the result, so that a person can check it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from chataudit.cards.formulas import evaluate, parse, taken, written
from chataudit.cards.formulas.evaluate import WIDE, Value, steady
from chataudit.cards.ledger import Ledger, Look
from chataudit.cards.model import Pay, PayLine
from chataudit.cards.periods import Period
from chataudit.errors import Words


@dataclass(frozen=True)
class PaidLine:
    """A line of a slip: its value (None: not known yet, and why), its formula as written, and what of it was used, with figures."""

    line: PayLine
    value: Decimal | None
    formula: str
    worked: str
    made_of: Mapping[str, Value]
    lacks: Words | None
    unsure: bool = False


def pay_slip(pay: Pay, ledger: Ledger, period: Period | None, subject: str) -> list[PaidLine]:
    """Return the lines of a subject's slip, each rounded (halves away from zero) before later ones use it."""
    made: dict[str, PaidLine] = {}
    for line in pay.lines:
        look = _WithLines(ledger, period, subject, made)
        tree = parse(line.formula)
        value = evaluate(tree, look)
        rounded = _cut(value, line.digits) if isinstance(value, Decimal) else None
        lacks = None if rounded is not None else look.lacks or Words("没有分母", "nothing to divide by")
        worked = written(taken(tree, look), look.trace)
        made[line.id] = PaidLine(line, rounded, written(tree), worked, look.trace, lacks, look.unsure)
    return list(made.values())


def _cut(value: Decimal, digits: int) -> Decimal:
    return steady(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, WIDE)


def total_of(slip: list[PaidLine]) -> Decimal | None:
    """Return the sum of the lines that count; None while one of them is not known."""
    values = [one.value for one in slip if one.line.counts]
    return None if None in values else sum((value for value in values if value is not None), Decimal(0))


class _WithLines(Look):
    """Reads figures, and before them the lines above."""

    def __init__(self, ledger: Ledger, period: Period | None, subject: str, lines: Mapping[str, PaidLine]) -> None:
        super().__init__(ledger, period, subject)
        self.lines = lines

    def figure(self, name: str) -> Value:
        above = self.lines.get(name)
        if above is None:
            return super().figure(name)
        self.trace[name] = above.value
        self.unsure = self.unsure or above.unsure
        self._missed(above.lacks)
        return above.value

"""What people filled in: the values of a card's inputs, several raters' marks put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import pandas as pd

from chataudit.cards.model import Card, Input
from chataudit.cards.periods import Length, Period, read_period
from chataudit.errors import Words

ALL = ("全店", "*", "all")
SELF = ("自评", "self")


@dataclass(frozen=True)
class Said:
    """One figure as people gave it: by rater, in the sheets' order; of the same rater the last counts."""

    by: Mapping[str, str]

    @property
    def assessors(self) -> dict[str, str]:
        """Return what was said but by the person assessed."""
        return {rater: text for rater, text in self.by.items() if rater not in SELF}


@dataclass(frozen=True)
class FilledIn:
    """The values of sheets by (period, person, input)."""

    values: Mapping[tuple[str, str, str], Said] = field(default_factory=dict)

    @classmethod
    def of(cls, sheets: pd.DataFrame | None, card: Card) -> FilledIn:
        """Return what sheets say of a card's inputs; rows of other items are left out."""
        if sheets is None or not len(sheets):
            return cls()
        own = aliases(card)
        gathered: dict[tuple[str, str, str], dict[str, str]] = {}
        for row in sheets.to_dict("records"):
            name = own.get(str(row["item"]))
            if name is None or not isinstance(row["value"], str) or not row["value"].strip():
                continue
            rater = str(row["rater"]) if isinstance(row["rater"], str) else "sheet"
            person = ALL[0] if row["person"] in ALL else str(row["person"])
            gathered.setdefault((str(row["period"]), person, name), {})[rater] = row["value"].strip()
        return cls({key: Said(by) for key, by in gathered.items()})

    def said(self, period: str | None, subject: str, name: str, per: str) -> Said | None:
        """Return what was said of a subject (or, of an input for all, of the shop) in a period."""
        return None if period is None else self.values.get((period, ALL[0] if per == "all" else subject, name))

    def periods(self, length: Length) -> list[Period]:
        """Return the periods of a length that the sheets name."""
        found = []
        for name in sorted({one for one, _, _ in self.values}):
            try:
                period = read_period(name)
            except ValueError:
                continue
            found += [period] if period.length == length else []
        return found

    def subjects(self, period: str | None) -> set[str]:
        """Return whom the sheets name in a period."""
        return {person for one, person, _ in self.values if one == period} - {ALL[0]}


def aliases(card: Card) -> dict[str, str]:
    """Return the input that each name in a sheet means: its id, its name, and the id or name of an item that reads only it."""
    own: dict[str, str] = {}
    for line in (*card.items, *card.adjustments):
        if line.value in card.inputs:
            own |= {line.id: str(line.value), line.name: str(line.value)}
    for name, one in card.inputs.items():
        own |= {text: name for text in (one.name, one.name_en) if text}
    return own | {name: name for name in card.inputs}


def weights_of(one: Input, raters: Iterable[str]) -> dict[str, Decimal] | Words:
    """Return the weights of the raters that count, adding up to one, or why there is nothing yet."""
    given = list(raters)
    if not one.raters:
        return (
            {rater: Decimal(1) / len(given) for rater in given}
            if given
            else Words("还没有人填", "nobody has filled it in")
        )
    named = {rater.name: Decimal(repr(rater.weight)) for rater in one.raters}
    missing = [name for name in named if name not in given]
    if missing and (one.missing == "wait" or len(missing) == len(named)):
        return Words(f"等 {'、'.join(missing)} 评分", f"waits for {', '.join(missing)}")
    present = {name: weight for name, weight in named.items() if name in given}
    total = sum(present.values(), Decimal(0))
    return {name: weight / total for name, weight in present.items()}


def counted_by(one: Input, said: Said) -> dict[str, str]:
    """Return whose words count: the raters that the card names, else all but the person assessed."""
    return dict(said.by) if one.raters else said.assessors


def number(text: str) -> Decimal:
    """Return a filled-in number; ``85%`` is 0.85.

    Raises:
        ValueError: (`Words`) no number.
    """
    plain = text.strip().replace(",", "").replace("，", "").removesuffix("元")
    try:
        value = Decimal(plain.rstrip("%％")) / (100 if plain.endswith(("%", "％")) else 1)
    except InvalidOperation:
        raise ValueError(Words(f"要填数，不是 {text!r}", f"must be a number, not {text!r}")) from None
    if not value.is_finite() or abs(value) > Decimal(10) ** 15:
        raise ValueError(Words(f"数太大：{text!r}", f"too large: {text!r}"))
    return value


def check_value(one: Input, text: str) -> None:
    """Raise ValueError (`Words`) where a filled-in value is not what the input allows."""
    if one.kind == "text":
        if one.choices and text not in one.choices:
            raise ValueError(
                Words(
                    f"{text!r} 不在可填的值里：{'、'.join(one.choices)}",
                    f"{text!r} is none of {', '.join(one.choices)}",
                )
            )
        return
    value = number(text)
    if (one.low is not None and value < Decimal(repr(one.low))) or (
        one.high is not None and value > Decimal(repr(one.high))
    ):
        span = (
            f"{'…' if one.low is None else format(one.low, 'g')}–{'…' if one.high is None else format(one.high, 'g')}"
        )
        raise ValueError(Words(f"{text} 不在 {span} 之内", f"{text} is outside {span}"))

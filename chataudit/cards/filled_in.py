"""What people filled in: the values of a card's inputs, several raters' marks put together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import pandas as pd

from chataudit.cards.model import Card, Input
from chataudit.cards.periods import Length, Period, read_period
from chataudit.errors import Words

ALL = ("全店", "*", "all")
SELF = ("自评", "本人", "自己", "自我评价", "本人自评", "self", "self-assessment")
WITHIN = re.compile(r"\s*[:：]\s*")


@dataclass(frozen=True)
class Said:
    """One figure as people gave it: by rater, in the sheets' order; of the same rater the last counts."""

    by: Mapping[str, str]

    @property
    def assessors(self) -> dict[str, str]:
        """Return what was said but by the person assessed."""
        return {rater: text for rater, text in self.by.items() if not is_self(rater)}


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
            rater = SELF[0] if is_self(rater) else rater
            person = ALL[0] if row["person"] in ALL else str(row["person"])
            gathered.setdefault((str(row["period"]), person, name), {})[rater] = without_unit(
                card.inputs[name], row["value"]
            )
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
    """Return the weights of the raters that count, adding up to one, or why there is nothing yet.

    Several rows of one named rater (``同事:张三``, ``同事:李四``) have even parts of its weight.
    """
    given = list(raters)
    if not one.raters:
        return (
            {rater: Decimal(1) / len(given) for rater in given}
            if given
            else Words("还没有人填", "nobody has filled it in")
        )
    named = {rater.name: Decimal(repr(rater.weight)) for rater in one.raters}
    rows: dict[str, list[str]] = {name: [] for name in named}
    for rater in given:
        role = role_of(one, rater)
        if role is not None:
            rows[role].append(rater)
    missing = [name for name in named if not rows[name]]
    if missing and (one.missing == "wait" or len(missing) == len(named)):
        return Words(f"等 {'、'.join(missing)} 评分", f"waits for {', '.join(missing)}")
    total = sum((weight for name, weight in named.items() if rows[name]), Decimal(0))
    return {rater: weight / total / len(rows[name]) for name, weight in named.items() for rater in rows[name]}


def counted_by(one: Input, said: Said) -> dict[str, str]:
    """Return whose words count: those of the raters that the card names, else of all but the person assessed."""
    if not one.raters:
        return said.assessors
    return {rater: text for rater, text in said.by.items() if role_of(one, rater) is not None}


def is_self(rater: str) -> bool:
    """Return whether a rater is the person assessed.

    >>> is_self("Self"), is_self("自评：张三"), is_self("同事")
    (True, True, False)
    """
    return WITHIN.split(rater.strip(), maxsplit=1)[0].casefold() in SELF


def role_of(one: Input, rater: str) -> str | None:
    """Return the named rater whose part a row has: ``同事:张三`` and ``同事`` are both rows of 同事; None: it counts nowhere."""
    said = rater.strip().casefold()
    names = {named.name.casefold(): named.name for named in one.raters}
    for text in (said, WITHIN.split(said, maxsplit=1)[0]):
        if text in names:
            return names[text]
    return next((name for name in names.values() if is_self(name)), None) if is_self(rater) else None


def without_unit(one: Input, text: str) -> str:
    """Return a filled-in value without the figure's unit behind it (``88分`` is 88); a percent sign belongs to the number."""
    plain = text.strip()
    if one.kind == "text" or not one.unit or one.unit in ("%", "％"):
        return plain
    return plain.removesuffix(one.unit).rstrip() or plain


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
    value = number(without_unit(one, text))
    if (one.low is not None and value < Decimal(repr(one.low))) or (
        one.high is not None and value > Decimal(repr(one.high))
    ):
        span = (
            f"{'…' if one.low is None else format(one.low, 'g')}–{'…' if one.high is None else format(one.high, 'g')}"
        )
        raise ValueError(Words(f"{text} 不在 {span} 之内", f"{text} is outside {span}"))

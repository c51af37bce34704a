"""Long sheets against the cards that read them: what fits, what is wrong, what nobody reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from chataudit.cards.model import Card, Fact, Item
from chataudit.errors import Fault, Faults, Words, nearest


def names_of(fact: Fact | None) -> Iterator[str]:
    """Yield the names of the sheet's figures that a fact reads."""
    if fact is not None:
        if fact.sheet is not None:
            yield fact.sheet
        yield from names_of(fact.over)
        yield from names_of(fact.growth_on)


def checked(
    sheets: pd.DataFrame, cards: Mapping[str, Card], persons: set[str], months: set[str]
) -> tuple[pd.DataFrame, list[Words]]:
    """Return the sheets with every item under the name that its card reads, and notes on rows that nothing reads.

    A row's item may be the card's item id or name as well.

    Raises:
        Faults: every value that is no number or outside its item's range, with file and row.
    """
    own = {
        alias: (name, item)
        for item in (item for card in cards.values() for item in card.items)
        for name in names_of(item.fact)
        for alias in _aliases(name, item)
    }
    faults: list[Fault] = []
    unread: list[str] = []
    items = []
    for row in sheets.to_dict("records"):
        name, item = own.get(str(row["item"]), (None, None))
        items.append(name or str(row["item"]))
        known = name is not None and row["person"] in persons and row["period"] in months
        if not known:
            unread.append(_why(row, name, set(own), persons, months))
        if item is not None and isinstance(row["value"], str):
            faults += _value_faults(row, str(name), item)
    if faults:
        raise Faults(faults)
    unread += _twice(sheets.assign(item=items))
    shown = "; ".join(unread[:5]) + (" …" if len(unread) > 5 else "")
    notes = (
        [Words(f"填报表里 {len(unread)} 行没有用上：{shown}", f"{len(unread)} rows of sheets were not used: {shown}")]
        if unread
        else []
    )
    return sheets.assign(item=items), notes


def _twice(sheets: pd.DataFrame) -> list[str]:
    """Say which rows a later row of the same person, period and item replaces."""
    rows = sheets[sheets["value"].notna()]
    earlier = rows[rows.duplicated(["period", "person", "item"], keep="last")]
    return [
        f"{row.get('file', '')}:{row.get('row', '')} {row['item']} ({row['rater']})"
        for row in earlier.to_dict("records")
    ]


def _aliases(name: str, item: Item) -> tuple[str, ...]:
    direct = item.fact is not None and item.fact.sheet == name
    return (name, item.id, item.name) if direct else (name,)


def _why(row: Mapping[str, object], name: str | None, known: set[str], persons: set[str], months: set[str]) -> str:
    """Say which of item, person and period nothing knows, and the nearest known one."""
    for value, words in ((None if name else row["item"], known), (row["person"], persons), (row["period"], months)):
        if value is not None and value not in words:
            close = nearest(str(value), words)
            return f"{row.get('file', '')}:{row.get('row', '')} {value}" + (f" → {close}?" if close else "")
    return f"{row.get('file', '')}:{row.get('row', '')}"


def _value_faults(row: Mapping[str, object], name: str, item: Item) -> Iterator[Fault]:
    text = str(row["value"])
    place = (str(row.get("file") or "sheet"), int(str(row["row"])) if row.get("row") is not None else None)
    try:
        value = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        yield Fault(Words(f"“{name}” 要填数，不是 {text!r}。", f"{name!r} must be a number, not {text!r}."), *place)
        return
    rating = item.rating
    if (
        rating is not None
        and item.fact is not None
        and item.fact.sheet == name
        and not rating.low <= value <= rating.high
    ):
        yield Fault(
            Words(
                f"“{name}” 填了 {text}，应在 {rating.low:g} 到 {rating.high:g} 之间。",
                f"{name!r} is {text}; allowed: {rating.low:g} to {rating.high:g}.",
            ),
            *place,
        )

"""Long sheets against the cards that read them: what fits, what is wrong, what nobody reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from chataudit.cards.filled_in import ALL, aliases, check_value
from chataudit.cards.functions import level_points
from chataudit.cards.model import Card, Input, Item, Scoring
from chataudit.errors import Fault, Faults, Words, nearest


def input_lines(card: Card, name: str) -> list[Scoring]:
    """Return the lines whose value is just this input."""
    return [line for line in (*card.items, *card.adjustments) if line.value == name]


def check_sheets(
    sheets: pd.DataFrame | None, cards: Mapping[str, Card], persons: set[str], periods: set[str]
) -> list[Words]:
    """Return notes on rows that nothing reads, with the nearest known word.

    Raises:
        Faults: every value that is not what its input allows, with file, row and column.
    """
    if sheets is None or not len(sheets):
        return []
    own: dict[str, list[tuple[Card, str]]] = {}
    for card in cards.values():
        for text, name in aliases(card).items():
            own.setdefault(text, []).append((card, name))
    faults: list[Fault] = []
    unread: list[str] = []
    known_persons = persons | set(ALL)
    for row in sheets.to_dict("records"):
        found = own.get(str(row["item"]), [])
        if isinstance(row["value"], str) and row["value"].strip():
            faults += [fault for card, name in found for fault in _value_faults(row, card, name)]
        lost = _lost(row, bool(found), set(own), known_persons, periods)
        if lost is not None:
            unread.append(lost)
    if faults:
        raise Faults(dict.fromkeys(faults))
    unread += _twice(sheets)
    if not unread:
        return []
    shown = "; ".join(unread[:5]) + (" …" if len(unread) > 5 else "")
    return [
        Words(f"填报表里 {len(unread)} 行没有用上：{shown}", f"{len(unread)} rows of sheets were not used: {shown}")
    ]


def _twice(sheets: pd.DataFrame) -> list[str]:
    """Say which rows a later row of the same rater, person, period and item replaces."""
    rows = sheets[sheets["value"].notna()]
    earlier = rows[rows.duplicated(["period", "person", "item", "rater"], keep="last")]
    return [f"{_place(row)} {row['item']} ({row['rater']})" for row in earlier.to_dict("records")]


def _lost(row: Mapping[str, object], read: bool, items: set[str], persons: set[str], periods: set[str]) -> str | None:
    """Say which of item, person and period nothing knows, and the nearest known one."""
    tests: Sequence[tuple[object, bool, set[str]]] = (
        (row["item"], read, items),
        (row["person"], row["person"] in persons, persons),
        (row["period"], row["period"] in periods, periods),
    )
    for value, known, words in tests:
        if not known:
            close = nearest(str(value), words)
            return f"{_place(row)} {value}" + (f" → {close}?" if close else "")
    return None


def _place(row: Mapping[str, object]) -> str:
    return f"{row.get('file', '')}:{row.get('row', '')}"


def _value_faults(row: Mapping[str, object], card: Card, name: str) -> Iterator[Fault]:
    one, text = card.inputs[name], str(row["value"]).strip()
    lines: list[Scoring | None] = [*input_lines(card, name)] or [None]
    for line in lines:
        try:
            if line is not None and line.levels:
                level_points(line.levels, text)
                continue
            check_value(one, text)
            if line is not None:
                _check_line(line, one, text)
        except ValueError as error:
            what: Words = error.args[0]
            label = one.name or name
            said = Words(f"“{label}”：{what.zh}。", f"{label}: {what.en}.")
            file, cell = str(row.get("file") or "sheet"), row.get("cell")
            if isinstance(cell, str):
                yield Fault(said, f"{file} [{cell}]")
            else:
                yield Fault(said, file, _whole(row.get("row")), _whole(row.get("column")))


def _check_line(line: Scoring, one: Input, text: str) -> None:
    """Check a value against the range that its line's function takes."""
    span = (line.rating.low, line.rating.high) if line.rating is not None else None
    if line.direct is not None:
        span = (line.direct.from_, line.direct.to)  # type: ignore[assignment]
    if span is not None:
        check_value(Input(low=span[0], high=span[1]), text)


def _whole(value: object) -> int | None:
    return None if value is None or pd.isna(value) else int(str(value))


def items_of(card: Card) -> Iterator[Item]:
    """Yield the items that read an input directly."""
    for item in card.items:
        if item.value in card.inputs:
            yield item

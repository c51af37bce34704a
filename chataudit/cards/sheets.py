"""Long sheets against the cards that read them: what fits, what is wrong, what nobody reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from chataudit.cards.filled_in import ALL, aliases, check_value, is_self, role_of, without_unit
from chataudit.cards.functions import level_points
from chataudit.cards.model import Card, Input, Item, Scoring
from chataudit.errors import Fault, Faults, Words, nearest

ERROR = re.compile(r"(?i)#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)")


def input_lines(card: Card, name: str) -> list[Scoring]:
    """Return the lines whose value is just this input."""
    return [line for line in (*card.items, *card.adjustments) if line.value == name]


def check_sheets(
    sheets: pd.DataFrame | None, cards: Mapping[str, Card], persons: set[str], periods: set[str]
) -> list[Words]:
    """Return notes on rows that nothing reads, with the nearest known word.

    Raises:
        Faults: every value that is not what its input allows, or that no figure takes (its rater, its person), by place.
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
        if not _said(row):
            continue
        found = own.get(str(row["item"]), [])
        faults += _row_faults(row, found)
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


def _said(row: Mapping[str, object]) -> str:
    """Return what stands in a row's value cell: its text, or what the cell holds in place of a value."""
    for name in ("value", "unreadable"):
        said = row.get(name)
        if isinstance(said, str) and said.strip():
            return said.strip()
    return ""


def _row_faults(row: Mapping[str, object], found: Sequence[tuple[Card, str]]) -> list[Fault]:
    """Return what is wrong in a row with a value; whom it is about and who says it must suit one of the cards."""
    if not found:
        return []
    text, inputs = _said(row), [card.inputs[name] for card, name in found]
    label = inputs[0].name or found[0][1]
    if isinstance(row.get("unreadable"), str) or ERROR.fullmatch(text):
        return [_fault(row, label, _no_value(text))]
    faults = [fault for card, name in found for fault in _value_faults(row, card, name)]
    said = [*_wrong_person(row, inputs), *_wrong_rater(row, inputs)]
    return faults + [_fault(row, label, what) for what in said]


def _no_value(text: str) -> Words:
    if text.startswith("="):
        return Words(
            "公式没有算出的值；用 Excel 或 WPS 打开，保存后再交",
            "the formula has no value; open and save the workbook in a spreadsheet",
        )
    return Words(f"单元格是错误值 {text}", f"the cell holds the error {text}")


def _wrong_person(row: Mapping[str, object], inputs: Sequence[Input]) -> Iterator[Words]:
    """Yield what is wrong where a figure of the whole shop stands on a person, or the other way."""
    whole = row["person"] in ALL
    if any(whole == (one.per == "all") for one in inputs):
        return
    if whole:
        yield Words(f"每人一个数，姓名不能写 {row['person']}", f"one figure for each person, not for {row['person']}")
    else:
        yield Words(
            f"全店一个数，姓名要写 {ALL[0]}，不是 {row['person']}",
            f"one figure for the whole shop: name {ALL[0]}, not {row['person']}",
        )


def _wrong_rater(row: Mapping[str, object], inputs: Sequence[Input]) -> Iterator[Words]:
    """Yield what is wrong where none of the figures counts what this rater says."""
    given = row["rater"] if isinstance(row["rater"], str) else None
    if any(not one.raters for one in inputs) or (given is not None and is_self(given)):
        return
    if given is not None and any(role_of(one, given) is not None for one in inputs):
        return
    names = list(dict.fromkeys(rater.name for one in inputs for rater in one.raters))
    listed = "、".join(names), ", ".join(names)
    if given is None:
        yield Words(f"评分人没有写；可写 {listed[0]}", f"no rater is named; allowed: {listed[1]}")
        return
    close = nearest(given, names)
    meant = (f"；是不是 {close}？", f"; did you mean {close}?") if close else ("", "")
    yield Words(
        f"评分人 {given!r} 不在 {listed[0]} 之内{meant[0]}", f"rater {given!r} is none of {listed[1]}{meant[1]}"
    )


def _twice(sheets: pd.DataFrame) -> list[str]:
    """Say which rows a later row of the same rater, person, period and item replaces."""
    rows = sheets[sheets["value"].notna()]
    earlier = rows[rows.duplicated(["period", "person", "item", "rater"], keep="last")]
    return [f"{_place(row)} {row['item']} ({row['rater']})" for row in earlier.to_dict("records")]


def _lost(row: Mapping[str, object], read: bool, items: set[str], persons: set[str], periods: set[str]) -> str | None:
    """Say which of item, person and period nothing knows, and the nearest known one."""
    tests: Sequence[tuple[str, object, bool, set[str]]] = (
        ("考核项", row["item"], read, items),
        ("姓名", row["person"], row["person"] in persons, persons),
        ("周期", row["period"], row["period"] in periods, periods),
    )
    for heading, value, known, words in tests:
        if not known and not isinstance(value, str):
            return f"{_place(row)} {heading}?"
        if not known:
            close = nearest(str(value), words)
            return f"{_place(row)} {value}" + (f" → {close}?" if close else "")
    return None


def _place(row: Mapping[str, object]) -> str:
    """Return the place of a row: of a workbook its worksheet and value cell."""
    cell = row.get("cell")
    return f"{row.get('file', '')} [{cell}]" if isinstance(cell, str) else f"{row.get('file', '')}:{row.get('row', '')}"


def _fault(row: Mapping[str, object], label: str, what: Words) -> Fault:
    said = Words(f"“{label}”：{what.zh}。", f"{label}: {what.en}.")
    file, cell = str(row.get("file") or "sheet"), row.get("cell")
    if isinstance(cell, str):
        return Fault(said, f"{file} [{cell}]")
    return Fault(said, file, _whole(row.get("row")), _whole(row.get("column")))


def _value_faults(row: Mapping[str, object], card: Card, name: str) -> Iterator[Fault]:
    one = card.inputs[name]
    text = without_unit(one, _said(row))
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
            yield _fault(row, one.name or name, error.args[0])


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

"""JSON as sheets: a list of objects, an object with one such list, or an object a line."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.decode import clean_escaped, decode, lost_notes
from chataudit.ingest.rejected import rejects
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular.cells import cell_text
from chataudit.ingest.tabular.sheet import Sheet


class Items(NamedTuple):
    """The numbered values of a JSON file (objects, or what stands in their place), bad lines, notes on decoding."""

    items: list[tuple[int, Any]]
    bad: list[tuple[int, str, str]]
    notes: tuple[Words, ...]


def json_items(source: Source) -> Items:
    """Return the values of a list, of the one list in an object, or of the lines; their numbers count from 1.

    Raises:
        Faults: no JSON, with the line and column where it breaks.
    """
    decoded = decode(source.whole())
    whole, notes = decoded.text.replace("\ufeff", ""), lost_notes(source.name, decoded)
    try:
        return Items(_items(json.loads(whole, strict=False)), [], notes)
    except (ValueError, RecursionError) as error:
        items, bad = _json_lines(whole)
        if len(items) <= len(bad):
            line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
            said = getattr(error, "msg", error)
            what = Words(f"JSON 语法错误：{said}", f"JSON syntax: {said}")
            hint = Words("文件可能没有导完整。", "The file may be cut off.")
            raise Faults([Fault(what, source.name, line, column, hint)]) from error
        return Items(items, bad, notes)


def from_json(source: Source) -> Sheet:
    """Return the objects of a JSON file as rows, a column for each key.

    Raises:
        Faults: as `json_items`.
    """
    items, bad, notes = source.once(json_items)
    objects = [(at, item) for at, item in items if isinstance(item, dict)]
    others = [(at, "not an object", said(item)) for at, item in items if not isinstance(item, dict)]
    header = list(dict.fromkeys(key for _, item in objects for key in item))
    frame = pd.DataFrame(
        {at: pd.array([json_cell(item.get(key)) for _, item in objects], dtype=TEXT) for at, key in enumerate(header)}
    )
    return Sheet(
        [clean_escaped(key) for key in header],
        frame,
        np.array([at for at, _ in objects], dtype=np.int64),
        rejects(source.name, [*bad, *others]),
        notes,
    )


def said(value: Any) -> str:
    """Return a value as JSON that a person can read."""
    return clean_escaped(json.dumps(value, ensure_ascii=False))


def _items(data: Any) -> list[tuple[int, Any]]:
    """Return the numbered items of a list, of the one list of objects in an object, or the object itself."""
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        data = lists[0] if len(lists) == 1 else [data]
    return list(enumerate(data if isinstance(data, list) else [data], start=1))


def _json_lines(whole: str) -> tuple[list[tuple[int, Any]], list[tuple[int, str, str]]]:
    items, bad = [], []
    for number, line in enumerate(whole.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            items.append((number, json.loads(line, strict=False)))
        except (ValueError, RecursionError) as error:
            place = f", column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
            bad.append((number, f"JSON syntax: {getattr(error, 'msg', error)}{place}", line))
    return items, bad


def json_cell(value: Any) -> str | None:
    """Return a JSON value as a cell: text as it is, numbers whole if they are, what is nested as JSON."""
    if value is None or isinstance(value, str):
        return clean_escaped(value) if value else None
    if isinstance(value, bool | int | float):
        return cell_text(value)
    return clean_escaped(json.dumps(value, ensure_ascii=False))

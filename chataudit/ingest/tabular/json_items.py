"""The values of JSON files: a list, the one list in an object, or a value a line."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import numpy as np

from chataudit.arrays import Ints
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.decode import clean_escaped, decode, lost_notes
from chataudit.ingest.sources import Source

DECODER = json.JSONDecoder(strict=False)  # made once: a line is shorter than the making of its decoder


class Items(NamedTuple):
    """The values of a JSON file (objects, or what stands in their place), their numbers, bad lines, notes on decoding."""

    row: Ints
    values: list[Any]
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
        values = _listed(DECODER.decode(whole))
    except (ValueError, RecursionError) as error:
        row, values, bad = _json_lines(whole)
        if len(values) <= len(bad):
            line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
            said = getattr(error, "msg", error)
            what = Words(f"JSON 语法错误：{said}", f"JSON syntax: {said}")
            hint = Words("文件可能没有导完整。", "The file may be cut off.")
            raise Faults([Fault(what, source.name, line, column, hint)]) from error
        return Items(np.array(row, dtype=np.int64), values, bad, notes)
    return Items(np.arange(len(values)) + 1, values, [], notes)


def said(value: Any) -> str:
    """Return a value as JSON that a person can read."""
    return clean_escaped(json.dumps(value, ensure_ascii=False))


def _listed(data: Any) -> list[Any]:
    """Return the values of a list, of the one list of objects in an object, or the object itself."""
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        data = lists[0] if len(lists) == 1 else [data]
    return data if isinstance(data, list) else [data]


def _json_lines(whole: str) -> tuple[list[int], list[Any], list[tuple[int, str, str]]]:
    row: list[int] = []
    values: list[Any] = []
    bad: list[tuple[int, str, str]] = []
    for number, line in enumerate(whole.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values.append(DECODER.decode(line))
            row.append(number)
        except (ValueError, RecursionError) as error:
            place = f", column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
            bad.append((number, f"JSON syntax: {getattr(error, 'msg', error)}{place}", line))
    return row, values, bad

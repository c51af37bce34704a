"""The shop's table of slot values: a column for each slot, its name in the first row; CSV or XLSX."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from chataudit.errors import Fault, Faults, Words
from chataudit.rules.lists import first_sheet, read_small, text_of
from chataudit.rules.slots import MOST_FILLED


def read_slots(path: Path | None) -> dict[str, tuple[str, ...]]:
    """Return the distinct values of each column that has any, in order.

    Raises:
        Faults: no such file, not readable, or more than `MOST_FILLED` values in a column.
    """
    if path is None:
        return {}
    if not path.is_file():
        raise Faults([Fault(Words("没有这个槽位表。", "No such table of slots."), str(path))])
    content = read_small(path)
    if path.suffix.lower() in (".xlsx", ".xls"):
        grid = first_sheet(content, path)
    else:
        grid = [list(row) for row in csv.reader(io.StringIO(text_of(content, path)))]
    if not grid:
        return {}
    values: dict[str, tuple[str, ...]] = {}
    for column, name in enumerate(grid[0]):
        cells = (row[column].strip() for row in grid[1:] if column < len(row))
        known = tuple(dict.fromkeys(cell for cell in cells if cell))
        if len(known) > MOST_FILLED:
            what = Words(f"“{name}” 超过 {MOST_FILLED} 个值。", f"{name!r} has more than {MOST_FILLED} values.")
            raise Faults([Fault(what, str(path), 1, column + 1)])
        if name.strip() and known:
            values[name.strip()] = known
    return values

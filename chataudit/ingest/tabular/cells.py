"""A workbook's or JSON's cell as text."""

from __future__ import annotations

import datetime as dt
from typing import Any


def cell_text(cell: Any) -> str | None:
    """Return a cell as text: whole floats as whole numbers, dates in ISO form."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e17 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)

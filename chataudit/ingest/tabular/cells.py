"""A workbook's or JSON's cell as text, and columns of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


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


def cell_texts(cells: Sequence[Any]) -> pa.Array:
    """Return what `cell_text` gives for each cell; cells that are all text at once."""
    texts = as_texts(cells)
    return pa.array([cell_text(cell) for cell in cells], pa.large_string()) if texts is None else texts


def as_texts(cells: Sequence[Any]) -> pa.Array | None:
    """Return texts as they are, null for empty ones; None where a cell is no text, or half of a surrogate pair."""
    try:
        texts = pa.array(cells, pa.large_string())
    except (pa.ArrowException, TypeError, UnicodeError):
        return None
    return pc.if_else(pc.equal(texts, ""), None, texts)

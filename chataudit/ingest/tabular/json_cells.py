"""Values of JSON as text cells: one by one, or a column of them at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from chataudit.arrays import text
from chataudit.ingest.decode import clean_escaped
from chataudit.ingest.tabular.cells import as_texts, cell_text
from chataudit.ingest.tabular.cleaning import cleaned_escaped


def json_cell(value: Any) -> str | None:
    """Return a JSON value as a cell: text as it is, numbers whole if they are, what is nested as JSON."""
    if value is None or isinstance(value, str):
        return clean_escaped(value) if value else None
    if isinstance(value, bool | int | float):
        return cell_text(value)
    return clean_escaped(json.dumps(value, ensure_ascii=False))


def json_column(values: Sequence[Any]) -> pd.Series:
    """Return what `json_cell` gives for each value; values that are all texts, or all whole numbers, at once."""
    texts = as_texts(values)
    if texts is not None:
        return cleaned_escaped(texts)
    simple = _as_simple(values)
    return text([json_cell(value) for value in values] if simple is None else simple)


def _as_simple(values: Sequence[Any]) -> pa.Array | None:
    """Return the words for values that are all true or false, or all whole numbers of 64 bits; else None."""
    if not isinstance(next((value for value in values if value is not None), None), int):
        return None
    try:
        found = pa.array(values)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return None
    simple = pa.types.is_boolean(found.type) or pa.types.is_integer(found.type)
    return found.cast(pa.large_string()) if simple else None

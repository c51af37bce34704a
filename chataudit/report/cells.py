"""Cells of tables as Python objects, for the few rows that people read."""

from __future__ import annotations

from typing import Any

import pandas as pd


def objects(cells: pd.Series) -> list[Any]:
    """Return cells as Python objects; of a categorical only the texts that stand there are made, not all it knows."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        cells = cells.cat.remove_unused_categories()
    return cells.astype(object).tolist()


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as dictionaries of Python objects by column."""
    columns = [objects(rows[name]) for name in rows.columns]
    return [dict(zip(rows.columns, row, strict=True)) for row in zip(*columns, strict=True)]

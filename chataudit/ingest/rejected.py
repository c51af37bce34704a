"""Rows that are no messages, as the rejects table has them."""

from __future__ import annotations

import pandas as pd

from chataudit.arrays import TEXT
from chataudit.tables import REJECTS


def rejects(name: str, rows: list[tuple[int, str, str]], column: str | None = None) -> pd.DataFrame:
    """Return a rejects table from (row, reason, value)."""
    frame = REJECTS.empty()
    if not rows:
        return frame
    return pd.DataFrame(
        {
            "file": pd.array([name] * len(rows), dtype=TEXT),
            "row": pd.array([row for row, _, _ in rows], dtype="Int64"),
            "column": pd.array([column] * len(rows), dtype=TEXT),
            "reason": pd.array([reason for _, reason, _ in rows], dtype=TEXT),
            "value": pd.array([shortened(value) for _, _, value in rows], dtype=TEXT),
        }
    )


def shortened(value: str, limit: int = 1000) -> str:
    """Return a value short enough to show; what is cut is counted."""
    return value if len(value) <= limit else f"{value[:limit]}… ({len(value)})"


def together(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return rejects tables below each other, in the order of their rows."""
    filled = [table for table in tables if len(table)]
    if not filled:
        return REJECTS.empty()
    return pd.concat(filled, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)

"""Where a table's header stands: the row, among the first, in which most columns are understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from chataudit.ingest.columns import understand
from chataudit.ingest.tabular.cells import cell_text

HEADER_ROWS = 10
Grid = list[list[Any]]


class Header(NamedTuple):
    """How many columns are understood in a row, its position, its cells."""

    score: int
    at: int
    cells: list[str]


def find_header(grid: Grid, table: Mapping[str, str], own: Mapping[str, str]) -> Header | None:
    """Return the row, among the first, that most of ``table``'s columns are understood in; None under two."""
    rows = [[cell_text(cell) or "" for cell in row] for row in grid[:HEADER_ROWS]]
    headers = [Header(len(understand(cells, table, own)), at, cells) for at, cells in enumerate(rows)]
    best = max(headers, key=lambda header: header.score, default=None)
    return best if best is not None and best.score >= 2 else None

"""Which texts hold a run of digits, looked for in their bytes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from chataudit.arrays import Flags, Ints
from chataudit.ingest.raw import Bytes, rows_where


def rows_with_digits(texts: pa.Array, least: int) -> Ints:
    """Return the rows of a large_string array with so many ASCII digits in a row, and perhaps a few more.

    A run may reach from one text into the next, so what is found is a candidate; no row with a run is left out.
    """
    return rows_where(texts, lambda block: _runs(block, least), least)


def _runs(block: Bytes, least: int) -> Flags:
    """Return at which bytes so many digits begin."""
    digit = (block - np.uint8(ord("0"))) < 10
    size = max(len(block) - least + 1, 0)
    runs: Flags = digit[:size]
    for step in range(1, least):
        runs = runs & digit[step : step + size]
    return runs

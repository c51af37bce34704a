"""Which texts hold a run of digits, looked for in their bytes: several times quicker than a pattern text by text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from chataudit.arrays import Flags, Ints

BLOCK = 1 << 18  # bytes looked at in one go: they stay in the processor's cache


def rows_with_digits(texts: pa.Array, least: int) -> Ints:
    """Return the rows of a large_string array with so many ASCII digits in a row, and perhaps a few more.

    A run may reach from one text into the next, so what is found is a candidate; no row with a run is left out.
    """
    if not len(texts) or texts.buffers()[2] is None:
        return np.array([], dtype=np.int64)
    _, offsets, letters = texts.buffers()
    places = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    raw = np.frombuffer(letters, dtype=np.uint8)[: places[-1]]
    starts = range(int(places[0]), len(raw), BLOCK)
    found = [np.flatnonzero(_runs(raw[start : start + BLOCK + least - 1], least)) + start for start in starts]
    rows = np.searchsorted(places, np.concatenate([*found, np.array([], dtype=np.int64)]), side="right") - 1
    return rows[np.append(True, np.diff(rows) != 0)[: len(rows)]]


def _runs(block: np.ndarray, least: int) -> Flags:
    """Return at which bytes so many digits begin."""
    digit = (block - np.uint8(ord("0"))) < 10
    size = max(len(block) - least + 1, 0)
    runs: Flags = digit[:size]
    for step in range(1, least):
        runs = runs & digit[step : step + size]
    return runs

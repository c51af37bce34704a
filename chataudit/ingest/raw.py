"""Rows of Arrow texts told by their bytes: several times quicker than to ask text by text."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from chataudit.arrays import Flags, Ints

BLOCK = 1 << 18  # bytes looked at in one go: they stay in the processor's cache
Bytes = npt.NDArray[np.uint8]


def rows_where(texts: pa.Array, test: Callable[[Bytes], Flags], reach: int = 1) -> Ints:
    """Return the rows of a large_string array that have a byte of which ``test`` is true.

    The test is given bytes and answers for each that has ``reach - 1`` more behind it; these may be the next text's.
    """
    if not len(texts) or texts.buffers()[2] is None:
        return np.array([], dtype=np.int64)
    _, offsets, letters = texts.buffers()
    places = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    raw = np.frombuffer(letters, dtype=np.uint8)[: places[-1]]
    starts = range(int(places[0]), len(raw), BLOCK)
    found = [np.flatnonzero(test(raw[start : start + BLOCK + reach - 1])) + start for start in starts]
    rows = np.searchsorted(places, np.concatenate([*found, np.array([], dtype=np.int64)]), side="right") - 1
    return rows[np.append(True, np.diff(rows) != 0)[: len(rows)]]

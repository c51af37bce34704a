"""Text columns without the characters that never belong to talk, and one look at their bytes that spares the work."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import text
from chataudit.ingest.decode import BOM, CONTROL_RE2, NO_BREAK, has_controls

BLOCK = 1 << 22  # bytes looked at in one go: they stay in the processor's cache
OVERLAP = len(BOM) - 1


def cleaned(column: pa.ChunkedArray | pa.Array) -> pd.Series:
    """Return a large_string column as `cleaned_escaped`, null where only control characters stood."""
    column = _with_feeds(column)
    if _is_unclean(column):
        column = _without_controls(column)
        column = pc.if_else(pc.equal(column, ""), None, column)
    return text(column)


def cleaned_escaped(column: pa.ChunkedArray | pa.Array) -> pd.Series:
    """Return a large_string column without control characters and stray BOMs, all its line ends line feeds."""
    column = _with_feeds(column)
    return text(_without_controls(column) if _is_unclean(column) else column)


def _with_feeds(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    if not holds(column, b"\r"):
        return column
    return pc.replace_substring(pc.replace_substring(column, "\r\n", "\n"), "\r", "\n")


def _without_controls(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    return pc.replace_substring_regex(pc.replace_substring_regex(column, r"\x{A0}", " "), CONTROL_RE2, "")


def holds(column: pa.ChunkedArray | pa.Array, byte: bytes) -> bool:
    """Return whether a byte stands in a large_string column."""
    return any(byte in block for block in _blocks(column))


def _is_unclean(column: pa.ChunkedArray | pa.Array) -> bool:
    return any(
        has_controls(block) or (NO_BREAK[:1] in block and NO_BREAK in block) or BOM in block
        for block in _blocks(column)
    )


def _blocks(column: pa.ChunkedArray | pa.Array) -> Iterator[bytes]:
    """Yield the bytes of a column's texts; blocks overlap, so that no character is cut in two."""
    for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
        if not len(chunk):
            continue
        _, offsets, letters = chunk.buffers()
        places = np.frombuffer(offsets, dtype=np.int64)
        first, end = int(places[chunk.offset]), int(places[chunk.offset + len(chunk)])
        for start in range(first, end, BLOCK):
            yield letters[start : min(start + BLOCK + OVERLAP, end)].to_pybytes()

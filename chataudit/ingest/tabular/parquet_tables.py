"""Parquet files as sheets: every column as text, instants with their zone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from chataudit.arrays import text
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular.cleaning import cleaned
from chataudit.ingest.tabular.json_cells import json_cell
from chataudit.ingest.tabular.sheet import Sheet
from chataudit.tables import REJECTS


def from_parquet(source: Source) -> Sheet:
    """Return the columns of a Parquet file.

    Raises:
        Faults: unreadable Parquet.
    """
    try:
        table = pq.read_table(pa.BufferReader(source.whole()))
        header = list(table.column_names)
        cells = {at: _parquet_cells(table.column(at)) for at in range(table.num_columns)}
    except (pa.ArrowException, OSError, ValueError) as error:
        what = Words(f"Parquet 文件读不出来：{error}", f"Unreadable Parquet: {error}")
        raise Faults([Fault(what, source.name)]) from error
    return Sheet(header, pd.DataFrame(cells), np.arange(table.num_rows) + 1, REJECTS.empty())


def _parquet_cells(column: pa.ChunkedArray) -> pd.Series:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _parquet_cells(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind):
        instants = pc.round_temporal(column, 1, "millisecond").cast(pa.timestamp("ms", kind.tz))
        if kind.tz:
            instants = instants.cast(pa.timestamp("ms", "UTC"))
        return text(
            pc.strftime(instants, format="%Y-%m-%d %H:%M:%SZ" if kind.tz else "%Y-%m-%d %H:%M:%S").cast(
                pa.large_string()
            )
        )
    if _is_bytes(column):
        raw = column.cast(pa.large_binary()) if not pa.types.is_fixed_size_binary(kind) else column
        cells = [None if cell is None else cell.decode(errors="replace") for cell in raw.to_pylist()]
        return cleaned(pa.array(cells, pa.large_string()))
    if pa.types.is_floating(kind) or pa.types.is_nested(kind):
        cells = [
            json_cell(cell) if isinstance(cell, float) else None if cell is None else str(cell)
            for cell in column.to_pylist()
        ]
        return cleaned(pa.array(cells, pa.large_string()))
    return cleaned(column.cast(pa.large_string()))


def _is_bytes(column: pa.ChunkedArray) -> bool:
    """Return whether a column holds bytes, or texts that are no UTF-8."""
    kind = column.type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return True
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return True
    return False

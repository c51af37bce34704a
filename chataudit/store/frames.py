"""Frames to stored columns and back: each cell as the database holds it, and what a frame was like besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import as_code, text
from chataudit.log import NO_TIME, instants
from chataudit.tables import Column

ARROW = {
    "str": pa.large_string(),
    "code": pa.large_string(),
    "date": pa.large_string(),
    "money": pa.large_string(),
    "time": pa.int64(),
    "int": pa.int64(),
    "real": pa.float64(),
    "bool": pa.bool_(),
}
Shape = Mapping[str, str]


def shape_of(frame: pd.DataFrame) -> dict[str, str]:
    """Return a frame's columns in order with their types: ``code``, ``time ZONE``, ``decimal``, ``object`` or the dtype's name."""
    return {str(name): _shape(frame[name]) for name in frame.columns}


def _shape(cells: pd.Series) -> str:
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return "code"
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        return f"time {cells.dtype.tz}"
    if cells.dtype == object:
        known = cells.dropna()
        return "decimal" if len(known) and isinstance(known.iloc[0], Decimal) else "object"
    return str(cells.dtype)


def stored_cells(cells: pd.Series, kind: str) -> pa.Array:
    """Return a column as the database holds it."""
    if kind == "time":
        at = instants(cells) if isinstance(cells.dtype, pd.DatetimeTZDtype) else np.full(len(cells), NO_TIME)
        return pa.array(at, pa.int64(), mask=at == NO_TIME)
    if kind == "money":
        return pa.array([None if pd.isna(one) else format(one, "f") for one in cells], pa.large_string())
    if isinstance(cells.dtype, pd.CategoricalDtype):
        codes = cells.cat.codes.to_numpy().astype(np.int64)
        return _sayable(pa.array(cells.cat.categories, pa.large_string()).take(pa.array(codes, mask=codes < 0)))
    if kind == "int":
        return pa.array(cells.astype("Int64"), pa.int64(), from_pandas=True)
    if kind == "real":
        return pa.array(pd.to_numeric(cells).to_numpy(dtype=float, na_value=np.nan), pa.float64(), from_pandas=True)
    made = pa.array(cells if cells.notna().any() else [None] * len(cells), ARROW[kind], from_pandas=True)
    made = made.cast(ARROW[kind]).combine_chunks() if isinstance(made, pa.ChunkedArray) else made
    return _sayable(made) if kind in ("str", "code", "date") else made


def _sayable(cells: pa.Array) -> pa.Array:
    """Return text without NUL, which PostgreSQL can't hold (and which readers take out of exports)."""
    if not pc.any(pc.match_substring(cells, "\0")).as_py():
        return cells
    return pc.replace_substring(cells, "\0", "\N{REPLACEMENT CHARACTER}")


def restored(columns: Mapping[str, pa.Array], shape: Shape) -> pd.DataFrame:
    """Return the frame that was stored as ``columns``."""
    return pd.DataFrame({name: _cells(columns[name], said) for name, said in shape.items()})


def _cells(cells: pa.Array, shape: str) -> Any:
    if shape == "code":
        return as_code(text(cells))
    if shape.startswith("time "):
        return times(cells, shape.removeprefix("time "))
    if shape == "decimal":
        return pd.Series([None if one is None else Decimal(one) for one in cells.to_pylist()], dtype=object)
    if shape == "object":
        return pd.Series(cells.to_pylist(), dtype=object)
    if shape == "str":
        return text(cells)
    if shape in ("Int64", "boolean"):
        return pd.Series(pd.array(cells.to_pylist(), dtype=shape))
    return pd.Series(cells.to_numpy(zero_copy_only=False).astype(shape))


def times(cells: pa.Array, zone: str) -> pd.Series:
    """Return milliseconds since 1970 as instants in a zone."""
    return cells.cast(pa.timestamp("ms", "UTC")).to_pandas().dt.tz_convert(zone).astype(pd.DatetimeTZDtype("ms", zone))


def columns_of(rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> dict[str, pa.Array]:
    """Return rows of a database as Arrow columns."""
    turned = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return {
        column.name: pa.array(_booleans(cells) if column.kind == "bool" else cells, ARROW[column.kind])
        for column, cells in zip(columns, turned, strict=True)
    }


def _booleans(cells: Sequence[Any]) -> list[bool | None]:
    """Return truth values: SQLite gives 0 and 1."""
    return [None if one is None else bool(one) for one in cells]

"""The tables as CSV files: UTF-8 with BOM, nulls empty, instants with offset, nothing that a spreadsheet would run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from chataudit import tables
from chataudit.arrays import arrow, text
from chataudit.privacy import mask_column
from chataudit.tables import Table

FORMULA = r"^[=+\-@\t\r]"
MASKED = {"messages": ("text",), "hits": ("reason",), "rejects": ("value",), "marks": ("reason",)}
BOM = b"\xef\xbb\xbf"
CHUNK = 1 << 18


def write_named(name: str, frame: pd.DataFrame, folder: Path, *, masked: bool) -> None:
    """Write an output table to ``folder/NAME.csv`` with its columns; ``masked`` hides personal data in its texts."""
    table: Table = getattr(tables, name.upper())
    write_table(frame, table, folder / f"{name}.csv", MASKED.get(name, ()) if masked else ())


def with_masked_spans(hits: pd.DataFrame, messages: pd.DataFrame) -> pd.DataFrame:
    """Return hits whose text is cut from the masked message: a span alone does not show what it is a part of."""
    if not len(hits):
        return hits
    place = pc.index_in(arrow(hits["message_id"]), value_set=arrow(messages["message_id"]))
    whole = arrow(messages["text"]).take(place)
    masked = arrow(mask_column(text(whole)))
    changed = np.flatnonzero(pc.not_equal(whole, masked).fill_null(False).to_numpy(zero_copy_only=False))
    if not len(changed):
        return hits
    start, end = (hits[name].iloc[changed] for name in ("start", "end"))
    lines = masked.take(pa.array(changed)).to_pylist()
    cut = [line[int(begin) : int(stop)] for line, begin, stop in zip(lines, start, end, strict=True)]
    mask = np.zeros(len(hits), dtype=bool)
    mask[changed] = True
    return hits.assign(
        text=text(pc.replace_with_mask(arrow(hits["text"]), pa.array(mask), pa.array(cut, pa.large_string())))
    )


def write_table(frame: pd.DataFrame, table: Table, path: Path, masked: tuple[str, ...] = ()) -> None:
    """Write one frame as CSV, in chunks so that memory stays flat."""
    with path.open("wb") as file:
        file.write(BOM)
        options = pa_csv.WriteOptions(include_header=True, quoting_style="needed")
        for start in range(0, max(len(frame), 1), CHUNK):
            part = frame.iloc[start : start + CHUNK]
            columns = {
                column.name: cells(part[column.name], column.kind, column.name in masked) for column in table.columns
            }
            pa_csv.write_csv(pa.table(columns), file, options)
            options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")


def safe_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a small frame whose text cells no spreadsheet would run."""
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name].dtype)]
    return frame.assign(
        **{
            name: frame[name].astype(str).where(frame[name].notna()).str.replace(r"^(?=[=+\-@\t\r])", "'", regex=True)
            for name in texts
        }
    )


def cells(column: pd.Series, kind: str, masked: bool = False) -> pa.Array:
    """Return a column as what stands in the file."""
    if kind == "time":
        return instants(column)
    if kind == "bool":
        return pc.if_else(pa.array(column.astype("boolean"), pa.bool_(), from_pandas=True), "true", "false")
    if kind == "int":
        return pa.array(column.astype("Int64"), pa.int64(), from_pandas=True)
    if kind == "real":
        return reals(column)
    if isinstance(column.dtype, pd.CategoricalDtype):
        words = safe(pa.array(column.cat.categories, pa.large_string()))
        codes = column.cat.codes.to_numpy()
        return words.take(pa.array(codes.astype(np.int64), mask=codes < 0))
    if kind == "money":
        return pa.array([None if pd.isna(one) else format(one, "f") for one in column], pa.large_string())
    if masked:
        column = mask_column(column)
    return safe(pa.array(column, pa.large_string(), from_pandas=True))


def safe(texts: pa.Array) -> pa.Array:
    """Return texts with a quote before what a spreadsheet would take for a formula."""
    risky = pc.match_substring_regex(texts, FORMULA).fill_null(False)
    if not pc.any(risky).as_py():
        return texts
    return pc.if_else(risky, pc.binary_join_element_wise(_text("'"), texts, _text("")), texts)


def reals(column: pd.Series) -> pa.Array:
    """Return numbers with at most six digits behind the point."""
    return pa.array(np.round(pd.to_numeric(column).to_numpy(dtype=float, na_value=np.nan), 6), from_pandas=True)


def instants(column: pd.Series) -> pa.Array:
    """Return instants in ISO 8601 with the offset of their zone; milliseconds only where there are any."""
    if not isinstance(column.dtype, pd.DatetimeTZDtype):
        return pa.nulls(len(column), pa.large_string())
    local = column.dt.tz_localize(None)
    offset = (local - column.dt.tz_convert("UTC").dt.tz_localize(None)).dt.total_seconds().to_numpy()
    unique, place = np.unique(np.nan_to_num(offset), return_inverse=True)
    names = pa.array([_offset(int(one)) for one in unique], pa.large_string())
    wall = pa.array(local, pa.timestamp("ms"), from_pandas=True)
    seconds = pc.cast(wall, pa.timestamp("s"), safe=False).cast(pa.large_string())
    fraction = pc.not_equal(pc.millisecond(wall), 0)
    shown = pc.if_else(fraction, wall.cast(pa.large_string()), seconds) if pc.any(fraction).as_py() else seconds
    return pc.binary_join_element_wise(
        pc.replace_substring(shown, " ", "T"), names.take(pa.array(place.reshape(-1))), _text("")
    )


def _text(value: str) -> pa.Scalar:
    return pa.scalar(value, pa.large_string())


def _offset(seconds: int) -> str:
    sign, minutes = "-" if seconds < 0 else "+", abs(seconds) // 60
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"

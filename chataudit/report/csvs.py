"""The tables as CSV files: UTF-8 with BOM, nulls empty, instants with offset, nothing that a spreadsheet would run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from chataudit import tables
from chataudit.arrays import Flags, arrow, text
from chataudit.log import NO_TIME, wall_clock
from chataudit.log import instants as utc_clock
from chataudit.privacy import Masks
from chataudit.tables import Table

FORMULA = b"=+-@\t\r"
MASKED = {"messages": ("text",), "hits": ("reason",), "rejects": ("value",), "marks": ("reason",)}
BOM = b"\xef\xbb\xbf"
CHUNK, BATCH = 1 << 18, 1 << 12
NO_MASKS: Mapping[str, Masks] = MappingProxyType({})


def write_named(name: str, frame: pd.DataFrame, folder: Path, *, masked: bool) -> dict[str, Masks]:
    """Write an output table to ``folder/NAME.csv`` with its columns; ``masked`` hides personal data in its texts.

    Returns the masks of these texts by column.
    """
    table: Table = getattr(tables, name.upper())
    masks = masks_of(frame, MASKED.get(name, ()) if masked else ())
    write_table(frame, table, folder / f"{name}.csv", masks)
    return masks


def masks_of(frame: pd.DataFrame, columns: Iterable[str]) -> dict[str, Masks]:
    """Return the masks of columns that may hold personal data."""
    return {name: Masks.of(arrow(frame[name])) for name in columns}


def with_masked_spans(hits: pd.DataFrame, messages: pd.DataFrame, masks: Masks) -> pd.DataFrame:
    """Return hits whose text is cut from the masked message: a span alone does not show what it is a part of."""
    ids = arrow(messages["message_id"]).take(pa.array(masks.rows))
    place = pc.index_in(arrow(hits["message_id"]), value_set=ids)
    changed = np.flatnonzero(place.is_valid().to_numpy(zero_copy_only=False))
    if not len(changed):
        return hits
    start, end = (hits[name].iloc[changed] for name in ("start", "end"))
    lines = masks.texts.take(place.drop_null()).to_pylist()
    cut = [line[int(begin) : int(stop)] for line, begin, stop in zip(lines, start, end, strict=True)]
    spans = Masks(changed, pa.array(cut, pa.large_string()))
    return hits.assign(text=text(spans.put(arrow(hits["text"]))))


def write_table(frame: pd.DataFrame, table: Table, path: Path, masks: Mapping[str, Masks] = NO_MASKS) -> None:
    """Write one frame as CSV, in chunks so that memory stays flat; ``masks``: those of columns to mask."""
    with path.open("wb") as file:
        file.write(BOM)
        for start in range(0, max(len(frame), 1), CHUNK):
            part = frame.iloc[start : start + CHUNK]
            columns = {one.name: cells(part[one.name], one.kind, masks.get(one.name), start) for one in table.columns}
            options = pa_csv.WriteOptions(include_header=not start, quoting_style="needed", batch_size=BATCH)
            pa_csv.write_csv(pa.table(columns), file, options)


def safe_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a small frame whose text cells no spreadsheet would run."""
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name].dtype)]
    return frame.assign(
        **{
            name: frame[name].astype(str).where(frame[name].notna()).str.replace(r"^(?=[=+\-@\t\r])", "'", regex=True)
            for name in texts
        }
    )


def cells(column: pd.Series, kind: str, masks: Masks | None = None, start: int = 0) -> pa.Array:
    """Return a column, or of a column with ``masks`` what follows from row ``start`` on, as what stands in the file."""
    if kind == "time":
        return instants(column)
    if kind == "bool":
        return pc.if_else(pa.array(column.astype("boolean"), pa.bool_(), from_pandas=True), "true", "false")
    if kind == "int":
        return pa.array(column.astype("Int64"), pa.int64(), from_pandas=True)
    if kind == "real":
        return reals(column)
    if isinstance(column.dtype, pd.CategoricalDtype):
        words = safe(arrow(column.cat.categories.to_series()))
        codes = column.cat.codes.to_numpy()
        return words.take(pa.array(codes, mask=codes < 0))
    if kind == "money":
        return pa.array([None if pd.isna(one) else format(one, "f") for one in column], pa.large_string())
    texts = arrow(column).cast(pa.large_string())  # a column without a text may have the type of nothing
    return safe(masks.put(texts, start) if masks else texts)


def safe(texts: pa.Array) -> pa.Array:
    """Return texts with a quote before what a spreadsheet would take for a formula."""
    risky = _begin(texts, FORMULA)
    if not risky.any():
        return texts
    return pc.if_else(pa.array(risky), pc.binary_join_element_wise(_text("'"), texts, _text("")), texts)


def _begin(texts: pa.Array, signs: bytes) -> Flags:
    """Return where texts begin with one of ``signs``, by their bytes: a search in each takes many times as long."""
    _, offsets, data = texts.buffers()
    if not len(texts) or not data:
        return np.zeros(len(texts), dtype=bool)
    edges = np.frombuffer(offsets, dtype=np.int64)[texts.offset :][: len(texts) + 1]
    letters = np.frombuffer(data, dtype=np.uint8)
    wanted = np.isin(np.arange(256), list(signs))
    return wanted[letters[np.minimum(edges[:-1], len(letters) - 1)]] & (edges[1:] > edges[:-1])


def reals(column: pd.Series) -> pa.Array:
    """Return numbers with at most six digits behind the point."""
    return pa.array(np.round(pd.to_numeric(column).to_numpy(dtype=float, na_value=np.nan), 6), from_pandas=True)


def instants(column: pd.Series) -> pa.Array:
    """Return instants in ISO 8601 with the offset of their zone; milliseconds only where there are any."""
    if not isinstance(column.dtype, pd.DatetimeTZDtype):
        return pa.nulls(len(column), pa.large_string())
    local = wall_clock(column)
    place, unique = pd.factorize(local - utc_clock(column))  # nulls are one number in both
    names = pa.array([_offset(int(one) // 1000) for one in unique], pa.large_string())
    wall = pa.array(local, mask=local == NO_TIME).view(pa.timestamp("ms"))
    seconds = pc.cast(wall, pa.timestamp("s"), safe=False).cast(pa.large_string())
    fraction = pc.not_equal(pc.millisecond(wall), 0)
    shown = pc.if_else(fraction, wall.cast(pa.large_string()), seconds) if pc.any(fraction).as_py() else seconds
    shown = pc.binary_replace_slice(shown.view(pa.large_binary()), 10, 11, b"T").view(pa.large_string())
    return pc.binary_join_element_wise(shown, names.take(pa.array(place)), _text(""))


def _text(value: str) -> pa.Scalar:
    return pa.scalar(value, pa.large_string())


def _offset(seconds: int) -> str:
    sign, minutes = "-" if seconds < 0 else "+", abs(seconds) // 60
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"

"""Small vectorised helpers that several stages share: codes, spans of groups, hashes, hex."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]
TEXT = pd.StringDtype("pyarrow", na_value=np.nan)
HASH_KEYS = ("chataudit-hash-a", "chataudit-hash-b")
CHUNK = 500_000


def as_code(cells: Any) -> pd.Series:
    """Return text as a categorical with sorted text categories; nulls stay null."""
    series = cells if isinstance(cells, pd.Series) else pd.Series(cells)
    if isinstance(series.dtype, pd.CategoricalDtype):
        used = series.cat.remove_unused_categories()
        return used.cat.set_categories(pd.Index(sorted(used.cat.categories), dtype=TEXT))
    encoded = pc.dictionary_encode(pa.array(series, type=pa.large_string(), from_pandas=True))
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    words = encoded.dictionary.to_pylist()
    order = np.argsort(np.array(words, dtype=object)) if words else np.array([], dtype=np.int64)
    place = np.empty(len(words), dtype=np.int64)
    place[order] = np.arange(len(words))
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    codes = np.where(codes < 0, -1, place[codes]) if len(words) else np.full(len(series), -1)
    categories = pd.Index([words[at] for at in order], dtype=TEXT)
    return pd.Series(pd.Categorical.from_codes(codes, categories), index=series.index)


def codes_of(cells: pd.Series) -> Ints:
    """Return a categorical's codes (null is -1) as 64-bit integers."""
    return cells.cat.codes.to_numpy().astype(np.int64)


def constant(value: str | None, size: int) -> pd.Series:
    """Return a categorical column with one value (or all null)."""
    if value is None:
        return pd.Series(pd.Categorical.from_codes(np.full(size, -1), pd.Index([], dtype=TEXT)))
    return pd.Series(pd.Categorical.from_codes(np.zeros(size, dtype=np.int8), pd.Index([value], dtype=TEXT)))


def coded(codes: Ints, words: list[str]) -> pd.Series:
    """Return a categorical from codes into ``words`` (any order); -1 is null."""
    return as_code(pd.Series(pd.Categorical.from_codes(codes, pd.Index(words, dtype=TEXT))))


def arrow(cells: pd.Series) -> pa.Array:
    """Return a text column as one Arrow large_string array."""
    array = pa.array(cells, type=pa.large_string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def text(cells: Any) -> pd.Series:
    """Return an Arrow text array as a pandas text column."""
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    return pd.Series(pd.array(cells, dtype=TEXT))


def is_in(cells: pd.Series, words: tuple[str, ...] | list[str]) -> Flags:
    """Return where a categorical has one of ``words``."""
    wanted = cells.cat.categories.isin(list(words))
    codes = codes_of(cells)
    return np.append(wanted, False)[codes]


def starts_of(groups: Ints) -> Ints:
    """Return the first position of each run of equal values in a grouped array."""
    if not len(groups):
        return np.array([], dtype=np.int64)
    return np.flatnonzero(np.append(True, groups[1:] != groups[:-1])).astype(np.int64)


def distinct(ordered: Ints) -> Ints:
    """Return the distinct values of a sorted array (much faster than `numpy.unique`, which does not know that)."""
    return ordered[starts_of(ordered)]


def packed(*columns: Ints) -> Ints:
    """Return one number for each row: equal where all columns (-1 and up) are, and sorted as the rows are by them."""
    key = columns[0].astype(np.int64) + 1
    for column in columns[1:]:
        width = int(column.max()) + 2
        if int(key.max()) > (1 << 62) // width:
            _, key = np.unique(key, return_inverse=True)
        key = key * width + column + 1
    return key


def group_ids(*columns: Ints) -> tuple[Ints, Ints]:
    """Return each row's group number (in sorted order of the columns) and one row position for each group."""
    if not columns or not len(columns[0]):
        return np.array([], dtype=np.int64), np.array([], dtype=np.int64)
    _, first, ids = np.unique(packed(*columns), return_index=True, return_inverse=True)
    return ids.astype(np.int64), first.astype(np.int64)


def ranges(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Return, for half-open ranges, the number of the range and the value of each member, range by range."""
    sizes = np.maximum(ends - starts, 0)
    owner = np.repeat(np.arange(len(starts)), sizes)
    before = np.cumsum(sizes) - sizes
    return owner, np.arange(int(sizes.sum())) - before[owner] + starts[owner]


def hash_text(cells: pd.Series, key: str) -> Hashes:
    """Return a 64-bit SipHash of each text (a null hashes as the empty text), in chunks to keep memory flat."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        words = np.append(np.asarray(cells.cat.categories, dtype=object), "")
        hashed: Hashes = pd.util.hash_array(words, hash_key=key, categorize=False)
        return hashed[codes_of(cells)]
    parts = []
    for start in range(0, len(cells), CHUNK):
        part = cells.iloc[start : start + CHUNK].fillna("").to_numpy(dtype=object)
        parts.append(pd.util.hash_array(part, hash_key=key, categorize=False))
    return np.concatenate(parts) if parts else np.array([], dtype=np.uint64)


def mix(hashes: Hashes, part: Hashes) -> Hashes:
    """Fold one more hash into ``hashes`` (order matters), by splitmix64's finaliser."""
    with np.errstate(over="ignore"):
        value = hashes * np.uint64(0x9E3779B97F4A7C15) + part
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(value ^ (value >> np.uint64(31)), dtype=np.uint64)


def hex_text(high: Hashes, low: Hashes, digits: int = 24) -> pd.Series:
    """Return the first ``digits`` hexadecimal digits of two 64-bit hashes, as text."""
    size = len(high)
    raw = np.empty((size, 2), dtype=">u8")
    raw[:, 0], raw[:, 1] = high, low
    table = np.frombuffer("".join(f"{value:02x}" for value in range(256)).encode(), dtype=np.uint8).reshape(256, 2)
    letters = np.ascontiguousarray(table[raw.view(np.uint8)].reshape(size, 32)[:, :digits])
    offsets = np.arange(size + 1, dtype=np.int64) * digits
    array = pa.Array.from_buffers(
        pa.large_string(), size, [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(letters.tobytes())]
    )
    return text(array)


def last_seen(values: Ints, known: Flags, groups: Ints) -> Ints:
    """Return for each row the value of the latest row before it, or itself, that is known in its group, else -1."""
    at = np.where(known, np.arange(len(values)), -1)
    at = np.maximum.accumulate(at) if len(at) else at
    ok = (at >= 0) & (groups[at] == groups)
    return np.where(ok, values[at], -1)


def next_seen(values: Ints, known: Flags, groups: Ints) -> Ints:
    """Return for each row the value of the next row after it, or itself, that is known in its group, else -1."""
    return last_seen(values[::-1], known[::-1], groups[::-1])[::-1]

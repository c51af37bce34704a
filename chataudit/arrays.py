"""Small vectorised helpers that several stages share: codes, spans of groups, hashes, hex."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.signedinteger[Any]]
Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]
TEXT = pd.StringDtype("pyarrow", na_value=np.nan)
HASH_KEYS = ("chataudit-hash-a", "chataudit-hash-b")
CHUNK = 20_000


def as_code(cells: Any) -> pd.Series:
    """Return text as a categorical with sorted text categories, all of them used; nulls stay null."""
    series = cells if isinstance(cells, pd.Series) else pd.Series(cells)
    return sorted_code(*_encoded(series), index=series.index)


def stacked_code(parts: list[pd.Series]) -> pd.Series:
    """Return text columns one below the other as `as_code` does one."""
    words, codes = zip(*map(_encoded, parts), strict=True)
    every = pa.concat_arrays(words).dictionary_encode()
    places = np.split(every.indices.to_numpy(), np.cumsum([len(own) for own in words])[:-1])
    moved = [np.append(place, -1)[code] for place, code in zip(places, codes, strict=True)]
    return sorted_code(every.dictionary, np.concatenate(moved))


def _encoded(cells: pd.Series) -> tuple[pa.Array, Ints]:
    """Return the distinct texts of a column and codes into them (null: -1)."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return arrow(cells.cat.categories.to_series()), cells.cat.codes.to_numpy()
    told = arrow(cells).dictionary_encode()
    return told.dictionary, told.indices.fill_null(-1).to_numpy(zero_copy_only=False)


def sorted_code(words: pa.Array, codes: Codes, index: pd.Index | None = None) -> pd.Series:
    """Return a categorical from codes (null: -1) into distinct ``words``: those that are used, sorted."""
    used = np.zeros(len(words) + 1, dtype=bool)
    used[codes] = True
    order = pc.sort_indices(words).to_numpy()
    order = order[used[order]]
    place = np.full(len(words) + 1, -1, dtype=np.min_scalar_type(-max(len(order), 1)))
    place[order] = np.arange(len(order))
    categories = pd.Index(text(words.take(pa.array(order))), dtype=TEXT)
    return pd.Series(pd.Categorical.from_codes(place[codes], categories), index=index)


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


def filled_code(cells: pd.Series, word: str) -> pd.Series:
    """Return a categorical with ``word`` for its nulls."""
    codes = codes_of(cells)
    words = [*cells.cat.categories]
    place = words.index(word) if word in words else len(words)
    return coded(np.where(codes < 0, place, codes), words if place < len(words) else [*words, word])


def nothing(size: int) -> pd.Series:
    """Return a text column without a text."""
    return text(pa.nulls(size, pa.large_string()))


def arrow(cells: pd.Series) -> pa.Array:
    """Return a text column as one Arrow large_string array."""
    array = pa.array(cells, type=pa.large_string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def text(cells: Any) -> pd.Series:
    """Return an Arrow text array as a pandas text column."""
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    return pd.Series(pd.array(cells, dtype=TEXT))


def text_at(words: Sequence[str | None], at: Ints) -> pd.Series:
    """Return the words at positions as a text column."""
    return text(pa.array(words, pa.large_string()).take(pa.array(at)))


def is_in(cells: pd.Series, words: tuple[str, ...] | list[str]) -> Flags:
    """Return where a categorical has one of ``words``."""
    codes = cells.cat.codes.to_numpy()
    found = np.zeros(len(codes), dtype=bool)
    for code in np.flatnonzero(cells.cat.categories.isin(list(words))).tolist():
        found |= codes == code
    return found


def starts_of(groups: Ints) -> Ints:
    """Return the first position of each run of equal values in a grouped array."""
    if not len(groups):
        return np.array([], dtype=np.int64)
    return np.flatnonzero(np.append(True, groups[1:] != groups[:-1])).astype(np.int64)


def distinct(ordered: Ints) -> Ints:
    """Return one value of each run; of a sorted array its distinct values (`numpy.unique` does not know that it is)."""
    return ordered[starts_of(ordered)]


def packed(*columns: Ints) -> Ints:
    """Return one number for each row: equal where all columns (-1 and up) are, and sorted as the rows are by them."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        low, high = int(column.min(initial=0)), int(column.max(initial=-1))
        if low == high:
            continue
        if int(key.max(initial=0)) > (1 << 62) // max(high - low + 1, 1):
            _, key = np.unique(key, return_inverse=True)
        key = key * (high - low + 1) + (column.astype(np.int64, copy=False) - low)
    return key


def group_ids(*columns: Ints) -> tuple[Ints, Ints]:
    """Return each row's group number (in sorted order of the columns) and each group's first row."""
    if not columns or not len(columns[0]):
        return np.array([], dtype=np.int64), np.array([], dtype=np.int64)
    key = packed(*columns)
    starts = starts_of(key)  # each run of equal rows is looked at once
    _, first, ids = np.unique(key[starts], return_index=True, return_inverse=True)
    return np.repeat(ids.astype(np.int64), np.diff(starts, append=len(key))), starts[first]


def stable_order(numbers: Ints) -> Ints:
    """Return the stable order of numbers from 0 up; by their digits of 16 bits, for numpy sorts those by counting."""
    numbers = numbers.astype(np.int64, copy=False)
    order = np.argsort((numbers & 0xFFFF).astype(np.uint16), kind="stable")
    for shift in range(16, int(numbers.max(initial=0)).bit_length(), 16):
        order = order[np.argsort((numbers[order] >> shift & 0xFFFF).astype(np.uint16), kind="stable")]
    return order


def union(*columns: Ints) -> Ints:
    """Return the distinct values of all columns, sorted; each run of equal values is looked at once."""
    return np.unique(np.concatenate([distinct(column) for column in columns]))


def places(keys: Ints, values: Ints) -> Ints:
    """Return where in ``keys`` (distinct, sorted) each value stands; each run of equal values is looked up once."""
    starts = starts_of(values)
    return np.repeat(np.searchsorted(keys, values[starts]), np.diff(starts, append=len(values)))


def ranges(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Return, for half-open ranges, the number of the range and the value of each member, range by range."""
    sizes = np.maximum(ends - starts, 0)
    owner = np.repeat(np.arange(len(starts)), sizes)
    before = np.cumsum(sizes) - sizes
    return owner, np.arange(int(sizes.sum())) - before[owner] + starts[owner]


def hash_text(cells: pd.Series, key: str) -> Hashes:
    """Return a 64-bit SipHash of each text (a null hashes as the empty text)."""
    return hash_texts(cells, (key,))[0]


def hash_texts(cells: pd.Series, keys: tuple[str, ...] = HASH_KEYS) -> list[Hashes]:
    """Return what `hash_text` gives for each key; of a categorical each category is hashed once.

    The texts are hashed as the bytes that they are in Arrow, which is much quicker than to make Python text of them
    and encode it again; in chunks that the cache holds.
    """
    if isinstance(cells.dtype, pd.CategoricalDtype):
        words, codes = pd.Series([*cells.cat.categories, None], dtype=TEXT), codes_of(cells)
        return [hashed[codes] for hashed in hash_texts(words, keys)]
    whole = pc.fill_null(arrow(cells), "").cast(pa.large_binary())
    parts = [_hashed(whole.slice(start, CHUNK), keys) for start in range(0, len(whole) or 1, CHUNK)]
    return [np.concatenate(hashed) for hashed in zip(*parts, strict=True)]


def _hashed(cells: pa.Array, keys: tuple[str, ...]) -> list[Hashes]:
    told = cells.to_numpy(zero_copy_only=False)
    return [pd.util.hash_array(told, hash_key=key, categorize=False) for key in keys]


def mix(hashes: Hashes, part: Hashes) -> Hashes:
    """Fold one more hash into ``hashes`` (order matters), by splitmix64's finaliser."""
    value: Hashes = hashes * np.uint64(0x9E3779B97F4A7C15)
    value += part
    value ^= value >> np.uint64(30)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= value >> np.uint64(27)
    value *= np.uint64(0x94D049BB133111EB)
    value ^= value >> np.uint64(31)
    return value


def hex_text(high: Hashes, low: Hashes) -> pd.Series:
    """Return two 64-bit hashes as the first 24 of their hexadecimal digits."""
    size = len(high)
    raw = np.empty((size, 2), dtype=">u8")
    raw[:, 0], raw[:, 1] = high, low
    letters = _hex_digits()[raw.view(np.uint16)[:, :6]]
    offsets = np.arange(size + 1, dtype=np.int64) * 24
    array = pa.Array.from_buffers(pa.large_string(), size, [None, pa.py_buffer(offsets), pa.py_buffer(letters)])
    return text(array)


@cache
def _hex_digits() -> npt.NDArray[np.uint32]:
    """Return for each pair of bytes its four hexadecimal digits, as bytes in one number."""
    pairs = np.arange(1 << 16, dtype=np.uint16)
    return np.frombuffer(pairs.tobytes().hex().encode(), dtype=np.uint32)


def last_seen(known: Flags, groups: Ints, at: Ints) -> Ints:
    """Return for each row of ``at`` the latest row before it, or itself, that is known in its group, else -1."""
    found = np.append(np.flatnonzero(known), -1)[np.cumsum(known)[at] - 1]
    return np.where(groups[found] == groups[at], found, -1)


def next_seen(known: Flags, groups: Ints, at: Ints) -> Ints:
    """Return for each row of ``at`` the next row after it, or itself, that is known in its group, else -1."""
    found = np.append(np.flatnonzero(known), -1)[(np.cumsum(known) - known)[at]]
    return np.where(groups[found] == groups[at], found, -1)

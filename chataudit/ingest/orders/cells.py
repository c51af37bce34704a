"""Cells of order exports as numbers, names, amounts and times: what spreadsheets and platforms wrap around them off.

Wrapped are ``="…"``, a leading ``'``, tabs and blanks, ``0元``; nothing is meant by ``null``, ``'null``, ``NaN``, ``-``.
Amounts are whole millionths of a yuan in between, so that no binary fraction comes near a sum, and decimals in the end.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, arrow, text
from chataudit.ingest.times import read_times

BLANKS = " \t\r\n\f\v\u00a0\u200b\u3000\ufeff"
WRAPS = BLANKS + "'\"=‘’`"
WRAPPED = r"^'?=\s*\"((?s:.*))\"$|^'((?s:.*))$"
NULLS = ("", "null", "nan", "none", "nat", "n/a", "#n/a", "\\n", "undefined")
NO_NAME = (*NULLS, "-", "--", "—")
NOTHING = (*NO_NAME, "无", "/")
NO_TIME = (*NOTHING, "0000-00-00 00:00:00", "0000-00-00")
NOT_RETURNED = ("无退款申请", "没有申请退款", "无退款", "未退款")
MONEY_MARKS = re.compile(r"[¥￥元,\s'\"=]|CNY|RMB")
MILLIONTH, CENT = Decimal("0.000001"), Decimal("0.01")
MOST = Decimal(1_000_000_000)
MERGED_ITEMS = r"[|;,，、；\s]+"
ROUNDED = r"^\d+(\.\d+)?[eE]\+?\d+$"


class Read(NamedTuple):
    """Cells of one column, and where one that was given can't be read."""

    cells: pd.Series
    wrong: Flags


def names(column: pd.Series, nothing: tuple[str, ...] = NO_NAME) -> Read:
    """Return names and words without what is wrapped around them; ``nothing``: words that mean none."""
    cells = pc.utf8_trim(arrow(column), BLANKS)
    if pc.any(pc.match_substring_regex(cells, r"^['=]")).as_py():
        whole = pc.replace_substring_regex(cells, WRAPPED, r"\1\2")
        cells = pc.utf8_trim(whole, BLANKS)
    return _all_right(text(_without(cells, nothing)))


def numbers(column: pd.Series) -> Read:
    """Return order numbers: text of digits also where a spreadsheet made them a fraction (``290000000001.0``).

    A number that a spreadsheet rounded (``1.93E+18``) is wrong: its last digits are lost.
    """
    cells = _without(pc.utf8_trim(arrow(column), WRAPS), NOTHING)
    cells = _whole(cells)
    return Read(text(cells), pc.match_substring_regex(cells, ROUNDED).fill_null(False).to_numpy(zero_copy_only=False))


def items(column: pd.Series) -> Read:
    """Return item ids, several of them joined by ``|``."""
    cells = _whole(_without(pc.utf8_trim(arrow(column), WRAPS), NOTHING))
    if pc.any(pc.match_substring_regex(cells, MERGED_ITEMS)).as_py():
        cells = pc.replace_substring_regex(cells, MERGED_ITEMS, "|")
    return _all_right(text(cells))


def amounts(column: pd.Series) -> Read:
    """Return amounts in millionths of a yuan (nullable whole numbers)."""
    once = _without(pc.utf8_trim(arrow(column), WRAPS), NOTHING).dictionary_encode()
    read = [_millionths(word) for word in once.dictionary.to_pylist()]
    known = np.array([one is not None for one in read] + [False], dtype=bool)
    values = np.array([one or 0 for one in read] + [0], dtype=np.int64)
    at = once.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    cells = pd.Series(pd.arrays.IntegerArray(values[at], ~known[at]))
    return Read(cells, ~known[at] & (at >= 0))


def times(column: pd.Series, zone: str) -> Read:
    """Return instants."""
    cells = _without(pc.utf8_trim(arrow(column), WRAPS), NO_TIME)
    read = read_times(text(cells), zone)
    return Read(read, read.isna().to_numpy() & pc.is_valid(cells).to_numpy(zero_copy_only=False))


def yuan(cells: pd.Series) -> pd.Series:
    """Return millionths as decimals in yuan, with two digits behind the point or more where there are more."""
    values = cells.fillna(0).to_numpy(dtype=np.int64)
    distinct, at = np.unique(values, return_inverse=True)
    decimals = np.empty(len(distinct), dtype=object)
    for place, value in enumerate(distinct.tolist()):
        whole = Decimal(value).scaleb(-6)
        cents = whole.quantize(CENT)
        decimals[place] = cents if cents == whole else whole.normalize()
    made = decimals[at]
    made[cells.isna().to_numpy()] = None
    return pd.Series(made, index=cells.index, dtype=object)


def _millionths(word: str) -> int | None:
    """Return an amount's millionths of a yuan; None where it is none.

    >>> _millionths("￥1,234.50元")
    1234500000
    """
    if word in NOT_RETURNED:
        return 0
    try:
        amount = Decimal(MONEY_MARKS.sub("", unicodedata.normalize("NFKC", word)))
        if not amount.is_finite() or abs(amount) > MOST:
            return None
        return int((amount.quantize(MILLIONTH) / MILLIONTH).to_integral_value())
    except ArithmeticError:  # no number, or one beyond all reckoning (1e999999999)
        return None


def _without(cells: pa.Array, words: tuple[str, ...]) -> pa.Array:
    """Return cells with null for those that mean nothing, also after a ``'``."""
    bare = pc.utf8_lower(pc.utf8_ltrim(cells, "'"))
    empty = pc.is_in(bare, pa.array(words, pa.large_string()))
    return pc.if_else(empty, None, cells) if pc.any(empty).as_py() else cells


def _whole(cells: pa.Array) -> pa.Array:
    if not pc.any(pc.match_substring(cells, ".0")).as_py():
        return cells
    return pc.replace_substring_regex(cells, r"^(\d+)\.0+$", r"\1")


def _all_right(cells: pd.Series) -> Read:
    return Read(cells, np.zeros(len(cells), dtype=bool))

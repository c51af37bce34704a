"""Cells of the written tables: guarded, masked and dated the same wherever a chunk begins."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from chataudit.arrays import TEXT, arrow
from chataudit.privacy import BUT_ADDRESSES, IN_ADDRESSES, Masks, mask_text
from chataudit.report.csvs import instants, safe

SAID = ["=1+1", "好的", "", None, "-2", "@a", "\ttab", "a=b", "+", "", None]


@pytest.mark.parametrize("start", range(len(SAID)))
def test_what_a_spreadsheet_would_run_is_quoted(start: int) -> None:
    texts = pa.array(SAID, pa.large_string()).slice(start)
    wanted = [f"'{one}" if one and one[0] in "=+-@\t\r" else one for one in SAID[start:]]
    assert safe(texts).to_pylist() == wanted


def test_empty_columns_are_left_alone() -> None:
    for said in ([], [None], ["", ""]):
        assert safe(pa.array(said, pa.large_string())).to_pylist() == said


TALK = [
    "电话13800138000",
    "在吗",
    None,
    "https://a.example/1234567890",
    "微信abc12345",
    "",
    "浙江省杭州市西湖区文三路1号",
]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_masks_fit_chunks_of_any_size(size: int) -> None:
    cells = arrow(pd.Series(TALK, dtype=TEXT))
    masks = Masks.of(cells)
    made = [masks.put(cells.slice(start, size), start).to_pylist() for start in range(0, len(TALK), size)]
    assert sum(made, []) == [None if one is None else mask_text(one) for one in TALK]
    assert masks.rows.tolist() == [0, 4, 6]


def test_an_address_is_sought_only_where_one_of_its_signs_stands() -> None:
    for said in ("浙江省杭州市西湖区文三路1号", "幸福村12号", "花园小区3栋", "苏州工业园区星湖街328号"):
        assert IN_ADDRESSES.search(said) and "*" in mask_text(said)
    assert BUT_ADDRESSES.count("(?P<address>") == 0


def test_instants_say_their_offset_and_milliseconds_only_where_there_are_any() -> None:
    times = pd.Series(
        pd.to_datetime(
            ["2026-01-05T12:00:00Z", None, "2026-07-05T12:00:00.250Z", "1969-12-31T23:59:59.999Z"], format="ISO8601"
        )
    )
    assert instants(times.dt.tz_convert("Europe/Berlin").dt.as_unit("ms")).to_pylist() == [
        "2026-01-05T13:00:00+01:00",
        None,
        "2026-07-05T14:00:00.250+02:00",
        "1970-01-01T00:59:59.999+01:00",
    ]
    assert instants(pd.Series(np.array([], dtype="datetime64[ms]")).dt.tz_localize("UTC")).to_pylist() == []

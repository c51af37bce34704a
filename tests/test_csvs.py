"""Cells of the written tables: guarded, masked and dated the same wherever a chunk begins."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chataudit.arrays import TEXT, arrow
from chataudit.privacy import BUT_ADDRESSES, IN_ADDRESSES, Masks, mask_column, mask_text
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


SIGNS = list("013579Xaz_-. @＠．：:号码是为　\u00a0０８Ａｚ－+＋") + [
    "微信",
    "vx",
    "QQ",
    "支付宝",
    "138",
    "市",
    "区",
    "路",
    "号",
    "文三",
]


@given(st.lists(st.sampled_from(SIGNS), max_size=24).map("".join))
@settings(max_examples=1500, deadline=None)
def test_a_column_is_masked_as_each_of_its_texts(said: str) -> None:
    masked = mask_text(said)
    assert mask_column(pd.Series([said, "在吗"], dtype=TEXT)).tolist() == [masked, "在吗"]
    assert len(masked) == len(said)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("电话１３８００１３８０００", "电话１３８********"),
        ("138　0013　8000", "138　****　****"),
        ("138－0013－8000", "138－****－****"),
        ("微信　abc12345", "微信　********"),
        ("微信号：ａｂｃ１２３４５", "微信号：********"),
        ("QQ号:12345678", "QQ号:********"),
        ("我的微信号码是 abc_12-3", "我的微信号码是 ***_**-*"),
        ("me＠qq．com", "m*＠**．***"),
        ("微信是我常用的", "微信是我常用的"),
        ("微信号：2026-03-02QQ:12345678", "微信号：2026-03-02QQ:********"),
        ("VX６２２２v信abcde1", "VX６２２２v信******"),
        ("https://item.taobao.com/item.htm?id=123456789012", "https://item.taobao.com/item.htm?id=123456789012"),
    ],
)
def test_numbers_and_accounts_are_masked_however_they_are_spaced_or_wide(said: str, shown: str) -> None:
    assert mask_text(said) == shown


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

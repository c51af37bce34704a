"""What is done to a whole column at once gives what the same step gives cell by cell."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from chataudit.arrays import HASH_KEYS, TEXT, as_code, hash_texts
from chataudit.ingest.decode import BOM, as_utf8, clean, decode
from chataudit.ingest.digits import rows_with_digits
from chataudit.ingest.layouts.jddc import CELLS, ROW
from chataudit.ingest.lines import Lines
from chataudit.ingest.raw import BLOCK as RAW_BLOCK
from chataudit.ingest.refs import MAYBE, find_refs, refs_in
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular.cleaning import BLOCK, cleaned_escaped
from chataudit.ingest.tabular.json_cells import json_cell, json_column

ODD = st.sampled_from(["", "\x00", "a\r\nb", "\r", "\u00a0", "\ufeff好", "\ud83d", "好", "\x7f", "\t"])
SCALARS = st.none() | ODD | st.text() | st.booleans() | st.integers() | st.floats()
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=2), SCALARS, max_size=2)
COLUMNS = (
    st.lists(st.none() | ODD | st.text())
    | st.lists(st.none() | st.booleans())
    | st.lists(st.none() | st.integers())
    | st.lists(VALUES)
)


@given(COLUMNS)
@example([1, 2.0, 1e18])
@example([True, 1])
@example([2**63, -1])
def test_a_column_of_json_is_its_cells(values: list[object]) -> None:
    got = json_column(values)
    assert got.dtype == TEXT
    assert [None if pd.isna(cell) else cell for cell in got] == [json_cell(value) for value in values]


@given(st.lists(st.none() | ODD.filter(lambda odd: odd != "\ud83d") | st.text()))
@example(["x" * (BLOCK - 1) + "\u00a0" + "y"])
@example(["x" * (BLOCK - 2) + "\ufeff" + "y"])
def test_a_cleaned_column_is_its_cleaned_texts(texts: list[str | None]) -> None:
    got = cleaned_escaped(pa.array(texts, pa.large_string()))
    assert [None if pd.isna(cell) else cell for cell in got] == [None if one is None else clean(one) for one in texts]


@given(st.lists(st.none() | st.text()))
def test_hashes_are_those_of_pandas(texts: list[str | None]) -> None:
    plain = pd.Series(texts, dtype=TEXT)
    whole = plain.fillna("").to_numpy(dtype=object)
    for cells in (plain, as_code(plain)):
        for key, hashed in zip(HASH_KEYS, hash_texts(cells), strict=True):
            assert hashed.tolist() == pd.util.hash_array(whole, hash_key=key, categorize=False).tolist()


@given(st.lists(st.none() | st.text()))
def test_codes_are_sorted_and_used(texts: list[str | None]) -> None:
    wanted = sorted({text for text in texts if text is not None})
    more = pd.Series(pd.Categorical(texts, categories=[*reversed(wanted), "unused\x00"]))
    for code in (as_code(pd.Series(texts, dtype=TEXT)), as_code(more)):
        assert list(code.cat.categories) == wanted
        assert [None if pd.isna(cell) else cell for cell in code] == texts


@given(st.binary() | st.text().map(str.encode) | st.text().map(lambda text: text.encode("gb18030")), st.booleans())
@example(b"", True)
@example(b"\xed\xa0\x80", False)
@example("好".encode()[:2], False)
@example("�".encode(), True)
@example("好".encode("utf-16"), False)
def test_utf8_is_what_is_decoded(data: bytes, has_bom: bool) -> None:
    data = BOM * has_bom + data
    told, decoded = as_utf8(data), decode(data)
    assert (told.data.decode(), told.encoding, told.lost) == (decoded.text, decoded.encoding, decoded.lost)


@given(st.lists(st.none() | st.text("0123456789a订", max_size=12)), st.integers(0, 3))
@example(["x" * (RAW_BLOCK - 2) + "12345"], 0)
@example(["x" * (RAW_BLOCK - 5) + "12345"], 0)
def test_no_row_with_digits_is_left_out(texts: list[str | None], start: int) -> None:
    rows = rows_with_digits(pa.array(texts, pa.large_string()).slice(start), 5).tolist()
    wanted = [at for at, text in enumerate(texts[start:]) if text and re.search("[0-9]{5}", text)]
    assert set(wanted) <= set(rows) and sorted(set(rows)) == rows


WORDS = st.sampled_from(
    [
        "订单 ",
        "单号：",
        "?id=",
        "100000000001",
        "/100000000001.html",
        "item.jd.com",
        "260302-000000000000001",
        "1234567890123456",
    ]
)
REFERRING = st.lists(WORDS | st.text("0123456789-=/.订", max_size=9), max_size=4).map("".join)


@given(st.lists(st.tuples(REFERRING, st.none() | st.sampled_from(["600000000001", "1|2"]))))
def test_references_are_those_of_each_text(told: list[tuple[str, str | None]]) -> None:
    got = find_refs(pd.Series([text for text, _ in told], dtype=TEXT), pd.Series([own for _, own in told], dtype=TEXT))
    for cell, (text, own) in zip(got, told, strict=True):
        found = refs_in(text) if re.search(MAYBE, text) else []
        wanted = list(dict.fromkeys([*(own.split("|") if own else []), *found]))
        assert cell == "|".join(wanted) if wanted else pd.isna(cell)


WORD = st.text("ab\u3000\u2003\u0085 好", min_size=1, max_size=2)
FLAG = st.sampled_from(["0", "1", "", "2", "0\t"])


@given(st.tuples(WORD, WORD, FLAG, FLAG, FLAG, st.text("a1 \t好", max_size=5)).map("\t".join))
@example("s\tu\t0\t\t1\t0\tnan\t")
@example("s\tu\u3000\t0\t0\t0\tnan\ta")
def test_a_line_of_jddc_fits_both_patterns_or_none(line: str) -> None:
    fits = Lines(Source("a", content=line.encode())).where(CELLS)
    assert fits.tolist() == [ROW.fullmatch(line) is not None]

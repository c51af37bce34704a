"""Lines as Arrow arrays: the same lines, matches and bodies as Python's own strings give."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from chataudit.ingest.decode import clean, clean_bytes
from chataudit.ingest.lines import Lines, last_at, lines_of, next_after
from chataudit.ingest.sources import Source

TEXTS = st.text("ab：好😊 \t\n\r\x00\x03\u00a0\ufeff12", max_size=60)


@given(TEXTS)
def test_bytes_are_cleaned_as_texts_are(text: str) -> None:
    assert clean_bytes(text.encode()).decode() == clean(text)


@given(TEXTS)
def test_lines_are_those_of_the_text(text: str) -> None:
    assert lines_of(text.encode()).to_pylist() == clean(text).split("\n")


@given(TEXTS, st.data())
def test_bodies_are_joined_lines(text: str, data: st.DataObject) -> None:
    lines = Lines(Source("a", content=text.encode()))
    whole = clean(text).split("\n")
    first = np.array(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)), dtype=np.int64)
    end = np.array([data.draw(st.integers(0, len(whole))) for _ in first], dtype=np.int64)
    expected = ["\n".join(whole[a:b]) for a, b in zip(first, end, strict=True)]
    assert lines.joined(first, end).to_pylist() == expected
    assert lines.where("^a*b").tolist() == [bool(re.match("a*b", line)) for line in whole]
    assert lines.filled().tolist() == [bool(line.strip()) for line in whole]


def test_parts_and_replacements() -> None:
    lines = Lines(Source("a", content=b"x\nk: 1\ny\nk: 2"))
    at = np.flatnonzero(lines.where("^k: "))
    assert lines.parts(r"^(?P<key>k): (?P<value>\d)$", at)["value"].to_pylist() == ["1", "2"]
    lines.replaced(at, pa.array(["一", "二"], pa.large_string()))
    assert lines.array.to_pylist() == ["x", "一", "y", "二"]


@given(st.lists(st.integers(0, 9), unique=True).map(sorted), st.lists(st.integers(0, 9)))
def test_marks_before_and_after(marks: list[int], places: list[int]) -> None:
    held, asked = np.array(marks, dtype=np.int64), np.array(places, dtype=np.int64)
    assert last_at(held, asked).tolist() == [sum(mark <= place for mark in marks) - 1 for place in places]
    after = [min([mark for mark in marks if mark > place], default=99) for place in places]
    assert next_after(held, asked, 99).tolist() == after

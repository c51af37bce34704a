"""What a pass over bytes tells of a file, by the plain words that say it; and records longer than a block."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chataudit.ingest.decode import BOM, CONTROL_BYTES, NO_BREAK
from chataudit.ingest.raw import BLOCK
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular.delimited import BIG_BLOCK, read_delimited
from chataudit.ingest.tabular.delimited import BLOCK as PARSED_BLOCK
from chataudit.ingest.tabular.glance import Glance, glance

MARKS = st.sampled_from([BOM, NO_BREAK, b"\r", b"\t", b"\n", b"\0", b"\x0b", b'"', b"\xef\xbb", b"\xbf", b"\xc2", b"a"])


@given(st.lists(MARKS, max_size=8), st.integers(-3, 3), st.booleans())
@example([BOM], -1, True)
@example([NO_BREAK], -1, True)
def test_a_glance_says_what_the_bytes_hold(marks: list[bytes], at: int, far: bool) -> None:
    data = (b"x" * (BLOCK + at) if far else b"") + b"".join(marks)
    told, body = glance(io.BytesIO(data)), data.removeprefix(BOM)
    unclean = any(byte in CONTROL_BYTES for byte in body) or NO_BREAK in body or BOM in body
    assert told == Glance(data.count(b'"'), b"\0" in data, b"\r" in data, unclean)


@pytest.mark.parametrize("size", [PARSED_BLOCK - 10, PARSED_BLOCK, 3 * PARSED_BLOCK, BIG_BLOCK // 2])
@pytest.mark.parametrize("mark", ["", '"'])
def test_a_record_may_be_longer_than_a_block(size: int, mark: str) -> None:
    long = "好" * (size // 3)
    content = f"a,b\n1,2\n{mark}{long}{mark},3\n4,5\n".encode()
    read = read_delimited(Source("x.csv", content=content), 2, 1, ",", 2)
    assert read.frame.to_numpy().tolist() == [["1", "2"], [long, "3"], ["4", "5"]]
    assert read.rows.tolist() == [2, 3, 4]
    assert not read.bad

"""Every reason that a reader gives has its Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import chataudit.ingest as ingest
from chataudit.ingest.reasons import CHINESE, translated

EXAMPLES = [
    "unknown sender; allowed: 买家 客服",
    "no time that can be read; allowed: 2026-03-02 10:01:05, ISO 8601, seconds since 1970",
    "longer than 100000 characters",
    "3 cells, the header has 5",
    "no such time: 2026-13-01 00:00:00",
    "JSON syntax: Expecting value (line 1 column 2)",
]


@pytest.mark.parametrize("reason", EXAMPLES)
def test_reasons_are_translated_with_their_values(reason: str) -> None:
    said = translated(reason)
    assert said != reason
    assert all(number in said for number in re.findall(r"\d+", reason))


def test_no_translation_is_for_a_reason_that_no_reader_gives() -> None:
    folder = Path(ingest.__file__).parent
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py") if path.name != "reasons.py")
    for english, _ in CHINESE:
        literal = max(re.split(r"\(\.\*\)|\(\\d\+\)", english.pattern), key=len)
        assert literal in source, english.pattern

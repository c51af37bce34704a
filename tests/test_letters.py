"""What a text must have for a pattern to match is never asked of a text that matches."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chataudit.rules.entities import PATTERNS
from chataudit.rules.fold import fold
from chataudit.rules.letters import BITS, Held, letters
from chataudit.rules.literals import needed
from chataudit.rules.patterns import hit_pattern

WRITTEN = [
    "滚+|gun",
    "[?!][?! ]*[?!]",
    "(你|您)(们|家)?(傻|蠢|智障)(?:逼|$)",
    "[^0-9]1[3-9]\\d{2}",
    "(?i)VX[0-9]",
    "(?i:vx)[0-9]",
    "a{2,3}b?|[\\d一-三]c",
    "(x|)y",
    "[^好]{2}.\\?",
    "呵呵|\\[白眼\\]|🙄",
    *PATTERNS.values(),
]


@pytest.mark.parametrize("pattern", WRITTEN)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_text_that_matches_has_the_letters(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(pattern)))
    folded = fold(pa.array(["", text], pa.large_string()))
    sets = letters(pattern)
    held = Held(sets)
    if pc.match_substring_regex(folded.lines(), hit_pattern(pattern))[1].as_py():
        assert held.of(folded)[1] & held.asked(sets) == held.asked(sets)


NOTHING = ["(?i)vx", "(?i:vx)", "[[:digit:]]", "[^[:space:]]\\d", "[a[:digit:]]", "(", "a?", "[^a]", "a|", ".*", "\\pN"]


@pytest.mark.parametrize("pattern", NOTHING)
def test_where_nothing_can_be_told_nothing_is_asked(pattern: str) -> None:
    assert letters(pattern) == ()


@pytest.mark.parametrize("pattern", ["x[[:digit:]]好的", "[^[:space:]]元", "("])
def test_of_a_pattern_that_python_reads_otherwise_nothing_is_told(pattern: str) -> None:
    assert needed(pattern) is None and letters(pattern) == ()


def test_of_what_python_may_read_otherwise_one_day_it_does_not_warn() -> None:
    assert letters("[a-z&&b]元")  # a warning would be an error here


def test_sets_beyond_the_bits_are_not_looked_for() -> None:
    sets = [frozenset([chr(0x4E00 + number)]) for number in range(BITS + 1)]
    held = Held(sets)
    folded = fold(pa.array(["", chr(0x4E00), chr(0x4E00 + BITS - 1), chr(0x4E00 + BITS)], pa.large_string()))
    assert held.of(folded).tolist() == [0, 1, 1 << BITS - 1, 0]
    assert held.asked(sets[-2:]) == 1 << BITS - 1
    assert held.asked(sets[-1:]) == 0

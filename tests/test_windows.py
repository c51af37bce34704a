"""Which messages lie in windows, whatever their order and however they overlap."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chataudit.rules.windows import Slices, inside


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 10)), max_size=8))
def test_messages_inside_windows_in_any_order(windows: list[tuple[int, int]]) -> None:
    low, high = (np.array([one[place] for one in windows], dtype=np.int64) for place in (0, 1))
    slices = Slices(np.arange(10), low, np.maximum(low, high))
    slow = [any(start <= row < end for start, end in windows) for row in range(12)]
    assert inside(slices, 12).tolist() == slow

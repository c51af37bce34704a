"""Phrases are found wherever a block of characters or a slot of the trie ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chataudit.rules.trie import Trie


@given(st.sets(st.text("ab微信", min_size=1, max_size=4), max_size=9), st.text("ab微信c", max_size=30))
def test_phrases_are_found_across_blocks(phrases: set[str], line: str) -> None:
    words = sorted(phrases)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chataudit.rules.trie.BLOCK", 4)
        patch.setattr("chataudit.rules.trie.SPARSE", 1)  # so that keys share slots
        points = np.frombuffer(line.encode("utf-32-le"), dtype=np.uint32)
        found = [(int(start), words[word]) for word, start in zip(*Trie(words).find(points), strict=True)]
    slow = [(at, word) for at in range(len(line)) for word in sorted(words, key=len) if line.startswith(word, at)]
    assert found == slow

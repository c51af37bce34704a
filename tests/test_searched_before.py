"""What is found before there is a log, and what it is found with."""

from __future__ import annotations

import pickle
import random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_across import a_log
from test_judging import SEGMENTER, a_rule

from chataudit.rules import Before, Court, Library
from chataudit.rules.model import Across
from chataudit.rules.search import search
from chataudit.rules.sought import sought, texts_of
from chataudit.rules.trie import Trie
from chataudit.rules.windows import Slices, inside


@pytest.mark.parametrize("seed", range(10))
def test_texts_searched_beforehand_and_elsewhere_give_the_same_verdicts(seed: int) -> None:
    chance = random.Random(seed)
    log = a_log(chance)
    across = [None, Across(days=1)]
    rules = {str(one): a_rule(chance).model_copy(update={"across": chance.choice(across)}) for one in range(25)}
    library = Library(rules, {})
    texts = [*texts_of(log.messages).to_pylist(), "不是这里的", ""]
    chance.shuffle(texts)
    asked = pa.array(dict.fromkeys(texts), pa.large_string()), *sought(library), SEGMENTER
    elsewhere = pickle.loads(pickle.dumps(search(*pickle.loads(pickle.dumps(asked)))))
    here, before = Court(log, library, SEGMENTER), Court(log, library, SEGMENTER, before=Before(asked[0], elsewhere))
    for name in rules:
        one, other = here.verdicts(name), before.verdicts(name)
        for column in ("row", "start", "end"):
            for places in ("broken", "kept"):
                ours, theirs = (getattr(getattr(verdicts, places), column) for verdicts in (one, other))
                assert ours.tolist() == theirs.tolist()
        assert one.agent.tolist() == other.agent.tolist() and one.judged.tolist() == other.judged.tolist()


def test_a_text_that_was_not_searched_is_a_mistake() -> None:
    log, library = a_log(random.Random(1)), Library({}, {})
    nothing = pa.array([], pa.large_string())
    with pytest.raises(ValueError, match="not among"):
        Court(log, library, SEGMENTER, before=Before(nothing, search(nothing, {}, {}, SEGMENTER)))


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


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 10)), max_size=8))
def test_messages_inside_windows_in_any_order(windows: list[tuple[int, int]]) -> None:
    low, high = (np.array([one[place] for one in windows], dtype=np.int64) for place in (0, 1))
    slices = Slices(np.arange(10), low, np.maximum(low, high))
    slow = [any(start <= row < end for start, end in windows) for row in range(12)]
    assert inside(slices, 12).tolist() == slow

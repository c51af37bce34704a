"""The texts of a log searched ahead: that needs to know what is written, and not yet who said it to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.apart import HERE, Apart
from chataudit.arrays import Ints, arrow, is_in
from chataudit.rules.condition import Condition
from chataudit.rules.entities import PATTERNS, SPOKEN
from chataudit.rules.letters import letters
from chataudit.rules.library import Library
from chataudit.rules.lists import WordList
from chataudit.rules.literals import needed
from chataudit.rules.patterns import hit_pattern
from chataudit.rules.resolve import conditions
from chataudit.rules.search import Pattern, Searched, search
from chataudit.segmenter import Segmenter

ALOUD = " aloud"


class Search(NamedTuple):
    """A search that has begun: the distinct ``texts`` of messages, ``number`` says for each message which it has.

    -1: it is no text message. ``done`` waits for what was found in the texts.
    """

    messages: pd.DataFrame
    texts: pa.Array
    number: Ints
    done: Callable[[], Searched]

    @classmethod
    def of(cls, messages: pd.DataFrame, library: Library, segmenter: Segmenter, apart: Apart = HERE) -> Search:
        """Begin to search all texts of messages for all words and patterns of a library, ``apart`` where that can be."""
        rows = np.flatnonzero(is_in(messages["kind"], ["text"])).astype(np.int64)
        encoded = pc.dictionary_encode(pc.fill_null(arrow(messages["text"]).take(pa.array(rows)), ""))
        number = np.full(len(messages), -1)
        number[rows] = encoded.indices.to_numpy(zero_copy_only=False)
        sought = Sought.of(library)
        done = apart.begin(search, encoded.dictionary, sought.lists, sought.patterns, segmenter)
        return cls(messages, encoded.dictionary, number, done)

    def numbers_of(self, messages: pd.DataFrame) -> Ints:
        """Return which of the texts each message has; they are those searched, or of a log that was split from them."""
        return self.number if messages is self.messages else self.number[messages["position"].to_numpy()]


class Sought(NamedTuple):
    """The word lists and patterns that conditions ask for; phrases and patterns of their own by keys with a space."""

    lists: dict[str, WordList]
    patterns: dict[str, Pattern]

    @classmethod
    def of(cls, library: Library) -> Sought:
        """Return what the rules of a library look for."""
        every = list(dict.fromkeys(one for rule in library.rules.values() for _, one in conditions(rule)))
        lists = {name: library.words[name] for one in every for name in one.words}
        lists |= {inline(one): WordList(phrases=one.phrases, border=one.border) for one in every if one.phrases}
        return cls(lists, _patterns(every))


def inline(condition: Condition) -> str:
    """Return the key of a condition's own phrases; the space keeps it apart from the names of lists."""
    return (" " if condition.border else "  ") + " ".join(condition.phrases)


def _patterns(every: list[Condition]) -> dict[str, Pattern]:
    """Return all patterns and entities of conditions."""
    known = {str(name): pattern for name, pattern in PATTERNS.items()}
    found = {}
    for one in every:
        for name in (*([one.pattern] if one.pattern is not None else []), *one.entity):
            pattern = known.get(name, name)
            needs = needed(pattern)
            found[name] = Pattern(hit_pattern(pattern), needs, letters(pattern) if needs is None else ())
            if name in SPOKEN:
                found[f"{name}{ALOUD}"] = Pattern(SPOKEN[name], spoken=True)
    return found

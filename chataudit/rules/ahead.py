"""Texts searched ahead: that needs to know what is written, and not yet who said it to whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.apart import HERE, Apart
from chataudit.arrays import Ints, arrow
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


class Search:
    """A search of texts that has begun beside other work; ``jobs``: how many threads it and what follows it may take."""

    def __init__(
        self, texts: pd.Series, library: Library, segmenter: Segmenter, apart: Apart = HERE, jobs: int = 2
    ) -> None:
        """Begin to search texts for all words and patterns of a library, ``apart`` where that can be."""
        self.jobs = jobs
        lists, patterns = Sought.of(library)
        beside = ThreadPoolExecutor(1)
        self._encoded = encoded = beside.submit(lambda: pc.dictionary_encode(pc.fill_null(arrow(texts), "")))
        self._finish = beside.submit(
            lambda: apart.begin(search, encoded.result().dictionary, lists, patterns, segmenter, jobs)
        )
        beside.shutdown(wait=False)

    @property
    def distinct(self) -> pa.Array:
        """Return the distinct texts."""
        return self._encoded.result().dictionary

    @property
    def number(self) -> Ints:
        """Return for each text which of `distinct` it is."""
        return self._encoded.result().indices.to_numpy(zero_copy_only=False)

    def found(self) -> Searched:
        """Wait for what was found in the distinct texts, and return it, once; where nothing is done apart it is found now."""
        finish = self._finish.result()
        del self._finish  # what was found is much, and not kept here
        return finish()


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

"""What the rules of a library look for in texts: their word lists and their patterns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import arrow, is_in
from chataudit.rules.condition import Condition
from chataudit.rules.entities import PATTERNS, SPOKEN
from chataudit.rules.letters import letters
from chataudit.rules.library import Library
from chataudit.rules.lists import WordList
from chataudit.rules.literals import needed
from chataudit.rules.patterns import hit_pattern
from chataudit.rules.resolve import conditions
from chataudit.rules.search import Pattern

ALOUD = " aloud"


class Sought(NamedTuple):
    """Word lists and patterns by their names, as `chataudit.rules.search.search` takes them."""

    lists: dict[str, WordList]
    patterns: dict[str, Pattern]


def sought(library: Library) -> Sought:
    """Return what the rules of a library look for."""
    every = list(dict.fromkeys(one for rule in library.rules.values() for _, one in conditions(rule)))
    lists = {name: library.words[name] for one in every for name in one.words}
    lists |= {inline(one): WordList(phrases=one.phrases, border=one.border) for one in every if one.phrases}
    return Sought(lists, _patterns(every))


def texts_of(messages: pd.DataFrame) -> pa.Array:
    """Return the distinct texts of messages in which all this is looked for."""
    rows = pa.array(np.flatnonzero(is_in(messages["kind"], ["text"])))
    return pc.unique(pc.fill_null(arrow(messages["text"]).take(rows), ""))


def inline(condition: Condition) -> str:
    """Return the name of a condition's own phrases; the space keeps it apart from the names of lists."""
    return (" " if condition.border else "  ") + " ".join(condition.phrases)


def _patterns(every: Iterable[Condition]) -> dict[str, Pattern]:
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

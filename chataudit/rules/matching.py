"""Patterns asked of texts only where the answer matters, and of each text only once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints
from chataudit.rules.fold import fold
from chataudit.rules.loud import digits_table
from chataudit.rules.search import Pattern, Searched

SHARE = 40_000  # texts worth a thread of their own
UNASKED, NO, YES = 0, 1, 2


class Matcher:
    """Which texts (numbered from 0) match patterns; ``texts`` are as written, ``searched`` has them folded."""

    def __init__(self, texts: pa.Array, searched: Searched, patterns: Mapping[str, Pattern], jobs: int) -> None:
        self.texts, self.searched, self.patterns, self.jobs = texts, searched, patterns, jobs
        self._known: dict[str, np.ndarray] = {}
        self._own = threading.local()  # several rules may ask at the same time

    def matching(self, name: str, wanted: Ints) -> Flags:
        """Return which of the ``wanted`` texts a pattern matches."""
        candidates = self.searched.candidates[name]
        if candidates is None:
            return self._answers(name, wanted, None)
        if not len(candidates):
            return np.zeros(len(wanted), dtype=bool)
        places = self._scratch()
        places[candidates] = np.arange(len(candidates))  # what stands elsewhere is of another pattern
        place = np.minimum(places[wanted], len(candidates) - 1)
        can: Flags = candidates[place] == wanted
        can[can] = self._answers(name, place[can], candidates)
        return can

    def _scratch(self) -> np.ndarray:
        """Return this thread's own room for a number of each text."""
        if not hasattr(self._own, "places"):
            self._own.places = np.zeros(len(self.texts), dtype=np.int32)
        places: np.ndarray = self._own.places
        return places

    def _answers(self, name: str, wanted: Ints, texts: Ints | None) -> Flags:
        """Return which of the texts at places ``wanted`` of ``texts`` (None: of all) match; only new ones are asked."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = np.full(len(self.texts if texts is None else texts), UNASKED, dtype=np.int8)
        fresh = wanted[known[wanted] == UNASKED]
        if len(fresh):
            asked = np.zeros(len(known), dtype=bool)
            asked[fresh] = True
            new = np.flatnonzero(asked)
            known[new] = np.where(self._ask(name, new if texts is None else texts[new]), YES, NO)
        yes: Flags = known[wanted] == YES
        return yes

    def _ask(self, name: str, at: Ints) -> Flags:
        """Return which texts match; those that lack a character that all matches have are not asked."""
        wanted = self.searched.asked[name]
        hit = self.searched.held[at] & wanted == wanted if wanted else np.ones(len(at), dtype=bool)
        able = at[hit]
        parts = np.array_split(able, max(1, min(self.jobs, len(able) // SHARE)))
        with ThreadPoolExecutor(self.jobs) as pool:
            asked = pool.map if len(parts) > 1 else map
            hit[hit] = np.concatenate(list(asked(lambda part: self._asked(self.patterns[name], part), parts)))
        return hit

    def _asked(self, pattern: Pattern, at: Ints) -> Flags:
        hit: Flags = pc.match_substring_regex(self.lines(pattern, at), pattern.pattern).to_numpy(zero_copy_only=False)
        return hit

    def lines(self, pattern: Pattern, at: Ints) -> pa.Array:
        """Return texts as a pattern reads them."""
        if pattern.spoken:
            return fold(self.texts.take(pa.array(at))).through(digits_table()).lines()
        return self.searched.lines.take(pa.array(at))

"""All phrases of all lists, found in one pass over all text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import ahocorasick_rs
import numpy as np

from chataudit.arrays import Flags, Ints
from chataudit.rules.borders import in_word
from chataudit.rules.fold import Folded, fold_phrase
from chataudit.rules.model import WordList
from chataudit.segmenter import Segmenter

CHUNK = 1 << 24


class Spans(NamedTuple):
    """Occurrences: positions in the kept text (half-open) and the number of the phrase, ordered by start."""

    phrase: Ints
    start: Ints
    end: Ints


class Matches(NamedTuple):
    """Hits of a list: text number, half-open characters in the original text, number of the phrase in the list."""

    text: Ints
    start: Ints
    end: Ints
    phrase: Ints


class PhraseIndex:
    """Every phrase of every list with its number; built once for a run."""

    def __init__(self, lists: Iterable[WordList]) -> None:
        self.numbers: dict[str, int] = {}
        for words in lists:
            for phrase in (*words.phrases, *words.exempt, *words.not_after, *words.not_before):
                self.numbers.setdefault(fold_phrase(phrase), len(self.numbers))
        self._automaton = ahocorasick_rs.AhoCorasick(list(self.numbers) or ["\x00"])

    def scan(self, folded: Folded) -> Spans:
        """Return every occurrence of every phrase in the kept text, overlaps too."""
        text = folded.text
        found = []
        longest = max(map(len, self.numbers), default=1)
        for begin in range(0, max(len(text), 1), CHUNK):
            part = text[begin : begin + CHUNK + longest - 1]
            spans = np.array(self._automaton.find_matches_as_indexes(part, overlapping=True), dtype=np.int64)
            spans = spans.reshape(-1, 3)
            found.append((spans + [0, begin, begin])[spans[:, 1] < CHUNK])
        spans = np.concatenate(found)
        order = np.lexsort((spans[:, 2], spans[:, 1]))
        return Spans(*(spans[order, column] for column in range(3)))


class Finder:
    """Occurrences in one log's texts, and from them the hits of any list."""

    def __init__(self, folded: Folded, index: PhraseIndex, segmenter: Segmenter) -> None:
        self.folded, self.index, self.segmenter = folded, index, segmenter
        self._spans = index.scan(folded)
        self._by_phrase = np.argsort(self._spans.phrase, kind="stable")
        self._sorted = self._spans.phrase[self._by_phrase]

    def find(self, words: WordList) -> Matches:
        """Return the hits of a list: written as it allows, at word borders if it asks, not exempt, not in context."""
        at = self._occurrences(words.phrases)
        spans = self._spans
        at = at[self._marks_allow(at, words.marks)]
        if words.exempt:
            at = at[~self._inside(at, self._occurrences(words.exempt))]
        if words.not_after:
            at = at[~self._follows(at, self._occurrences(words.not_after), words.reach)]
        if words.not_before:
            at = at[~self._precedes(at, self._occurrences(words.not_before), words.reach)]
        if words.border and len(at):
            at = at[~in_word(self.folded, spans.start[at], spans.end[at], self.segmenter)]
        at = at[self._longest(at)]
        kept = self.folded.kept
        start, last = kept[spans.start[at]], kept[spans.end[at] - 1]
        text = self.folded.text_of(start)
        offset = self.folded.starts[text]
        place = {self.index.numbers[fold_phrase(phrase)]: number for number, phrase in enumerate(words.phrases)}
        number = np.array([place[one] for one in spans.phrase[at].tolist()], dtype=np.int64)
        return Matches(text, start - offset, last + 1 - offset, number)

    def _occurrences(self, phrases: Iterable[str]) -> Ints:
        """Return the places in `_spans` of all occurrences of ``phrases``, in order."""
        numbers = np.array(sorted({self.index.numbers[fold_phrase(phrase)] for phrase in phrases}), dtype=np.int64)
        low, high = np.searchsorted(self._sorted, numbers), np.searchsorted(self._sorted, numbers, side="right")
        parts = [self._by_phrase[start:end] for start, end in zip(low, high, strict=True) if end > start]
        return np.sort(np.concatenate(parts)) if parts else np.array([], dtype=np.int64)

    def _marks_allow(self, at: Ints, marks: str) -> Flags:
        """Return where nothing was dropped inside a hit but what the list lets stand between characters."""
        kept = self.folded.kept
        start, end = kept[self._spans.start[at]], kept[self._spans.end[at] - 1] + 1
        solid = (end - start) == (self._spans.end[at] - self._spans.start[at])
        if marks == "none" or not len(at):
            return solid
        if marks == "any":
            return np.ones(len(at), dtype=bool)
        hard = self.folded.hard
        return solid | (np.searchsorted(hard, start) == np.searchsorted(hard, end))

    def _inside(self, at: Ints, longer: Ints) -> Flags:
        """Return where a hit lies inside one of the longer occurrences."""
        if not len(longer) or not len(at):
            return np.zeros(len(at), dtype=bool)
        starts, ends = self._spans.start[longer], np.maximum.accumulate(self._spans.end[longer])
        place = np.searchsorted(starts, self._spans.start[at], side="right") - 1
        return (place >= 0) & (ends[place] >= self._spans.end[at])

    def _follows(self, at: Ints, context: Ints, reach: int) -> Flags:
        """Return where an occurrence of the context ends at most ``reach`` characters before, in the same sentence."""
        if not len(context) or not len(at):
            return np.zeros(len(at), dtype=bool)
        ends = np.sort(self._spans.end[context])
        place = np.searchsorted(ends, self._spans.start[at], side="right") - 1
        near = ends[place]
        close = (place >= 0) & (self._spans.start[at] - near <= reach)
        return close & self._same_sentence(np.maximum(near - 1, 0), self._spans.start[at])

    def _precedes(self, at: Ints, context: Ints, reach: int) -> Flags:
        if not len(context) or not len(at):
            return np.zeros(len(at), dtype=bool)
        starts = self._spans.start[context]
        place = np.minimum(np.searchsorted(starts, self._spans.end[at]), len(starts) - 1)
        near = starts[place]
        close = (near >= self._spans.end[at]) & (near - self._spans.end[at] <= reach)
        return close & self._same_sentence(self._spans.end[at] - 1, near)

    def _same_sentence(self, left: Ints, right: Ints) -> Flags:
        """Return where no strong mark and no border of texts lies between two positions of the kept text."""
        kept = self.folded.kept
        start, end = kept[left], kept[np.minimum(right, len(kept) - 1)]
        calm = np.searchsorted(self.folded.strong, start) == np.searchsorted(self.folded.strong, end)
        return calm & (self.folded.text_of(start) == self.folded.text_of(end))

    def _longest(self, at: Ints) -> Ints:
        """Return the hits that lie inside no other hit of the list (of equal ones the first)."""
        if len(at) < 2:
            return np.arange(len(at))
        start, end = self._spans.start[at], self._spans.end[at]
        order = np.lexsort((-end, start))
        reached = np.maximum.accumulate(end[order])
        inside = np.append(False, reached[:-1] >= end[order][1:])
        return np.sort(order[~inside])


__all__ = ["Finder", "Matches", "PhraseIndex"]

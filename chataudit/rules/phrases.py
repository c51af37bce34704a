"""All phrases of all lists, found in one pass over all text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import ahocorasick_rs
import numpy as np

from chataudit.arrays import Flags, Ints
from chataudit.rules.borders import Borders
from chataudit.rules.context import beside, inside
from chataudit.rules.fold import Folded, fold_phrase
from chataudit.rules.lists import WordList


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
    """Every phrase of every list, and other literals, with its number; built once for a run."""

    def __init__(self, lists: Iterable[WordList], literals: Iterable[str] = ()) -> None:
        self.numbers: dict[str, int] = {}
        for words in lists:
            for phrase in (*words.phrases, *words.exempt):
                self.numbers.setdefault(fold_phrase(phrase), len(self.numbers))
        for literal in literals:
            self.numbers.setdefault(literal, len(self.numbers))
        self.lengths = np.array([len(phrase) for phrase in self.numbers] or [1], dtype=np.int64)
        raw = [phrase.encode() for phrase in self.numbers] or [b"\x00"]
        self._automaton = ahocorasick_rs.BytesAhoCorasick(raw, implementation=ahocorasick_rs.Implementation.DFA)

    def scan(self, folded: Folded) -> Spans:
        """Return every occurrence of every phrase in the kept text, overlaps too.

        The scan runs over UTF-8 bytes, which is the fastest; the characters before each byte are counted once.
        """
        raw = folded.text.encode("utf-8", errors="replace")
        found = np.array(self._automaton.find_matches_as_indexes(raw, overlapping=True), dtype=np.int64).reshape(-1, 3)
        heads = (np.frombuffer(raw, dtype=np.uint8) & 0xC0) != 0x80
        before = np.cumsum(heads, dtype=np.int32)
        phrase = found[:, 0]
        start = before[found[:, 1]].astype(np.int64) - 1
        end = start + self.lengths[phrase]
        order = np.argsort(start, kind="stable")
        return Spans(phrase[order], start[order], end[order])


class Finder:
    """Occurrences in one chunk of texts, and from them the hits of any list."""

    def __init__(self, folded: Folded, index: PhraseIndex, borders: Borders) -> None:
        self.folded, self.index, self.borders = folded, index, borders
        self._spans = index.scan(folded)
        self._by_phrase = np.argsort(self._spans.phrase, kind="stable")
        self._sorted = self._spans.phrase[self._by_phrase]
        self._inner = np.full(len(self._spans.phrase), -1, dtype=np.int8)

    def find(self, words: WordList) -> Matches:
        """Return the hits of a list: written as it allows, at word borders if it asks, not exempt, not in context."""
        at = self._occurrences(words.phrases)
        spans = self._spans
        at = at[self._marks_allow(at, words.marks)]
        if words.exempt:
            longer = self._occurrences(words.exempt)
            at = at[~inside(spans.start[at], spans.end[at], spans.start[longer], spans.end[longer])]
        if words.not_after:
            at = at[~beside(self.folded, spans.start[at], spans.end[at], words.not_after, words.reach, after=True)]
        if words.not_before:
            at = at[~beside(self.folded, spans.start[at], spans.end[at], words.not_before, words.reach, after=False)]
        if words.border and len(at):
            at = at[~self._in_word(at)]
        at = at[self._longest(at)]
        kept = self.folded.kept
        start, last = kept[spans.start[at]], kept[spans.end[at] - 1]
        text = self.folded.text_of(start)
        offset = self.folded.starts[text]
        number = np.full(len(self.index.lengths), -1)
        for place, phrase in enumerate(words.phrases):
            number[self.index.numbers[fold_phrase(phrase)]] = place
        return Matches(text, start - offset, last + 1 - offset, number[spans.phrase[at]])

    def texts_with(self, literals: Iterable[str]) -> Ints:
        """Return the numbers of the texts that contain one of ``literals``."""
        at = self._of({self.index.numbers[literal] for literal in literals})
        found = np.zeros(len(self.folded.starts), dtype=bool)
        found[self.folded.text_of(self.folded.kept[self._spans.start[at]])] = True
        return np.flatnonzero(found)

    def _occurrences(self, phrases: Iterable[str]) -> Ints:
        """Return the places in `_spans` of all occurrences of ``phrases``, in order."""
        return self._of({self.index.numbers[fold_phrase(phrase)] for phrase in phrases})

    def _of(self, numbers: set[int]) -> Ints:
        wanted = np.array(sorted(numbers), dtype=np.int64)
        low, high = np.searchsorted(self._sorted, wanted), np.searchsorted(self._sorted, wanted, side="right")
        parts = [self._by_phrase[start:end] for start, end in zip(low, high, strict=True) if end > start]
        return np.sort(np.concatenate(parts)) if parts else np.array([], dtype=np.int64)

    def _in_word(self, at: Ints) -> Flags:
        """Return which occurrences begin or end inside a word; each is looked at once, whatever lists ask."""
        new = at[self._inner[at] < 0]
        if len(new):
            self._inner[new] = self.borders.in_word(self.folded, self._spans.start[new], self._spans.end[new])
        return self._inner[at] == 1

    def _marks_allow(self, at: Ints, marks: str) -> Flags:
        """Return where nothing was dropped inside a hit but what the list lets stand between characters."""
        kept = self.folded.kept
        start, end = kept[self._spans.start[at]], kept[self._spans.end[at] - 1] + 1
        solid: Flags = (end - start) == (self._spans.end[at] - self._spans.start[at])
        if marks == "none" or not len(at):
            return solid
        if marks == "any":
            return np.ones(len(at), dtype=bool)
        broken = np.flatnonzero(~solid)
        hard = self.folded.hard
        solid[broken] = np.searchsorted(hard, start[broken]) == np.searchsorted(hard, end[broken])
        return solid

    def _longest(self, at: Ints) -> Ints:
        """Return the hits that lie inside no other hit of the list (of equal ones the first)."""
        if len(at) < 2:
            return np.arange(len(at))
        start, end = self._spans.start[at], self._spans.end[at]
        order = np.lexsort((-end, start))
        reached = np.maximum.accumulate(end[order])
        inside = np.append(False, reached[:-1] >= end[order][1:])
        return np.sort(order[~inside])

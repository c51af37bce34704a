"""All phrases of all lists, found in one pass over all text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from chataudit.arrays import Flags, Ints, ranges, stable_order
from chataudit.rules.borders import Borders
from chataudit.rules.context import beside, inside
from chataudit.rules.fold import Folded, Translation, fold_phrase, plain_table
from chataudit.rules.lists import WordList
from chataudit.rules.loud import Loud, table
from chataudit.rules.trie import Trie

PLAIN: Loud = (False, False, False)


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
    """Phrases and other literals with their numbers, under one way of folding; built once for a run."""

    def __init__(self, phrases: Iterable[str], literals: Iterable[str] = (), loud: Loud = PLAIN) -> None:
        self.loud = loud
        self.table = table(loud) if any(loud) else None
        self._translation = Translation(self.table)
        self._keys: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        for phrase in phrases:
            self.numbers.setdefault(self.key(phrase), len(self.numbers))
        for literal in literals:
            self.numbers.setdefault(literal, len(self.numbers))
        self.lengths = np.array([len(phrase) for phrase in self.numbers] or [1], dtype=np.int64)
        self._trie = Trie(self.numbers)
        self._places: dict[frozenset[str] | tuple[str, ...], Ints] = {}

    def phrases(self, phrases: tuple[str, ...]) -> Ints:
        """Return the numbers of phrases."""
        if phrases not in self._places:
            self._places[phrases] = np.array([self.numbers[self.key(one)] for one in phrases], dtype=np.int64)
        return self._places[phrases]

    def literals(self, literals: frozenset[str]) -> Ints:
        """Return the numbers of literals."""
        if literals not in self._places:
            self._places[literals] = np.array([self.numbers[one] for one in sorted(literals)], dtype=np.int64)
        return self._places[literals]

    def key(self, phrase: str) -> str:
        """Return a phrase as this index looks for it."""
        if phrase not in self._keys:
            self._keys[phrase] = phrase.translate(self._translation)
        return self._keys[phrase]

    def scan(self, folded: Folded) -> Spans:
        """Return every occurrence of every phrase in the kept text, overlaps too."""
        phrase, start = self._trie.find(folded.bare)
        return Spans(phrase, start, start + self.lengths[phrase])


class Finder:
    """Occurrences in one chunk of texts, and from them the hits of any list; ``plain`` reads them as they are written."""

    def __init__(self, folded: Folded, index: PhraseIndex, borders: Borders, plain: Finder | None = None) -> None:
        self.folded = folded if index.table is None else folded.through(index.table)
        self.index, self.borders, self._plain = index, borders, plain
        self._spans = index.scan(self.folded)
        kept = self.folded.kept
        self._start, self._end = kept[self._spans.start], kept[self._spans.end - 1] + 1
        self._solid = self._end - self._start == self._spans.end - self._spans.start
        self._text = self.folded.text_of_each(self._start)
        self._by_phrase = stable_order(self._spans.phrase)
        self._text_by_phrase = self._text[self._by_phrase]
        self._bounds = np.append(0, np.cumsum(np.bincount(self._spans.phrase, minlength=len(index.lengths))))
        self._inner = np.full(len(self._spans.phrase), -1, dtype=np.int8)

    @property
    def plain(self) -> Finder:
        """Return what reads the texts as they are written; not kept where it is this one: a ring would outlive its use."""
        return self._plain or self

    def find(self, words: WordList) -> Matches:
        """Return the hits of a list: written as it allows, at word borders if it asks, not exempt, not in context."""
        at = self._occurrences(words.phrases)
        for _, passes in self._tests(words):
            if len(at):
                at = at[passes(at)]
        return self._matches(at[self._longest(at)], words)

    def trace(self, words: WordList) -> list[tuple[Matches, str]]:
        """Return every occurrence of a list's phrases by itself, with the test that took it out (empty: it is a hit)."""
        traced = []
        at = self._occurrences(words.phrases)
        for name, passes in self._tests(words):
            keep = passes(at) if len(at) else np.zeros(0, dtype=bool)
            traced += [(self._matches(at[[one]], words), name) for one in np.flatnonzero(~keep).tolist()]
            at = at[keep]
        longest = self._longest(at)
        shorter = np.setdiff1d(np.arange(len(at)), longest)
        traced += [(self._matches(at[[one]], words), "longest") for one in shorter.tolist()]
        return traced + [(self._matches(at[[one]], words), "") for one in longest.tolist()]

    def _tests(self, words: WordList) -> list[tuple[str, Callable[[Ints], Flags]]]:
        """Return the tests that a list's occurrences must pass, in order, by the name of its key."""
        tests: list[tuple[str, Callable[[Ints], Flags]]] = [("marks", lambda at: self._marks_allow(at, words.marks))]
        if words.exempt:
            tests.append(("exempt", lambda at: ~self._exempted(at, words)))
        if words.not_after:
            tests.append(("not_after", lambda at: ~self._beside(at, words.not_after, words.reach, after=True)))
        if words.not_before:
            tests.append(("not_before", lambda at: ~self._beside(at, words.not_before, words.reach, after=False)))
        if words.border:
            tests.append(("border", lambda at: ~self._in_word(at)))
        if words.fold.strict:
            tests.append(("fold", lambda at: self._as_written(at, words)))
        if any(self.index.loud):
            tests.append(("honest", lambda at: ~self._honest(at, words)))
        return tests

    def _matches(self, at: Ints, words: WordList) -> Matches:
        """Return occurrences as characters of their texts."""
        text = self._text[at]
        offset = self.folded.starts[text]
        number = np.full(len(self.index.lengths), -1)
        number[self.index.phrases(words.phrases)] = np.arange(len(words.phrases))
        return Matches(text, self._start[at] - offset, self._end[at] - offset, number[self._spans.phrase[at]])

    def _exempted(self, at: Ints, words: WordList) -> Flags:
        """Return which occurrences lie inside a longer phrase, as it is written."""
        plain = self.plain
        longer = plain._occurrences(words.exempt)
        return inside(self._start[at], self._end[at], plain._start[longer], plain._end[longer])

    def _beside(self, at: Ints, context: Iterable[str], reach: int, *, after: bool) -> Flags:
        start, end = self._written(at)
        return beside(self.plain.folded, start, end, context, reach, after=after)

    def _written(self, at: Ints) -> tuple[Ints, Ints]:
        """Return occurrences as positions in the plainly kept text."""
        if self._plain is None:
            return self._spans.start[at], self._spans.end[at]
        kept = self._plain.folded.kept
        return np.searchsorted(kept, self._start[at]), np.searchsorted(kept, self._end[at])

    def _honest(self, at: Ints, words: WordList) -> Flags:
        """Return which occurrences are honest words that only sound or look like the phrase."""
        exact = {self.index.numbers[self.index.key(one)]: fold_phrase(one) for one in reversed(words.phrases)}
        honest = np.zeros(len(at), dtype=bool)
        other = np.flatnonzero(~self._exact(at, exact))
        phrases = [exact[number] for number in self._spans.phrase[at[other]].tolist()]
        start, end = self._start[at[other]], self._end[at[other]]
        honest[other] = self.borders.honest(self.plain.folded, start, end, phrases, self.index.loud)
        return honest

    def _exact(self, at: Ints, exact: dict[int, str]) -> Flags:
        """Return which occurrences are written as the phrase is."""
        longest = max(map(len, exact.values()))
        letters = np.zeros((len(self.index.lengths), longest + 1), dtype=np.uint32)
        sizes = np.zeros(len(self.index.lengths), dtype=np.int64)
        for number, phrase in exact.items():
            letters[number, : len(phrase)] = [ord(mark) for mark in phrase]
            sizes[number] = len(phrase)
        spans, kept = self._spans, self.folded.kept
        phrase_ = spans.phrase[at]
        same: Flags = sizes[phrase_] == spans.end[at] - spans.start[at]
        for step in range(longest):
            inner = step < spans.end[at] - spans.start[at]
            place = kept[np.minimum(spans.start[at] + step, len(kept) - 1)]
            same &= ~inner | (self.plain.folded.points[place] == letters[phrase_, step])
        return same

    def _as_written(self, at: Ints, words: WordList) -> Flags:
        """Return where a list that does not fold everything finds its phrase also without that folding."""
        fold = words.fold
        points = plain_table(width=fold.width, case=fold.case, traditional=fold.traditional)
        forms: dict[int, set[tuple[int, ...]]] = {}
        for phrase in words.phrases:
            number = self.index.numbers[self.index.key(phrase)]
            form = points[[ord(mark) for mark in phrase if self.index.key(mark)]]
            forms.setdefault(number, set()).add(tuple(form.tolist()))
        spans, kept = self._spans, self.folded.kept
        return np.array(
            [
                tuple(points[self.folded.written[kept[spans.start[one] : spans.end[one]]]].tolist())
                in forms[int(spans.phrase[one])]
                for one in at.tolist()
            ],
            dtype=bool,
        )

    def texts_with(self, wanted: list[frozenset[str]]) -> list[Ints]:
        """Return for each set of literals the numbers of the texts that contain one of them."""
        numbers = [self.index.literals(literals) for literals in wanted]
        texts = len(self.folded.starts)
        begin = np.repeat(np.arange(len(wanted)) * texts, [len(one) for one in numbers])
        number = np.concatenate([np.arange(0), *numbers])
        which, at = ranges(self._bounds[number], self._bounds[number + 1])
        found = np.zeros(len(wanted) * texts, dtype=bool)
        found[begin[which] + self._text_by_phrase[at]] = True
        return [np.flatnonzero(one) for one in found.reshape(len(wanted), texts)]

    def _occurrences(self, phrases: tuple[str, ...]) -> Ints:
        """Return the places in `_spans` of all occurrences of ``phrases``, in order."""
        numbers = np.unique(self.index.phrases(phrases))
        _, at = ranges(self._bounds[numbers], self._bounds[numbers + 1])
        return np.sort(self._by_phrase[at])

    def _in_word(self, at: Ints) -> Flags:
        """Return which occurrences begin or end inside a word; each is looked at once, whatever lists ask."""
        new = at[self._inner[at] < 0]
        if len(new):
            self._inner[new] = self.borders.in_word(self.plain.folded, *self._written(new))
        return self._inner[at] == 1

    def _marks_allow(self, at: Ints, marks: str) -> Flags:
        """Return where nothing was dropped inside a hit but what the list lets stand between characters."""
        solid: Flags = self._solid[at]
        if marks == "none" or solid.all():
            return solid
        if marks == "any":
            return np.ones(len(at), dtype=bool)
        broken = np.flatnonzero(~solid)
        start, end, hard = self._start[at[broken]], self._end[at[broken]], self.folded.hard
        solid[broken] = np.searchsorted(hard, start) == np.searchsorted(hard, end)
        return solid

    def _longest(self, at: Ints) -> Ints:
        """Return the hits that lie inside no other hit of the list; they stand by start, at one start the longest last."""
        if len(at) < 2:
            return np.arange(len(at))
        start, end = self._spans.start[at], self._spans.end[at]
        longer_after = np.append(start[1:] == start[:-1], False)
        longer_before = np.append(False, np.maximum.accumulate(end)[:-1] >= end[1:])
        return np.flatnonzero(~(longer_after | longer_before))

"""The places in texts where words and patterns of conditions stand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, arrow, distinct, is_in, ranges, stable_order
from chataudit.log import Log
from chataudit.rules.ahead import ALOUD, Search, Sought, inline
from chataudit.rules.condition import Condition
from chataudit.rules.context import beside, inside
from chataudit.rules.entities import INNOCENT, PATTERNS, SPOKEN
from chataudit.rules.fold import fold, fold_phrase
from chataudit.rules.library import Library
from chataudit.rules.lists import WordList
from chataudit.rules.matching import Matcher
from chataudit.rules.phrases import Matches, PhraseIndex
from chataudit.rules.search import all_spans_of, spans_of
from chataudit.rulings import Found
from chataudit.segmenter import Segmenter

SENDERS = {"agent": ("agent", "assist"), "buyer": ("buyer",), "auto": ("auto",), "bot": ("bot",), "system": ("system",)}
COLUMNS = ("row", "start", "end", "label")
START_BITS = 31


def ordered(found: Found) -> Found:
    """Return places in order of row and start; runs that are in order are only merged."""
    return found.take(np.argsort(found.row << START_BITS | found.start, kind="stable"))


class Places:
    """The words of a library, found once in the distinct texts of a log, and its patterns, asked where it matters.

    ``distinct`` are these texts, ``number`` says for each message which of them it has (-1: it is no text message).
    ``labels`` says for each label number what matched, as ``phrase<tab>list`` or ``<tab>entity<tab>pattern``. A pattern's
    place is its whole text (end -1) until somebody needs to know it. ``begun``: a search of all texts that were read,
    for this library or a larger one; messages have their ``position`` among them. All labels are numbered at the start,
    so that several rules may be judged at the same time.
    """

    def __init__(self, log: Log, library: Library, segmenter: Segmenter, begun: Search | None = None) -> None:
        self.texts = arrow(log.messages["text"])
        self.labels: list[str] = [""]
        self._label_of: dict[str, int] = {"": 0}
        lists, self._patterns = Sought.of(library)
        self._worded = is_in(log.messages["kind"], ["text"])
        rows = np.flatnonzero(self._worded).astype(np.int64)
        if begun is None:
            begun = Search(log.messages["text"].iloc[rows], library, segmenter)
            number = begun.number
        else:
            number = begun.number[log.messages["position"].to_numpy()[rows]]
        self.distinct = begun.distinct
        self.number = np.full(len(log.messages), -1)
        self.number[rows] = number
        self._rows = rows[stable_order(number)]
        self._starts = np.append(0, np.cumsum(np.bincount(number, minlength=len(self.distinct))))
        searched = begun.found()
        self._found = {name: self._labelled(name, searched.matches[name], words) for name, words in lists.items()}
        self._patterned = {name: self.label(_shown(name)) for name in self._patterns}
        self._matcher = Matcher(self.distinct, searched._replace(matches={}), self._patterns, begun.jobs)

    def _labelled(self, name: str, found: Matches, words: WordList) -> Found:
        """Return a list's matches in distinct texts as places in the log."""
        labels = [self.label(f"{phrase}\t{name if ' ' not in name else ''}") for phrase in words.phrases]
        label = np.array(labels, dtype=np.int64)[found.phrase]
        owner, at = ranges(self._starts[found.text], self._starts[found.text + 1])
        row = self._rows[at]
        order = np.argsort(row, kind="stable")  # in one row they are in order
        owner = owner[order]
        return Found(row[order], found.start[owner], found.end[owner], label[owner])

    def label(self, text: str) -> int:
        """Return the number of a label, a new one if it has none."""
        if text not in self._label_of:
            self._label_of[text] = len(self.labels)
            self.labels.append(text)
        return self._label_of[text]

    def worded(self, condition: Condition, mask: Flags, every: bool) -> list[Found]:
        """Return what each test on words finds in the messages of ``mask``: lists and phrases, the pattern, the entities."""
        names = [*condition.words, *([inline(condition)] if condition.phrases else [])]
        listed = [self.union([self._found[name] for name in names])] if names else []
        if listed and (condition.pattern is not None or condition.entity):
            mask = mask & _flags(listed[0].row, len(mask))
        choosy = bool(condition.except_ or condition.exempt or condition.not_after or condition.not_before)
        located = every or choosy or condition.times is not None
        matched = []
        if condition.pattern is not None:
            matched.append(self._matched(condition.pattern, mask, located))
        if condition.entity:
            asked = [*condition.entity, *(f"{name}{ALOUD}" for name in condition.entity if name in SPOKEN)]
            matched.append(self.union([self._matched(name, mask, located or name in INNOCENT) for name in asked]))
        if condition.except_:
            matched = [self._excepted(one, condition.except_) for one in matched]
        found = [*listed, *matched]
        if condition.exempt or condition.not_after or condition.not_before:
            found = [self._guilty(one.where(mask), condition) for one in found]
        return found

    def _matched(self, name: str, mask: Flags, located: bool) -> Found:
        """Return a pattern's places: one for each text, or, ``located``, every match."""
        rows = self._askable(name, mask)
        rows = rows[self._matcher.matching(name, self.number[rows])]
        label = self._patterned[name]
        if not located:
            zeros = np.zeros(len(rows), dtype=np.int64)
            return Found(rows, zeros, zeros - 1, zeros + label)
        pattern = self._patterns[name]
        text, start, end = all_spans_of(self._matcher.lines(pattern, self.number[rows]), pattern)
        places = Found(rows[text], start, end, np.full(len(text), label))
        innocent = INNOCENT.get(name)  # type: ignore[call-overload]
        return places if innocent is None else self._excepted(places, (innocent,))

    def _askable(self, name: str, mask: Flags) -> Ints:
        """Return the messages of ``mask`` that a pattern can match at all, in order."""
        candidates = self._matcher.searched.candidates[name]
        if candidates is None:
            return np.flatnonzero(mask & self._worded)
        _, at = ranges(self._starts[candidates], self._starts[candidates + 1])
        rows = self._rows[at]
        return np.sort(rows[mask[rows]])

    def _excepted(self, found: Found, patterns: tuple[str, ...]) -> Found:
        """Return the places whose text matches none of the patterns."""
        said = self.said(found)
        keep = np.ones(len(found.row), dtype=bool)
        for pattern in patterns:
            keep &= ~pc.match_substring_regex(said, pattern).to_numpy(zero_copy_only=False)
        return found.take(np.flatnonzero(keep))

    def said(self, found: Found) -> pa.Array:
        """Return the folded text of each place (all must be located)."""
        if not len(found.row):
            return pa.array([], pa.large_string())
        lines = fold(self.texts.take(pa.array(found.row))).lines().to_pylist()
        cut = [line[start:end] for line, start, end in zip(lines, found.start, found.end, strict=True)]
        return pa.array(cut, pa.large_string())

    def _guilty(self, found: Found, condition: Condition) -> Found:
        """Return the places that no longer phrase and no phrase beside them makes innocent."""
        if not len(found.row):
            return found
        rows = distinct(found.row)
        folded = fold(self.texts.take(pa.array(rows)))
        offset = folded.starts[np.searchsorted(rows, found.row)]
        start = np.searchsorted(folded.kept, found.start + offset)
        end = np.searchsorted(folded.kept, found.end + offset)
        free = np.ones(len(start), dtype=bool)
        if condition.exempt:
            spans = PhraseIndex([], {fold_phrase(one) for one in condition.exempt}).scan(folded)
            free &= ~inside(start, end, spans.start, spans.end)
        for context, after in ((condition.not_after, True), (condition.not_before, False)):
            if context:
                free &= ~beside(folded, start, end, context, condition.reach, after=after)
        return found.take(np.flatnonzero(free))

    def located(self, found: Found) -> Found:
        """Return places with the characters of patterns looked up."""
        open_ = np.flatnonzero(found.end < 0)
        if not len(open_):
            return found
        start, end = found.start.copy(), found.end.copy()
        for label in np.unique(found.label[open_]).tolist():
            at = open_[found.label[open_] == label]
            pattern = self._patterns[self.labels[label].split("\t", 2)[2]]
            start[at], end[at] = spans_of(self._matcher.lines(pattern, self.number[found.row[at]]), pattern)
        return Found(found.row, start, end, found.label)

    def union(self, parts: list[Found]) -> Found:
        """Return the places of all parts, each once."""
        if len(parts) == 1:
            return parts[0]
        found = ordered(Found(*(np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS)))
        if not len(found.row):
            return found
        same = (
            (found.row[1:] == found.row[:-1])
            & (found.start[1:] == found.start[:-1])
            & (found.end[1:] == found.end[:-1])
        )
        return found.take(np.flatnonzero(np.append(True, ~same)))


def _shown(pattern: str) -> str:
    """Return what the label of a pattern or entity says."""
    entity = pattern.removesuffix(ALOUD)
    return f"\t{entity if entity in PATTERNS else ''}\t{pattern}"


def _flags(rows: Ints, size: int) -> Flags:
    mask = np.zeros(size, dtype=bool)
    mask[rows] = True
    return mask

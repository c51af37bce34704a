"""The places in texts where words and patterns of conditions stand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, arrow, distinct, is_in
from chataudit.log import Log
from chataudit.rules.condition import Condition
from chataudit.rules.context import beside, inside
from chataudit.rules.entities import INNOCENT, PATTERNS, SPOKEN
from chataudit.rules.fold import fold, fold_phrase
from chataudit.rules.library import Library
from chataudit.rules.lists import WordList
from chataudit.rules.literals import needed
from chataudit.rules.patterns import hit_pattern
from chataudit.rules.phrases import Matches, PhraseIndex
from chataudit.rules.resolve import conditions
from chataudit.rules.search import Pattern, all_spans_of, search, spans_of
from chataudit.rulings import Found
from chataudit.segmenter import Segmenter

SENDERS = {"agent": ("agent", "assist"), "buyer": ("buyer",), "auto": ("auto",), "bot": ("bot",), "system": ("system",)}
ALOUD = " aloud"
COLUMNS = ("row", "start", "end", "label")


def ordered(row: Ints, start: Ints, end: Ints, label: Ints) -> Found:
    """Return places in order of row and start."""
    order = np.lexsort((start, row))
    return Found(row[order], start[order], end[order], label[order])


class Places:
    """All words and patterns of a library, found once in the text messages of a log.

    ``labels`` says for each label number what matched, as ``phrase<tab>list`` or ``<tab>entity<tab>pattern``. A pattern's
    place is its whole text (end -1) until somebody needs to know it.
    """

    def __init__(self, log: Log, library: Library, segmenter: Segmenter) -> None:
        self.log = log
        self.texts = arrow(log.messages["text"])
        self.labels: list[str] = [""]
        self._label_of: dict[str, int] = {"": 0}
        every = list(dict.fromkeys(one for rule in library.rules.values() for _, one in conditions(rule)))
        lists = {name: library.words[name] for one in every for name in one.words}
        lists |= {_inline(one): WordList(phrases=one.phrases, border=one.border) for one in every if one.phrases}
        rows = np.flatnonzero(is_in(log.messages["kind"], ["text"])).astype(np.int64)
        self._patterns = _patterns(every, log, rows)
        matches = search(self.texts.take(pa.array(rows)), lists, self._patterns, segmenter)
        self._found = {name: self._labelled(name, rows, found, lists.get(name)) for name, found in matches.items()}

    def _labelled(self, name: str, rows: Ints, found: Matches, words: WordList | None) -> Found:
        """Return a search's matches as places in the log."""
        if words is None:
            entity = name.removesuffix(ALOUD)
            labels = [self._label(f"\t{entity if entity in PATTERNS else ''}\t{name}")]
        else:
            labels = [self._label(f"{phrase}\t{name if ' ' not in name else ''}") for phrase in words.phrases]
        return Found(rows[found.text], found.start, found.end, np.array(labels, dtype=np.int64)[found.phrase])

    def _label(self, text: str) -> int:
        if text not in self._label_of:
            self._label_of[text] = len(self.labels)
            self.labels.append(text)
        return self._label_of[text]

    def worded(self, condition: Condition, mask: Flags, every: bool) -> list[Found]:
        """Return what each test on words finds: lists and phrases together, the pattern, the entities."""
        found = []
        names = [*condition.words, *([_inline(condition)] if condition.phrases else [])]
        if names:
            found.append(self.union([self._found[name] for name in names]))
        choosy = bool(condition.except_ or condition.exempt or condition.not_after or condition.not_before)
        located = every or choosy or condition.times is not None
        if condition.pattern is not None:
            found.append(self._matched(condition.pattern, mask, located))
        if condition.entity:
            names = [*condition.entity, *(f"{name}{ALOUD}" for name in condition.entity if name in SPOKEN)]
            parts = [self._matched(name, mask, located or name in INNOCENT) for name in names]
            found.append(self.union(parts))
        if condition.except_:
            tested = found[1:] if names else found
            found = [*found[: len(found) - len(tested)], *(self._excepted(one, condition.except_) for one in tested)]
        if condition.exempt or condition.not_after or condition.not_before:
            found = [self._guilty(one.where(mask), condition) for one in found]
        return found

    def _matched(self, name: str, mask: Flags, located: bool) -> Found:
        """Return a pattern's places: one for each text, or, ``located``, every match in the speakers' texts."""
        found = self._found[name]
        if not located:
            return found
        rows = distinct(found.where(mask).row)
        text, start, end = all_spans_of(self.texts.take(pa.array(rows)), self._patterns[name])
        label = found.label[:1] if len(found.label) else np.zeros(1, dtype=np.int64)
        places = Found(rows[text], start, end, np.repeat(label, len(text)))
        innocent = INNOCENT.get(name)  # type: ignore[call-overload]
        return places if innocent is None else self._excepted(places, (innocent,))

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
            name = self.labels[label].split("\t", 2)[2]
            start[at], end[at] = spans_of(self.texts.take(pa.array(found.row[at])), self._patterns[name])
        return Found(found.row, start, end, found.label)

    def union(self, parts: list[Found]) -> Found:
        """Return the places of all parts, each once."""
        if len(parts) == 1:
            return parts[0]
        found = ordered(*(np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS))
        if not len(found.row):
            return found
        same = (
            (found.row[1:] == found.row[:-1])
            & (found.start[1:] == found.start[:-1])
            & (found.end[1:] == found.end[:-1])
        )
        return found.take(np.flatnonzero(np.append(True, ~same)))


def _patterns(every: list[Condition], log: Log, rows: Ints) -> dict[str, Pattern]:
    """Return all patterns and entities of conditions, each with the texts of the speakers who are looked at."""
    speakers: dict[str, set[str]] = {}
    for one in every:
        for name in (*([one.pattern] if one.pattern is not None else []), *one.entity):
            speakers.setdefault(name, set()).update(sender for who in one.who for sender in SENDERS[who])
    sender = log.messages["sender"].iloc[rows]
    masks = {who: is_in(sender, sorted(who)) for who in {frozenset(who) for who in speakers.values()}}
    known = {str(name): pattern for name, pattern in PATTERNS.items()}
    found = {}
    for name, who in speakers.items():
        pattern = known.get(name, name)
        mine = masks[frozenset(who)]
        found[name] = Pattern(hit_pattern(pattern), needed(pattern), mine)
        if name in SPOKEN:
            found[f"{name}{ALOUD}"] = Pattern(SPOKEN[name], None, mine, spoken=True)
    return found


def _inline(condition: Condition) -> str:
    """Return the key of a condition's own phrases; the space keeps it apart from the names of lists."""
    return (" " if condition.border else "  ") + " ".join(condition.phrases)

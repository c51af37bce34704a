"""What a condition finds in a log: message rows and the characters that show it."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, arrow, codes_of, group_ids, is_in
from chataudit.log import Log, session_agents
from chataudit.rules.entities import INNOCENT, PATTERNS
from chataudit.rules.library import Library, conditions
from chataudit.rules.literals import needed
from chataudit.rules.model import Condition, Range, Repeats, WordList
from chataudit.rules.patterns import hit_pattern
from chataudit.rules.phrases import Matches
from chataudit.rules.search import Pattern, search, spans_of
from chataudit.rulings import Found
from chataudit.segmenter import Segmenter
from chataudit.tables import TALK_KINDS

SENDERS = {"agent": ("agent", "assist"), "buyer": ("buyer",), "auto": ("auto",), "bot": ("bot",), "system": ("system",)}


def _sorted(row: Ints, start: Ints, end: Ints, label: Ints) -> Found:
    order = np.lexsort((start, row))
    return Found(row[order], start[order], end[order], label[order])


class Talk:
    """A log made ready for conditions: all words and patterns of a library found once, facts of rounds per message.

    Only text messages are searched. ``labels`` says for each label number what matched, as ``phrase<tab>list``.
    """

    def __init__(self, log: Log, library: Library, segmenter: Segmenter) -> None:
        self.log = log
        self.labels: list[str] = [""]
        self._label_of: dict[str, int] = {"": 0}
        self._found: dict[str, Found] = {}
        self._speakers: dict[object, Flags] = {}
        self._rows_of: dict[object, Ints] = {}
        every = [condition for rule in library.rules.values() for _, condition in conditions(rule)]
        lists = {name: library.words[name] for condition in every for name in condition.words}
        lists |= {_inline(one): WordList(phrases=one.phrases) for one in every if one.phrases}
        rows = np.flatnonzero(is_in(log.messages["kind"], ["text"])).astype(np.int64)
        self._patterns = _patterns(every, log, rows)
        texts = arrow(log.messages["text"]).take(pa.array(rows))
        matches = search(texts, lists, self._patterns, segmenter)
        self._places = {name: self._labelled(name, rows, found, lists.get(name)) for name, found in matches.items()}

    def placed(self, found: Found) -> Found:
        """Return places with the characters of patterns looked up (until then a pattern's place is its whole text)."""
        open_ = np.flatnonzero(found.end < 0)
        if not len(open_):
            return found
        start, end = found.start.copy(), found.end.copy()
        texts = arrow(self.log.messages["text"])
        for label in np.unique(found.label[open_]).tolist():
            at = open_[found.label[open_] == label]
            name = self.labels[label].split("\t", 2)[2]
            start[at], end[at] = spans_of(texts.take(pa.array(found.row[at])), self._patterns[name].pattern)
        return Found(found.row, start, end, found.label)

    def _labelled(self, name: str, rows: Ints, found: Matches, words: WordList | None) -> Found:
        """Return a search's matches as places in the log."""
        if words is None:
            labels = [self.label(f"\t{name if name in PATTERNS else ''}\t{name}")]
        else:
            labels = [self.label(f"{phrase}\t{name if ' ' not in name else ''}") for phrase in words.phrases]
        return Found(rows[found.text], found.start, found.end, np.array(labels, dtype=np.int64)[found.phrase])

    @cached_property
    def wait(self) -> np.ndarray:
        """For each message the seconds that it, as a round's reply, took; NaN elsewhere."""
        wait = np.full(len(self.log.messages), np.nan)
        answered = self.log.reply >= 0
        wait[self.log.reply[answered]] = self.log.rounds["wait_s"].to_numpy()[answered]
        return wait

    def label(self, text: str) -> int:
        """Return the number of a label."""
        if text not in self._label_of:
            self._label_of[text] = len(self.labels)
            self.labels.append(text)
        return self._label_of[text]

    def speakers(self, condition: Condition) -> Flags:
        """Return which messages a condition looks at: its speakers' talk, or the kinds that it names."""
        key = (condition.who, condition.kind)
        if key not in self._speakers:
            senders = [sender for who in condition.who for sender in SENDERS[who]]
            self._speakers[key] = is_in(self.log.messages["sender"], senders) & is_in(
                self.log.messages["kind"], condition.kind or TALK_KINDS
            )
        return self._speakers[key]

    def speaker_rows(self, condition: Condition) -> Ints:
        """Return the rows of `speakers`, in order."""
        key = (condition.who, condition.kind)
        if key not in self._rows_of:
            self._rows_of[key] = np.flatnonzero(self.speakers(condition)).astype(np.int64)
        return self._rows_of[key]

    def find(self, condition: Condition) -> Found:
        """Return what a condition finds; the same condition is looked up once."""
        key = repr(condition)
        if key not in self._found:
            self._found[key] = self._find(condition)
        return self._found[key]

    def _find(self, condition: Condition) -> Found:
        mask = self.speakers(condition) & self._facts(condition)
        spans = [*self._worded(condition), *(self.find(part) for part in condition.all)]
        if condition.any:
            spans.append(self._union([self.find(part) for part in condition.any]))
        for found in spans:
            mask &= self._rows(found)
        if condition.not_ is not None:
            mask &= ~self._rows(self.find(condition.not_))
        return (spans[0] if spans else self._whole(mask)).where(mask)

    def _rows(self, found: Found) -> Flags:
        mask = np.zeros(len(self.log.messages), dtype=bool)
        mask[found.row] = True
        return mask

    def _whole(self, mask: Flags) -> Found:
        rows = np.flatnonzero(mask).astype(np.int64)
        lengths = pc.utf8_length(arrow(self.log.messages["text"]).take(pa.array(rows))).fill_null(0)
        zeros = np.zeros(len(rows), dtype=np.int64)
        return Found(rows, zeros, lengths.to_numpy(zero_copy_only=False).astype(np.int64), zeros)

    def _union(self, parts: list[Found]) -> Found:
        if len(parts) == 1:
            return parts[0]
        columns = [np.concatenate([getattr(part, name) for part in parts]) for name in ("row", "start", "end", "label")]
        found = _sorted(*columns)
        if not len(found.row):
            return found
        same = np.append(
            False,
            (found.row[1:] == found.row[:-1])
            & (found.start[1:] == found.start[:-1])
            & (found.end[1:] == found.end[:-1]),
        )
        return found.take(np.flatnonzero(~same))

    def _facts(self, condition: Condition) -> Flags:
        """Return where the facts that are no words hold."""
        log = self.log
        mask = np.ones(len(log.messages), dtype=bool)
        if condition.opens is not None:
            mask &= self._at(log.opening) == condition.opens
        if condition.pending is not None:
            mask &= self._at(log.opening[log.reply < 0]) == condition.pending
        if condition.wait is not None:
            mask &= _within(self.wait, condition.wait)
        if condition.length is not None:
            lengths = pc.utf8_length(pc.utf8_trim_whitespace(arrow(log.messages["text"]))).fill_null(0)
            mask &= _within(lengths.to_numpy(zero_copy_only=False).astype(float), condition.length)
        if condition.repeats is not None:
            mask &= self._repeated(self.speakers(condition), condition.repeats)
        return mask

    def _at(self, rows: Ints) -> Flags:
        mask = np.zeros(len(self.log.messages), dtype=bool)
        mask[rows] = True
        return mask

    def _repeated(self, mask: Flags, repeats: Repeats) -> Flags:
        """Return which text messages say for the n-th time what the same speaker said in the session."""
        log = self.log
        rows = np.flatnonzero(mask & is_in(log.messages["kind"], ["text"]))
        texts = pc.utf8_trim_whitespace(arrow(log.messages["text"]).take(pa.array(rows)))
        long_ = pc.greater_equal(pc.utf8_length(texts), repeats.min_chars).to_numpy(zero_copy_only=False)
        rows, texts = rows[long_], texts.filter(pa.array(long_))
        said = pc.dictionary_encode(texts).indices.to_numpy(zero_copy_only=False).astype(np.int64)
        key, _ = group_ids(session_agents(log)[rows], codes_of(log.messages["sender"])[rows], said)
        again = np.flatnonzero(pd.Series(key).duplicated(keep=False).to_numpy())
        nth = pd.Series(key[again]).groupby(key[again], sort=False).cumcount().to_numpy() + 1
        return self._at(rows[again[nth >= repeats.times]])

    def _worded(self, condition: Condition) -> list[Found]:
        """Return what each test on words finds: lists and phrases together, the pattern, the entities."""
        found = []
        names = [*condition.words, *([_inline(condition)] if condition.phrases else [])]
        if names:
            found.append(self._union([self._places[name] for name in names]))
        if condition.pattern is not None:
            found.append(self._places[condition.pattern])
        if condition.entity:
            found.append(self._union([self._places[entity] for entity in condition.entity]))
        return found


def _patterns(every: list[Condition], log: Log, rows: Ints) -> dict[str, Pattern]:
    """Return all patterns and entities of conditions, each with the texts of the speakers who are looked at."""
    speakers: dict[str, set[str]] = {}
    for one in every:
        for name in (*([one.pattern] if one.pattern is not None else []), *one.entity):
            speakers.setdefault(name, set()).update(sender for who in one.who for sender in SENDERS[who])
    sender = log.messages["sender"].iloc[rows]
    masks = {who: is_in(sender, sorted(who)) for who in {frozenset(who) for who in speakers.values()}}
    found = {}
    for name, who in speakers.items():
        entity = name if name in PATTERNS else None
        pattern = PATTERNS[name] if entity else name  # type: ignore[index]
        found[name] = Pattern(
            hit_pattern(pattern), INNOCENT.get(entity) if entity else None, needed(pattern), masks[frozenset(who)]
        )
    return found


def _inline(condition: Condition) -> str:
    """Return the key of a condition's own phrases; the space keeps it apart from the names of lists."""
    return " " + " ".join(condition.phrases)


def _within(values: np.ndarray, bounds: Range) -> Flags:
    """Return where values are known and inside all bounds."""
    mask = ~np.isnan(values)
    known = np.nan_to_num(values)
    for bound, holds in (
        (bounds.over, np.greater),
        (bounds.at_least, np.greater_equal),
        (bounds.under, np.less),
        (bounds.at_most, np.less_equal),
    ):
        if bound is not None:
            mask &= holds(known, bound)
    return mask

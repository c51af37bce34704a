"""A log made ready for conditions: all words and patterns of a library found once, the rest when it is asked for."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, codes_of, group_ids, is_in, packed
from chataudit.log import Log, session_agents
from chataudit.rules.condition import Condition, Near, Repeats
from chataudit.rules.facts import Data, Known, within
from chataudit.rules.places import SENDERS, Places
from chataudit.rules.similar import alike, nearly_same
from chataudit.rules.timing import elapsed, gaps, nth, remaining, waits
from chataudit.rules.windows import Said, around, counts, edges
from chataudit.rulings import Found
from chataudit.tables import TALK_KINDS


class Talk:
    """What conditions find in a log; the same condition is looked up once.

    ``hits`` are the rows of other rules' hits, by rule, for conditions that ask for them.
    """

    def __init__(self, log: Log, places: Places, data: Data | None = None) -> None:
        self.log = log
        self.places = places
        self.known = Known(log, data or Data())
        self.hits: dict[str, Ints] = {}
        self._found: dict[object, Found] = {}
        self._speakers: dict[object, Flags] = {}
        self._among: dict[object, Said] = {}

    def speakers(self, condition: Condition) -> Flags:
        """Return which messages a condition looks at: its speakers' talk, or the kinds that it names."""
        key = (condition.who, condition.kind)
        if key not in self._speakers:
            senders = [sender for who in condition.who for sender in SENDERS[who]]
            self._speakers[key] = is_in(self.log.messages["sender"], senders) & is_in(
                self.log.messages["kind"], condition.kind or TALK_KINDS
            )
        return self._speakers[key]

    def among(self, condition: Condition) -> Said:
        """Return the messages of `speakers` by their rows."""
        key = (condition.who, condition.kind)
        if key not in self._among:
            self._among[key] = Said.of(self.log, np.flatnonzero(self.speakers(condition)).astype(np.int64))
        return self._among[key]

    def find(self, condition: Condition, *, every: bool = False, within: Flags | None = None) -> Found:
        """Return what a condition finds, ordered by row; ``every``: all places in a message, not only a pattern's first.

        ``within``: only these messages are looked at, so that costly tests are not made where nobody asks.
        """
        key = (condition, every)
        if key in self._found:
            return self._found[key] if within is None else self._found[key].where(within)
        found = self._find(condition, every, within)
        if within is None:
            self._found[key] = found
        return found

    def kinds(self, condition: Condition) -> tuple[Found, Ints]:
        """Return what a condition finds with the number of its kind: which phrase, or which part of ``any``."""
        found = self.find(condition, every=True)
        parts = [self._worded(condition)] if condition.words or condition.phrases else []
        parts += [self.find(part, every=True) for part in condition.any]
        if not condition.any:
            return found, found.label
        hits = self._flags(found.row)
        mine = [part.where(hits) for part in parts]
        wide = len(self.places.labels)
        kind = np.concatenate(
            [
                np.full(len(part.row), wide + at) if at or not (condition.words or condition.phrases) else part.label
                for at, part in enumerate(mine)
            ]
        )
        columns = [np.concatenate([getattr(part, name) for part in mine]) for name in ("row", "start", "end", "label")]
        order = np.lexsort((columns[1], columns[0]))
        return Found(*(column[order] for column in columns)), kind[order]

    def _find(self, condition: Condition, every: bool, within: Flags | None) -> Found:
        """Cheap tests first; each later one only where those before it hold."""
        mask = self.speakers(condition).copy() if within is None else self.speakers(condition) & within
        if condition.rule is not None:
            mask &= self._flags(self.hits[condition.rule])
        self._shape(condition, mask)
        self._others(condition, mask)
        spans = self.places.worded(condition, mask, every)
        for found in spans:
            mask &= self._flags(found.row)
        for part in condition.all:
            spans.append(self.find(part, every=every, within=mask))
            mask &= self._flags(spans[-1].row)
        if condition.any:
            spans.append(self.places.union([self.find(part, every=every, within=mask) for part in condition.any]))
            mask &= self._flags(spans[-1].row)
        if condition.not_ is not None:
            mask &= ~self._flags(self.find(condition.not_, within=mask).row)
        self._numbers(condition, mask)
        self._facts(condition, mask)
        for near in condition.near:
            self._near(near, mask)
        return (spans[0] if spans else self._whole(mask)).where(mask)

    def _worded(self, condition: Condition) -> Found:
        only = condition.model_copy(update={"pattern": None, "entity": (), "except_": ()})
        return self.places.worded(only, self.speakers(condition), True)[0]

    def _flags(self, rows: Ints) -> Flags:
        mask = np.zeros(len(self.log.messages), dtype=bool)
        mask[rows] = True
        return mask

    def _whole(self, mask: Flags) -> Found:
        rows = np.flatnonzero(mask).astype(np.int64)
        zeros = np.zeros(len(rows), dtype=np.int64)
        return Found(rows, zeros, self._lengths[rows], zeros)

    @cached_property
    def _lengths(self) -> Ints:
        lengths = pc.utf8_length(self.places.texts).fill_null(0)
        return lengths.to_numpy(zero_copy_only=False).astype(np.int64)

    @cached_property
    def _bare_lengths(self) -> np.ndarray:
        trimmed, number = self._trimmed
        lengths = np.append(_length(trimmed), 0.0)[number]
        others = np.flatnonzero(number < 0)
        lengths[others] = _length(pc.utf8_trim_whitespace(self.places.texts.take(pa.array(others))))
        return lengths

    @cached_property
    def _trimmed(self) -> tuple[pa.Array, Ints]:
        """The distinct texts of text messages, no space around them, and for each message the number of its own (-1: none)."""
        trimmed = pc.utf8_trim_whitespace(self.places.distinct)
        if trimmed.equals(self.places.distinct):
            return trimmed, self.places.number
        encoded = pc.dictionary_encode(trimmed)
        number = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        return encoded.dictionary, np.append(number, -1)[self.places.number]

    @cached_property
    def _often(self) -> Flags:
        """Which distinct texts (as `_trimmed` has them) more than one message has."""
        texts, number = self._trimmed
        return np.bincount(number + 1, minlength=len(texts) + 1)[1:] > 1

    @cached_property
    def _waits(self) -> np.ndarray:
        return waits(self.log)

    def _shape(self, condition: Condition, mask: Flags) -> None:
        """Take out in place where a test on place, time or length does not hold."""
        log = self.log
        if condition.opens is not None:
            mask &= self._flags(log.opening) == condition.opens
        if condition.pending is not None:
            mask &= self._flags(log.opening[log.reply < 0]) == condition.pending
        if condition.nth is not None:
            mask &= self._flags(nth(self.among(condition), condition.nth))
        if condition.wait is not None:
            mask &= within(self._waits, condition.wait)
        for seconds, bounds in ((elapsed, condition.elapsed), (remaining, condition.remaining)):
            if bounds is not None:
                rows = np.flatnonzero(mask)
                mask[rows] = within(seconds(log, rows), bounds)
        if condition.length is not None:
            mask &= within(self._bare_lengths, condition.length)

    def _others(self, condition: Condition, mask: Flags) -> None:
        """Take out in place where a test that compares with other texts and messages does not hold."""
        if condition.gap is not None:
            gap, rows = condition.gap, self.among(condition).rows
            others = self.among(Condition(who=gap.since or gap.until)).rows
            seconds = gaps(self.log, rows, others, before=bool(gap.since))
            mask &= self._flags(rows[within(seconds, gap)])
        if condition.repeats is not None:
            mask &= self._repeated(self.speakers(condition), condition.repeats)
        if condition.like is not None:
            mask &= self._alike(self.speakers(condition), condition)

    def _numbers(self, condition: Condition, mask: Flags) -> None:
        """Take out in place the messages with too few or too many places, or different phrases."""
        size = len(mask)
        if condition.times is not None:
            found = self.places.union(self.places.worded(condition, mask, True))
            mask &= within(np.bincount(found.row, minlength=size).astype(float), condition.times)
        if condition.different is not None:
            number = np.zeros(size)
            if condition.words or condition.phrases:
                found = self._worded(condition)
                pairs = np.unique(found.row * len(self.places.labels) + found.label)
                number += np.bincount(pairs // len(self.places.labels), minlength=size)
            for part in condition.any:
                number += self._flags(self.find(part, within=mask).row)
            mask &= within(number, condition.different)

    def _facts(self, condition: Condition, mask: Flags) -> None:
        if condition.facts is not None:
            rows = np.flatnonzero(mask)
            holds = self.known.holds(condition.facts, self.log.session[rows], self.log.agent[rows])
            mask[rows[~holds]] = False

    def _near(self, near: Near, mask: Flags) -> None:
        """Take out in place the messages that have too few of the others near them."""
        rows = np.flatnonzero(mask).astype(np.int64)
        sessions = np.zeros(len(self.log.sessions), dtype=bool)
        sessions[self.log.session[rows]] = True
        found = self.find(near, within=sessions[self.log.session]).row
        speakers = self.among(near)
        if near.window.edge:
            slices = edges(speakers, near.window)
            number = counts(slices, found)[self.log.session[rows]]
        else:
            number = counts(around(self.log, rows, speakers, near.window, self.ends(near.window)), found)
            if near.window.side == "around":
                number = number - np.isin(rows, found)
        mask[rows[number < near.at_least]] = False

    def ends(self, window: object) -> Ints | None:
        """Return the rows at which a window ends early, if it names any."""
        until = getattr(window, "until", None)
        return None if until is None else np.unique(self.find(until).row)

    def _repeated(self, mask: Flags, repeats: Repeats) -> Flags:
        """Return which text messages say for the n-th time what the same speaker said in the session."""
        log, (trimmed, number) = self.log, self._trimmed
        long_ = pc.greater_equal(pc.utf8_length(trimmed), repeats.min_chars).to_numpy(zero_copy_only=False)
        able = long_ if repeats.similar is not None else long_ & self._often
        rows = np.flatnonzero(mask & np.append(able, False)[number])
        speaker = (session_agents(log)[rows], codes_of(log.messages["sender"])[rows])
        said = number[rows]
        if repeats.similar is not None:
            group, _ = group_ids(*speaker)
            order = np.argsort(group, kind="stable")
            texts = trimmed.take(pa.array(said[order]))
            seen = nearly_same(texts, group[order], repeats.similar, repeats.within or 1)
            return self._flags(rows[order[seen + 1 >= repeats.times]])
        if not len(rows):
            return self._flags(rows)
        key = packed(*speaker, said)
        again = np.flatnonzero(pd.Series(key).duplicated(keep=False).to_numpy())
        times = pd.Series(key[again]).groupby(key[again], sort=False).cumcount().to_numpy() + 1
        return self._flags(rows[again[times >= repeats.times]])

    def _alike(self, mask: Flags, condition: Condition) -> Flags:
        """Return which text messages are close to a sample; only distinct texts are compared."""
        assert condition.like is not None
        rows = np.flatnonzero(mask & is_in(self.log.messages["kind"], ["text"]))
        encoded = pc.dictionary_encode(self.places.texts.take(pa.array(rows)).fill_null(""))
        close = alike(encoded.dictionary, condition.like)
        return self._flags(rows[close[encoded.indices.to_numpy(zero_copy_only=False)]])


def _length(texts: pa.Array) -> np.ndarray:
    return pc.utf8_length(texts).fill_null(0).to_numpy(zero_copy_only=False).astype(float)

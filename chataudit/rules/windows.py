"""Windows: which messages of the speakers looked for lie around an anchor, or at a session's start or end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chataudit.arrays import Flags, Ints, distinct
from chataudit.log import NO_TIME, Log
from chataudit.rules.condition import Window


class Said(NamedTuple):
    """The messages of some speakers in log order, and for each session half-open positions in ``rows``."""

    rows: Ints
    first: Ints
    end: Ints

    @classmethod
    def of(cls, log: Log, rows: Ints) -> Said:
        """Return speakers with these messages."""
        said = np.bincount(log.session[rows], minlength=len(log.first))
        end = np.cumsum(said)
        return cls(rows, end - said, end)


class Slices(NamedTuple):
    """For each window half-open positions in ``rows`` (the speakers' messages in log order)."""

    rows: Ints
    low: Ints
    high: Ints


def around(log: Log, anchors: Ints, speakers: Said, window: Window, ends: Ints | None = None) -> Slices:
    """Return the windows beside the anchors, of the speakers' rows: on the side, so many messages, so many seconds.

    ``ends``: rows before which a window after an anchor ends, and after which one before it begins.
    """
    session, rows = log.session[anchors], speakers.rows
    before = np.searchsorted(rows, anchors)
    after = before + (rows[np.minimum(before, len(rows) - 1)] == anchors) if len(rows) else before
    first, end = speakers.first[session], speakers.end[session]
    low, high = {
        "after": (after, end),
        "from": (before, end),
        "at": (before, after),
        "before": (first, before),
        "around": (first, end),
    }[window.side]
    if window.messages is not None:
        if window.side in ("before", "around"):
            low = np.maximum(low, before - window.messages)
        if window.side in ("after", "from", "around"):
            high = np.minimum(high, (before if window.side == "from" else after) + window.messages)
    if window.seconds is not None:
        key = _clock(log, rows, log.session[rows])
        reach = round(window.seconds * 1000)
        low = np.maximum(low, np.searchsorted(key, _clock(log, anchors, session, -reach)))
        high = np.minimum(high, np.searchsorted(key, _clock(log, anchors, session, reach), side="right"))
    if ends is not None:
        stop = np.append(ends, len(log.session))[np.searchsorted(ends, anchors, side="right")]
        start = np.append(ends, -1)[np.searchsorted(ends, anchors) - 1]
        high = np.minimum(high, np.searchsorted(rows, stop))
        low = np.maximum(low, np.searchsorted(rows, start, side="right"))
    return Slices(rows, low, np.maximum(low, high))


def _clock(log: Log, rows: Ints, session: Ints, shift: int = 0) -> Ints:
    """Return a number that grows with session and, inside one, with time; ``shift`` milliseconds are kept inside it."""
    known = log.instant[log.instant != NO_TIME]
    start, width = (int(known.min()), int(known.max() - known.min()) + 2) if len(known) else (0, 2)
    offset = np.where(log.instant[rows] == NO_TIME, 0, log.instant[rows] - start)
    return session * width + np.clip(offset + shift, 0, width - 1)


def edges(speakers: Said, window: Window) -> Slices:
    """Return for each session the first or last messages of the speakers, or all of them."""
    low, high = speakers.first, speakers.end
    if window.first is not None:
        high = np.minimum(high, low + window.first)
    if window.last is not None:
        low = np.maximum(low, high - window.last)
    return Slices(speakers.rows, low, high)


def bounds(slices: Slices) -> tuple[Ints, Ints]:
    """Return the message rows at which windows begin and end (half-open); empty windows begin where they end."""
    rows, size = slices.rows, len(slices.rows)
    if not size:
        return np.zeros_like(slices.low), np.zeros_like(slices.low)
    begin = np.where(slices.low < size, rows[np.minimum(slices.low, size - 1)], rows[-1] + 1)
    last = rows[np.maximum(slices.high - 1, 0)] + 1
    return begin, np.where(slices.high > slices.low, last, begin)


def counts(slices: Slices, rows: Ints, *, every: bool = False) -> Ints:
    """Return how many distinct found rows (``every``: how many places) lie in each window; ``rows`` are in order."""
    begin, end = bounds(slices)
    rows = rows if every else distinct(rows)
    return np.searchsorted(rows, end) - np.searchsorted(rows, begin)


def inside(slices: Slices, size: int) -> Flags:
    """Return which of ``size`` messages lie in any of the windows."""
    begin, end = bounds(slices)
    full = np.flatnonzero(end > begin)
    if not len(full):
        return np.zeros(size, dtype=bool)
    full = full[np.argsort(begin[full], kind="stable")]
    begin, reached = begin[full], np.maximum.accumulate(end[full])
    apart = begin[1:] > reached[:-1]  # windows that overlap or touch are one
    inner = np.stack([begin[np.append(True, apart)], reached[np.append(apart, True)]], axis=1)
    edges = np.concatenate([[0], inner.reshape(-1), [size]])
    return np.repeat(np.arange(len(edges) - 1) % 2 == 1, np.diff(edges))

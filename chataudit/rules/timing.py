"""Where in its session a message stands, and how long after or before others."""

from __future__ import annotations

import numpy as np

from chataudit.arrays import Ints, ranges
from chataudit.log import NO_TIME, Log
from chataudit.rules.condition import Nth
from chataudit.rules.windows import Said


def waits(log: Log) -> np.ndarray:
    """Return for each message the seconds that it, as a round's reply, took; NaN elsewhere."""
    wait = np.full(len(log.messages), np.nan)
    answered = log.reply >= 0
    wait[log.reply[answered]] = log.rounds["wait_s"].to_numpy()[answered]
    return wait


def elapsed(log: Log, rows: Ints) -> np.ndarray:
    """Return for messages the seconds since the first of their session; NaN without times."""
    return _seconds(log, log.first[log.session[rows]], rows)


def remaining(log: Log, rows: Ints) -> np.ndarray:
    """Return for messages the seconds to the last of their session; NaN without times."""
    return _seconds(log, rows, log.end[log.session[rows]] - 1)


def gaps(log: Log, rows: Ints, others: Ints, *, before: bool) -> np.ndarray:
    """Return for ``rows`` the seconds since (else until) the nearest of ``others`` in the session; NaN where none is."""
    if before:
        place = np.searchsorted(others, rows) - 1
        near = np.append(others, -1)[place]
        first, second = near, rows
    else:
        place = np.searchsorted(others, rows, side="right")
        near = np.append(others, -1)[np.minimum(place, len(others))]
        first, second = rows, near
    there = (near >= 0) & (place >= 0)
    there[there] = log.session[near[there]] == log.session[rows[there]]
    seconds = np.full(len(rows), np.nan)
    seconds[there] = _seconds(log, first[there], second[there])
    return seconds


def _seconds(log: Log, first: Ints, second: Ints) -> np.ndarray:
    known = (log.instant[first] != NO_TIME) & (log.instant[second] != NO_TIME)
    return np.where(known, (log.instant[second] - log.instant[first]) / 1000, np.nan)


def nth(speakers: Said, wanted: Nth) -> Ints:
    """Return the speakers' messages that stand at the wanted places of their session."""
    low, high = speakers.first, speakers.end
    begin = low + wanted.first - 1 if wanted.first > 0 else high + wanted.first
    end = low + wanted.last if wanted.last > 0 else high + wanted.last + 1
    _, place = ranges(np.maximum(begin, low), np.minimum(end, high))
    return speakers.rows[place]

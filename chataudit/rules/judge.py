"""One rule on one log: where it is broken, where a duty was kept, and where it could not be judged."""

from __future__ import annotations

import numpy as np

from chataudit.arrays import Flags, Ints, distinct, ranges, starts_of
from chataudit.log import Log
from chataudit.rules.conditions import Talk
from chataudit.rules.library import conditions
from chataudit.rules.model import Rule
from chataudit.rules.windows import Slices, around, edges
from chataudit.rulings import Found, Judged

NOTHING = Found(*(np.array([], dtype=np.int64) for _ in range(4)))


def judge(rule: Rule, talk: Talk) -> Judged:
    """Return the verdicts of a rule on a log."""
    judged = _judged(rule, talk.log)
    if rule.expect == "count":
        counted, agent = _forbidden(rule, talk)
        return Judged(NOTHING, NOTHING.row, False, counted, agent, judged)
    if rule.expect == "none":
        broken, agent = _forbidden(rule, talk)
        verdicts = Judged(broken, agent, False, NOTHING, NOTHING.row, judged)
    elif rule.anchor is not None:
        verdicts = _due_after(rule, talk, judged)
    else:
        verdicts = _due_at_all(rule, talk, judged)
    keep = np.flatnonzero(judged[talk.log.session[verdicts.broken.row]])
    return Judged(
        verdicts.broken.take(keep), verdicts.agent[keep], verdicts.missing, verdicts.kept, verdicts.kept_agent, judged
    )


def _judged(rule: Rule, log: Log) -> Flags:
    timed = rule.window.seconds is not None or any(part.wait is not None for _, part in conditions(rule))
    if not timed:
        return np.ones(len(log.sessions), dtype=bool)
    return log.sessions["started_at"].notna().to_numpy()


def _anchors(rule: Rule, talk: Talk) -> Ints:
    """Return the rows to start from."""
    assert rule.anchor is not None
    rows = distinct(talk.find(rule.anchor).row)
    session = talk.log.session[rows]
    starts = starts_of(session)
    if rule.anchor.which == "first":
        return rows[starts]
    if rule.anchor.which == "last":
        return rows[np.append(starts[1:], len(rows)) - 1] if len(rows) else rows
    return rows


def _excused(rule: Rule, talk: Talk, anchors: Ints | None) -> Flags:
    """Return for each window (of an anchor, or of a session) whether what excuses it is found there."""
    log = talk.log
    size = len(log.sessions) if anchors is None else len(anchors)
    if rule.unless is None:
        return np.zeros(size, dtype=bool)
    speakers = talk.speaker_rows(rule.unless)
    slices = edges(log, speakers, rule.window) if anchors is None else around(log, anchors, speakers, rule.window)
    return _counts(slices, talk.find(rule.unless).row) > 0


def _bounds(slices: Slices) -> tuple[Ints, Ints]:
    """Return the message rows at which windows begin and end (half-open); empty windows begin where they end."""
    rows = np.append(slices.rows, slices.rows[-1] + 1 if len(slices.rows) else 0)
    begin = rows[np.minimum(slices.low, len(slices.rows))]
    last = rows[np.maximum(slices.high - 1, 0)] + 1
    return begin, np.where(slices.high > slices.low, last, begin)


def _counts(slices: Slices, rows: Ints) -> Ints:
    """Return how many distinct found rows lie in each window."""
    begin, end = _bounds(slices)
    rows = distinct(rows)
    return np.searchsorted(rows, end) - np.searchsorted(rows, begin)


def _forbidden(rule: Rule, talk: Talk) -> tuple[Found, Ints]:
    """Return the places where what must not be said is said."""
    log, found = talk.log, talk.find(rule.find)
    anchors = None if rule.anchor is None else _anchors(rule, talk)
    speakers = talk.speaker_rows(rule.find)
    slices = edges(log, speakers, rule.window) if anchors is None else around(log, anchors, speakers, rule.window)
    begin, end = _bounds(slices)
    open_ = ~_excused(rule, talk, anchors)
    low, high = np.searchsorted(found.row, begin[open_]), np.searchsorted(found.row, end[open_])
    _, at = ranges(low, high)
    places = found.take(np.unique(at))
    agent = _credited(rule, log, places.row)
    if rule.at_most:
        over = _nth_of_conversation(log, places.row, agent) > rule.at_most
        return places.take(np.flatnonzero(over)), agent[over]
    return places, agent


def _credited(rule: Rule, log: Log, rows: Ints) -> Ints:
    if rule.window.first is not None or rule.window.last is not None:
        agent = log.first_agent if rule.window.first is not None else log.last_agent
        return agent[log.session[rows]]
    return log.agent[rows]


def _nth_of_conversation(log: Log, rows: Ints, agent: Ints) -> Ints:
    """Return for each row which place (1, 2, …) it has among those of its session and agent."""
    key = log.session[rows] * (len(log.agent_names) + 1) + agent + 1
    order = np.argsort(key, kind="stable")
    starts = starts_of(key[order])
    nth = np.empty(len(rows), dtype=np.int64)
    nth[order] = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows)))) + 1
    return nth


def _first_found(found: Found, begin: Ints) -> Found:
    """Return the first place at or after each row (there must be one)."""
    return found.take(np.searchsorted(found.row, begin))


def _empty_at(rows: Ints) -> Found:
    zeros = np.zeros(len(rows), dtype=np.int64)
    return Found(rows, zeros, zeros, zeros)


def _due_after(rule: Rule, talk: Talk, judged: Flags) -> Judged:
    """Judge a duty at each anchor."""
    log, anchors = talk.log, _anchors(rule, talk)
    anchors = anchors[judged[log.session[anchors]]]
    anchors = anchors[~_excused(rule, talk, anchors)]
    found = talk.find(rule.find)
    slices = around(log, anchors, talk.speaker_rows(rule.find), rule.window)
    enough = _counts(slices, found.row) >= rule.at_least
    begin, _ = _bounds(slices)
    missing = anchors[~enough]
    return Judged(
        _empty_at(missing),
        log.agent[missing],
        True,
        _first_found(found, begin[enough]),
        log.agent[anchors[enough]],
        judged,
    )


def _due_at_all(rule: Rule, talk: Talk, judged: Flags) -> Judged:
    """Judge a duty once: in each session at its first or last messages, else in each agent's own talk."""
    log = talk.log
    if rule.window.first is None and rule.window.last is None:
        return _due_of_each(rule, talk, judged)
    found = talk.find(rule.find)
    opening = rule.window.first is not None
    agent = log.first_agent if opening else log.last_agent
    spoken = np.zeros(len(log.sessions), dtype=bool)
    spoken[log.session[log.from_agent]] = True
    open_ = np.flatnonzero(spoken & judged & ~_excused(rule, talk, None))
    slices = edges(log, talk.speaker_rows(rule.find), rule.window)
    begin, end = _bounds(slices)
    enough = _counts(slices, found.row)[open_] >= rule.at_least
    kept, lost = open_[enough], open_[~enough]
    at = np.where(slices.high[lost] > slices.low[lost], begin[lost] if opening else end[lost] - 1, log.first[lost])
    return Judged(_empty_at(at), agent[lost], True, _first_found(found, begin[kept]), agent[kept], judged)


def _due_of_each(rule: Rule, talk: Talk, judged: Flags) -> Judged:
    log, found = talk.log, talk.find(rule.find)
    rows = np.flatnonzero(log.from_agent)
    rows = rows[judged[log.session[rows]] & ~_excused(rule, talk, None)[log.session[rows]]]
    wide = len(log.agent_names) + 1
    key, at = np.unique(log.session[rows] * wide + log.agent[rows] + 1, return_index=True)
    of_found = log.session[found.row] * wide + log.agent[found.row] + 1
    unique = np.append(True, found.row[1:] != found.row[:-1]) if len(found.row) else np.array([], dtype=bool)
    counts = np.zeros(len(key), dtype=np.int64)
    place = np.minimum(np.searchsorted(key, of_found), max(len(key) - 1, 0))
    known = (key[place] == of_found) if len(key) else np.zeros(len(of_found), dtype=bool)
    np.add.at(counts, place[known & unique], 1)
    enough = counts >= rule.at_least
    first = np.full(len(key), -1)
    usable = np.flatnonzero(known)[::-1]
    first[place[usable]] = usable
    missing = rows[at[~enough]]
    return Judged(
        _empty_at(missing), log.agent[missing], True, found.take(first[enough]), key[enough] % wide - 1, judged
    )

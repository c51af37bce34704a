"""One rule on one log: where it is broken, where a duty was kept, and where it could not be judged."""

from __future__ import annotations

import datetime as dt

import numpy as np

from chataudit.arrays import Flags, Ints, distinct, starts_of
from chataudit.log import Log
from chataudit.rules.condition import Condition, Window
from chataudit.rules.facts import Known
from chataudit.rules.model import Rule
from chataudit.rules.talk import Talk
from chataudit.rules.windows import Slices, around, bounds, counts, edges, inside
from chataudit.rulings import Found, Judged

EPOCH = dt.date(1970, 1, 1).toordinal()
NOTHING = Found(*(np.array([], dtype=np.int64) for _ in range(4)))


def judge(rule: Rule, talk: Talk, judged: Flags) -> Judged:
    """Return the verdicts of a rule on a log; ``judged`` are the sessions in which it can be judged."""
    if rule.expect in ("none", "count"):
        found, agent = _forbidden(rule, talk)
        if rule.expect == "count":
            verdicts = Judged(NOTHING, NOTHING.row, False, found, agent, judged)
        else:
            verdicts = Judged(found, agent, False, NOTHING, NOTHING.row, judged)
    elif rule.anchor is not None:
        verdicts = _due_after(rule, talk, judged)
    else:
        verdicts = _due_at_all(rule, talk, judged)
    applies = _applies(rule, talk.known)
    keep = _kept(rule, talk, judged & applies, verdicts.broken.row, verdicts.agent)
    held = _kept(rule, talk, judged & applies, verdicts.kept.row, verdicts.kept_agent)
    return Judged(
        verdicts.broken.take(keep),
        verdicts.agent[keep],
        verdicts.missing,
        verdicts.kept.take(held),
        verdicts.kept_agent[held],
        judged,
        applies,
    )


def _applies(rule: Rule, known: Known) -> Flags:
    """Return the sessions that a rule is for: its population, its days in force."""
    mask = np.ones(len(known.log.sessions), dtype=bool) if rule.only is None else known.sessions(rule.only)
    if rule.from_ is not None:
        mask = mask & (known.day >= dt.date.fromisoformat(rule.from_).toordinal() - EPOCH)
    if rule.until is not None:
        mask = mask & (known.day <= dt.date.fromisoformat(rule.until).toordinal() - EPOCH)
    return mask


def _kept(rule: Rule, talk: Talk, sessions: Flags, rows: Ints, agent: Ints) -> Ints:
    """Return the positions of verdicts in sessions that are judged, credited to agents that the rule is for."""
    session = talk.log.session[rows]
    keep = sessions[session]
    if rule.only is not None:
        keep = keep & talk.known.holds(rule.only, session, agent)
    return np.flatnonzero(keep)


def _anchors(rule: Rule, talk: Talk) -> Ints:
    """Return the rows to start from."""
    assert rule.anchor is not None
    rows, which = distinct(talk.find(rule.anchor).row), rule.anchor.which
    if which == "every" or not len(rows):
        return rows
    starts = starts_of(talk.log.session[rows])
    ends = np.append(starts[1:], len(rows))
    number = {"first": 1, "last": -1}.get(which, which) if isinstance(which, str) else which
    place = starts + int(number) - 1 if int(number) > 0 else ends + int(number)
    return rows[place[(place >= starts) & (place < ends)]]


def _slices(talk: Talk, condition: Condition, window: Window, anchors: Ints | None) -> Slices:
    speakers = talk.among(condition)
    if anchors is None:
        return edges(speakers, window)
    return around(talk.log, anchors, speakers, window, talk.ends(window))


def _excused(rule: Rule, talk: Talk, anchors: Ints | None) -> Flags:
    """Return for each window (of an anchor, or of a session) whether what excuses it is found there."""
    if rule.unless is None:
        return np.zeros(len(talk.log.sessions) if anchors is None else len(anchors), dtype=bool)
    slices = _slices(talk, rule.unless, rule.unless.window or rule.window, anchors)
    return counts(slices, talk.find(rule.unless, within=inside(slices, len(talk.log.session))).row) > 0


def _forbidden(rule: Rule, talk: Talk) -> tuple[Found, Ints]:
    """Return the places where what must not be said is said."""
    log = talk.log
    kind: Ints | None = None
    within = _open_windows(rule, talk)
    if rule.by == "different":
        places, kind = talk.kinds(rule.find)
        if within is not None:
            at = np.flatnonzero(within[places.row])
            places, kind = places.take(at), kind[at]
    else:
        places = talk.find(rule.find, every=rule.by == "occurrences", within=within)
    agent = _credited(rule, log, places.row)
    if rule.at_most:
        over = np.flatnonzero(_over(rule, log, places, agent, kind))
        return places.take(over), agent[over]
    return places, agent


def _open_windows(rule: Rule, talk: Talk) -> Flags | None:
    """Return the messages inside windows that nothing excuses; None where that is all of them."""
    if rule.anchor is None and not rule.window.edge and rule.unless is None:
        return None
    anchors = None if rule.anchor is None else _anchors(rule, talk)
    slices = _slices(talk, rule.find, rule.window, anchors)
    open_ = ~_excused(rule, talk, anchors)
    return inside(Slices(slices.rows, slices.low[open_], slices.high[open_]), len(talk.log.session))


def _credited(rule: Rule, log: Log, rows: Ints) -> Ints:
    if rule.window.edge:
        agent = log.first_agent if rule.window.first is not None else log.last_agent
        return agent[log.session[rows]]
    return log.agent[rows]


def _over(rule: Rule, log: Log, places: Found, agent: Ints, kind: Ints | None) -> Flags:
    """Return the places beyond what is allowed in a conversation (a session and agent): by messages, places or kinds."""
    key = log.session[places.row] * (len(log.agent_names) + 1) + agent + 1
    if rule.by == "occurrences":
        counts_ = np.ones(len(key), dtype=bool)
    elif kind is None:
        counts_ = _new(key, places.row)
    else:
        counts_ = _new(key, kind)
    order = np.argsort(key, kind="stable")
    running = np.cumsum(counts_[order])
    starts = starts_of(key[order])
    before = np.repeat(running[starts] - counts_[order][starts], np.diff(np.append(starts, len(key))))
    nth = np.empty(len(key), dtype=np.int64)
    nth[order] = running - before
    over: Flags = nth > rule.at_most
    return over & counts_ if kind is not None else over


def _new(key: Ints, value: Ints) -> Flags:
    """Return where a value stands in its group for the first time."""
    _, first = np.unique(np.stack([key, value]), axis=1, return_index=True)
    new = np.zeros(len(key), dtype=bool)
    new[first] = True
    return new


def _enough(rule: Rule, talk: Talk, slices: Slices) -> tuple[Flags, Found]:
    """Return for each window whether what is due was said often enough, and what was found."""
    if rule.by == "different":
        found, kind = talk.kinds(rule.find)
        total = sum(
            ((counts(slices, found.row[kind == one]) > 0).astype(np.int64) for one in np.unique(kind).tolist()),
            np.zeros(len(slices.low), dtype=np.int64),
        )
    else:
        within = inside(slices, len(talk.log.session))
        found = talk.find(rule.find, every=rule.by == "occurrences", within=within)
        total = counts(slices, found.row, every=rule.by == "occurrences")
    return total >= rule.at_least, found


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
    slices = _slices(talk, rule.find, rule.window, anchors)
    enough, found = _enough(rule, talk, slices)
    begin, _ = bounds(slices)
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
    if not rule.window.edge:
        return _due_of_each(rule, talk, judged)
    opening = rule.window.first is not None
    agent = log.first_agent if opening else log.last_agent
    spoken = np.zeros(len(log.sessions), dtype=bool)
    spoken[log.session[log.from_agent]] = True
    open_ = np.flatnonzero(spoken & judged & ~_excused(rule, talk, None))
    slices = _slices(talk, rule.find, rule.window, None)
    begin, end = bounds(slices)
    every, found = _enough(rule, talk, slices)
    enough = every[open_]
    kept, lost = open_[enough], open_[~enough]
    at = np.where(slices.high[lost] > slices.low[lost], begin[lost] if opening else end[lost] - 1, log.first[lost])
    return Judged(_empty_at(at), agent[lost], True, _first_found(found, begin[kept]), agent[kept], judged)


def _due_of_each(rule: Rule, talk: Talk, judged: Flags) -> Judged:
    """Judge a duty in each agent's own talk of each session."""
    log = talk.log
    rows = np.flatnonzero(log.from_agent)
    rows = rows[judged[log.session[rows]] & ~_excused(rule, talk, None)[log.session[rows]]]
    wide = len(log.agent_names) + 1
    key, at = np.unique(log.session[rows] * wide + log.agent[rows] + 1, return_index=True)
    if rule.by == "different":
        found, value = talk.kinds(rule.find)
    else:
        found = talk.find(rule.find, every=rule.by == "occurrences")
        value = np.arange(len(found.row)) if rule.by == "occurrences" else found.row
    of_found = log.session[found.row] * wide + log.agent[found.row] + 1
    place = np.minimum(np.searchsorted(key, of_found), max(len(key) - 1, 0))
    known = (key[place] == of_found) if len(key) else np.zeros(len(of_found), dtype=bool)
    said = np.bincount(place[known & _new(of_found, value)], minlength=len(key)) if len(key) else np.zeros(0, np.int64)
    enough = said >= rule.at_least
    first = np.full(len(key), -1)
    usable = np.flatnonzero(known)[::-1]
    first[place[usable]] = usable
    missing = rows[at[~enough]]
    return Judged(
        _empty_at(missing), log.agent[missing], True, found.take(first[enough]), key[enough] % wide - 1, judged
    )

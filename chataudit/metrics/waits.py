"""Rounds as a platform sees them: over a buyer's day or a session, stopped by whom it says, from where it says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chataudit.arrays import Flags, Ints, group_ids, is_in, starts_of
from chataudit.log import NO_TIME, Log, days_since, in_hours, wall_clock
from chataudit.metrics.groups import Groups
from chataudit.pairing import pair_rounds
from chataudit.settings import Policy


@dataclass(frozen=True)
class Waits:
    """Rounds as arrays: the rows of opening and reply (-1: pending), the group (buyer-day or session) of each, its agent.

    ``wait``: seconds from the opening to the reply (NaN: pending).
    """

    opening: Ints
    reply: Ints
    group: Ints
    agent: Ints
    wait: np.ndarray


class Timed:
    """The messages of a log that have times, grouped by buyer's day and by session; shared by all policies."""

    def __init__(self, log: Log, cut_hour: float) -> None:
        self.log = log
        self.rows = np.flatnonzero(log.instant != NO_TIME).astype(np.int64)
        self.wall = wall_clock(log.messages["sent_at"])
        self.day = days_since(self.wall, cut_hour)
        self._waits: dict[tuple[object, ...], Waits] = {}
        self._merged: dict[float | None, Groups] = {}

    @cached_property
    def by_day(self) -> Groups:
        """The buyers' days; the messages of one by time."""
        log, rows = self.log, self.rows
        group, _ = group_ids(log.buyer_unit[log.session[rows]], self.day[rows] - int(self.day[rows].min(initial=0)))
        instant, position = log.instant[rows], log.messages["position"].to_numpy()[rows]
        if _ordered(group, instant, position):
            return Groups(log, rows, group)
        order = np.lexsort((position, instant, group))
        return Groups(log, rows[order], group[order])

    def sessions(self, merge_s: float | None) -> Groups:
        """Return the sessions, those close together merged if asked."""
        if merge_s not in self._merged:
            self._merged[merge_s] = Groups(self.log, *self._sessions(merge_s))
        return self._merged[merge_s]

    def _sessions(self, merge_s: float | None) -> tuple[Ints, Ints]:
        session = self.log.session[self.rows]
        if merge_s is None or not len(session):
            return self.rows, session
        first = starts_of(session)
        last = np.append(first[1:], len(session)) - 1
        unit = self.log.buyer_unit[session[first]]
        begin, end = self.log.instant[self.rows[first]], self.log.instant[self.rows[last]]
        order = np.lexsort((begin, unit))
        near = np.append(
            False, (unit[order][1:] == unit[order][:-1]) & (begin[order][1:] - end[order][:-1] < merge_s * 1000)
        )
        merged = np.empty(len(first), dtype=np.int64)
        merged[order] = np.cumsum(~near) - 1
        group = merged[np.searchsorted(session[first], session)]
        place = np.lexsort((self.log.instant[self.rows], group))
        return self.rows[place], group[place]

    def groups(self, policy: Policy) -> Groups:
        """Return the groups that a policy's rounds run over."""
        return self.by_day if policy.rounds == "day" else self.sessions(policy.merge_s)

    def stops(self, policy: Policy) -> Flags:
        """Return where a message is talk of those who stop a policy's clock."""
        return self.log.talk & is_in(self.log.messages["sender"], list(policy.stops))

    def waits(self, policy: Policy) -> Waits:
        """Return a policy's rounds, hours and robots not yet looked at; equal questions are answered once."""
        key = (policy.rounds, policy.stops, policy.closing, policy.merge_s)
        if key not in self._waits:
            self._waits[key] = self._paired(policy)
        return self._waits[key]

    def _paired(self, policy: Policy) -> Waits:
        log, groups = self.log, self.groups(policy)
        asks = log.from_buyer if policy.closing == "opens" else log.from_buyer & ~log.closing
        pairs = pair_rounds(asks[groups.rows], self.stops(policy)[groups.rows], groups.of)
        opening, answered = groups.rows[pairs.opening], pairs.reply >= 0
        reply = np.where(answered, groups.rows[pairs.reply], -1)
        agent = log.agent[np.where(answered, reply, opening)]
        return Waits(opening, reply, groups.of[pairs.opening], agent, self.seconds(opening, reply))

    def seconds(self, begun: Ints, reply: Ints) -> np.ndarray:
        """Return the seconds between messages (NaN: there is no reply)."""
        instant = self.log.instant
        return np.where(reply >= 0, (instant[reply] - instant[begun]) / 1000, np.nan)

    def inside(self, rows: Ints, hours: str) -> Flags:
        """Return which rows were sent inside the hours."""
        return in_hours(self.wall[rows], hours)


def _ordered(*columns: Ints) -> bool:
    """Return whether rows stand in the order of their columns, the first one first."""
    rises = columns[0][1:] > columns[0][:-1]
    level = columns[0][1:] == columns[0][:-1]
    for column in columns[1:]:
        rises |= level & (column[1:] > column[:-1])
        level &= column[1:] == column[:-1]
    return bool((rises | level).all())

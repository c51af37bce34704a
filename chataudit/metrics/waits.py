"""Rounds as a platform sees them: over a buyer's day or a session, stopped by whom it says, from where it says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chataudit.arrays import Flags, Ints, group_ids, is_in, starts_of
from chataudit.log import NO_TIME, Log, days_since, in_hours, wall_clock
from chataudit.pairing import pair_rounds
from chataudit.settings import Policy


@dataclass(frozen=True)
class Waits:
    """Rounds as arrays: the rows of opening and reply (-1: pending), the group (buyer-day or session) of each."""

    opening: Ints
    reply: Ints
    group: Ints


class Timed:
    """The messages of a log that have times, grouped by buyer's day and by session; shared by all policies."""

    def __init__(self, log: Log, cut_hour: float) -> None:
        self.log = log
        self.rows = np.flatnonzero(log.instant != NO_TIME).astype(np.int64)
        self.wall = wall_clock(log.messages["sent_at"])
        self.day = days_since(self.wall, cut_hour)
        self._waits: dict[tuple[object, ...], Waits] = {}

    @cached_property
    def transfer(self) -> Flags:
        """Where a message is a transfer."""
        return is_in(self.log.messages["kind"], ["transfer"])

    @cached_property
    def by_day(self) -> tuple[Ints, Ints]:
        """Rows ordered by buyer-day, then time, and the number of each row's buyer-day."""
        unit = self.log.buyer_unit[self.log.session[self.rows]]
        group, _ = group_ids(unit, self.day[self.rows] - int(self.day[self.rows].min(initial=0)))
        order = np.lexsort((self.log.messages["position"].to_numpy()[self.rows], self.log.instant[self.rows], group))
        return self.rows[order], group[order]

    def sessions(self, merge_s: float | None) -> tuple[Ints, Ints]:
        """Rows in session order and the number of each row's session, sessions close together merged if asked."""
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

    def grouped(self, policy: Policy) -> tuple[Ints, Ints]:
        """Return the rows that a policy's rounds run over, in order, and their groups."""
        return self.by_day if policy.rounds == "day" else self.sessions(policy.merge_s)

    def waits(self, policy: Policy) -> Waits:
        """Return a policy's rounds, hours and robots not yet looked at; equal questions are answered once."""
        key = (policy.rounds, policy.stops, policy.closing, policy.merge_s)
        if key not in self._waits:
            rows, group = self.grouped(policy)
            log = self.log
            stops = log.talk & is_in(log.messages["sender"], list(policy.stops))
            asks = log.from_buyer if policy.closing == "opens" else log.from_buyer & ~log.closing
            pairs = pair_rounds(asks[rows], stops[rows], group)
            reply = np.where(pairs.reply >= 0, rows[pairs.reply], -1)
            self._waits[key] = Waits(rows[pairs.opening], reply, group[pairs.opening])
        return self._waits[key]

    def bots_alone(self, policy: Policy) -> Flags:
        """Return for each group whether only a robot served it: its talk, and no agent, assistant or transfer."""
        rows, group = self.grouped(policy)
        size = int(group.max(initial=-1)) + 1
        bot = self.log.talk & is_in(self.log.messages["sender"], ["bot"])
        served = np.bincount(group[(self.log.from_agent | self.transfer)[rows]], minlength=size) > 0
        return (np.bincount(group[bot[rows]], minlength=size) > 0) & ~served

    def starts(self, policy: Policy) -> Ints:
        """Return for each group the row of its first message."""
        rows, group = self.grouped(policy)
        start = np.full(int(group.max(initial=-1)) + 1, -1)
        start[group[::-1]] = rows[::-1]
        return start

    def receptions(self, policy: Policy) -> Ints:
        """Return for each group the row of its reception (-1: none).

        It is the first transfer before any talk of agent or assistant, else the buyer's first talk.
        """
        rows, group = self.grouped(policy)
        size = int(group.max(initial=-1)) + 1
        place = np.arange(len(rows))

        def first(mask: Flags) -> Ints:
            found = np.full(size, len(rows))
            at = np.flatnonzero(mask[rows])[::-1]
            found[group[at]] = place[at]
            return found

        transfer, answer, asked = first(self.transfer), first(self.log.from_agent), first(self.log.from_buyer)
        start = np.where(transfer < answer, transfer, asked)
        return np.where(start < len(rows), np.append(rows, -1)[start], -1)

    def inside(self, rows: Ints, hours: str) -> Flags:
        """Return which rows were sent inside the hours."""
        return in_hours(self.wall[rows], hours)

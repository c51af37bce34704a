"""Whose work a log is: the rows of the agents table, their sessions and the buyers they received."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chataudit.arrays import Ints, as_code, codes_of, group_ids
from chataudit.log import Log


@dataclass(frozen=True)
class Work:
    """One row per (day, platform, shop, agent) that has talk or rounds; ``place`` numbers (day, platform, shop).

    ``at`` is a session of each place; ``keys`` are the rows as ``place * wide + agent + 1``, sorted.
    """

    log: Log
    place: Ints
    at: Ints
    wide: int
    keys: Ints

    @classmethod
    def of(cls, log: Log) -> Work:
        """Return the work of a log."""
        day = as_code(log.sessions["day"])
        place, at = group_ids(codes_of(day), codes_of(log.sessions["platform"]), codes_of(log.sessions["shop"]))
        wide = len(log.agent_names) + 1
        said = log.from_agent | log.from_buyer
        keys = np.unique(np.concatenate([place[log.session[said]] * wide + log.agent[said] + 1,
                                         place[log.session[log.opening]] * wide + log.round_agent + 1]))
        return cls(log, place, at, wide, keys)

    @property
    def size(self) -> int:
        """Return how many rows there are."""
        return len(self.keys)

    @property
    def agent(self) -> Ints:
        """Return each row's agent code (-1: none)."""
        return self.keys % self.wide - 1

    @property
    def session_of_row(self) -> Ints:
        """Return a session of each row's day, platform and shop."""
        return self.at[self.keys // self.wide]

    def rows(self, session: Ints, agent: Ints) -> Ints:
        """Return the rows that (session, agent) pairs count in; they must exist."""
        return np.searchsorted(self.keys, self.place[session] * self.wide + agent + 1)

    @cached_property
    def asked(self) -> Ints:
        """For each buyer's talk (`Log.from_buyer`) the row that it belongs to."""
        at = np.flatnonzero(self.log.from_buyer)
        return self.rows(self.log.session[at], self.log.agent[at])

    @cached_property
    def said(self) -> Ints:
        """For each talk of agent or assistant (`Log.from_agent`) the row that it belongs to."""
        at = np.flatnonzero(self.log.from_agent)
        return self.rows(self.log.session[at], self.log.agent[at])

    @cached_property
    def rounds(self) -> Ints:
        """For each round the row that it belongs to."""
        return self.rows(self.log.session[self.log.opening], self.log.round_agent)

    @cached_property
    def sessions(self) -> tuple[Ints, Ints]:
        """Distinct (row, session) pairs: sessions with a round of the row, own talk, or a buyer's talk that is its."""
        log = self.log
        row = np.concatenate([self.asked, self.said, self.rounds])
        session = np.concatenate([log.session[log.from_buyer], log.session[log.from_agent], log.session[log.opening]])
        wide = max(len(log.sessions), 1)
        pairs = np.unique(row * wide + session)
        return pairs // wide, pairs % wide

    @cached_property
    def consulted(self) -> tuple[Ints, Ints]:
        """Distinct (row, buyer) pairs with buyer's talk, or a round, that is the row's; buyers as `Log.buyer_unit`."""
        log = self.log
        row = np.concatenate([self.asked, self.rounds])
        session = np.concatenate([log.session[log.from_buyer], log.session[log.opening]])
        return self._pairs(row, session)

    @cached_property
    def received(self) -> tuple[Ints, Ints]:
        """Those of `consulted` to whom the row's agent said anything."""
        wide = int(self.log.buyer_unit.max(initial=0)) + 1
        row, unit = self._pairs(self.said, self.log.session[self.log.from_agent])
        both = np.intersect1d(self.consulted[0] * wide + self.consulted[1], row * wide + unit)
        return both // wide, both % wide

    def _pairs(self, row: Ints, session: Ints) -> tuple[Ints, Ints]:
        wide = int(self.log.buyer_unit.max(initial=0)) + 1
        pairs = np.unique(row * wide + self.log.buyer_unit[session])
        return pairs // wide, pairs % wide

"""Messages in groups, a buyer's day or a session each: where one begins, is received, and whether only robots serve it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chataudit.arrays import Flags, Ints, is_in, starts_of
from chataudit.log import Log


@dataclass(frozen=True)
class Groups:
    """``rows`` of messages, group by group and in order, and the number of the group that each is ``of`` (ascending)."""

    log: Log
    rows: Ints
    of: Ints

    @cached_property
    def size(self) -> int:
        """How many group numbers there are."""
        return int(self.of.max(initial=-1)) + 1

    @cached_property
    def starts(self) -> Ints:
        """For each group the row of its first message (-1: it has none)."""
        return np.append(self.rows, -1)[self._first(np.arange(len(self.rows)))]

    @cached_property
    def bots_alone(self) -> Flags:
        """For each group whether only a robot served it: its talk, and no agent, assistant or transfer."""
        bot = self.log.talk & is_in(self.log.messages["sender"], ["bot"])
        return self._any(bot) & ~self._any(self.log.from_agent | self._transfer)

    @cached_property
    def receptions(self) -> Ints:
        """For each group the row of its reception (-1: none)."""
        return np.append(self.rows, -1)[self.received]

    @cached_property
    def received(self) -> Ints:
        """For each group the place in `rows` of its reception (past the end: none).

        It is the first transfer before any talk of agent or assistant, else the buyer's first talk.
        """
        transfer, answer, asked = (
            self._first(np.flatnonzero(mask[self.rows]))
            for mask in (self._transfer, self.log.from_agent, self.log.from_buyer)
        )
        return np.where(transfer < answer, transfer, asked)

    @cached_property
    def _transfer(self) -> Flags:
        return is_in(self.log.messages["kind"], ["transfer"])

    def _first(self, at: Ints) -> Ints:
        """Return for each group the first of some places in `rows` (past the end: none)."""
        found = np.full(self.size, len(self.rows))
        first = at[starts_of(self.of[at])]
        found[self.of[first]] = first
        return found

    def _any(self, mask: Flags) -> Flags:
        found = np.zeros(self.size, dtype=bool)
        found[self.of[np.flatnonzero(mask[self.rows])]] = True
        return found

"""Whose work a log is: the rows of the agents table, their sessions and the buyers they received."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Flags, Ints, as_code, codes_of, group_ids, is_in, places, union
from chataudit.log import Log, days_of, wall_clock
from chataudit.settings import Settings

NOTHING = np.array([], dtype=np.int64)


@dataclass(frozen=True)
class Work:
    """One row per (day, platform, shop, agent) that has talk or rounds; ``place`` numbers (day, platform, shop).

    ``place`` is each session's, ``said_place`` that of each talk of an agent (the session's, or the day of the reply
    by the setting ``received_on``); ``keys`` are the rows as ``place * wide + agent + 1``, sorted; ``day`` and ``at``
    give each place its day and a session of its platform and shop; ``handed`` are (session, agent) pairs that count for
    the receiver of a transfer; ``not_received`` marks talk that makes no reception (filters).
    """

    log: Log
    place: Ints
    said_place: Ints
    day: pd.Series
    at: Ints
    wide: int
    keys: Ints
    handed: tuple[Ints, Ints]
    not_received: Flags

    @classmethod
    def of(cls, log: Log, settings: Settings | None = None, not_received: Flags | None = None) -> Work:
        """Return the work of a log."""
        settings = settings or Settings()
        said = log.agent_rows
        day, said_day, names = _days(log, said, settings)
        shop, _ = group_ids(codes_of(log.sessions["platform"]), codes_of(log.sessions["shop"]))
        every, first = group_ids(np.concatenate([day, said_day]), np.concatenate([shop, shop[log.session[said]]]))
        place, said_place = every[: len(day)], every[len(day) :]
        at = np.concatenate([np.arange(len(day)), log.session[said]])[first]
        wide = len(log.agent_names) + 1
        handed = _handed(log) if settings.transfer_counts == "receiver" else (NOTHING, NOTHING)
        asked = log.buyer_rows
        keys = union(
            *(
                place[session] * wide + agent + 1
                for session, agent in (
                    (log.session[said], log.agent[said]),
                    (log.session[asked], log.agent[asked]),
                    (log.session[log.opening], log.round_agent),
                    handed,
                )
            ),
            said_place * wide + log.agent[said] + 1,
        )
        days = names.take(np.concatenate([day, said_day])[first]).reset_index(drop=True)
        none = np.zeros(len(log.messages), dtype=bool) if not_received is None else not_received
        return cls(log, place, said_place, days, at, wide, keys, handed, none)

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
        return places(self.keys, self.place[session] * self.wide + agent + 1)

    @cached_property
    def asked(self) -> Ints:
        """For each buyer's talk (`Log.from_buyer`) the row that it belongs to."""
        at = self.log.buyer_rows
        return self.rows(self.log.session[at], self.log.agent[at])

    @cached_property
    def said(self) -> Ints:
        """For each talk of agent or assistant (`Log.from_agent`) the row that it belongs to."""
        at = self.log.agent_rows
        return self.rows(self.log.session[at], self.log.agent[at])

    @cached_property
    def rounds(self) -> Ints:
        """For each round the row that it belongs to."""
        return self.rows(self.log.session[self.log.opening], self.log.round_agent)

    @property
    def day_of_row(self) -> pd.Series:
        """Return each row's day (null without times)."""
        return self.day.take(self.keys // self.wide).reset_index(drop=True)

    @cached_property
    def sessions(self) -> tuple[Ints, Ints]:
        """Distinct (row, session) pairs: sessions with a round of the row, own talk, or a buyer's talk that is its."""
        log = self.log
        wide = max(len(log.sessions), 1)
        pairs = union(
            self.asked * wide + log.session[log.buyer_rows],
            self.said * wide + log.session[log.agent_rows],
            self.rounds * wide + log.session[log.opening],
            self.rows(*self.handed) * wide + self.handed[0],
        )
        return pairs // wide, pairs % wide

    @cached_property
    def consulted(self) -> tuple[Ints, Ints]:
        """Distinct (row, buyer) pairs with buyer's talk, or a round, that is the row's; buyers as `Log.buyer_unit`."""
        log = self.log
        return self._pairs(
            (self.asked, log.session[log.buyer_rows]),
            (self.rounds, log.session[log.opening]),
            (self.rows(*self.handed), self.handed[0]),
        )

    @cached_property
    def received(self) -> tuple[Ints, Ints]:
        """Those of `consulted` to whom the row's agent said anything that no filter takes out.

        With ``received_on: reply`` a buyer who asked earlier counts on the day of the reply.
        """
        log = self.log
        wide = int(log.buyer_unit.max(initial=0)) + 1
        said = log.agent_rows
        counts = ~self.not_received[said]
        rows = places(self.keys, self.said_place * self.wide + log.agent[said] + 1)
        row, unit = self._pairs((rows[counts], log.session[said[counts]]))
        pairs, asked = row * wide + unit, self.consulted[0] * wide + self.consulted[1]
        later = np.isin(pairs, self._replied_later(wide)) if len(pairs) else np.array([], dtype=bool)
        both = pairs[np.isin(pairs, asked) | later]
        return both // wide, both % wide

    def _replied_later(self, wide: int) -> Ints:
        """Return (row, buyer) pairs of replies on another day than their session's."""
        log = self.log
        said = log.agent_rows
        other = self.said_place != self.place[log.session[said]]
        rows = places(self.keys, self.said_place[other] * self.wide + log.agent[said[other]] + 1)
        return rows * wide + log.buyer_unit[log.session[said[other]]]

    def _pairs(self, *counted: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
        """Return the distinct (row, buyer) pairs, sorted, of (row, session) pairs."""
        wide = int(self.log.buyer_unit.max(initial=0)) + 1
        pairs = union(*(row * wide + self.log.buyer_unit[session] for row, session in counted))
        return pairs // wide, pairs % wide


def _days(log: Log, said: Ints, settings: Settings) -> tuple[Ints, Ints, pd.Series]:
    """Return the day's number of each session and of each talk of an agent, and the names of the days."""
    names = log.sessions["day"]
    if settings.received_on == "reply":
        own = days_of(wall_clock(log.messages["sent_at"].iloc[said].reset_index(drop=True)), settings.cut_hour)
        both = as_code(pd.concat([names, own], ignore_index=True))
        codes = codes_of(both)
        day, said_day = codes[: len(names)], codes[len(names) :]
    else:
        both = as_code(names)
        day = codes_of(both)
        said_day = day[log.session[said]]
    words = pd.Series([*both.cat.categories, None], dtype=TEXT)
    return np.where(day < 0, len(words) - 1, day), np.where(said_day < 0, len(words) - 1, said_day), words


def _handed(log: Log) -> tuple[Ints, Ints]:
    """Return (session, agent) of the receivers that transfers name."""
    rows = np.flatnonzero(is_in(log.messages["kind"], ["transfer"]) & (log.agent >= 0))
    return log.session[rows], log.agent[rows]

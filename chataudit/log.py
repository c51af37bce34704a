"""A log that has been split: messages in session order, their sessions and rounds, and the positions that join them.

Positions are row numbers, so that every later stage can go from a figure to its messages without searching.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Flags, Ints, codes_of, group_ids, is_in, starts_of
from chataudit.settings import read_hours
from chataudit.tables import TALK_KINDS

DAY = 86_400_000
NO_TIME = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Log:
    """Messages (rows of one session stand together, in order), sessions, rounds.

    ``session``: for each message the row of its session; ``opening`` / ``reply``: for each round the rows of the
    message that opened it and of the reply (-1: pending); ``closing``: messages that are closing lines.
    """

    messages: pd.DataFrame
    sessions: pd.DataFrame
    rounds: pd.DataFrame
    session: Ints
    opening: Ints
    reply: Ints
    closing: Flags

    @cached_property
    def talk(self) -> Flags:
        """Where a message is talk."""
        return is_in(self.messages["kind"], TALK_KINDS)

    @cached_property
    def from_buyer(self) -> Flags:
        """Where a message is a buyer's talk."""
        return self.talk & is_in(self.messages["sender"], ["buyer"])

    @cached_property
    def from_agent(self) -> Flags:
        """Where a message is talk of an agent or of the assistant in its name."""
        return self.talk & is_in(self.messages["sender"], ["agent", "assist"])

    @cached_property
    def buyer_rows(self) -> Ints:
        """The rows of `from_buyer`; to take by them is much faster than by flags that are so mixed."""
        return np.flatnonzero(self.from_buyer)

    @cached_property
    def agent_rows(self) -> Ints:
        """The rows of `from_agent`."""
        return np.flatnonzero(self.from_agent)

    @cached_property
    def agent(self) -> Ints:
        """For each message the code of its agent in `agent_names` (-1: none)."""
        return codes_of(self.messages["agent"])

    @property
    def agent_names(self) -> list[str]:
        """Return the accounts that `agent` counts in."""
        return [str(name) for name in self.messages["agent"].cat.categories]

    @cached_property
    def round_agent(self) -> Ints:
        """For each round the code of its agent: who replied, or to whom the pending opening belongs."""
        return np.where(self.reply >= 0, self.agent[self.reply], self.agent[self.opening])

    @cached_property
    def instant(self) -> Ints:
        """For each message milliseconds since 1970 (`NO_TIME` where the export has none)."""
        return instants(self.messages["sent_at"])

    @cached_property
    def first(self) -> Ints:
        """For each session the row of its first message."""
        return starts_of(self.session)

    @cached_property
    def end(self) -> Ints:
        """For each session the row after its last message."""
        return np.append(self.first[1:], len(self.session)).astype(np.int64)

    @cached_property
    def first_agent(self) -> Ints:
        """For each session the code of the first agent to talk in it (-1: none, or unnamed)."""
        return self._speaker(slice(None, None, -1))

    @cached_property
    def last_agent(self) -> Ints:
        """For each session the code of the last agent to talk in it (-1: none, or unnamed)."""
        return self._speaker(slice(None))

    def _speaker(self, way: slice) -> Ints:
        rows = self.agent_rows[way]
        agent = np.full(len(self.sessions), -1)
        agent[self.session[rows]] = self.agent[rows]
        return agent

    @cached_property
    def buyer_unit(self) -> Ints:
        """For each session a number of its buyer; a masked buyer is one only together with its session."""
        keys = [codes_of(self.sessions[name]) for name in ("platform", "shop", "buyer")]
        masked = self.messages["masked"].to_numpy()[self.first]
        place = np.where(masked, np.arange(len(self.sessions)) + 1, 0)
        return group_ids(*keys, place)[0]


def session_agents(log: Log) -> Ints:
    """Return for each message one number of its session and agent (sorted like them, with gaps)."""
    return log.session * (len(log.agent_names) + 1) + log.agent + 1


def instants(times: pd.Series) -> Ints:
    """Return instants as milliseconds since 1970, `NO_TIME` where null."""
    return times.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[ms]").astype(np.int64)


def wall_clock(times: pd.Series) -> Ints:
    """Return local wall-clock milliseconds since 1970-01-01 00:00 local, `NO_TIME` where null."""
    return times.dt.tz_localize(None).to_numpy("datetime64[ms]").astype(np.int64)


def days_since(wall: Ints, cut_hour: float) -> Ints:
    """Return the local day of wall-clock milliseconds, shifted by the cut hour, as days since 1970-01-01."""
    return np.where(wall == NO_TIME, 0, (wall - round(cut_hour * 3_600_000)) // DAY)


def in_hours(wall: Ints, hours: str) -> Flags:
    """Return where wall-clock milliseconds lie in the windows (upper end out); true where there is no time."""
    windows = read_hours(hours)
    if windows is None:
        return np.ones(len(wall), dtype=bool)
    within = wall % DAY
    inside = wall == NO_TIME
    for start, end in windows:
        inside |= (within >= start * 60_000) & (within < end * 60_000)
    return inside


def days_of(wall: Ints, cut_hour: float) -> pd.Series:
    """Return the local day (``YYYY-MM-DD``) of wall-clock milliseconds, shifted by the cut hour; null without a time."""
    return day_names(days_since(wall, cut_hour)).where(pd.Series(wall != NO_TIME))


def day_names(days: Ints) -> pd.Series:
    """Return days since 1970-01-01 as ``YYYY-MM-DD``."""
    unique, place = np.unique(days, return_inverse=True)
    names = np.datetime_as_string(unique.astype("datetime64[D]")) if len(unique) else np.array([], dtype=str)
    return pd.Series(pd.array(names, dtype=TEXT)).take(place).reset_index(drop=True)

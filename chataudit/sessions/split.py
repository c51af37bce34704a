"""Which messages make a session: the export's own id, else gaps between neighbours, with room for a late reply."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from chataudit.arrays import (
    TEXT,
    Flags,
    Ints,
    as_code,
    codes_of,
    group_ids,
    is_in,
    last_seen,
    next_seen,
    packed,
    stable_order,
)
from chataudit.log import NO_TIME, instants
from chataudit.settings import Settings
from chataudit.tables import TALK_KINDS

KEY = ("platform", "shop", "buyer")


def sessions_of(messages: pd.DataFrame, closing: Flags, settings: Settings) -> tuple[Ints, Ints]:
    """Return the order of messages by session and, in this order, the numbers of their sessions.

    The messages of a session stand by time, then place in the inputs, those without a time last; sessions by key (of
    `KEY`), then by their first message.
    """
    told = _Told.of(messages, closing)
    order = told.order()
    session = _numbers(told.take(order), settings)
    within = np.argsort(session, kind="stable")
    return order[within], session[within]


@dataclass(frozen=True)
class _Told:
    """What tells sessions, of each message: its key, its time, the session's name, its file, who asks, who replies.

    ``passed`` are messages that neither open a session nor keep it open.
    """

    key: Ints
    time: Ints
    named: Ints
    file: Ints
    asks: Flags
    replies: Flags
    passed: Flags

    @classmethod
    def of(cls, messages: pd.DataFrame, closing: Flags) -> _Told:
        talk, sender = is_in(messages["kind"], TALK_KINDS), messages["sender"]
        return cls(
            packed(*(codes_of(messages[name]) for name in KEY)),
            instants(messages["sent_at"]),
            codes_of(messages["session_id"]),
            messages["source"].to_numpy(),
            talk & is_in(sender, ["buyer"]) & ~closing,
            talk & is_in(sender, ["agent", "assist"]),
            is_in(sender, ["system", "auto"]),
        )

    def take(self, at: Ints) -> _Told:
        return _Told(*(getattr(self, column.name)[at] for column in fields(self)))

    def order(self) -> Ints:
        """Return the order by key, then time, then place in the inputs; messages without a time come last."""
        by_time = np.argsort(np.where(self.time == NO_TIME, np.iinfo(np.int64).max, self.time), kind="stable")
        return by_time[stable_order(self.key[by_time])]


def _numbers(told: _Told, settings: Settings) -> Ints:
    """Return for each message (in order) a number of its session; numbers grow with the first message."""
    open_, timed = told.named < 0, told.time != NO_TIME
    file = np.where(open_ & ~timed, told.file, -1)
    group, first = group_ids(told.key, told.named, _by_gaps(told, open_ & timed, settings), file)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[group]


def _by_gaps(told: _Told, open_: Flags, settings: Settings) -> Ints:
    """Return for ``open_`` messages numbers that grow where one opens a session, -1 for others.

    Those passed over go with their neighbours.
    """
    number = np.full(len(told.key), -1)
    known = open_ & ~told.passed
    near, far = np.flatnonzero(known), np.flatnonzero(open_ & told.passed)
    if not len(near):
        return number
    key, time = told.key[near], told.time[near]
    wait = np.diff(time, prepend=time[0])
    first = np.append(True, key[1:] != key[:-1])
    asked_before = np.append(False, told.asks[near][:-1])
    late = told.replies[near] & asked_before & (wait < settings.late_reply * 1000)
    number[near] = np.cumsum(first | ((wait >= settings.session_gap * 1000) & ~late))
    before, after = (find(known, told.key, far) for find in (last_seen, next_seen))
    number[far] = np.append(number, -1)[np.where(before >= 0, before, after)]
    return number


def session_ids(messages: pd.DataFrame, first: Ints) -> pd.Series:
    """Return the sessions' ids: the export's (told apart where several buyers share one), else by the first message."""
    own = messages["session_id"].iloc[first].astype(TEXT).reset_index(drop=True)
    made = messages["message_id"].iloc[first].astype(TEXT).reset_index(drop=True)
    ids = own.where(own.notna(), "s" + made)
    twice = ids.duplicated(keep=False)
    ids[twice] += "~" + made[twice].str.slice(0, 8)
    return as_code(ids)

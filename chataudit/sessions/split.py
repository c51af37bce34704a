"""Which messages make a session: the export's own id, else gaps between neighbours, with room for a late reply."""

from __future__ import annotations

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
READ = [*KEY, "session_id", "sent_at", "kind", "sender", "source"]


def sessions_of(messages: pd.DataFrame, closing: Flags, settings: Settings) -> tuple[Ints, Ints]:
    """Return the order of messages by session, then as `order_of`, and the numbers of their sessions in this order."""
    order = order_of(messages)
    session = session_numbers(messages[READ].iloc[order], closing[order], settings)
    within = np.argsort(session, kind="stable")
    return order[within], session[within]


def order_of(messages: pd.DataFrame) -> Ints:
    """Return the order by key, then time, then place in the inputs; messages without a time come last."""
    time = instants(messages["sent_at"])
    by_time = np.argsort(np.where(time == NO_TIME, np.iinfo(np.int64).max, time), kind="stable")
    return by_time[stable_order(key_of(messages)[by_time])]


def key_of(messages: pd.DataFrame) -> Ints:
    """Return for each message one number of its key, sorted like it."""
    return packed(*(codes_of(messages[name]) for name in KEY))


def session_numbers(messages: pd.DataFrame, closing: Flags, settings: Settings) -> Ints:
    """Return for each message (ordered by `order_of`) a number of its session; numbers grow with the first message."""
    key = key_of(messages)
    named = codes_of(messages["session_id"])
    time = instants(messages["sent_at"])
    gap = np.full(len(messages), -1)
    open_ = np.flatnonzero((named < 0) & (time != NO_TIME))
    if len(open_):
        gap[open_] = _by_gaps(messages.iloc[open_], key[open_], time[open_], closing[open_], settings)
    timeless = (named < 0) & (time == NO_TIME)
    file = np.where(timeless, messages["source"].to_numpy(), -1)
    group, first = group_ids(key, named, gap, file)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[group]


def _by_gaps(messages: pd.DataFrame, key: Ints, time: Ints, closing: Flags, settings: Settings) -> Ints:
    passed = is_in(messages["sender"], ["system", "auto"])
    talk = is_in(messages["kind"], TALK_KINDS)
    reply = talk & is_in(messages["sender"], ["agent", "assist"])
    asked = talk & is_in(messages["sender"], ["buyer"]) & ~closing
    near = np.flatnonzero(~passed)
    number = np.full(len(key), -1)
    if len(near):
        wait = np.diff(time[near], prepend=time[near[0]])
        first = np.append(True, key[near][1:] != key[near][:-1])
        asked_before = np.append(False, asked[near][:-1])
        late = reply[near] & asked_before & (wait < settings.late_reply * 1000)
        number[near] = np.cumsum(first | ((wait >= settings.session_gap * 1000) & ~late))
    known = number >= 0
    before = last_seen(number, known, key)
    return np.where(before >= 0, before, next_seen(number, known, key))


def session_ids(messages: pd.DataFrame, first: Ints) -> pd.Series:
    """Return the sessions' ids: the export's (told apart where several buyers share one), else by the first message."""
    own = messages["session_id"].iloc[first].astype(TEXT).reset_index(drop=True)
    made = messages["message_id"].iloc[first].astype(TEXT).reset_index(drop=True)
    ids = own.where(own.notna(), "s" + made)
    twice = ids.duplicated(keep=False)
    return as_code(ids.where(~twice, ids + "~" + made.str.slice(0, 8)))

"""To which agent each message belongs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from chataudit.arrays import Flags, Ints, arrow, codes_of, is_in, last_seen, next_seen, sorted_code
from chataudit.tables import TALK_KINDS


def credit(messages: pd.DataFrame, session: Ints) -> pd.Series:
    """Return the completed ``agent`` column of messages in session order.

    Own account on messages of agent, assist and auto; the receiver on a transfer; on a buyer's message whom the export
    names, else the next agent or assistant to talk in the session, else the last before, else the receiver of the
    session's last transfer; null on other system and bot rows.
    """
    named = codes_of(messages["agent"])
    talk = is_in(messages["kind"], TALK_KINDS)
    transfer = is_in(messages["kind"], ["transfer"])
    buyer = is_in(messages["sender"], ["buyer"]) & ~transfer
    seller = is_in(messages["sender"], ["agent", "assist", "auto"]) | transfer
    speaks = talk & is_in(messages["sender"], ["agent", "assist"]) & (named >= 0)
    result = np.where(seller | buyer, named, -1)
    open_ = np.flatnonzero(buyer & (named < 0))
    for find in (next_seen, last_seen):
        found = find(speaks, session, open_)
        result[open_] = np.where(found >= 0, named[found], -1)
        open_ = open_[found < 0]
    result[open_] = _last_receivers(named, transfer & (named >= 0), session)[session[open_]]
    return sorted_code(arrow(messages["agent"].cat.categories.to_series()), result)


def _last_receivers(named: Ints, known: Flags, session: Ints) -> Ints:
    """Return for each session the receiver of its last transfer that names one (-1: none does)."""
    last = np.full(int(session.max(initial=-1)) + 1, -1)
    rows = np.flatnonzero(known)
    last[session[rows]] = named[rows]
    return last

"""To which agent each message belongs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from chataudit.arrays import Ints, codes_of, is_in, last_seen, next_seen
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
    for found in (
        next_seen(named, speaks, session),
        last_seen(named, speaks, session),
        _last_receiver(named, transfer & (named >= 0), session),
    ):
        result = np.where(buyer & (result < 0), found, result)
    return pd.Series(pd.Categorical.from_codes(result, messages["agent"].cat.categories)).cat.remove_unused_categories()


def _last_receiver(named: Ints, known: np.ndarray, session: Ints) -> Ints:
    """Return for each row the receiver of its session's last transfer that names one."""
    last = np.full(int(session.max(initial=-1)) + 1, -1)
    rows = np.flatnonzero(known)
    last[session[rows]] = named[rows]
    return last[session] if len(last) else named

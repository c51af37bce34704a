"""Which chat an order belongs to: by its buyer, by a card or number that names it, by a masked name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, arrow, codes_of, is_in
from chataudit.log import NO_TIME, Log, instants

NEAR_BEFORE_MS, NEAR_AFTER_MS = 15 * 86_400_000, 86_400_000
UNKNOWN = {"platform": "plain", "shop": ""}
JOINS = ("buyer", "order_card", "order_number", "masked")


@dataclass(frozen=True)
class Links:
    """For each order the number of its join in `JOINS` (-1: no chat), and pairs (order, buyer unit) of the chats.

    Units are `Log.buyer_unit`: all sessions of a buyer known by name, one session of a masked buyer.
    """

    join: Ints
    order: Ints
    unit: Ints


def link(orders: pd.DataFrame, log: Log) -> Links:
    """Return the chats of orders, each by the first way that finds any.

    What is not known on either side tells nothing apart: an order without platform or shop fits all chats, and a chat
    whose export names no platform (``plain``) or shop fits all orders.
    """
    masked = log.messages["masked"].to_numpy()[log.first]
    names = _Names(log, masked)
    join, pairs = np.full(len(orders), -1), []
    for way, found in enumerate(
        (
            names.by_buyer(orders),
            names.by_ref(orders, cards=True),
            names.by_ref(orders, cards=False),
            names.by_mask(orders),
        )
    ):
        order, session = found
        keep = _same_place(orders, order, log, session) & np.isin(join[order], (-1, way))
        if JOINS[way] == "masked":
            keep &= _near(orders, order, log, session)
        order, session = order[keep], session[keep]
        join[order] = way
        pairs.append(np.stack([order, log.buyer_unit[session]], axis=1))
    both = np.unique(np.concatenate(pairs), axis=0)
    return Links(join, both[:, 0], both[:, 1])


def _same_place(orders: pd.DataFrame, order: Ints, log: Log, session: Ints) -> Flags:
    same = np.ones(len(order), dtype=bool)
    for name, unknown in UNKNOWN.items():
        theirs = orders[name].astype(object).to_numpy()[order]
        ours = log.sessions[name].astype(object).to_numpy()[session]
        same &= pd.isna(theirs) | (theirs == ours) | (ours == unknown)
    return same


def _near(orders: pd.DataFrame, order: Ints, log: Log, session: Ints) -> Flags:
    """Return where a session starts from 15 days before the order to a day after it: a masked name alone says little."""
    ordered, paid = instants(orders["ordered_at"])[order], instants(orders["paid_at"])[order]
    start = instants(log.sessions["started_at"])[session]
    first, last = np.where(ordered == NO_TIME, paid, ordered), np.maximum(ordered, paid)
    return (start != NO_TIME) & (start >= first - NEAR_BEFORE_MS) & (start <= last + NEAR_AFTER_MS)


class _Names:
    """Sessions by the names that orders may know them by."""

    def __init__(self, log: Log, masked: Flags) -> None:
        self.log, self.masked = log, masked
        self.buyer = codes_of(log.sessions["buyer"])
        self.words = [str(word) for word in log.sessions["buyer"].cat.categories]

    def by_buyer(self, orders: pd.DataFrame) -> tuple[Ints, Ints]:
        place = {word: number for number, word in enumerate(self.words)}
        wanted = np.array(
            [place.get(name, -1) if isinstance(name, str) else -1 for name in orders["buyer"]], dtype=np.int64
        )
        return _matched(wanted, np.where(self.masked, -2, self.buyer))

    def by_mask(self, orders: pd.DataFrame) -> tuple[Ints, Ints]:
        """Match names by what the mask leaves visible at both ends."""
        names = sorted({name for name in orders["buyer"] if isinstance(name, str)})
        used = np.unique(self.buyer[self.masked])
        fits = [
            (number, code)
            for code in used.tolist()
            for number, name in enumerate(names)
            if _fits(self.words[code], name)
        ]
        place = {name: number for number, name in enumerate(names)}
        mine = np.array(
            [place.get(name, -1) if isinstance(name, str) else -1 for name in orders["buyer"]], dtype=np.int64
        )
        parts = [
            _matched(np.where(mine == number, code, -1), np.where(self.masked, self.buyer, -2)) for number, code in fits
        ]
        if not parts:
            nothing = np.array([], dtype=np.int64)
            return nothing, nothing
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    def by_ref(self, orders: pd.DataFrame, *, cards: bool) -> tuple[Ints, Ints]:
        """Match order numbers that stand in a card, or in any other message."""
        refs = self.log.messages["refs"]
        rows = np.flatnonzero(refs.notna().to_numpy() & (is_in(self.log.messages["kind"], ["card"]) == cards))
        if not len(rows):
            return rows, rows
        parts = pc.split_pattern(arrow(refs.iloc[rows]), "|")
        owner = pc.list_parent_indices(parts).to_numpy()
        place = {str(number): at for at, number in enumerate(orders["order_id"])}
        known = pa.array(list(place), pa.large_string())
        at = pc.index_in(parts.flatten().cast(pa.large_string()), known).fill_null(-1).to_numpy(zero_copy_only=False)
        keep = at >= 0
        return at[keep].astype(np.int64), self.log.session[rows[owner[keep]]]


def _matched(wanted: Ints, have: Ints) -> tuple[Ints, Ints]:
    """Return pairs of positions (in ``wanted``, in ``have``) with the same number of 0 or more."""
    order = np.argsort(have, kind="stable")
    low, high = np.searchsorted(have[order], wanted), np.searchsorted(have[order], wanted, side="right")
    high = np.where(wanted >= 0, high, low)
    sizes = high - low
    owner = np.repeat(np.arange(len(wanted)), sizes)
    inner = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return owner, order[low[owner] + inner] if len(owner) else owner


def _fits(masked: str, name: str) -> bool:
    """Return whether a name begins and ends as the masked one does.

    >>> _fits("j****db", "jd_6aexample5db")
    True
    """
    if name == masked:
        return True
    head, tail = masked.split("*")[0], masked.split("*")[-1]
    return bool(head + tail) and name.startswith(head) and name.endswith(tail) and len(name) >= len(head) + len(tail)

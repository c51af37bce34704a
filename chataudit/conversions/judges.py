"""Whose an order is, by each judging rule: the owner's talk, and all talk that the rule could credit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.arrays import Flags, Ints, is_in, ranges
from chataudit.conversions.links import Links
from chataudit.log import NO_TIME, Log, days_since, instants, wall_clock
from chataudit.settings import Settings

JUDGES = ("order", "payment", "order_first", "jd", "pdd")
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
CANCEL_DAYS = 15
PDD_DAYS = 3


@dataclass(frozen=True)
class Pairs:
    """Talk beside the orders it may be credited with, by order, then time: ``order`` and message ``row`` of each pair."""

    order: Ints
    row: Ints


@dataclass(frozen=True)
class Verdicts:
    """One rule's verdicts: for each order the pair that owns it (-1: silent), and which pairs it could credit."""

    owner: Ints
    credible: Flags


def pairs_of(log: Log, links: Links) -> Pairs:
    """Return all talk with a time of the chats that orders are linked to, in the order of the chat."""
    talk = log.talk & (log.instant != NO_TIME) & is_in(log.messages["sender"], ["buyer", "agent", "assist", "auto"])
    rows = np.flatnonzero(talk)
    unit = log.buyer_unit[log.session[rows]]
    by_unit = np.argsort(unit, kind="stable")
    low = np.searchsorted(unit[by_unit], links.unit)
    high = np.searchsorted(unit[by_unit], links.unit, side="right")
    owner, at = ranges(low, high)
    order, row = links.order[owner], rows[by_unit[at]] if len(at) else at
    place = np.lexsort((log.messages["position"].to_numpy()[row], log.instant[row], order))
    return Pairs(order[place], row[place])


class Court:
    """The judging rules on one log's orders."""

    def __init__(self, log: Log, orders: pd.DataFrame, pairs: Pairs, settings: Settings) -> None:
        self.log, self.orders, self.pairs, self.settings = log, orders, pairs, settings
        self.ordered, self.paid = instants(orders["ordered_at"]), instants(orders["paid_at"])
        self.time = log.instant[pairs.row]
        named = log.agent[pairs.row] >= 0
        self.person = named & log.from_agent[pairs.row]
        self.seller = named & is_in(log.messages["sender"], ["agent", "assist", "auto"])[pairs.row]

    def judge(self, name: str) -> Verdicts:
        """Return one rule's verdicts (`JUDGES`)."""
        order, payment = self._window(self.ordered) & self.person, self._window(self.paid) & self.person
        if name == "order":
            return Verdicts(self._last(order), order)
        if name == "payment":
            return Verdicts(self._last(payment), payment)
        if name == "order_first":
            return Verdicts(_or(self._last(order), self._last(payment)), order | payment)
        return self._jd() if name == "jd" else self._pdd()

    def _window(self, instant: Ints, hours: float | None = None) -> Flags:
        """Return the pairs whose talk lies in the days of credit (or so many hours) before an instant."""
        at = instant[self.pairs.order]
        since = at - (self.settings.credit_days * DAY_MS if hours is None else round(hours * HOUR_MS))
        return (at != NO_TIME) & (self.time >= since) & (self.time < at)

    def _last(self, mask: Flags) -> Ints:
        """Return for each order the last pair of ``mask`` (-1: none)."""
        last = np.full(len(self.orders), -1)
        at = np.flatnonzero(mask)
        last[self.pairs.order[at]] = at
        return last

    def _jd(self) -> Verdicts:
        """Credit who served the ordered item where the buyer asked about it, else the last; cancelled in time: nobody."""
        window = self._window(self.ordered, self.settings.jd_window_hours)
        credible, about = window & self.person, window & self._names_item()
        asked = np.zeros(len(self.orders), dtype=bool)
        asked[self.pairs.order[about & self.log.from_buyer[self.pairs.row]]] = True
        spoken = (self.log.from_buyer | self.log.from_agent)[self.pairs.row] & (self.log.agent[self.pairs.row] >= 0)
        served = np.where(asked, self._last(about & spoken), -1)
        closed = instants(self.orders["closed_at"])
        cancelled = (closed != NO_TIME) & (closed - self.ordered <= CANCEL_DAYS * DAY_MS)
        owner = np.where(cancelled, -1, _or(served, self._last(credible)))
        return Verdicts(owner, credible & ~cancelled[self.pairs.order])

    def _names_item(self) -> Flags:
        """Return the pairs whose message names an item of the order."""
        refs = self.log.messages["refs"].astype(object).to_numpy()
        items = self.orders["item_ids"].astype(object).to_numpy()
        found = np.zeros(len(self.pairs.row), dtype=bool)
        known = ~pd.isna(refs[self.pairs.row]) & ~pd.isna(items[self.pairs.order])
        for at in np.flatnonzero(known).tolist():
            named = set(refs[self.pairs.row[at]].split("|"))
            found[at] = bool(named & (set(items[self.pairs.order[at]].split("|")) - {""}))
        return found

    def _pdd(self) -> Verdicts:
        """Credit the last before the order, else before payment, in the three days that end with it; automatic too."""
        cut = self.settings.cut_hour
        paid_day = days_since(wall_clock(self.orders["paid_at"]), cut)[self.pairs.order]
        day = days_since(wall_clock(self.log.messages["sent_at"]), cut)[self.pairs.row]
        paid = self.paid[self.pairs.order]
        talk = self.seller & (paid != NO_TIME) & (self.time < paid) & (day >= paid_day - (PDD_DAYS - 1))
        before = talk & (self.time < self.ordered[self.pairs.order])
        return Verdicts(_or(self._last(before), self._last(talk)), talk)


def _or(first: Ints, second: Ints) -> Ints:
    return np.where(first >= 0, first, second)

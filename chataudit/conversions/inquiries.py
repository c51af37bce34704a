"""The order columns of the agents table: who asked before buying, who bought, and for how much."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from chataudit.arrays import Flags, Ints, ranges
from chataudit.conversions.links import JOINS, Links
from chataudit.log import NO_TIME, Log, days_since, instants, wall_clock
from chataudit.settings import Settings
from chataudit.work import Work

DAY_MS = 86_400_000
CENT = Decimal("0.000001")


def order_columns(
    work: Work, orders: pd.DataFrame, links: Links, owned: pd.DataFrame, settings: Settings
) -> dict[str, Any]:
    """Return the order columns for each row of the work, and the counts of orders that cards read; null without a day.

    ``owned``: paid orders credited to an agent: order number, session, agent code.
    """
    asks = Enquiries(work.log, orders, links, settings)
    row, unit = work.received
    counts = {name: _buyers(work, row, unit, mask) for name, mask in asks.by_metric().items()}
    undated = work.day_of_row.isna().to_numpy()
    columns: dict[str, Any] = {name: pd.Series(count, dtype="Int64").mask(undated) for name, count in counts.items()}
    share = np.where(counts["inquiry_n"] > 0, counts["paid_n"] / np.maximum(counts["inquiry_n"], 1), np.nan)
    columns["conversion_share"] = np.where(undated, np.nan, share)
    return {**columns, **_counts(work, orders, owned, undated), **_money(work, orders, links, owned, undated)}


class Enquiries:
    """For each session whether it is an enquiry (nothing paid shortly before), and whether an order followed in time.

    The window (setting ``conversion_window``): ``same_day``, ``next_day`` (the contract's), ``three_days`` (with the
    session's), ``24h`` from the session's start by the order's time alone (JD), or ``final``: ordered by the next day
    and paid at most ``payment_delay_days`` after that. With ``inquiry_rule: unless_new_order`` a buyer in after-sales
    time is an enquiry again where a new paid order followed in time (PDD).
    """

    def __init__(self, log: Log, orders: pd.DataFrame, links: Links, settings: Settings) -> None:
        self.size, self.settings = len(log.sessions), settings
        by_unit = np.argsort(links.unit, kind="stable")
        low = np.searchsorted(links.unit[by_unit], log.buyer_unit)
        high = np.searchsorted(links.unit[by_unit], log.buyer_unit, side="right")
        self.session, at = ranges(low, high)
        self._order = links.order[by_unit[at]] if len(at) else at
        self._start = instants(log.sessions["started_at"])[self.session]
        self._day = days_since(wall_clock(log.sessions["started_at"]), settings.cut_hour)[self.session]
        ordered, paid = self._placed(orders["ordered_at"]), self._placed(orders["paid_at"])
        window = settings.conversion_window
        by_order = self._in_window(*ordered, "next_day" if window == "final" else window)
        by_payment = by_order if window == "24h" else self._in_window(*paid, window)
        if window == "final":
            late = paid[0] > ordered[0] + settings.payment_delay_days * DAY_MS
            by_payment = by_order & (paid[0] != NO_TIME) & (paid[0] >= self._start) & ~late
        recent = (
            (paid[0] != NO_TIME)
            & (paid[0] >= self._start - settings.after_sales_days * DAY_MS)
            & (paid[0] < self._start)
        )
        self.ordered, self.paid = self._any(by_order), self._any(by_payment)
        self.inquiry = ~self._any(recent)
        if settings.inquiry_rule == "unless_new_order":
            self.inquiry |= self.paid

    def by_metric(self) -> dict[str, Flags]:
        """Return for each count of the agents table the sessions that make a buyer count."""
        return {"inquiry_n": self.inquiry, "ordered_n": self.inquiry & self.ordered, "paid_n": self.inquiry & self.paid}

    def _placed(self, times: pd.Series) -> tuple[Ints, Ints]:
        """Return instant and local day of an order's time beside each session."""
        return instants(times)[self._order], days_since(wall_clock(times), self.settings.cut_hour)[self._order]

    def _any(self, mask: Flags) -> Flags:
        return np.bincount(self.session[mask], minlength=self.size) > 0

    def _in_window(self, instant: Ints, day: Ints, window: str) -> Flags:
        """Return where an instant lies from the session's start to the window's end."""
        known = (instant != NO_TIME) & (instant >= self._start)
        if window == "24h":
            return known & (instant <= self._start + DAY_MS)
        return known & (day <= self._day + {"same_day": 0, "next_day": 1, "three_days": 2}.get(window, 1))


def _buyers(work: Work, row: Ints, unit: Ints, mask: Flags) -> Ints:
    """Count for each row the received buyers with a session of the row that ``mask`` holds of."""
    wide = int(work.log.buyer_unit.max(initial=0)) + 1
    of, session = work.sessions
    keep = mask[session]
    wanted = np.unique(of[keep] * wide + work.log.buyer_unit[session[keep]])
    return np.bincount(np.intersect1d(row * wide + unit, wanted) // wide, minlength=work.size)


def _counts(work: Work, orders: pd.DataFrame, owned: pd.DataFrame, undated: Flags) -> dict[str, Any]:
    """Count paid orders, and those with money returned, by the row of the session that is credited (for cards)."""
    rows = work.rows(owned["session"].to_numpy(), owned["agent"].to_numpy())
    returned = np.array([isinstance(one, Decimal) and one > 0 for one in orders["refund"]], dtype=bool)
    of_order = owned["order"].to_numpy(dtype=np.int64)
    counts = {
        "order_n": np.bincount(rows, minlength=work.size),
        "returned_order_n": np.bincount(rows[returned[of_order]], minlength=work.size),
    }
    return {name: pd.Series(count, dtype="Int64").mask(undated) for name, count in counts.items()}


def _money(work: Work, orders: pd.DataFrame, links: Links, owned: pd.DataFrame, undated: Flags) -> dict[str, Any]:
    """Sum up paid orders by the row of the session that is credited, in exact decimals; count their buyers (for cards)."""
    rows = work.rows(owned["session"].to_numpy(), owned["agent"].to_numpy())
    sums: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    payers: dict[int, set[object]] = defaultdict(set)
    refunded: dict[int, set[object]] = defaultdict(set)
    masked = JOINS.index("masked")
    for row, order, session in zip(rows.tolist(), owned["order"].tolist(), owned["session"].tolist(), strict=True):
        for name in ("amount", "refund", "postage", "commission"):
            amount = orders[name].iloc[order]
            sums[row][name] += amount if isinstance(amount, Decimal) else Decimal(0)
        known = orders["buyer"].iloc[order]
        buyer = known if isinstance(known, str) else int(work.log.buyer_unit[session])
        payer = (buyer, session if links.join[order] == masked else None)
        payers[row].add(payer)
        refund = orders["refund"].iloc[order]
        if isinstance(refund, Decimal) and refund > 0:
            refunded[row].add(payer)
    names = ("sales", "refunds", "effective_sales", "order_value", "payer_n", "refunded_n")
    columns: dict[str, list[Decimal | int | None]] = {name: [] for name in names}
    for row in range(work.size):
        own = sums[row]
        sales, refund = own["amount"], own["refund"]
        effective = sales - refund - own["postage"] - own["commission"]
        value = (sales / len(payers[row])).quantize(CENT).normalize() if payers[row] else None
        own_values = (sales, refund, effective, value, len(payers[row]), len(refunded[row]))
        for name, amount in zip(names, own_values, strict=True):
            columns[name].append(None if undated[row] else amount)
    return {name: pd.Series(amounts, dtype=object) for name, amounts in columns.items()}

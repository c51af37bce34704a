"""What became of an enquiry, from the orders beside it: ordered, lost, or talk after a purchase."""

from __future__ import annotations

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Flags

DAY = pd.Timedelta(days=1)


def bought(units: pd.DataFrame, conversions: pd.DataFrame, after_sales_days: int) -> dict[str, object]:
    """Return ``outcome`` and ``amount`` for each conversation.

    ``outcome``: ``ordered`` (an order of the session, or of its buyer in this shop from its start to the end of the next
    day, was paid), else ``after_sales`` (the buyer had paid one in the ``after_sales_days`` before), else ``lost``; null
    where there are no orders, or the session has no time. ``amount``: the largest order of that buyer in that time that was not
    paid, in yuan.
    """
    orders = conversions[(conversions["judged_by"] == "order_first").to_numpy(dtype=bool)]
    if not len(orders):
        return {"outcome": pd.array([None] * len(units), dtype=TEXT), "amount": np.full(len(units), np.nan)}
    orders = orders.assign(
        amount=pd.to_numeric(orders["amount"], errors="coerce").astype(float),
        **{name: orders[name].astype(TEXT) for name in ("shop", "buyer", "session_id")},
    )
    rows = units[["session_id", "shop", "buyer", "started_at"]].reset_index(names="unit")
    credited = rows.merge(orders.dropna(subset="session_id")[["session_id", "paid_at", "amount"]], on="session_id")
    pairs = rows.dropna(subset="started_at").merge(orders.drop(columns="session_id"), on=["shop", "buyer"])
    start, ordered, paid = pairs["started_at"], pairs["ordered_at"], pairs["paid_at"]
    end = start.dt.normalize() + 2 * DAY
    near = (ordered >= start) & (ordered < end)
    size = len(units)
    won = _any(credited["unit"], credited["paid_at"].notna(), size)
    won |= _any(pairs["unit"], (near & paid.notna()) | ((paid >= start) & (paid < end)), size)
    before = _any(pairs["unit"], (paid < start) & (paid >= start - after_sales_days * DAY), size)
    unpaid = pairs[(near & paid.isna()).to_numpy(dtype=bool)]
    amount = np.full(size, -np.inf)
    np.maximum.at(amount, unpaid["unit"].to_numpy(), unpaid["amount"].fillna(-np.inf).to_numpy())
    outcome = np.select([won, before], ["ordered", "after_sales"], "lost").astype(object)
    outcome[units["started_at"].isna().to_numpy(dtype=bool)] = None
    return {"outcome": pd.array(outcome, dtype=TEXT), "amount": np.where(np.isinf(amount), np.nan, amount)}


def _any(unit: pd.Series, mask: pd.Series, size: int) -> Flags:
    at = unit[mask.fillna(False).to_numpy(dtype=bool)].to_numpy(dtype=np.int64)
    return np.bincount(at, minlength=size) > 0

"""Figures over days, weeks, months, quarters or any span, rebuilt from counts, beside those of the period before."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from chataudit.metrics.agents import ratios
from chataudit.tables import BUYERS, VOLUMES, WAITS

By = Literal["day", "week", "month", "quarter", "all"]
FREQUENCY = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q"}
SUMMED = (*VOLUMES, *WAITS, *BUYERS)
MONEY = ("sales", "refunds", "effective_sales")
SHOWN = (
    "consulted_n",
    "received_n",
    "reply_share",
    "session_n",
    "round_n",
    "reply_ratio",
    "first_response_s",
    "mean_response_s",
    "within_30s_share",
    "within_180s_share",
    "inquiry_n",
    "paid_n",
    "conversion_share",
    "sales",
)


def of_span(agents: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Return `by_period`'s figures of the days ``first``..``last``, beside those of as many days just before."""
    days = (pd.Timestamp(last) - pd.Timestamp(first)).days + 1
    begin = f"{pd.Timestamp(first) - pd.Timedelta(days=days):%Y-%m-%d}"
    now = by_period(agents[(agents["day"] >= first) & (agents["day"] <= last)], "all").assign(period=f"{first}..{last}")
    then = by_period(agents[(agents["day"] >= begin) & (agents["day"] < first)], "all")
    keys = ["platform", "shop", "agent"]
    named = then[[*keys, *SHOWN]].rename(columns={name: f"before_{name}" for name in SHOWN})
    return now.merge(named, on=keys, how="left")


def by_period(agents: pd.DataFrame, by: By) -> pd.DataFrame:
    """Return the agents table summed up by period, platform, shop and agent.

    Reads `chataudit.metrics.agents.measure`'s columns with their sums. Buyers are counted per day and added up. Means
    and shares are rebuilt from counts, percentiles are left out. ``before_*`` are the same figures of the period before
    (null where the data do not have it). Rows without a day stand under a null period.
    """
    frame = agents.assign(period=_periods(agents["day"], by))
    keys = ["period", "platform", "shop", "agent"]
    sums = frame.groupby(keys, dropna=False, observed=True)[list(SUMMED)].sum(min_count=1).reset_index()
    money = (
        frame.groupby(keys, dropna=False, observed=True)[list(MONEY)]
        .agg(lambda cells: sum(cells.dropna()) if cells.notna().any() else None)
        .reset_index()
    )
    sums = sums.merge(money, on=keys)
    sums = sums.assign(**ratios(sums.fillna(dict.fromkeys((*VOLUMES, *WAITS), 0))))
    asked = sums["inquiry_n"].astype("Float64")
    sums["conversion_share"] = (sums["paid_n"].astype("Float64") / asked.mask(asked == 0)).astype("Float64")
    return _beside_before(sums, by)


def _periods(days: pd.Series, by: By) -> pd.Series:
    if by == "all":
        known = days.dropna()
        return pd.Series(f"{known.min()}..{known.max()}" if len(known) else None, index=days.index, dtype=days.dtype)
    return (
        pd.to_datetime(days)
        .dt.to_period(FREQUENCY[by])
        .map(lambda one: _name(one, by), na_action="ignore")
        .astype(days.dtype)
    )


def _name(period: pd.Period, by: By) -> str:
    if by == "quarter":
        return f"{period.year}Q{period.quarter}"
    return f"{period.start_time:%Y-%m-%d}" if by in ("day", "week") else f"{period:%Y-%m}"


def _beside_before(sums: pd.DataFrame, by: By) -> pd.DataFrame:
    """Join each row's own period before it."""
    if by == "all":
        return sums
    before = sums.copy()
    before["period"] = before["period"].map(lambda name: _next(name, by), na_action="ignore")
    keys = ["period", "platform", "shop", "agent"]
    named = before[[*keys, *SHOWN]].rename(columns={name: f"before_{name}" for name in SHOWN})
    return sums.merge(named.dropna(subset=["period"]), on=keys, how="left")


def _next(name: str, by: By) -> str:
    if by == "quarter":
        return _name(pd.Period(name, freq="Q") + 1, by)
    if by == "week":
        return f"{pd.Timestamp(name) + pd.Timedelta(days=7):%Y-%m-%d}"
    return _name(pd.Period(name, freq=FREQUENCY[by]) + 1, by)

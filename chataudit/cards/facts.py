"""Figures of a person in a period that items read: rebuilt from counts, each with what it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from chataudit.cards.model import Fact
from chataudit.errors import Words

SHARES = {
    "unreplied_n": None,
    "reply_share": ("received_n", "consulted_n"),
    "reply_ratio": ("agent_msg_n", "buyer_msg_n"),
    "first_response_s": ("first_wait_s", "first_answered_n"),
    "mean_response_s": ("wait_s", "answered_n"),
    "within_30s_share": ("within_30s_n", "first_n"),
    "within_180s_share": ("within_180s_n", "timed_n"),
    "conversion_share": ("paid_n", "inquiry_n"),
    "order_value": ("sales", "paid_n"),
}
COUNTS = (
    "consulted_n",
    "received_n",
    "session_n",
    "round_n",
    "pending_n",
    "buyer_msg_n",
    "agent_msg_n",
    "slow_n",
    "long_n",
    "inquiry_n",
    "ordered_n",
    "paid_n",
    "sales",
    "refunds",
    "effective_sales",
    "order_n",
    "returned_order_n",
)
SUMS = (
    "first_wait_s",
    "first_answered_n",
    "wait_s",
    "answered_n",
    "within_30s_n",
    "first_n",
    "within_180s_n",
    "timed_n",
)
NAMES = (*COUNTS, *SHARES, "days")


@dataclass(frozen=True)
class Figure:
    """A value (None: not known), what it was made of, and why it is not known."""

    value: float | None
    made_of: Mapping[str, Any]
    lacks: Words | None = None


@dataclass(frozen=True)
class PersonFacts:
    """What is known of one person in one period."""

    sums: Mapping[str, float | None]
    sheet: Mapping[str, str]
    tallies: Mapping[str, int]
    days: int

    def figure(self, fact: Fact) -> Figure:
        """Return a fact's figure: looked up, then divided, grown on, taken per day or from one as the card says."""
        figure = self._plain(fact)
        for part, combined in ((fact.over, _over), (fact.growth_on, _growth)):
            if part is not None:
                figure = combined(figure, self.figure(part))
        if fact.per_day:
            figure = _over(figure, Figure(float(self.days), {"days": self.days}))
        if fact.complement and figure.value is not None:
            figure = Figure(1 - figure.value, {**figure.made_of, "complement": True})
        return figure

    def _plain(self, fact: Fact) -> Figure:
        if fact.sheet is not None:
            return self._of_sheet(fact.sheet)
        if fact.tally is not None:
            count = self.tallies.get(fact.tally, 0)
            return Figure(float(count), {"rule": fact.tally, "count": count})
        name = fact.name or ""
        if name == "days":
            return Figure(float(self.days), {"days": self.days})
        parts = SHARES.get(name)
        if parts is None:
            value = self.sums.get(name)
            return Figure(value, {"metric": name, "value": value}, None if value is not None else _unknown(name))
        over = _over(*(Figure(self.sums.get(part), {part: self.sums.get(part)}) for part in parts))
        return Figure(over.value, {"metric": name, **over.made_of}, None if over.value is not None else _unknown(name))

    def _of_sheet(self, name: str) -> Figure:
        text = self.sheet.get(name)
        if text is None:
            return Figure(None, {}, Words(f"填报表里没有“{name}”", f"no sheet says {name}"))
        try:
            value = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            return Figure(
                None, {}, Words(f"填报表的“{name}”不是数：{text}", f"the sheet's {name} is no number: {text}")
            )
        return Figure(value, {"sheet": name, "value": value})


def _unknown(name: str) -> Words:
    return Words(f"没有数据：{name}", f"{name} is not known")


def _over(top: Figure, bottom: Figure) -> Figure:
    lacks = top.lacks or bottom.lacks
    if top.value is None or bottom.value is None or not bottom.value:
        return Figure(None, {}, lacks or Words("没有分母", "nothing to divide by"))
    made_of = {"numerator": _neat(top.value), "denominator": _neat(bottom.value)}
    return Figure(top.value / bottom.value, {**top.made_of, **made_of, "value": _neat(top.value / bottom.value)})


def _growth(now: Figure, before: Figure) -> Figure:
    share = _over(now, before)
    if share.value is None:
        return share
    return Figure(share.value - 1, {**share.made_of, "value": _neat(share.value - 1)})


def _neat(value: float) -> float | int:
    return int(value) if float(value).is_integer() else round(float(value), 6)


def sums_by(agents: pd.DataFrame, group: np.ndarray, size: int) -> list[dict[str, float | None]]:
    """Return for each group (a number per row of the agents table, -1: none) its sums; null where nothing is known."""
    result: list[dict[str, float | None]] = [{} for _ in range(size)]
    keep = group >= 0
    for name in (*COUNTS, *SUMS):
        if name not in agents:
            continue
        values = pd.to_numeric(agents[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)[keep]
        known = ~np.isnan(values)
        totals = np.bincount(group[keep][known], values[known], minlength=size)
        counts = np.bincount(group[keep][known], minlength=size)
        for number in range(size):
            result[number][name] = float(totals[number]) if counts[number] else None
    for row in result:
        consulted, received = row.get("consulted_n"), row.get("received_n")
        row["unreplied_n"] = None if consulted is None or received is None else consulted - received
    return result

"""Facts of sessions and agents: which hold, and where they can't be known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from chataudit.arrays import Flags, Ints, is_in
from chataudit.log import NO_TIME, Log, days_since, in_hours, instants, wall_clock
from chataudit.rules.parts import Range
from chataudit.rules.population import FIGURES, Facts, Order
from chataudit.tables import ORDERS, PEOPLE

WEEKDAYS = ("thu", "fri", "sat", "sun", "mon", "tue", "wed")  # 1970-01-01 was a Thursday
DAY_MS = 86_400_000


@dataclass(frozen=True)
class Data:
    """What a run knows beside the log; an empty table is one that was not given.

    ``linked``: columns ``order_id`` and ``session_id``, chats that are known to be an order's buyer's; ``tags``: accounts by
    tag; ``order_days``: how many days before a session an order still counts.
    """

    orders: pd.DataFrame = field(default_factory=ORDERS.empty)
    people: pd.DataFrame = field(default_factory=PEOPLE.empty)
    linked: pd.DataFrame | None = None
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order_days: int = 15
    cut_hour: float = 0


class Known:
    """A log's facts, each worked out once."""

    def __init__(self, log: Log, data: Data) -> None:
        self.log, self.data = log, data

    @cached_property
    def timed(self) -> Flags:
        """Which sessions have times."""
        return self.log.sessions["started_at"].notna().to_numpy()

    @cached_property
    def day(self) -> Ints:
        """Each session's day as days since 1970 (0 without times)."""
        return days_since(wall_clock(self.log.sessions["started_at"]), self.data.cut_hour)

    @cached_property
    def people(self) -> pd.DataFrame:
        """The people table in the order of the log's accounts, nulls for accounts that it lacks."""
        return self.data.people.drop_duplicates("account").set_index("account").reindex(self.log.agent_names)

    def sessions(self, facts: Facts) -> Flags:
        """Return the sessions in which all session facts hold."""
        sessions = self.log.sessions
        mask = np.ones(len(sessions), dtype=bool)
        for name in ("platform", "shop"):
            wanted = getattr(facts, name)
            if wanted:
                mask &= is_in(sessions[name], list(wanted))
        if facts.weekday:
            mask &= self.timed & np.isin(np.array(WEEKDAYS)[self.day % 7], facts.weekday)
        if facts.hours is not None:
            mask &= self.timed & in_hours(wall_clock(sessions["started_at"]), facts.hours)
        if facts.transferred is not None:
            mask &= sessions["transferred"].to_numpy(dtype=bool) == facts.transferred
        if facts.ended_by:
            mask &= is_in(sessions["last_sender"], list(facts.ended_by))
        for name in FIGURES:
            bounds = getattr(facts, name)
            if bounds is not None:
                mask &= within(sessions[name].to_numpy(dtype=float, na_value=np.nan), bounds)
        return mask & self._orders(facts.order) if facts.order is not None else mask

    def agents(self, facts: Facts) -> Flags | None:
        """Return for each account (and, last, for nobody) whether its own facts hold; None where none are asked."""
        names = np.array([*self.log.agent_names, ""], dtype=object)
        mask = np.ones(len(names), dtype=bool)
        asked = False
        for key, values in (("agent", names[:-1]), ("person", None), ("team", None)):
            wanted = getattr(facts, key)
            if wanted:
                asked = True
                column = self.people[key].astype(object).to_numpy() if values is None else values
                mask &= np.append(np.isin(column.astype(str), wanted), False)
        if facts.tag:
            asked = True
            known = {account for tag in facts.tag for account in self.data.tags.get(tag, ())}
            mask &= np.append(np.isin(names[:-1].astype(str), sorted(known)), False)
        return mask if asked else None

    def holds(self, facts: Facts, session: Ints, agent: Ints) -> Flags:
        """Return for pairs of session and agent code (-1: none) whether all facts hold."""
        mask = self.sessions(facts)[session]
        agents = self.agents(facts)
        if agents is not None:
            mask = mask & agents[agent]
        if facts.joined_days is not None:
            mask = mask & within(np.append(self._joined, np.nan)[agent] * -1 + self.day[session], facts.joined_days)
        return mask

    def known(self, facts: Facts) -> Flags:
        """Return the sessions in which all the facts asked for can be known at all."""
        mask = np.ones(len(self.log.sessions), dtype=bool)
        timed = ("weekday", "hours", "duration_s", "first_response_s", "mean_response_s", "max_response_s", "order")
        if any(getattr(facts, name) for name in timed) or facts.joined_days is not None:
            mask &= self.timed
        if facts.order is not None and not len(self.data.orders):
            mask &= False
        for key in ("person", "team"):
            if getattr(facts, key):
                mask &= self._of_all_agents(self.people[key].notna().to_numpy())
        if facts.joined_days is not None:
            mask &= self._of_all_agents(~np.isnan(self._joined))
        if facts.tag and not set(facts.tag) <= set(self.data.tags):
            mask &= False
        return mask

    def _of_all_agents(self, known: Flags) -> Flags:
        """Return the sessions of whose talking agents all are known."""
        log = self.log
        rows = np.flatnonzero(log.from_agent)
        unknown = ~np.append(known, False)[log.agent[rows]]
        mask = np.ones(len(log.sessions), dtype=bool)
        mask[log.session[rows[unknown]]] = False
        return mask

    @cached_property
    def _joined(self) -> np.ndarray:
        """For each account the day on which it joined, as days since 1970; NaN where unknown."""
        days = pd.to_datetime(self.people["since"].astype(object), errors="coerce", format="%Y-%m-%d")
        joined = days.to_numpy("datetime64[D]")
        return np.where(np.isnat(joined), np.nan, joined.astype(np.int64))

    def _orders(self, wanted: Order) -> Flags:
        """Return the sessions whose buyer has such an order (or has none, if that is asked)."""
        order, session = self._pairs
        orders = self.data.orders
        start, end = self._bounds
        placed, paid = instants(orders["ordered_at"]), instants(orders["paid_at"])
        begin, stop = start[session], end[session]
        mask = np.ones(len(order), dtype=bool)
        if wanted.placed:
            mask &= np.isin(_when(np.where(placed == NO_TIME, paid, placed)[order], begin, stop), wanted.placed)
        if wanted.paid:
            mask &= np.isin(_when(paid[order], begin, stop), wanted.paid)
        if wanted.refunded is not None:
            refund = pd.to_numeric(orders["refund"], errors="coerce").fillna(0).to_numpy() > 0
            mask &= (refund | orders["refunded_at"].notna().to_numpy())[order] == wanted.refunded
        if wanted.amount is not None:
            mask &= within(pd.to_numeric(orders["amount"], errors="coerce").to_numpy(dtype=float)[order], wanted.amount)
        has = np.zeros(len(self.log.sessions), dtype=bool)
        has[session[mask]] = True
        return has == wanted.exists

    @cached_property
    def _bounds(self) -> tuple[Ints, Ints]:
        sessions = self.log.sessions
        return instants(sessions["started_at"]), instants(sessions["ended_at"])

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints]:
        """Pairs (order, session) of one buyer, near enough in time; see `chataudit.rules.population.Order`."""
        orders, log = self.data.orders, self.log
        order, unit = self._order_units()
        session_order = np.argsort(log.buyer_unit, kind="stable")
        sorted_units = log.buyer_unit[session_order]
        low, high = np.searchsorted(sorted_units, unit), np.searchsorted(sorted_units, unit, side="right")
        owner = np.repeat(np.arange(len(order)), high - low)
        inner = np.arange(len(owner)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
        order, session = order[owner], session_order[low[owner] + inner]
        start, end = self._bounds
        when = instants(orders["ordered_at"].fillna(orders["paid_at"]))[order]
        last = (self.day[session] + 2) * DAY_MS  # end of the day after the session's, on the wall clock
        wall = wall_clock(orders["ordered_at"].fillna(orders["paid_at"]))[order]
        near = (when != NO_TIME) & (start[session] != NO_TIME)
        near &= (when >= start[session] - self.data.order_days * DAY_MS) & (wall < last)
        return order[near], session[near]

    def _order_units(self) -> tuple[Ints, Ints]:
        """Return pairs (order, buyer unit): by the same buyer's name, or by a chat that is known to be the order's."""
        orders, log = self.data.orders, self.log
        sessions = pd.DataFrame(
            {name: log.sessions[name].astype(str) for name in ("platform", "shop", "buyer", "session_id")}
        )
        sessions["unit"] = log.buyer_unit
        masked = (
            log.messages["masked"].to_numpy()[log.first] if "masked" in log.messages else np.zeros(len(sessions), bool)
        )
        named = sessions[~masked].drop_duplicates("unit")
        mine = pd.DataFrame(
            {
                "order": np.arange(len(orders)),
                **{f"own_{name}": orders[name].astype(object) for name in ("platform", "shop", "buyer")},
            }
        )
        both = mine.merge(named, left_on="own_buyer", right_on="buyer")
        for name in ("platform", "shop"):
            both = both[both[f"own_{name}"].isna() | (both[f"own_{name}"] == both[name])]
        pairs = [both[["order", "unit"]].to_numpy(dtype=np.int64)]
        if self.data.linked is not None and len(self.data.linked):
            numbers = pd.Series(np.arange(len(orders)), index=orders["order_id"].astype(str))
            units = pd.Series(sessions["unit"].to_numpy(), index=sessions["session_id"])
            known = self.data.linked.dropna()
            order = numbers.reindex(known["order_id"].astype(str)).to_numpy()
            unit = units.reindex(known["session_id"].astype(str)).to_numpy()
            good = ~(np.isnan(order.astype(float)) | np.isnan(unit.astype(float)))
            pairs.append(np.stack([order[good], unit[good]], axis=1).astype(np.int64))
        every = np.unique(np.concatenate(pairs), axis=0)
        return every[:, 0], every[:, 1]


def _when(instant: Ints, begin: Ints, stop: Ints) -> np.ndarray:
    return np.select([instant == NO_TIME, instant < begin, instant <= stop], ["never", "before", "during"], "after")


def within(values: np.ndarray, bounds: Range) -> Flags:
    """Return where values are known and inside all bounds."""
    mask = ~np.isnan(values)
    for bound, holds in (
        (bounds.over, np.greater),
        (bounds.at_least, np.greater_equal),
        (bounds.under, np.less),
        (bounds.at_most, np.less_equal),
    ):
        if bound is not None:
            mask &= holds(values, bound)
    return mask


__all__ = ["Data", "Known", "within"]

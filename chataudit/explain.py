"""The very messages that made a figure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pandas as pd

from chataudit.arrays import Ints
from chataudit.conversions import Enquiries, convert, link
from chataudit.log import Log, days_of, wall_clock
from chataudit.metrics.definitions import BY_NAME
from chataudit.metrics.units import count
from chataudit.metrics.waits import Timed
from chataudit.settings import Policy, Settings
from chataudit.tables import ORDERS
from chataudit.work import Work

COLUMNS = ("session_id", "buyer", "agent", "asked_at", "asked", "replied_at", "replied", "value", "file", "row")


def made_of(
    metric: str,
    log: Log,
    work: Work,
    policies: Mapping[str, Policy],
    settings: Settings,
    *,
    orders: pd.DataFrame | None = None,
    agent: str | None = None,
    day: str | None = None,
) -> pd.DataFrame:
    """Return a row for each thing that a figure counts, with its messages (`COLUMNS`); ``value`` is what it adds.

    ``metric`` is a column of the agents table or a platform metric; ``agent`` and ``day`` narrow it down. Seconds for
    waits, 1 or 0 for shares, 1 for counts; null where something is pending.
    """
    if metric in policies:
        rows = _of_policy(policies[metric], log, settings)
    elif BY_NAME[metric].kind == "orders":
        rows = _of_orders(metric, log, work, ORDERS.empty() if orders is None else orders, settings)
    else:
        rows = {"rounds": _rounds, "messages": _messages, "sessions": _sessions, "buyers": _buyers}[
            BY_NAME[metric].kind
        ](metric, log, work)
    keep = np.ones(len(rows), dtype=bool)
    if agent is not None:
        keep &= (rows["agent"] == agent).to_numpy()
    if day is not None:
        keep &= (rows["day"] == day).to_numpy()
    return rows.loc[keep, list(COLUMNS)].reset_index(drop=True)


def _table(log: Log, asked: Ints, replied: Ints, value: np.ndarray, agent: Ints, day: pd.Series) -> pd.DataFrame:
    """Return rows from the messages asked and replied (-1: none)."""
    messages = log.messages
    names = np.array([*log.agent_names, None], dtype=object)

    def cells(name: str, at: Ints) -> pd.Series:
        column = messages[name].iloc[np.maximum(at, 0)].reset_index(drop=True)
        return column.astype(object).where(pd.Series(at >= 0))

    return pd.DataFrame(
        {
            "session_id": cells("session_id", asked),
            "buyer": cells("buyer", asked),
            "agent": names[agent],
            "asked_at": cells("sent_at", asked),
            "asked": cells("text", asked),
            "replied_at": cells("sent_at", replied),
            "replied": cells("text", replied),
            "value": value,
            "file": cells("file", asked),
            "row": cells("row", asked),
            "day": day.reset_index(drop=True),
        }
    )


def _session_day(log: Log, rows: Ints) -> pd.Series:
    return log.sessions["day"].iloc[log.session[rows]]


def _rounds(metric: str, log: Log, work: Work) -> pd.DataFrame:
    """Return the counted rounds (of a session's first ones where the figure takes only those)."""
    wait = log.rounds["wait_s"].to_numpy()
    keep = log.rounds["counted"].to_numpy(dtype=bool)
    if metric in ("first_response_s", "within_30s_share"):
        keep = keep & (log.rounds["round"] == 1).to_numpy()
    if metric == "pending_n":
        keep = keep & (log.reply < 0)
    limit = {"within_30s_share": 30, "within_180s_share": 180}.get(metric)
    value = wait if limit is None else (np.nan_to_num(wait, nan=np.inf) <= limit).astype(float)
    if metric in ("round_n", "pending_n"):
        value = np.ones(len(wait))
    opening = log.opening[keep]
    return _table(log, opening, log.reply[keep], value[keep], log.round_agent[keep], _session_day(log, opening))


def _messages(metric: str, log: Log, work: Work) -> pd.DataFrame:
    mask = {"buyer_msg_n": log.from_buyer, "agent_msg_n": log.from_agent}.get(metric, log.from_buyer | log.from_agent)
    rows = np.flatnonzero(mask)
    nothing = np.full(len(rows), -1)
    return _table(log, rows, nothing, np.ones(len(rows)), log.agent[rows], _session_day(log, rows))


def _sessions(metric: str, log: Log, work: Work) -> pd.DataFrame:
    row, session = work.sessions
    first = log.first[session]
    value = log.sessions["duration_s"].to_numpy()[session] if metric == "long_n" else np.ones(len(row))
    return _table(log, first, np.full(len(row), -1), value, work.agent[row], log.sessions["day"].iloc[session])


def _buyers(metric: str, log: Log, work: Work) -> pd.DataFrame:
    """Return each buyer with the first message that made it count; value 1 where the agent said anything."""
    row, unit = work.consulted
    wide = int(log.buyer_unit.max(initial=0)) + 1
    asked = np.flatnonzero(log.from_buyer)
    rows = np.concatenate([asked, log.opening])
    of = np.concatenate([work.asked, work.rounds])
    known, at = np.unique(of * wide + log.buyer_unit[log.session[rows]], return_index=True)
    place = np.minimum(np.searchsorted(known, row * wide + unit), max(len(known) - 1, 0))
    found = known[place] == row * wide + unit if len(known) else np.zeros(len(row), dtype=bool)
    first = rows[at[place[found]]]
    received = np.isin(row * wide + unit, work.received[0] * wide + work.received[1])[found]
    return _table(
        log, first, np.full(len(first), -1), received.astype(float), work.agent[row[found]], _session_day(log, first)
    )


def _of_policy(policy: Policy, log: Log, settings: Settings) -> pd.DataFrame:
    timed = Timed(log, settings.cut_hour)
    units = count(policy, timed).by_agent
    day = days_of(wall_clock(log.messages["sent_at"].iloc[units.row].reset_index(drop=True)), settings.cut_hour)
    waits = timed.waits(policy)
    reply = np.full(len(log.messages), -1)
    reply[waits.opening] = waits.reply
    return _table(log, units.row, reply[units.row], units.numerator, units.agent, day)


def _of_orders(metric: str, log: Log, work: Work, orders: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return enquiry sessions (value 1 where what the figure counts followed), or the talk that paid orders are credited to."""
    if not len(orders):
        return _messages(metric, log, work).iloc[:0]
    if metric in ("sales", "refunds", "effective_sales", "order_value"):
        return _of_sales(metric, log, work, orders, settings)
    flags = Enquiries(log, orders, link(orders, log), settings).by_metric()
    row, session = work.sessions
    wide = int(log.buyer_unit.max(initial=0)) + 1
    received = np.isin(row * wide + log.buyer_unit[session], work.received[0] * wide + work.received[1])
    keep = received & flags["inquiry_n"][session]
    row, session = row[keep], session[keep]
    value = flags["paid_n" if metric == "conversion_share" else metric][session].astype(float)
    return _table(
        log, log.first[session], np.full(len(row), -1), value, work.agent[row], log.sessions["day"].iloc[session]
    )


def _of_sales(metric: str, log: Log, work: Work, orders: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    sold = convert(work, orders, settings).conversions.astype(object)
    mine = sold[(sold["judged_by"] == "order_first") & (sold["role"] == "owner") & sold["paid_at"].notna()]
    place = {str(one): number for number, one in enumerate(log.sessions["session_id"])}
    names = {name: number for number, name in enumerate(log.agent_names)}
    session = np.array([place[one] for one in mine["session_id"]], dtype=np.int64)
    agent = np.array([names[one] for one in mine["agent"]], dtype=np.int64)
    amounts = mine[["amount", "refund", "postage", "commission"]].map(
        lambda one: float(one) if isinstance(one, Decimal) else 0.0
    )
    value = {
        "refunds": amounts["refund"],
        "effective_sales": amounts["amount"] - amounts[["refund", "postage", "commission"]].sum(axis=1),
    }.get(metric, amounts["amount"])
    rows = _table(
        log,
        log.first[session],
        np.full(len(session), -1),
        value.to_numpy(dtype=float),
        agent,
        log.sessions["day"].iloc[session],
    )
    return rows.assign(replied=[f"order {one}" for one in mine["order_id"]], replied_at=mine["paid_at"].to_numpy())

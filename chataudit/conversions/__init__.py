"""Who made the sale: orders joined to chats, judged by each rule, and the order columns of the agents table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Flags, Ints, as_code, text
from chataudit.conversions.inquiries import Enquiries, order_columns
from chataudit.conversions.judges import JUDGES, Court, Pairs, Verdicts, pairs_of
from chataudit.conversions.links import JOINS, Links, link
from chataudit.log import NO_TIME, Log, days_since, instants, wall_clock
from chataudit.settings import Settings
from chataudit.tables import CONVERSIONS
from chataudit.work import Work

DAY_MS = 86_400_000
ROLES = ("owner", "assist", "silent")


@dataclass(frozen=True)
class Converted:
    """The conversions table, and the agents table's order columns for each row of the work."""

    conversions: pd.DataFrame
    columns: dict[str, Any]


def convert(work: Work, orders: pd.DataFrame, settings: Settings, now: int | None = None) -> Converted:
    """Return one row per order, judging rule and agent, and what the sales mean for each agent's day.

    Reads the orders table (`chataudit.tables.ORDERS`) and the talk of the log. A role is ``owner``, ``assist`` (another
    agent whom the rule could credit) or ``silent`` (nobody). ``final`` is false while refund or payment windows are open
    at ``now`` (milliseconds since 1970; default: the latest instant that the data know).
    """
    log = work.log
    orders = orders[orders["ordered_at"].notna() | orders["paid_at"].notna()].reset_index(drop=True)
    links = link(orders, log)
    pairs = pairs_of(log, links)
    court = Court(log, orders, pairs, settings)
    final = _final(orders, log, settings, now)
    tables = []
    for judge in JUDGES:
        verdicts = court.judge(judge)
        order, pair, role = _roles(log, pairs, verdicts, len(orders))
        tables.append(_rows(judge, order, pair, role, log, orders, links, pairs, final))
        if judge == "order_first":
            owned = _owned(order, pair, role, log, orders, pairs)
    frame = pd.concat(tables, ignore_index=True).sort_values("order_at", kind="stable")
    frame = frame.drop(columns="order_at").reset_index(drop=True)
    for name in ("judged_by", "role", "shop", "buyer", "agent", "session_id", "join"):
        frame[name] = as_code(frame[name])
    return Converted(frame[CONVERSIONS.names], order_columns(work, orders, links, owned, settings))


def _roles(log: Log, pairs: Pairs, verdicts: Verdicts, size: int) -> tuple[Ints, Ints, Ints]:
    """Return order, pair (-1: silent) and role of each row: the owner, then other agents with their last talk."""
    owned = verdicts.owner >= 0
    every = np.arange(size)
    agent = log.agent[pairs.row]
    mine = np.where(owned, np.append(agent, -1)[verdicts.owner], -1)
    at = np.flatnonzero(verdicts.credible & owned[pairs.order])
    at = at[agent[at] != mine[pairs.order[at]]]
    wide = len(log.agent_names) + 1
    _, last = np.unique((pairs.order[at] * wide + agent[at])[::-1], return_index=True)
    assist = at[::-1][last]
    order = np.concatenate([every, pairs.order[assist]])
    pair = np.concatenate([verdicts.owner, assist])
    role = np.concatenate([np.where(owned, 0, 2), np.ones(len(assist), dtype=np.int64)])
    place = np.lexsort((pair, role, order))
    return order[place], pair[place], role[place]


def _rows(
    judge: str,
    order: Ints,
    pair: Ints,
    role: Ints,
    log: Log,
    orders: pd.DataFrame,
    links: Links,
    pairs: Pairs,
    final: Flags,
) -> pd.DataFrame:
    row = np.where(pair >= 0, np.append(pairs.row, -1)[pair], -1)
    known = row >= 0
    chosen = orders.iloc[order].reset_index(drop=True)
    joins = links.join[order]
    session = log.session[np.maximum(row, 0)] if len(log.session) else row

    def cells(column: pd.Series, at: Ints, where: Flags) -> pd.Series:
        return (
            column.iloc[at].astype(TEXT).reset_index(drop=True).where(pd.Series(where))
            if len(column)
            else text([None] * len(at))
        )

    return pd.DataFrame(
        {
            "order_at": order,
            "order_id": chosen["order_id"],
            "judged_by": judge,
            "role": text([ROLES[one] for one in role]),
            "shop": chosen["shop"].astype(TEXT).fillna(cells(log.sessions["shop"], session, known)),
            "buyer": chosen["buyer"].astype(TEXT).fillna(cells(log.sessions["buyer"], session, known)),
            "agent": cells(log.messages["agent"], np.maximum(row, 0), known),
            "session_id": cells(log.sessions["session_id"], session, known),
            **{name: chosen[name] for name in ("ordered_at", "paid_at", "amount", "refund", "postage", "commission")},
            "join": text([JOINS[one] if one >= 0 else None for one in joins]),
            "final": final[order],
        }
    )


def _owned(order: Ints, pair: Ints, role: Ints, log: Log, orders: pd.DataFrame, pairs: Pairs) -> pd.DataFrame:
    """Return the paid orders that an agent owns."""
    keep = (role == 0) & orders["paid_at"].notna().to_numpy()[order]
    row = pairs.row[pair[keep]]
    return pd.DataFrame({"order": order[keep], "session": log.session[row], "agent": log.agent[row]})


def next_final(sold: pd.DataFrame, settings: Settings) -> int | None:
    """Return the instant (milliseconds since 1970) at which the next order of a conversions table becomes final; None: all are.

    A paid order is final when its refund window is over, an unpaid one at the end of the day after it was placed.
    """
    waiting = sold[~sold["final"].astype(bool)] if len(sold) else sold
    if not len(waiting):
        return None
    ordered, paid = waiting["ordered_at"], instants(waiting["paid_at"])
    placed = days_since(wall_clock(ordered), settings.cut_hour)
    over = pd.to_datetime((placed + 2) * DAY_MS + round(settings.cut_hour * 3_600_000), unit="ms")
    local = pd.Series(over).dt.tz_localize(ordered.dt.tz, ambiguous=True, nonexistent="shift_forward")
    ends = np.where(paid != NO_TIME, paid + settings.after_sales_days * DAY_MS, instants(local.dt.as_unit("ms")))
    return int(ends.min())


def _final(orders: pd.DataFrame, log: Log, settings: Settings, now: int | None) -> Flags:
    """Return which orders nothing can change any more, seen from ``now`` or the latest instant in messages and orders."""
    known = [instants(orders[name]) for name in ("ordered_at", "paid_at", "closed_at", "refunded_at")]
    if now is None:
        now = max((int(one.max(initial=NO_TIME)) for one in (*known, log.instant)), default=NO_TIME)
    ordered, paid, closed, _ = known
    zone = log.messages["sent_at"].dt.tz
    latest = pd.Series(pd.to_datetime([max(now, 0)], unit="ms", utc=True)).dt.as_unit("ms").dt.tz_convert(zone)
    today = int(days_since(wall_clock(latest), settings.cut_hour)[0])
    over = days_since(wall_clock(orders["ordered_at"]), settings.cut_hour) + 1 < today
    refunds_over = now >= paid + settings.after_sales_days * DAY_MS
    return (closed != NO_TIME) | np.where(paid != NO_TIME, refunds_over, (ordered != NO_TIME) & over)


__all__ = ["Converted", "Enquiries", "convert", "link", "next_final"]

"""Everything that is counted, in order: sessions, automatic replies found, filters, agents, platforms, conversions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from chataudit import conversions
from chataudit.arrays import Flags, as_code
from chataudit.errors import Fault, Faults, Words
from chataudit.log import Log, days_of, wall_clock
from chataudit.metrics.agents import measure, ordered
from chataudit.metrics.platform import measure_platforms
from chataudit.sessions import split
from chataudit.sessions.auto import suspects
from chataudit.sessions.filters import filtered
from chataudit.settings import Policy, Settings, read_hours
from chataudit.tables import CONVERSIONS
from chataudit.work import Work

FILTERS = {
    "empty": Words("空聊天", "empty chats"),
    "few_lines": Words("顾客少句", "buyers of few lines"),
    "single_line": Words("顾客单句", "single-line buyers"),
    "forwarded_after": Words("客服转发", "forwarded"),
    "own_team": Words("自家账号", "own team"),
    "code_words": Words("暗语", "code words"),
}


class NoSession(Faults):  # noqa: N818 - as Faults
    """Raised where no session falls on the days asked."""


@dataclass(frozen=True)
class Counted:
    """All that is counted of a log, and notes for people.

    ``persons``: the agents table with persons for accounts; ``left_out``: messages of other days than asked.
    """

    log: Log
    agents: pd.DataFrame
    persons: pd.DataFrame
    platform_metrics: pd.DataFrame
    conversions: pd.DataFrame
    left_out: int
    notes: tuple[Words, ...]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the output tables that are final once everything is counted, by name."""
        log = self.log
        made = {"messages": log.messages, "sessions": log.sessions, "rounds": log.rounds, "agents": self.agents}
        return {**made, "conversions": self.conversions, "platform_metrics": self.platform_metrics}


def count(
    messages: pd.DataFrame,
    people: pd.DataFrame,
    orders: pd.DataFrame,
    settings: Settings,
    policies: Mapping[str, Policy],
    days: tuple[str, str] | None = None,
    *,
    now: int | None = None,
) -> Counted:
    """Return what is counted of ingested messages; ``days`` are the first and last session day wanted.

    Whatever days are wanted, all messages are counted: who spoke last before an order, or what a buyer was waiting for
    at midnight, may stand on another day. ``now``: the latest instant that is known of, in milliseconds since 1970
    (default: the latest in messages and orders), by which orders are final or not.

    Raises:
        Faults: shifts of the people table that can't be read, or no session on the days wanted.
    """
    shifts = _shifts(people, settings)
    log = split(messages, settings, shifts)
    notes: list[Words] = []
    if settings.detect_auto != "off":
        log = _auto(log, settings, shifts, notes)
    wanted = _wanted(log, days)
    not_received = _filters(log, people, settings, wanted, notes)
    agents, sold = _measured(log, orders, settings, not_received, now)
    by_person = _by_person(log, people)
    persons = agents if by_person is log else _measured(by_person, orders, settings, not_received, now)[0]
    platform = measure_platforms(log, policies, settings, days)
    left_out = int((~wanted).sum())
    if days is not None:
        sold = _sold_on(sold, log.sessions, days, settings)
        agents, persons = _rows_of(agents, days), _rows_of(persons, days)
        log = split(log.messages[wanted].reset_index(drop=True), settings, shifts)
    notes += _open_orders(sold)
    return Counted(log, agents, persons, platform, sold, left_out, tuple(notes))


def _open_orders(sold: pd.DataFrame) -> list[Words]:
    open_n = int(sold.loc[~sold["final"].astype(bool), "order_id"].nunique()) if len(sold) else 0
    if not open_n:
        return []
    return [
        Words(
            f"{open_n} 个订单还可能付款或退款：转化率、销售额、退款额还会变。",
            f"{open_n} orders may still be paid or refunded: conversion, sales and refunds are not final.",
        )
    ]


def _measured(
    log: Log, orders: pd.DataFrame, settings: Settings, not_received: Flags, now: int | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the agents table, with its order columns where there are orders, and the conversions."""
    work = Work.of(log, settings, not_received)
    agents = measure(work, settings)
    if not len(orders):
        return ordered(agents), CONVERSIONS.empty()
    made = conversions.convert(work, orders, settings, now)
    return ordered(agents.assign(**made.columns)), made.conversions


def _by_person(log: Log, people: pd.DataFrame) -> Log:
    """Return the log with persons for accounts, so that two accounts of one person count a buyer once."""
    names = {str(account): str(person) for account, person in zip(people["account"], people["person"], strict=True)}
    if not set(names) & set(log.agent_names):
        return log
    persons = [names.get(account, account) for account in log.agent_names]
    words = sorted(set(persons))
    place = np.append([words.index(person) for person in persons], -1).astype(np.int64)
    agent = pd.Series(pd.Categorical.from_codes(place[log.agent], pd.Index(words, dtype=log.messages["text"].dtype)))
    return replace(log, messages=log.messages.assign(agent=agent))


def _shifts(people: pd.DataFrame, settings: Settings) -> dict[str, str]:
    if settings.hours_by != "shifts":
        return {}
    shifts, faults = {}, []
    for account, hours in zip(people["account"], people["shifts"], strict=True):
        if isinstance(hours, str) and hours.strip():
            try:
                read_hours(hours)
                shifts[str(account)] = hours
            except ValueError as error:
                faults.append(Fault(error.args[0], f"people: {account}"))
    if faults:
        raise Faults(faults)
    return shifts


def _auto(log: Log, settings: Settings, shifts: Mapping[str, str], notes: list[Words]) -> Log:
    """Say which texts look automatic; with ``detect_auto: apply`` count them as such."""
    found = suspects(log)
    if not found.texts:
        return log
    shown = "；".join(f"“{text}” ×{n}" for text, n in found.texts[:3])
    n = int(found.messages.sum())
    if settings.detect_auto == "report":
        notes.append(
            Words(
                f"{n} 条消息像自动回复（{shown}），仍按客服计；设置 auto_replies 或 detect_auto: apply 可改。",
                f"{n} messages look automatic ({shown}) and still count as the agent's; set auto_replies or "
                "detect_auto: apply.",
            )
        )
        return log
    notes.append(Words(f"{n} 条消息按自动回复计（{shown}）。", f"{n} messages count as automatic replies ({shown})."))
    messages = log.messages.copy(deep=False)
    sender = messages["sender"].astype(object).to_numpy(copy=True)
    sender[found.messages] = "auto"
    messages["sender"] = as_code(pd.Series(sender, dtype=messages["text"].dtype))
    return split(messages, settings, shifts)


def _wanted(log: Log, days: tuple[str, str] | None) -> Flags:
    """Return the messages of the sessions of the days asked."""
    if days is None:
        return np.ones(len(log.messages), dtype=bool)
    wanted = _between(log.sessions["day"], days)[log.session]
    if not wanted.any():
        known = sorted(log.sessions["day"].dropna().unique())
        has = f"{known[0]}..{known[-1]}" if known else "—"
        raise NoSession(
            [
                Fault(
                    Words(
                        f"{days[0]}..{days[1]} 没有会话；数据里有 {has}。",
                        f"No session on {days[0]}..{days[1]}; the data have {has}.",
                    )
                )
            ]
        )
    return wanted


def _between(day: pd.Series, days: tuple[str, str]) -> Flags:
    return ((day >= days[0]) & (day <= days[1])).fillna(False).to_numpy(dtype=bool)


def _rows_of(agents: pd.DataFrame, days: tuple[str, str]) -> pd.DataFrame:
    """Return the rows of the days asked."""
    return agents[_between(agents["day"], days)].reset_index(drop=True)


def _sold_on(sold: pd.DataFrame, sessions: pd.DataFrame, days: tuple[str, str], settings: Settings) -> pd.DataFrame:
    """Return the orders credited to sessions of the days asked, and those without a session that were placed on them."""
    if not len(sold):
        return sold
    day = pd.Series(sessions["day"].to_numpy(), index=sessions["session_id"].astype(str))
    placed = sold["ordered_at"].where(sold["ordered_at"].notna(), sold["paid_at"])
    own = days_of(wall_clock(placed), settings.cut_hour)
    of = sold["session_id"].astype(str).map(day).where(sold["session_id"].notna(), own)
    kept = sold[_between(of, days)].reset_index(drop=True)
    return kept.assign(**{one: as_code(kept[one]) for one in kept.columns if kept[one].dtype == "category"})


def _filters(log: Log, people: pd.DataFrame, settings: Settings, wanted: Flags, notes: list[Words]) -> Flags:
    """Return the talk that makes no reception, and say how many sessions each filter took out."""
    result = np.zeros(len(log.messages), dtype=bool)
    for name, mask in filtered(log, settings, _accounts(people)).items():
        result |= mask
        sessions = len(np.unique(log.session[mask & wanted]))
        notes.append(
            Words(
                f"接待过滤“{FILTERS[name].zh}”：{sessions} 个会话不计入接待。",
                f"Reception filter {FILTERS[name].en}: {sessions} sessions do not count as received.",
            )
        )
    return result


def _accounts(people: pd.DataFrame) -> Iterator[str]:
    return (str(account) for account in people["account"])

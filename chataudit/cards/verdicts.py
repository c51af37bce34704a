"""Marks that a person set on conversations, by the workbook handed back: they stand beside the machine's and win."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.arrays import Ints
from chataudit.cards.conversations import Conversations, Filled
from chataudit.cards.marks import CODE
from chataudit.cards.model import Card
from chataudit.errors import Fault, Faults, Words
from chataudit.log import Log


@dataclass(frozen=True)
class Settled:
    """A card's marks set by persons: item and conversation numbers, outcome codes, points, rater and remark."""

    item: Ints
    conversation: Ints
    outcome: Ints
    points: np.ndarray
    rater: list[str]
    remark: list[str | None]


def settle(name: str, card: Card, verdicts: pd.DataFrame, log: Log, conversations: Conversations) -> Settled:
    """Return the persons' marks of one card; the last verdict on the same mark by the same rater counts.

    Reads ``verdicts``: card, session_id, agent (null: unnamed), item, outcome, points, rater, remark, file, row.

    Raises:
        Faults: an item or conversation that is not there, points outside the item's, each with file and row.
    """
    mine = verdicts[verdicts["card"] == name].drop_duplicates(["session_id", "agent", "item", "rater"], keep="last")
    named = log.sessions["session_id"].isin(set(mine["session_id"]))
    sessions = {str(one): number for number, one in log.sessions["session_id"][named].items()}
    agents = {one: number for number, one in enumerate(log.agent_names)}
    items = {item.id: number for number, item in enumerate(card.items)}
    faults: list[Fault] = []
    rows = []
    for verdict in mine.to_dict("records"):
        agent = verdict["agent"]
        place = conversations.place(
            np.array([sessions.get(verdict["session_id"], -9)]),
            np.array([agents.get(agent, -9) if isinstance(agent, str) else -1]),
        )[0]
        number = items.get(verdict["item"], -1)
        if place < 0 or number < 0:
            what = Words(
                f"这次数据里没有：会话 {verdict['session_id']}、客服 {agent}、考核项 {verdict['item']}。",
                f"Not in this data: session {verdict['session_id']}, agent {agent}, item {verdict['item']}.",
            )
            faults.append(Fault(what, str(verdict["file"]), int(verdict["row"])))
            continue
        try:
            outcome, points = _of(verdict, card.items[number].points, card.items[number].some)
        except ValueError as error:
            faults.append(Fault(error.args[0], str(verdict["file"]), int(verdict["row"])))
            continue
        rows.append((number, int(place), outcome, points, str(verdict["rater"]), verdict["remark"]))
    if faults:
        raise Faults(faults)
    numbers = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
    return Settled(
        numbers[:, 0],
        numbers[:, 1],
        numbers[:, 2],
        np.array([row[3] for row in rows], dtype=float),
        [row[4] for row in rows],
        [row[5] if isinstance(row[5], str) else None for row in rows],
    )


def _of(verdict: dict[str, object], full: float, some: float | None) -> tuple[int, float]:
    """Return outcome and points of a verdict that gives one of them or both."""
    points = verdict["points"]
    if isinstance(points, int | float) and not np.isnan(points):
        if not 0 <= points <= full:
            raise ValueError(
                Words(f"得分 {points:g} 不在 0 到 {full:g} 之间。", f"Points {points:g} are not in 0..{full:g}.")
            )
        outcome = "met" if points == full else "not_met" if points == 0 else "partly"
        return CODE[outcome], float(points)
    outcome = str(verdict["outcome"])
    points_of = {"met": full, "partly": full / 2 if some is None else some, "not_met": 0.0, "not_applicable": np.nan}
    return CODE[outcome], points_of[outcome]


def apply(filled: Filled, settled: Settled) -> tuple[Ints, np.ndarray]:
    """Return outcomes and points with the persons' marks in the machine's place."""
    outcome, points = filled.outcome.copy(), filled.points.copy()
    outcome[settled.item, settled.conversation] = settled.outcome
    points[settled.item, settled.conversation] = settled.points
    return outcome, points

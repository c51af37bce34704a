"""The marks of conversations as arrays, and single marks with their evidence read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from chataudit.arrays import Flags, Ints, as_code, codes_of
from chataudit.audit import Audit
from chataudit.report.cells import objects
from chataudit.report.wording import known, plain
from chataudit.tables import OUTCOMES

LOST = ("not_met", "partly")
WAITING = ("needs_review", "no_data")


@dataclass(frozen=True)
class Place:
    """Where a rule spoke: a message and a half-open span in its text (empty: something due is missing there)."""

    rule: str
    message_id: str
    start: int
    end: int


@dataclass(frozen=True)
class Mark:
    """A row of the marks table with its evidence read: places in the chat, or figures by name."""

    card: str
    period: str | None
    subject: str
    agent: str | None
    item: str
    outcome: str
    points: float | None
    max_points: float | None
    value: str | None
    places: tuple[Place, ...]
    figures: Mapping[str, Any]
    reason: str | None
    by: str

    @property
    def rater(self) -> str | None:
        """Return who decided, None for the machine."""
        return self.by.removeprefix("sheet:") if self.by.startswith("sheet:") else None

    @property
    def lost(self) -> float:
        """Return the points lost."""
        return max((self.max_points or 0.0) - (self.points or 0.0), 0.0) if self.outcome in LOST else 0.0


def read_marks(rows: pd.DataFrame) -> list[Mark]:
    """Return rows of the marks table (few: each becomes an object)."""
    columns = (
        "card",
        "period",
        "subject",
        "agent",
        "item",
        "outcome",
        "value",
        "reason",
        "decided_by",
        "evidence",
        "points",
        "max_points",
    )
    made = []
    told = {name: objects(rows[name]) for name in columns}
    evidence = {text: read_evidence(plain(text)) for text in set(told["evidence"])}  # most marks tell the same
    for cells in zip(*told.values(), strict=True):
        said = dict(zip(columns, cells, strict=True))
        places, figures = evidence[said["evidence"]]
        made.append(
            Mark(
                str(said["card"]),
                plain(said["period"]),
                str(said["subject"]),
                plain(said["agent"]),
                str(said["item"]),
                str(said["outcome"]),
                known(said["points"]),
                known(said["max_points"]),
                plain(said["value"]),
                places,
                figures,
                plain(said["reason"]),
                str(said["decided_by"]),
            )
        )
    return made


def read_evidence(text: str | None) -> tuple[tuple[Place, ...], Mapping[str, Any]]:
    """Return the places and figures of a mark's evidence."""
    data = json.loads(text) if text else {}
    if isinstance(data, list):
        return tuple(
            Place(
                str(one.get("rule", "")),
                str(one.get("message_id", "")),
                int(one.get("start", 0)),
                int(one.get("end", 0)),
            )
            for one in data
        ), {}
    return (), data


def of_conversations(frame: pd.DataFrame) -> Flags:
    """Return where a row of the marks or scores table is of a conversation."""
    return (frame["subject_kind"] == "conversation").to_numpy(dtype=bool)


@dataclass(frozen=True)
class ConversationMarks:
    """The marks of conversations: ``rows`` their positions in the table, the other arrays one entry for each of them.

    ``stands``: the mark that counts (a person's in the machine's place); ``pairs``: positions of the machine's and a
    person's mark on the same item.
    """

    frame: pd.DataFrame
    rows: Ints
    cards: list[str]
    agents: list[str]
    items: list[str]
    card: Ints
    agent: Ints
    item: Ints
    outcome: Ints
    machine: Flags
    max_points: np.ndarray
    points: np.ndarray

    @classmethod
    def of(cls, audit: Audit) -> ConversationMarks:
        """Return the marks of an audit's conversations."""
        frame = audit.marks
        rows = np.flatnonzero(of_conversations(frame))
        mine = {
            name: frame[name] if len(rows) == len(frame) else frame[name].iloc[rows].reset_index(drop=True)
            for name in ("card", "agent", "item", "outcome", "decided_by", "max_points", "points")
        }
        coded = {name: as_code(mine[name]) for name in ("card", "agent", "item", "outcome", "decided_by")}
        words = {name: [str(one) for one in cells.cat.categories] for name, cells in coded.items()}
        code = {name: codes_of(cells) for name, cells in coded.items()}
        outcome = np.array([OUTCOMES.index(one) for one in words["outcome"]], dtype=np.int64)
        machine = np.array([one == "machine" for one in words["decided_by"]], dtype=bool)
        return cls(
            frame,
            rows,
            words["card"],
            words["agent"],
            words["item"],
            code["card"],
            code["agent"],
            code["item"],
            outcome[code["outcome"]],
            machine[code["decided_by"]],
            mine["max_points"].to_numpy(dtype=float, na_value=np.nan),
            mine["points"].to_numpy(dtype=float, na_value=np.nan),
        )

    @cached_property
    def _settled(self) -> tuple[Flags, list[tuple[int, int]]]:
        stands = self.machine.copy()
        pairs: list[tuple[int, int]] = []
        by_person = np.flatnonzero(~self.machine)
        if not len(by_person):
            return stands, pairs
        subject = self.frame["subject"].iloc[self.rows].astype(str).reset_index(drop=True)
        near = np.flatnonzero(subject.isin(set(subject.iloc[by_person])).to_numpy(dtype=bool))
        keys = dict(
            zip(
                near.tolist(),
                zip(
                    subject.iloc[near],
                    self.card[near].tolist(),
                    self.agent[near].tolist(),
                    self.item[near].tolist(),
                    strict=True,
                ),
                strict=True,
            )
        )
        last = {keys[at]: at for at in by_person.tolist()}
        stands[list(last.values())] = True
        for at in near.tolist():
            if self.machine[at] and keys[at] in last:
                stands[at] = False
                pairs.append((at, last[keys[at]]))
        return stands, pairs

    @property
    def stands(self) -> Flags:
        """Return where a mark is the one that counts."""
        return self._settled[0]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Return the positions of machine's and person's marks on the same item."""
        return self._settled[1]

    def has(self, outcomes: Iterable[str]) -> Flags:
        """Return where the outcome is one of ``outcomes``."""
        return np.isin(self.outcome, [OUTCOMES.index(one) for one in outcomes])

    @property
    def lost(self) -> np.ndarray:
        """Return the points that each mark lost."""
        return np.where(self.has(LOST), np.nan_to_num(self.max_points) - np.nan_to_num(self.points), 0.0).clip(0)

    def read(self, at: Iterable[int]) -> list[Mark]:
        """Return the marks at these positions."""
        return read_marks(self.frame.iloc[self.rows[np.array(list(at), dtype=np.int64)]])


@dataclass(frozen=True)
class Waiting:
    """How many applicable points the machine left to a person, of how many, and what persons have settled since."""

    points: float
    of: float
    settled: float

    @property
    def share(self) -> float | None:
        """Return points / of; null where nothing applied."""
        return self.points / self.of if self.of else None


def waiting(marks: ConversationMarks) -> Waiting:
    """Return the share of applicable points of the machine's marks on conversations that waits for a person."""
    full = np.nan_to_num(marks.max_points)
    waits = marks.machine & marks.has(WAITING)
    applies = marks.machine & ~marks.has(["not_applicable"])
    return Waiting(float(full[waits].sum()), float(full[applies].sum()), float(full[waits & ~marks.stands].sum()))

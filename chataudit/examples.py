"""The transcripts in rule files, run: every rule must give the verdict that its examples state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from chataudit.errors import Fault, Faults, Words
from chataudit.ingest import from_rows
from chataudit.ingest.identity import identify
from chataudit.ingest.kinds import fill_kinds
from chataudit.ingest.refs import find_refs
from chataudit.log import Log
from chataudit.rules import Data, Flagged, Library, flag
from chataudit.rules.model import Example, SessionGiven
from chataudit.segmenter import Segmenter
from chataudit.sessions import split
from chataudit.settings import Settings
from chataudit.tables import ORDERS, PEOPLE

LINE = re.compile(r"([BASOXR])(\d*)(?:\s+(\d{1,2}:\d{2}:\d{2}))?(?:\s+(.*))?")
SENDERS = {"B": "buyer", "A": "agent", "S": "assist", "O": "auto", "R": "bot", "X": "system"}
KIND = re.compile(r"#(card|image|emoji|file|recall|transfer|event)\s*")
LATER = re.compile(r"---\s*([1-9]\d{0,2})\s*(?:days? later|天后)")
LAST_YEAR = 9_990  # a step is under three years: days stay writable
START = "10:00:00"
STEP = pd.Timedelta(seconds=10)
VERDICTS = ("hit", "ok", "skip")


@dataclass(frozen=True)
class Outcome:
    """One example's stated and real verdict."""

    rule: str
    number: int
    stated: str
    real: str


def run_examples(library: Library, settings: Settings, segmenter: Segmenter) -> list[Outcome]:
    """Return the verdict of every rule on each of its own examples.

    Raises:
        Faults: a transcript line that can't be read.
    """
    rows: list[dict[str, Any]] = []
    cases: list[tuple[str, int, str]] = []
    stage = Stage()
    for name, rule in library.rules.items():
        for number, example in enumerate(rule.examples, start=1):
            stated = next(word for word in VERDICTS if getattr(example, word) is not None)
            session = f"{len(cases):06d}"
            rows += transcript(getattr(example, stated), session, f"rules/{name} example {number}", example.session)
            stage.add(session, example)
            cases.append((name, number, stated))
    log = log_of(rows, settings)
    flagged = flag(log, library.filled(_slots(library)), segmenter, data=stage.data(settings))
    case_of = np.array([int(str(one).split("+")[0]) for one in log.sessions["session_id"]], dtype=np.int64)[log.session]
    return [
        Outcome(name, number, stated, _verdict(flagged, library, name, case_of, case))
        for case, (name, number, stated) in enumerate(cases)
    ]


def _verdict(flagged: Flagged, library: Library, name: str, case_of: np.ndarray, case: int) -> str:
    judged, rule = flagged.rulings.judged[name], library.rules[name]
    if (case_of[judged.broken.row] == case).any():
        return "hit"
    if rule.expect == "none":
        return "ok"
    if rule.expect == "count":
        return "hit" if (case_of[judged.kept.row] == case).any() else "ok"
    return "ok" if (case_of[judged.kept.row] == case).any() else "skip"


def agrees(outcome: Outcome) -> bool:
    """Return whether the real verdict is the stated one; for a prohibition ``ok`` and ``skip`` are the same."""
    return outcome.stated == outcome.real or {outcome.stated, outcome.real} == {"ok", "skip"} and outcome.real == "ok"


def transcript(text: str, session: str, name: str, place: SessionGiven | None = None) -> list[dict[str, Any]]:
    """Return raw message rows of a transcript, whose sessions are ``session``, ``session+1`` and so on.

    The format is that of `chataudit.rules.model.Example`.

    Raises:
        Faults: a line that can't be read.
    """
    rows: list[dict[str, Any]] = []
    place = place or SessionGiven()
    day, chat = pd.Timestamp(place.day), 0
    now = _at(day, START) - STEP
    for number, line in _lines(text):
        later = LATER.fullmatch(line)
        if later and rows and day.year < LAST_YEAR:
            day, chat = day + pd.Timedelta(days=int(later[1])), chat + 1
            now = _at(day, START) - STEP
            continue
        found = LINE.fullmatch(line)
        if not found:
            what = Words(f"读不懂“{line}”。", f"{line!r} can't be read.")
            hint = Words(
                "每行写成：B 10:00:05 在吗；两段会话之间写：--- 3 天后（1 到 999）。",
                "A line reads: B 10:00:05 text; between two sessions: --- 3 days later (1 to 999).",
            )
            raise Faults([Fault(what, name, number, hint=hint)])
        who, which, clock, said = found.groups()
        now = _at(day, clock) if clock else now + STEP
        kind = KIND.match(said or "")
        account = f"{session}客服{which or 1}"
        rows.append(
            {
                "row": len(rows) + 1,
                "session_id": f"{session}+{chat}" if chat else session,
                "buyer": f"买家{session}",
                "platform": place.platform,
                "shop": place.shop,
                "sender": SENDERS[who],
                "sent_at": now.to_pydatetime(),
                "agent": account if who in "ASO" or (kind and kind.group(1) == "transfer") else None,
                "kind": kind.group(1) if kind else None,
                "text": (said or "")[kind.end() if kind else 0 :],
            }
        )
    return rows


def _at(day: pd.Timestamp, clock: str) -> pd.Timestamp:
    return pd.Timestamp(f"{day:%Y-%m-%d} {clock}")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line.strip()


def _slots(library: Library) -> dict[str, tuple[str, ...]]:
    """Return the values that the rules give for their examples, of all rules together."""
    values: dict[str, tuple[str, ...]] = {}
    for rule in library.rules.values():
        for name, given in rule.slots.items():
            values[name] = tuple(dict.fromkeys([*values.get(name, ()), *given]))
    return values


class Stage:
    """What the examples say beside their transcripts: orders, people, tags."""

    def __init__(self) -> None:
        self._orders: list[dict[str, object]] = []
        self._people: list[dict[str, object]] = []
        self._tags: dict[str, tuple[str, ...]] = {}

    def add(self, session: str, example: Example) -> None:
        """Take up one example."""
        place, order, agent = example.session or SessionGiven(), example.order, example.agent
        if order is not None:
            self._orders.append(
                {
                    "order_id": f"order{session}",
                    "platform": place.platform,
                    "shop": place.shop,
                    "buyer": f"买家{session}",
                    "ordered_at": f"{place.day} {order.ordered}",
                    "paid_at": f"{place.day} {order.paid}" if order.paid else None,
                    "amount": f"{order.amount:.2f}",
                    "refund": f"{order.amount:.2f}" if order.refunded else None,
                }
            )
        if agent is None:
            return
        for account in (f"{session}客服{number}" for number in range(1, 4)):
            if agent.tag is not None:
                self._tags[agent.tag] = (*self._tags.get(agent.tag, ()), account)
            since = None
            if agent.joined_days is not None:
                since = f"{pd.Timestamp(place.day) - pd.Timedelta(days=agent.joined_days):%Y-%m-%d}"
            row: dict[str, object] = {
                "account": account,
                "person": agent.person or account,
                "team": agent.team,
                "since": since,
            }
            self._people.append(row)

    def data(self, settings: Settings) -> Data:
        """Return all of it as the tables that rules read."""
        orders = pd.DataFrame(self._orders).reindex(columns=ORDERS.names)
        for name in ("ordered_at", "paid_at", "closed_at", "refunded_at"):
            orders[name] = pd.to_datetime(orders[name]).dt.as_unit("ms").dt.tz_localize(settings.timezone)
        return Data(orders, pd.DataFrame(self._people).reindex(columns=PEOPLE.names), tags=self._tags)


def log_of(rows: list[dict[str, Any]], settings: Settings) -> Log:
    """Return rows of transcripts as a log."""
    return split(_messages(rows, settings), settings)


def _messages(rows: list[dict[str, Any]], settings: Settings) -> pd.DataFrame:
    frame = from_rows(rows, settings.timezone)
    frame["file"], frame["source"], frame["masked"] = "example", 0, False
    frame["file"] = frame["file"].astype("category")
    frame = fill_kinds(frame)
    frame["refs"] = find_refs(frame["text"])
    return identify(frame)[0]

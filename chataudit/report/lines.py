"""Messages as lines that people read: few of them, taken by row, masked, with what was found marked in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.arrays import Ints
from chataudit.audit import Audit
from chataudit.log import NO_TIME, wall_clock
from chataudit.report.cells import objects
from chataudit.report.wording import KINDS, LONGEST, SENDERS, Speech, clip, plain
from chataudit.tables import LEVELS

CELLS = ("message_id", "sender", "kind", "agent", "buyer")
SIDES = {"buyer": "left", "system": "middle"}


@dataclass(frozen=True)
class Spot:
    """Something a rule found at a message: the span (empty: missing there), level, and what to say of it."""

    start: int
    end: int
    level: str
    reason: str
    agent: str | None
    rule: str

    @property
    def missing(self) -> bool:
        """Return whether something due is missing here."""
        return self.end <= self.start


@dataclass(frozen=True)
class Segment:
    """A stretch of text; ``level`` is empty where nothing was found in it."""

    text: str
    level: str


@dataclass(frozen=True)
class Remark:
    """What stands beside a line: a hit's reason, or a duty missed there; ``whose`` names another agent."""

    level: str
    text: str
    missing: bool
    times: int
    whose: str


@dataclass(frozen=True)
class Line:
    """A message to show. ``gap``: how many before it are left out; ``badges``: what kind of sender or message."""

    id: str
    time: str
    who: str
    sender: str
    side: str
    badges: tuple[str, ...]
    segments: tuple[Segment, ...]
    remarks: tuple[Remark, ...]
    gap: int = 0
    focus: bool = False


@dataclass(frozen=True)
class Raw:
    """A message's cells, text masked as asked."""

    row: int
    message_id: str
    time: str
    day: str
    sender: str
    kind: str
    agent: str | None
    buyer: str
    text: str


def take_lines(audit: Audit, rows: Ints, speech: Speech) -> dict[int, Raw]:
    """Return the messages at these rows, by row."""
    if not len(rows):
        return {}
    part = audit.messages[["sent_at", "text", *CELLS]].iloc[rows]
    wall = wall_clock(part["sent_at"])
    said = np.datetime_as_string(np.where(wall == NO_TIME, 0, wall).astype("datetime64[ms]"), unit="s")
    times = [
        ("", "") if none else (str(one)[11:], str(one)[:10]) for one, none in zip(said, wall == NO_TIME, strict=True)
    ]
    *columns, buyers = (objects(part[name]) for name in CELLS)
    shown = {one: clip(speech.text(one)) for one in set(buyers)}
    texts = speech.texts(part["text"].tolist())
    return {
        row: Raw(row, str(message_id), time, day, str(sender), str(kind), plain(agent), shown[buyer], text)
        for row, (time, day), message_id, sender, kind, agent, buyer, text in zip(
            rows.tolist(), times, *columns, buyers, texts, strict=True
        )
    }


def rows_by_id(audit: Audit, sessions: Iterable[int]) -> dict[tuple[int, str], int]:
    """Return the rows of the messages of these sessions (their numbers) by (session, message id)."""
    log, wanted = audit.log, sorted(set(sessions))
    if not wanted:
        return {}
    rows = np.concatenate([np.arange(log.first[one], log.end[one]) for one in wanted])
    ids = audit.messages["message_id"].iloc[rows].tolist()
    return dict(zip(zip(log.session[rows].tolist(), ids, strict=True), rows.tolist(), strict=True))


def spots_by_row(
    hits: pd.DataFrame, rows: dict[tuple[int, str], int], speech: Speech, session_of: dict[str, int]
) -> dict[int, list[Spot]]:
    """Return what the rules found, by message row, for hits in these sessions."""
    spots: dict[int, list[Spot]] = {}
    names = ("session_id", "message_id", "start", "end", "level", "reason", "agent", "rule")
    for session_id, message_id, start, end, level, reason, agent, rule in zip(
        *(objects(hits[name]) for name in names), strict=True
    ):
        row = rows.get((session_of.get(str(session_id), -1), str(message_id)))
        if row is not None:
            begin = 0 if pd.isna(start) else int(start)
            spot = Spot(
                begin,
                begin if pd.isna(end) else int(end),
                str(level),
                speech.text(reason, 200),
                plain(agent),
                str(rule),
            )
            spots.setdefault(row, []).append(spot)
    return spots


def line_of(
    raw: Raw,
    spots: Sequence[Spot],
    speech: Speech,
    *,
    anchor: str = "",
    agent: str | None = None,
    gap: int = 0,
    focus: bool = False,
) -> Line:
    """Return a message as a line; remarks of other agents than ``agent`` say whose they are."""
    badges = []
    if raw.sender in ("assist", "auto", "bot", "system"):
        badges.append(SENDERS[raw.sender].said(speech.lang))
    if raw.kind in KINDS and raw.kind != "emoji":
        badges.append(KINDS[raw.kind].said(speech.lang))
    who = raw.buyer if raw.sender == "buyer" else clip(raw.agent or "")
    return Line(
        anchor,
        raw.time,
        who,
        raw.sender,
        SIDES.get(raw.sender, "right"),
        tuple(badges),
        segments_of(raw.text, spots, speech),
        _remarks(spots, agent, speech),
        gap,
        focus,
    )


def _remarks(spots: Sequence[Spot], agent: str | None, speech: Speech) -> tuple[Remark, ...]:
    counts: dict[tuple[int, str, bool, str], int] = {}
    for spot in spots:
        whose = clip(spot.agent or speech.t("无客服", "no agent")) if spot.agent != agent else ""
        key = (-LEVELS.index(spot.level), spot.reason, spot.missing, whose)
        counts[key] = counts.get(key, 0) + 1
    return tuple(
        Remark(LEVELS[-level], reason, missing, times, whose)
        for (level, reason, missing, whose), times in sorted(counts.items())[:12]
    )


def segments_of(text: str, spots: Sequence[Spot], speech: Speech, most: int = LONGEST) -> tuple[Segment, ...]:
    """Return a text cut at the spans found in it; where spans overlap the gravest level counts.

    Long stretches lose their middle, so that no message swamps the page.

    >>> [(one.text, one.level) for one in segments_of("加我微信", [Spot(2, 4, "red", "", None, "r")], Speech())]
    [('加我', ''), ('微信', 'red')]
    """
    inside = [spot for spot in spots if not spot.missing and spot.start < len(text)][:60]
    edges = sorted({0, len(text), *(edge for spot in inside for edge in (spot.start, min(spot.end, len(text))))})
    made: list[Segment] = []
    for begin, end in zip(edges, edges[1:], strict=False):
        levels = [LEVELS.index(spot.level) for spot in inside if spot.start <= begin and end <= spot.end]
        level = LEVELS[max(levels)] if levels else ""
        if made and made[-1].level == level:
            made[-1] = Segment(made[-1].text + text[begin:end], level)
        else:
            made.append(Segment(text[begin:end], level))
    return tuple(Segment(_shortened(one.text, most if not one.level else 300, speech), one.level) for one in made)


def _shortened(text: str, most: int, speech: Speech) -> str:
    if len(text) <= most:
        return text
    left = len(text) - most
    gap = speech.t(f"……（略 {left:,} 字）……", f" … ({left:,} characters left out) … ")
    return text[: most // 2] + gap + text[-most // 2 :]

"""Red lines: red items that were broken and hits of level red, each in the context of its conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.audit import Audit
from chataudit.report.cells import objects
from chataudit.report.lines import Line, Spot, line_of, rows_by_id, take_lines
from chataudit.report.marks import LOST, ConversationMarks
from chataudit.report.views import red_hits
from chataudit.report.wording import Speech, plain

Key = tuple[int, str, str, int, int]


@dataclass(frozen=True)
class Case:
    """A place where a red line was crossed: the sentence with a line before and after, why, whose; ``lost``: points.

    ``line``: which message of its session it is.
    """

    session: int
    agent: str | None
    rule: str
    level: str
    reason: str
    items: tuple[str, ...]
    lost: float
    when: str
    line: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class RedLines:
    """The cases shown, and how many hits of level red and red items broken there are in all and not shown."""

    cases: tuple[Case, ...]
    hits: int
    marks: int
    hits_left: int
    marks_left: int


@dataclass
class _Found:
    rule: str
    agent: str | None
    level: str
    reason: str
    session: int
    items: list[str]
    lost: float = 0.0


def red_lines(audit: Audit, marks: ConversationMarks, speech: Speech, most: int) -> RedLines:
    """Return the worst red lines: broken red items by points lost, then the other hits of level red."""
    sessions = pd.Index(audit.sessions["session_id"].astype(str))
    found: dict[Key, _Found] = {}
    broken = _broken(audit, marks)
    taken = _of_marks(audit, marks, broken[:most], sessions, speech, found)
    hits = red_hits(audit)
    covered = _of_hits(hits, sessions, speech, found, most)
    ordered = sorted(found.items(), key=lambda pair: (-pair[1].lost, pair[1].level != "red", pair[0]))
    return RedLines(
        tuple(_cases(audit, ordered, speech)), len(hits), len(broken), len(hits) - covered, len(broken) - taken
    )


def _broken(audit: Audit, marks: ConversationMarks) -> np.ndarray:
    """Return the positions of the standing marks that broke a red item, most points lost first."""
    red = {(name, item.id) for name, card in audit.cards.items() for item in card.items if item.red}
    pairs = [
        (marks.cards.index(card), marks.items.index(item))
        for card, item in sorted(red)
        if card in marks.cards and item in marks.items
    ]
    is_red = np.zeros(len(marks.rows), dtype=bool)
    for card, item in pairs:
        is_red |= (marks.card == card) & (marks.item == item)
    at = np.flatnonzero(is_red & marks.stands & marks.has(LOST))
    return at[np.argsort(-marks.lost[at], kind="stable")]


def _of_marks(
    audit: Audit, marks: ConversationMarks, at: np.ndarray, sessions: pd.Index, speech: Speech, found: dict[Key, _Found]
) -> int:
    """Add the places of broken red items; return how many marks that shows."""
    machine = {person: number for number, person in marks.pairs}
    read = marks.read(at)
    # A person's mark has no places of its own: the machine's on the same item show where to look.
    places = marks.read([machine.get(int(one), int(one)) for one in at])
    numbers = sessions.get_indexer([mark.subject for mark in read]).tolist()
    for session, mark, beside in zip(numbers, read, places, strict=True):
        item = _item_name(audit, mark.card, mark.item, speech)
        by = speech.t(f"（{mark.rater} 判定）", f" (marked by {mark.rater})") if mark.rater else ""
        spots = [(one.message_id, one.rule, one.start, one.end) for one in beside.places] or [("", mark.item, 0, 0)]
        for message_id, rule, start, end in spots:
            level = audit.rules[rule].level if rule in audit.rules else "red"
            reason = speech.text(beside.reason or mark.reason or "", 200)
            one = found.setdefault(
                (session, message_id, rule, start, end), _Found(rule, mark.agent, level, reason, session, [])
            )
            one.items.append(item + by)
            one.lost = max(one.lost, mark.lost)
    return len(read)


def _item_name(audit: Audit, card: str, item: str, speech: Speech) -> str:
    for one in audit.cards[card].items:
        if one.id == item:
            return f"{one.id} {one.name_en if speech.lang == 'en' else one.name}"
    return item


def _of_hits(hits: pd.DataFrame, sessions: pd.Index, speech: Speech, found: dict[Key, _Found], most: int) -> int:
    """Add the hits of level red that fit under ``most``; return how many of all hits are shown."""
    shown = 0
    names = ("session_id", "message_id", "rule", "start", "end", "agent", "reason")
    numbers = sessions.get_indexer(hits["session_id"].astype(str)).tolist()
    for session, (_, message_id, rule, start, end, agent, reason) in zip(
        numbers, zip(*(objects(hits[name]) for name in names), strict=True), strict=True
    ):
        key = (session, str(message_id), str(rule), int(start), int(end))
        if key not in found:
            if len(found) >= most:
                continue
            found[key] = _Found(str(rule), plain(agent), "red", "", session, [])
        found[key].reason = speech.text(reason, 200)
        shown += 1
    return shown


def _cases(audit: Audit, found: Sequence[tuple[Key, _Found]], speech: Speech) -> list[Case]:
    log = audit.log
    rows = rows_by_id(audit, (one.session for _, one in found))
    at = {key: rows.get(key[:2], int(log.first[key[0]])) for key, _ in found}
    wanted = {
        near
        for key, row in at.items()
        for near in range(row - 1, row + 2)
        if 0 <= near < len(log.session) and log.session[near] == key[0]
    }
    raw = take_lines(audit, np.array(sorted(wanted), dtype=np.int64), speech)
    cases = []
    for key, one in found:
        row, lines = at[key], []
        for near in range(row - 1, row + 2):
            if near in raw and log.session[near] == key[0]:
                spots = [Spot(key[3], key[4], "red", one.reason, one.agent, one.rule)] if near == row else []
                lines.append(line_of(raw[near], spots, speech, agent=one.agent, focus=near == row))
        title = audit.rulings.title(one.rule, speech.lang) if one.rule in audit.rulings.titles else one.rule
        when = f"{raw[row].day} {raw[row].time}".strip()
        cases.append(
            Case(
                key[0],
                one.agent,
                title,
                one.level,
                one.reason,
                tuple(one.items),
                one.lost,
                when,
                row - int(log.first[key[0]]) + 1,
                tuple(lines),
            )
        )
    return cases

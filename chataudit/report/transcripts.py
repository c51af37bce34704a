"""Chosen conversations as people read them: the chat with what was found in it, and the checklist as filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.arrays import Flags
from chataudit.audit import Audit
from chataudit.report.cells import records
from chataudit.report.lines import Line, Raw, line_of, rows_by_id, spots_by_row, take_lines
from chataudit.report.marks import ConversationMarks, Mark, of_conversations, read_marks
from chataudit.report.views import Chosen
from chataudit.report.wording import PLATFORMS, WHYS, Speech, clip, known, plain
from chataudit.tables import LEVELS

MOST_LINES = 240
HEAD, TAIL, NEAR = 60, 20, 2


@dataclass(frozen=True)
class Link:
    """A way to a line of the chat: its anchor (empty where it is not on the page), its time and what was said."""

    anchor: str
    time: str
    quote: str
    sentence: str
    missing: bool


@dataclass(frozen=True)
class ItemLine:
    """A checklist's item as filled; ``person``: the mark that a person set beside the machine's."""

    id: str
    name: str
    red: bool
    machine: Mark | None
    person: Mark | None
    links: tuple[Link, ...]
    checked: int | None

    @property
    def stands(self) -> Mark | None:
        """Return the mark that counts."""
        return self.person or self.machine


@dataclass(frozen=True)
class Checklist:
    """A card filled for a conversation."""

    card: str
    title: str
    score: float | None
    low: float | None
    high: float | None
    grade: str | None
    provisional: bool
    items: tuple[ItemLine, ...]


@dataclass(frozen=True)
class Conversation:
    """A conversation to show."""

    anchor: str
    session_id: str
    agent: str | None
    buyer: str
    place: str
    day: str
    time: str
    why: tuple[str, ...]
    transferred: bool
    checklists: tuple[Checklist, ...]
    lines: tuple[Line, ...]
    left_out: int


@dataclass(frozen=True)
class Material:
    """The rows of the big tables that chosen conversations need, so that these are searched once."""

    marks: pd.DataFrame
    scores: pd.DataFrame
    hits: pd.DataFrame


def material_of(audit: Audit, marks: ConversationMarks, chosen: Iterable[Chosen], *, chat: bool = True) -> Material:
    """Return what `read_conversations` needs of the tables."""
    ids = sorted({one.session_id for one in chosen})
    hits = audit.hits[_within(audit.hits["session_id"], ids)] if chat else audit.hits.head(0)
    mine, scores = (
        frame.iloc[np.flatnonzero(_within(frame["subject"], ids) & of_conversations(frame))]
        for frame in (marks.frame, audit.scores)
    )
    return Material(mine, scores, hits)


def _within(cells: pd.Series, ids: list[str]) -> Flags:
    return cells.isin(ids).to_numpy(dtype=bool)


def read_conversations(
    audit: Audit, material: Material, chosen: Sequence[tuple[str, Chosen]], speech: Speech, *, chat: bool = True
) -> list[Conversation]:
    """Return chosen conversations (each with its anchor) in their order; without ``chat`` only their checklists."""
    return _Reader(audit, material, chosen, speech, chat).read() if chosen else []


class _Reader:
    """Gathers everything about a few conversations at once."""

    def __init__(
        self, audit: Audit, material: Material, chosen: Sequence[tuple[str, Chosen]], speech: Speech, chat: bool
    ) -> None:
        self.audit, self.chosen, self.speech, self.chat = audit, chosen, speech, chat
        ids = {one.session_id: one.session for _, one in chosen}
        self.number = ids
        self.row_of = rows_by_id(audit, ids.values())
        hits = material.hits[_within(material.hits["session_id"], list(ids))]
        self.spots = spots_by_row(hits, self.row_of, speech, ids)
        self.rows = {one: list(range(int(audit.log.first[one]), int(audit.log.end[one]))) for one in ids.values()}
        self.marks = _by_conversation(read_marks(material.marks[_within(material.marks["subject"], list(ids))]))
        self.scores = _scores(material.scores[_within(material.scores["subject"], list(ids))])
        self.evident = self._evident()
        self.shown = {one: self._shown_rows(one) for one in self.rows}
        every = np.unique(np.concatenate([np.array(rows, dtype=np.int64) for rows in self.shown.values()]))
        self.raw: Mapping[int, Raw] = take_lines(audit, every, speech)
        about = audit.sessions.iloc[list(self.rows)][["platform", "shop", "buyer", "day", "transferred", "started_at"]]
        self.about = dict(zip(self.rows, records(about), strict=True))

    def _evident(self) -> dict[int, list[int]]:
        """Return for each session the rows that its marks name; beside the chat only those of marks that tell something."""
        rows: dict[int, list[int]] = {}
        for (session_id, _), marks in self.marks.items():
            session = self.number[session_id]
            telling = (one for one in marks if not self.chat or one.outcome not in ("met", "not_applicable"))
            for place in (place for mark in telling for place in mark.places):
                row = self.row_of.get((session, place.message_id))
                if row is not None:
                    rows.setdefault(session, []).append(row)
        return rows

    def _shown_rows(self, session: int) -> list[int]:
        """Return the rows of a session to show: all, or of a very long one its ends and what was found."""
        rows = self.rows[session]
        if self.chat and len(rows) <= MOST_LINES:
            return rows
        evident = self.evident.get(session, [])
        if not self.chat:
            return sorted(set(evident))
        first, last = rows[0], rows[-1]
        keep = {*rows[:HEAD], *rows[-TAIL:]}
        found = sorted((row for row in rows if row in self.spots), key=self._gravest)[: MOST_LINES // 2]
        for row in evident + found:
            keep.update(range(max(row - NEAR, first), min(row + NEAR, last) + 1))
        return sorted(keep)

    def _gravest(self, row: int) -> int:
        return -max(LEVELS.index(spot.level) for spot in self.spots[row])

    def read(self) -> list[Conversation]:
        return [self._conversation(anchor, one) for anchor, one in self.chosen]

    def _conversation(self, anchor: str, one: Chosen) -> Conversation:
        about, shown = self.about[one.session], self.shown[one.session] if self.chat else []
        first = self.rows[one.session][0]
        lines, before = [], first - 1
        for row in shown:
            lines.append(
                line_of(
                    self.raw[row],
                    self.spots.get(row, ()),
                    self.speech,
                    agent=one.name,
                    anchor=f"{anchor}-{row - first + 1}",
                    gap=row - before - 1,
                )
            )
            before = row
        platform = self.speech.word(PLATFORMS, plain(about["platform"]))
        return Conversation(
            anchor,
            one.session_id,
            one.name,
            clip(self.speech.text(about["buyer"])) or self.speech.t("（无名）", "(no name)"),
            f"{platform} {clip(plain(about['shop']) or '')}".strip(),
            plain(about["day"]) or "",
            "" if pd.isna(about["started_at"]) else f"{about['started_at']:%H:%M}",
            tuple(WHYS[why].said(self.speech.lang) for why in one.why),
            bool(about["transferred"]),
            tuple(self._checklists(anchor, one)),
            tuple(lines),
            len(self.rows[one.session]) - len(shown),
        )

    def _checklists(self, anchor: str, one: Chosen) -> list[Checklist]:
        made = []
        for name, card in self.audit.cards.items():
            marks = [mark for mark in self.marks.get((one.session_id, one.name), ()) if mark.card == name]
            if card.subject != "conversation" or not marks:
                continue
            score = self.scores.get((name, one.session_id, one.name), {})
            machine = {mark.item: mark for mark in marks if mark.rater is None}
            person = {mark.item: mark for mark in marks if mark.rater is not None}
            items = tuple(
                ItemLine(
                    item.id,
                    item.name_en if self.speech.lang == "en" else item.name,
                    item.red,
                    machine.get(item.id),
                    person.get(item.id),
                    self._links(anchor, one, machine.get(item.id)),
                    _checked(machine.get(item.id)),
                )
                for item in card.items
            )
            made.append(
                Checklist(
                    name,
                    card.title(self.speech.lang),
                    known(score.get("score")),
                    known(score.get("score_low")),
                    known(score.get("score_high")),
                    plain(score.get("grade")),
                    bool(score.get("provisional", False)),
                    items,
                )
            )
        return made

    def _links(self, anchor: str, one: Chosen, mark: Mark | None) -> tuple[Link, ...]:
        links = []
        first = self.rows[one.session][0]
        for place in mark.places if mark else ():
            row = self.row_of.get((one.session, place.message_id))
            raw = self.raw.get(row) if row is not None else None
            if row is None or raw is None:
                continue
            missing = place.end <= place.start
            quote = clip(raw.text if missing else raw.text[place.start : place.end], 40)
            links.append(Link(f"{anchor}-{row - first + 1}", raw.time, quote, clip(raw.text, 120), missing))
        return tuple(links)


def _checked(mark: Mark | None) -> int | None:
    return int(mark.figures["messages_checked"]) if mark and "messages_checked" in mark.figures else None


def _by_conversation(marks: list[Mark]) -> dict[tuple[str, str | None], list[Mark]]:
    grouped: dict[tuple[str, str | None], list[Mark]] = {}
    for mark in marks:
        grouped.setdefault((mark.subject, mark.agent), []).append(mark)
    return grouped


def _scores(frame: pd.DataFrame) -> dict[tuple[str, str, str | None], dict[str, object]]:
    return {(str(row["card"]), str(row["subject"]), plain(row["agent"])): row for row in records(frame)}

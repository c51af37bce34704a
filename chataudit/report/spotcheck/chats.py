"""Drawn conversations as people read them, from the tables of audit folders: chat, findings, filled checklists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT
from chataudit.cards.model import Card
from chataudit.log import NO_TIME, wall_clock
from chataudit.report.lines import Line, Raw, Spot, line_of
from chataudit.report.marks import Mark, read_marks
from chataudit.report.transcripts import Checklist, Conversation, ItemLine, Link
from chataudit.report.wording import PLATFORMS, Speech, clip, known, plain
from chataudit.rules.model import Rule
from chataudit.spotcheck.population import Population, key_of

MOST_LINES, HEAD, TAIL, NEAR = 240, 60, 20, 2


@dataclass(frozen=True)
class Finding:
    """A hit to judge: the rule, where it is (empty span: missing there), what the machine says."""

    rule: str
    title: str
    level: str
    message_id: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class Chat:
    """A drawn conversation: ``unit`` its number in the population; ``said``: message ids of the lines of ``view``."""

    unit: int
    view: Conversation
    said: tuple[str, ...]
    findings: Mapping[str, tuple[Finding, ...]]


@dataclass(frozen=True)
class Lexicon:
    """Cards and rules by id, to name what the tables hold."""

    cards: Mapping[str, Card]
    rules: Mapping[str, Rule]

    def title(self, rule: str, lang: str) -> str:
        """Return a rule's name; one that is no longer there says its id."""
        found = self.rules.get(rule)
        return rule if found is None else found.name_en if lang == "en" else found.name


def read_chats(
    population: Population,
    units: Sequence[int],
    whys: Sequence[str],
    lexicon: Lexicon,
    speech: Speech,
    *,
    blind: bool = False,
) -> list[Chat]:
    """Return conversations (their numbers in the population) in the order given.

    ``blind``: without hits and scores; a workbook then shows items without the machine's marks.
    """
    ids = set(population.units["session_id"].iloc[list(units)])
    within = {name: _within(population.tables[name], column, ids) for name, column in PARTS}
    if blind:
        within = {**within, **{name: within[name].head(0) for name in ("hits", "scores")}}
    reader = _Reader(population, within, lexicon, speech)
    return [reader.read(unit, why, f"c{at}") for at, (unit, why) in enumerate(zip(units, whys, strict=True), start=1)]


PARTS = (("messages", "session_id"), ("hits", "session_id"), ("marks", "subject"), ("scores", "subject"))


def _within(table: pd.DataFrame, column: str, ids: set[str]) -> pd.DataFrame:
    found = table[table[column].isin(ids).to_numpy(dtype=bool)]
    return found if column == "session_id" else found[(found["subject_kind"] == "conversation").to_numpy(dtype=bool)]


class _Reader:
    """Holds the rows of the drawn conversations, by session or conversation."""

    def __init__(
        self, population: Population, within: dict[str, pd.DataFrame], lexicon: Lexicon, speech: Speech
    ) -> None:
        self.population, self.lexicon, self.speech = population, lexicon, speech
        self.raws = _raws(within["messages"], speech)
        self.spots, self.findings = self._hits(within["hits"])
        self.marks: dict[str, list[Mark]] = {}
        for mark in read_marks(within["marks"]):
            self.marks.setdefault(f"{mark.subject}\x1f{mark.agent or ''}", []).append(mark)
        keys = key_of(within["scores"]["subject"], within["scores"]["agent"])
        rows = within["scores"].astype(object).to_dict("records")
        self.scores = {(key, str(row["card"])): row for key, row in zip(keys, rows, strict=True)}

    def _hits(self, hits: pd.DataFrame) -> tuple[dict[str, list[Spot]], dict[str, list[tuple[str, Finding]]]]:
        spots: dict[str, list[Spot]] = {}
        findings: dict[str, list[tuple[str, Finding]]] = {}
        names = ("rule", "level", "session_id", "message_id", "agent", "start", "end", "reason")
        for cells in zip(*(hits[name].astype(object).tolist() for name in names), strict=True):
            rule, level, session, message, agent, start, end, reason = cells
            if not isinstance(message, str):
                continue
            begin = 0 if pd.isna(start) else int(start)
            stop = begin if pd.isna(end) else int(end)
            said = self.speech.text(reason, 200)
            spots.setdefault(message, []).append(Spot(begin, stop, str(level), said, plain(agent), str(rule)))
            title = self.lexicon.title(str(rule), self.speech.lang)
            found = Finding(str(rule), title, str(level), message, begin, stop, said)
            findings.setdefault(str(session), []).append((plain(agent) or "", found))
        return spots, findings

    def read(self, unit: int, why: str, anchor: str) -> Chat:
        row = self.population.units.iloc[unit]
        session, agent = str(row["session_id"]), str(row["agent"])
        raws = self.raws.get(session, [])
        shown = _shown([raw.message_id in self.spots for raw in raws])
        lines, before = [], -1
        for at in shown:
            raw = raws[at]
            spots = self.spots.get(raw.message_id, ())
            lines.append(
                line_of(raw, spots, self.speech, agent=agent or None, anchor=f"{anchor}-{at + 1}", gap=at - before - 1)
            )
            before = at
        anchors = {raw.message_id: f"{anchor}-{at + 1}" for at, raw in enumerate(raws)}
        checklists = self._checklists(f"{session}\x1f{agent}", {raw.message_id: raw for raw in raws}, anchors)
        view = Conversation(
            anchor,
            session,
            agent or None,
            clip(self.speech.text(row["buyer"])) or self.speech.t("（无名）", "(no name)"),
            f"{self.speech.word(PLATFORMS, plain(row['platform']))} {clip(plain(row['shop']) or '')}".strip(),
            plain(row["day"]) or "",
            "" if pd.isna(row["started_at"]) else f"{row['started_at']:%H:%M}",
            (why,),
            any(raw.kind == "transfer" for raw in raws),
            tuple(checklists),
            tuple(lines),
            len(raws) - len(shown),
        )
        return Chat(unit, view, tuple(raws[at].message_id for at in shown), self._own(session, agent))

    def _own(self, session: str, agent: str) -> dict[str, tuple[Finding, ...]]:
        """Return the findings of this conversation by message: its agent's, and those that belong to no conversation."""
        found: dict[str, list[Finding]] = {}
        rows = self.findings.get(session, [])
        strays = self.population.place(
            pd.Series([session] * len(rows), dtype=TEXT), pd.Series([whose for whose, _ in rows], dtype=TEXT)
        )
        for (whose, one), place in zip(rows, strays.tolist(), strict=True):
            if whose == agent or place < 0:
                found.setdefault(one.message_id, []).append(one)
        return {name: tuple(dict.fromkeys(parts)) for name, parts in found.items()}

    def _checklists(self, key: str, raws: Mapping[str, Raw], anchors: Mapping[str, str]) -> list[Checklist]:
        made = []
        for name, card in self.lexicon.cards.items():
            marks = [mark for mark in self.marks.get(key, ()) if mark.card == name]
            if card.subject != "conversation" or not marks:
                continue
            score = self.scores.get((key, name), {})
            machine = {mark.item: mark for mark in marks if mark.rater is None}
            person = {mark.item: mark for mark in marks if mark.rater is not None}
            items = tuple(
                ItemLine(
                    item.id,
                    item.name_en if self.speech.lang == "en" else item.name,
                    item.red,
                    machine.get(item.id),
                    person.get(item.id),
                    _links(machine.get(item.id), raws, anchors),
                    _count(machine.get(item.id)),
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


def _raws(messages: pd.DataFrame, speech: Speech) -> dict[str, list[Raw]]:
    """Return the messages of each session, in time order (as they stand, where there is no time)."""
    wall = wall_clock(messages["sent_at"]) if len(messages) else np.array([], dtype=np.int64)
    said = np.datetime_as_string(np.where(wall == NO_TIME, 0, wall).astype("datetime64[ms]"), unit="s")
    names = ("session_id", "message_id", "sender", "kind", "agent", "buyer")
    columns = [messages[name].astype(object).tolist() for name in names]
    texts = speech.texts(messages["text"].tolist())
    sessions: dict[str, list[tuple[int, Raw]]] = {}
    for at, (session, message, sender, kind, agent, buyer) in enumerate(zip(*columns, strict=True)):
        none = wall[at] == NO_TIME
        time, day = ("", "") if none else (str(said[at])[11:], str(said[at])[:10])
        raw = Raw(
            at, str(message), time, day, str(sender), str(kind), plain(agent), clip(speech.text(buyer)), texts[at]
        )
        sessions.setdefault(str(session), []).append((int(wall[at]), raw))
    return {
        name: [raw for _, raw in (sorted(rows, key=lambda row: row[0]) if rows[0][0] != NO_TIME else rows)]
        for name, rows in sessions.items()
    }


def _shown(hit: Sequence[bool]) -> list[int]:
    """Return the lines to show: all, or of a very long conversation its ends and what was found."""
    size = len(hit)
    if size <= MOST_LINES:
        return list(range(size))
    keep = {*range(HEAD), *range(size - TAIL, size)}
    for at in [at for at, one in enumerate(hit) if one][:MOST_LINES]:
        keep.update(range(max(at - NEAR, 0), min(at + NEAR + 1, size)))
    return sorted(keep)


def _links(mark: Mark | None, raws: Mapping[str, Raw], anchors: Mapping[str, str]) -> tuple[Link, ...]:
    links = []
    for place in mark.places if mark else ():
        raw = raws.get(place.message_id)
        if raw is not None:
            missing = place.end <= place.start
            quote = clip(raw.text if missing else raw.text[place.start : place.end], 40)
            links.append(Link(anchors[place.message_id], raw.time, quote, clip(raw.text, 120), missing))
    return tuple(links)


def _count(mark: Mark | None) -> int | None:
    return int(mark.figures["messages_checked"]) if mark and "messages_checked" in mark.figures else None


__all__ = ["Chat", "Finding", "Lexicon", "Line", "read_chats"]

"""The report's page: one self-contained HTML file for people, under 5 MB whatever the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from chataudit.audit import Audit
from chataudit.report import wording
from chataudit.report.by_agent import Agents, agents_of
from chataudit.report.charts import draw_agents, draw_hours, draw_waits
from chataudit.report.filled_cards import disagreements, filled_cards
from chataudit.report.marks import ConversationMarks, waiting
from chataudit.report.origins import origins_of
from chataudit.report.overview import buckets_of, compared, head_of, hours_of
from chataudit.report.red_lines import red_lines
from chataudit.report.transcripts import Conversation, read_conversations
from chataudit.report.views import Chosen, chosen_conversations
from chataudit.report.wording import Speech

LIMIT = 5_000_000
SPARE = 100_000
BATCH = 40


@dataclass(frozen=True)
class Room:
    """How much of everything is shown: bytes of conversations, and numbers of the rest."""

    conversations: int = 3_600_000
    red: int = 1_000
    persons: int = 40
    agents: int = 150
    rejects: int = 200
    disagreements: int = 200

    def less(self, excess: int) -> Room:
        """Return less room: fewer conversations first, then half of everything."""
        if self.conversations > excess:
            return replace(self, conversations=self.conversations - excess)
        return Room(0, self.red // 2, self.persons // 2, self.agents // 2, self.rejects // 2, self.disagreements // 2)


@dataclass(frozen=True)
class Shown:
    """A conversation and its place on the page, already as HTML."""

    anchor: str
    chosen: Chosen
    view: Conversation
    html: Markup


def render_page(audit: Audit, *, sample: int = 10, masked: bool = True, lang: str = "zh") -> str:
    """Return the report as one HTML page without scripts or anything from a network, always under 5 MB."""
    speech = Speech(lang, masked)
    marks = ConversationMarks.of(audit)
    chosen = [(f"c{number}", one) for number, one in enumerate(chosen_conversations(audit, sample), start=1)]
    drawn: list[Shown] = []
    room = Room()
    charts = _charts(audit, agents_of(audit, marks, speech, room.agents), speech)
    while True:
        drawn = _conversations(audit, marks, chosen, speech, room.conversations) if not drawn else _cut(drawn, room)
        page = _page(audit, marks, chosen, drawn, charts, room, sample, speech)
        excess = len(page.encode()) - (LIMIT - SPARE)
        if excess <= 0:
            return page
        room = room.less(excess)


def _page(audit: Audit, marks: ConversationMarks, chosen: Sequence[tuple[str, Chosen]], drawn: Sequence[Shown],
          charts: dict[str, Markup], room: Room, sample: int, speech: Speech) -> str:
    by_number = {(one.chosen.session, one.chosen.name): one.anchor for one in drawn}
    by_id = {(one.chosen.session_id, one.chosen.name): one.anchor for one in drawn}
    agents = agents_of(audit, marks, speech, room.agents)
    listed, differ, agree = disagreements(audit, marks, by_id, room.disagreements)
    mine: dict[str | None, list[Shown]] = {}
    for one in sorted(drawn, key=lambda one: int(one.anchor[1:])):
        mine.setdefault(one.chosen.name, []).append(one)
    return _environment(speech.lang).get_template("index.html").render(
        head=head_of(audit, speech), audit=audit, charts=charts, buckets=buckets_of(audit, speech), agents=agents,
        red=red_lines(audit, marks, speech, room.red, by_number), cards=filled_cards(audit, speech, room.persons),
        waiting=waiting(marks), disagreements=listed, differ=differ, agree=agree, shown=mine,
        shown_n=len(drawn), chosen_n=len(chosen), sample=sample, origins=origins_of(audit, speech, room.rejects),
        masked=speech.masked)


def _charts(audit: Audit, agents: Agents, speech: Speech) -> dict[str, Markup]:
    """Return the charts that there is something to draw for."""
    buckets, hours, beside = buckets_of(audit, speech), hours_of(audit), compared(agents.views)
    made = {}
    if buckets:
        made["waits"] = Markup(draw_waits(buckets, speech))  # noqa: S704 - drawn here, text escaped by the renderer
    if hours:
        made["hours"] = Markup(draw_hours(hours, speech))  # noqa: S704
    if beside:
        made["agents"] = Markup(draw_agents(beside, speech))  # noqa: S704
    return made


def _conversations(audit: Audit, marks: ConversationMarks, chosen: Sequence[tuple[str, Chosen]], speech: Speech,
                   room: int) -> list[Shown]:
    """Return as many conversations as there is room for: every agent's worst and first drawn before anyone's second."""
    template = _environment(speech.lang).get_template("conversation.html")
    waiting_ = sorted(chosen, key=lambda pair: (pair[1].rank, int(pair[0][1:])))
    drawn: list[Shown] = []
    for start in range(0, len(waiting_), BATCH):
        batch = waiting_[start : start + BATCH]
        views = read_conversations(audit, marks, batch, speech)
        for (anchor, one), view in zip(batch, views, strict=True):
            html = Markup(template.render(one=view))  # noqa: S704 - autoescaped
            room -= len(html.encode())
            if room < 0:
                return drawn
            drawn.append(Shown(anchor, one, view, html))
    return drawn


def _cut(drawn: list[Shown], room: Room) -> list[Shown]:
    """Return the first conversations, as many as still fit."""
    kept, size = [], 0
    for one in drawn:
        size += len(one.html.encode())
        if size > room.conversations:
            break
        kept.append(one)
    return kept


@lru_cache(maxsize=2)
def _environment(lang: str) -> Environment:
    made = Environment(loader=PackageLoader("chataudit.report"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    speech = Speech(lang)
    tables: dict[str, Any] = {"OUTCOMES": wording.OUTCOMES, "LEVELS": wording.LEVELS, "PLATFORMS": wording.PLATFORMS}
    made.globals.update(t=speech.t, word=speech.word, lang=lang, **tables)
    made.filters.update(n=wording.count, dec=wording.decimal, pts=wording.points, pct=wording.share, clip=wording.clip,
                        short=wording.short)
    return made

"""The report's page: one self-contained HTML file for people, under 5 MB whatever the data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import accumulate
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from chataudit.apart import HERE, Apart
from chataudit.audit import Audit
from chataudit.report import wording
from chataudit.report.basis import Basis
from chataudit.report.by_agent import Agents, agents_of
from chataudit.report.charts import draw_agents, draw_times
from chataudit.report.filled_cards import disagreements, filled_cards
from chataudit.report.marks import ConversationMarks, waiting
from chataudit.report.origins import origins_of
from chataudit.report.overview import buckets_of, compared, head_of, hours_of
from chataudit.report.platforms import platforms_of
from chataudit.report.red_lines import red_lines
from chataudit.report.transcripts import material_of, read_conversations
from chataudit.report.views import Chosen
from chataudit.report.wording import Speech
from chataudit.settings import Settings

LIMIT = 5_000_000
SPARE = 60_000
BATCH = 80
SMALLEST = 1_000
Charts = Callable[[], dict[str, str]]


@dataclass(frozen=True)
class Room:
    """How much of everything is shown: bytes of conversations, and numbers of the rest."""

    conversations: int = 3_000_000
    red: int = 1_000
    persons: int = 40
    agents: int = 120
    rejects: int = 200
    disagreements: int = 200

    def less(self) -> Room:
        """Return half the room."""
        return Room(*(getattr(self, field.name) // 2 for field in fields(self)))


@dataclass(frozen=True)
class Shown:
    """A conversation and its place on the page, already as HTML."""

    anchor: str
    chosen: Chosen
    buyer: str
    html: Markup

    @property
    def size(self) -> int:
        """Return its bytes, with those of links to it."""
        return len(self.html.encode()) + 200


def render_page(audit: Audit, *, sample: int = 10, masked: bool = True, lang: str = "zh") -> str:
    """Return the report as one HTML page without scripts or anything from a network, always under 5 MB."""
    return draw_page(Basis.of(audit, sample, Speech(lang, masked)))


@dataclass(frozen=True)
class Figures:
    """The agents' figures that the page has room for, and what waits for charts: of rounds by time, of agents beside each other."""

    agents: Agents
    times: Charts
    beside: Callable[[], str] | None

    @classmethod
    def of(cls, basis: Basis, times: Charts | None = None, apart: Apart = HERE, room: int = Room.agents) -> Figures:
        """Return the figures of an audit; ``times``: the charts that `begin_times` began; that of agents is begun."""
        audit, speech = basis.audit, basis.speech
        agents = agents_of(audit, basis.marks, speech, room)
        times = times or begin_times(audit.rounds, audit.settings, speech, apart)
        beside = compared(agents.views)
        return cls(agents, times, apart.begin(draw_agents, beside, speech) if beside else None)

    def charts(self) -> dict[str, Markup]:
        """Wait for the charts that there is something to draw for, and return them by name."""
        drawn = {**self.times(), **({"agents": self.beside()} if self.beside else {})}
        return {name: Markup(chart) for name, chart in drawn.items()}  # its renderer escapes text


def begin_times(rounds: pd.DataFrame, settings: Settings, speech: Speech, apart: Apart = HERE) -> Charts:
    """Begin the charts that need nothing but the rounds."""
    return apart.begin(draw_times, buckets_of(rounds, settings.wait_buckets, speech), hours_of(rounds), speech)


def draw_page(basis: Basis, figures: Figures | None = None) -> str:
    """Return the page of an audit whose marks and choice are known, and maybe its figures."""
    audit, marks, speech = basis.audit, basis.marks, basis.speech
    figures = figures or Figures.of(basis)
    chosen = [(f"c{number}", one) for number, one in enumerate(basis.chosen, start=1)]
    room = Room()
    drawn = _conversations(audit, marks, chosen, speech, room.conversations)
    about = {"sample": basis.sample, "chosen_n": len(chosen), "audit": audit, "masked": speech.masked}
    while True:
        rest = {**about, **_rest(audit, marks, room, speech, figures)}
        page = _page(drawn, rest, speech.lang)
        excess = len(page.encode()) - (LIMIT - SPARE)
        if 0 < excess < sum(one.size for one in drawn):
            drawn = _within(drawn, sum(one.size for one in drawn) - excess)
            page = _page(drawn, rest, speech.lang)
        if len(page.encode()) <= LIMIT - SPARE:
            return page
        room = room.less()
        figures = Figures.of(basis, figures.times, room=room.agents)
        drawn = _within(drawn, room.conversations)


def _rest(audit: Audit, marks: ConversationMarks, room: Room, speech: Speech, figures: Figures) -> dict[str, Any]:
    """Return everything on the page but the conversations."""
    listed, differ, agree = disagreements(audit, marks, speech, room.disagreements)
    return {
        "head": head_of(audit, speech),
        "agents": figures.agents,
        "red": red_lines(audit, marks, speech, room.red),
        "cards": filled_cards(audit, speech, room.persons),
        "platforms": platforms_of(audit, speech),
        "waiting": waiting(marks),
        "disagreements": listed,
        "differ": differ,
        "agree": agree,
        "origins": origins_of(audit, speech, room.rejects),
        "charts": figures.charts(),
    }


def _page(drawn: Sequence[Shown], rest: dict[str, Any], lang: str) -> str:
    mine: dict[str | None, list[Shown]] = {}
    for one in sorted(drawn, key=lambda one: int(one.anchor[1:])):
        mine.setdefault(one.chosen.name, []).append(one)
    return (
        environment(lang)
        .get_template("index.html")
        .render(
            **rest,
            shown=mine,
            shown_n=len(drawn),
            anchors={(one.chosen.session, one.chosen.name): one.anchor for one in drawn},
            anchors_by_id={(one.chosen.session_id, one.chosen.name): one.anchor for one in drawn},
        )
    )


def _conversations(
    audit: Audit, marks: ConversationMarks, chosen: Sequence[tuple[str, Chosen]], speech: Speech, room: int
) -> list[Shown]:
    """Return as many conversations as there is room for: every agent's worst and first drawn before anyone's second."""
    template = environment(speech.lang).get_template("conversation.html")
    queue = sorted(chosen, key=lambda pair: (pair[1].rank, int(pair[0][1:])))
    material = material_of(audit, marks, (one for _, one in queue[: room // SMALLEST]))
    drawn: list[Shown] = []
    for start in range(0, len(queue[: room // SMALLEST]), BATCH):
        batch = queue[start : start + BATCH]
        for (anchor, one), view in zip(batch, read_conversations(audit, material, batch, speech), strict=True):
            shown = Shown(anchor, one, view.buyer, Markup(template.render(one=view)))
            room -= shown.size
            if room < 0:
                return drawn
            drawn.append(shown)
    return drawn


def _within(drawn: Sequence[Shown], room: int) -> list[Shown]:
    """Return the first conversations, as many as fit."""
    sizes = accumulate(one.size for one in drawn)
    return [one for one, size in zip(drawn, sizes, strict=True) if size <= room]


@lru_cache(maxsize=2)
def environment(lang: str) -> Environment:
    """Return the templates, with what they all use, in a language."""
    made = Environment(
        loader=PackageLoader("chataudit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    speech = Speech(lang)
    tables: dict[str, Any] = {"OUTCOMES": wording.OUTCOMES, "LEVELS": wording.LEVELS, "PLATFORMS": wording.PLATFORMS}
    made.globals.update(t=speech.t, word=speech.word, lang=lang, **tables)
    made.filters.update(
        n=wording.count,
        dec=wording.decimal,
        pts=wording.points,
        pct=wording.share,
        clip=wording.clip,
        short=wording.short,
    )
    return made

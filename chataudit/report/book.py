"""What the checklists workbook shows, gathered from an audit: little, and plain enough to be drawn in another process."""

from __future__ import annotations

from dataclasses import dataclass

from chataudit.report.basis import Basis
from chataudit.report.filled_cards import CardView, filled_cards
from chataudit.report.marks import Waiting, waiting
from chataudit.report.transcripts import Conversation, material_of, read_conversations
from chataudit.report.wording import Speech

MOST_SHEETS = 200
MOST_PERSONS = 5_000


@dataclass(frozen=True)
class Book:
    """The chosen conversations by agent, the cards, the first and last day (empty: no days); ``left``: agents without a sheet."""

    speech: Speech
    days: tuple[str, ...]
    waits: Waiting
    cards: tuple[CardView, ...]
    by_agent: tuple[tuple[str, tuple[Conversation, ...]], ...]
    left: int


def book_of(basis: Basis) -> Book:
    """Return what the workbook of an audit shows."""
    days = sorted(str(day) for day in basis.audit.sessions["day"].dropna().unique())
    by_agent, left = _by_agent(basis)
    cards = filled_cards(basis.audit, basis.speech, MOST_PERSONS)
    return Book(basis.speech, tuple(days[:1] + days[-1:]), waiting(basis.marks), tuple(cards), by_agent, left)


def _by_agent(basis: Basis) -> tuple[tuple[tuple[str, tuple[Conversation, ...]], ...], int]:
    """Return the chosen conversations by agent, and how many agents there is no sheet for."""
    agents = list(dict.fromkeys(one.name for one in basis.chosen))
    shown = set(agents[:MOST_SHEETS])
    kept = [one for one in basis.chosen if one.name in shown]
    material = material_of(basis.audit, basis.marks, kept, chat=False)
    views = read_conversations(basis.audit, material, [("", one) for one in kept], basis.speech, chat=False)
    grouped: dict[str, list[Conversation]] = {}
    for view in views:
        grouped.setdefault(view.agent or basis.speech.t("无客服名", "unnamed agent"), []).append(view)
    return tuple((name, tuple(group)) for name, group in grouped.items()), max(len(agents) - MOST_SHEETS, 0)

"""Cards filled: marks for every item, scores with bounds and grades, by conversation, person, team and period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from chataudit.cards.book import Book, Sources
from chataudit.cards.by_conversation import fill_conversations
from chataudit.cards.by_figures import fill_figures
from chataudit.cards.conversations import Conversations
from chataudit.cards.daily import collect, ordered_facts
from chataudit.cards.library import Cards, Known, chosen, load
from chataudit.cards.marks import stacked
from chataudit.cards.model import Card
from chataudit.cards.people import Persons
from chataudit.cards.sheets import check_sheets
from chataudit.errors import Words
from chataudit.log import Log
from chataudit.rulings import Rulings
from chataudit.tables import SCORES

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Filled:
    """The marks, scores and facts tables, and notes for people (a sheet's row that no card reads, …)."""

    marks: pd.DataFrame
    scores: pd.DataFrame
    facts: pd.DataFrame
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Inputs:
    """All that cards are filled from; ``by_person`` is the agents table with persons for accounts."""

    log: Log
    by_person: pd.DataFrame
    platforms: pd.DataFrame
    rulings: Rulings
    people: pd.DataFrame | None = None
    sheets: pd.DataFrame | None = None
    verdicts: pd.DataFrame | None = None


def fill(
    cards: Mapping[str, Card], inputs: Inputs, *, lang: str = "zh", progress: Progress = lambda stage, done, total: None
) -> Filled:
    """Return marks and scores of every card, and the facts table they and later runs rest on.

    A conversation's period is its session's day; scores of conversations are averaged per person and the card's
    period. A card of figures is filled per person (or team) from the figures of all accounts of that person.

    Raises:
        Faults: a sheet or workbook that does not fit the cards or the data.
    """
    log, days = inputs.log, inputs.log.sessions["day"]
    persons = {card.period: Persons.of(log.agent_names, inputs.people, days, card.period) for card in cards.values()}
    first = next(iter(persons.values()))
    periods = {period.name for one in persons.values() for period in one.periods}
    notes = check_sheets(inputs.sheets, cards, set(first.names), periods)
    conversations = Conversations.of(log)
    marks: dict[str, list[pd.DataFrame]] = {}
    scores: dict[str, list[pd.DataFrame]] = {}
    for name, card in cards.items():
        if card.subject == "conversation":
            progress("cards", len(marks), len(cards))
            made = fill_conversations(
                name, card, log, inputs.rulings, conversations, persons[card.period], inputs.verdicts, lang
            )
            marks[name], scores[name] = made.marks, made.scores
    scored = [of_conversations for of_conversations, _ in scores.values()]
    facts = collect(inputs.by_person, inputs.platforms, scored, log, inputs.rulings, first)
    sources = Sources(facts, inputs.people, inputs.sheets, frozenset(inputs.rulings.judged))
    for name, card in cards.items():
        if card.subject != "conversation":
            progress("cards", len(marks), len(cards))
            marked, totals = fill_figures(name, card, sources, lang)
            marks[name], scores[name] = [marked], [totals]
    progress("cards", len(cards), len(cards))
    return Filled(
        stacked([table for name in cards for table in marks[name]]),
        _below([table for name in cards for table in scores[name]], SCORES.empty()),
        facts,
        tuple(notes),
    )


def _below(tables: list[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else empty


__all__ = [
    "Book",
    "Cards",
    "Conversations",
    "Filled",
    "Inputs",
    "Known",
    "Persons",
    "Sources",
    "chosen",
    "fill",
    "load",
    "ordered_facts",
]

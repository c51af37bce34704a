"""Cards filled: marks for every item, scores with bounds and grades, by conversation and by person and month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from chataudit.cards.by_conversation import fill_conversations
from chataudit.cards.by_person import fill_persons
from chataudit.cards.conversations import Conversations
from chataudit.cards.daily import collect
from chataudit.cards.library import Cards, chosen, load
from chataudit.cards.model import Card
from chataudit.cards.people import Persons
from chataudit.cards.sheets import checked
from chataudit.errors import Words
from chataudit.log import Log
from chataudit.rulings import Rulings
from chataudit.tables import MARKS, SCORES

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Filled:
    """The marks and scores tables, and notes for people (a sheet's row that no card reads, …)."""

    marks: pd.DataFrame
    scores: pd.DataFrame
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Inputs:
    """All that cards are filled from."""

    log: Log
    persons: pd.DataFrame
    rulings: Rulings
    people: pd.DataFrame | None = None
    sheets: pd.DataFrame | None = None
    verdicts: pd.DataFrame | None = None
    raters: Mapping[str, str] = field(default_factory=dict)


def fill(
    cards: Mapping[str, Card], inputs: Inputs, *, lang: str = "zh", progress: Progress = lambda stage, done, total: None
) -> Filled:
    """Return marks and scores of every card.

    A conversation's period is its session's day, a person's the month. Scores of conversations are averaged per person
    and month; a person's card is filled from the figures of all accounts of that person in the month.

    Raises:
        Faults: a sheet or workbook that does not fit the cards or the data.
    """
    persons = Persons.of(inputs.log.agent_names, inputs.people, inputs.log.sessions["day"])
    conversations = Conversations.of(inputs.log)
    sheets = inputs.sheets
    notes: list[Words] = []
    if sheets is not None and len(sheets):
        sheets, notes = checked(sheets, cards, set(persons.names), set(persons.months))
    marks: list[pd.DataFrame] = []
    scores: list[pd.DataFrame] = []
    for number, (name, card) in enumerate(cards.items()):
        progress("cards", number, len(cards))
        if card.subject == "conversation":
            made = fill_conversations(
                name, card, inputs.log, inputs.rulings, conversations, persons, inputs.verdicts, lang
            )
        else:
            made = fill_persons(name, card, inputs.persons, inputs.log, inputs.rulings, persons, sheets, lang)
        marks += [table for table in made.marks if len(table)]
        scores += [table for table in made.scores if len(table)]
    progress("cards", len(cards), len(cards))
    return Filled(_below(marks, MARKS.empty()), _below(scores, SCORES.empty()), tuple(notes))


def _below(tables: list[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True) if tables else empty


__all__ = ["Cards", "Conversations", "Filled", "Inputs", "Persons", "chosen", "collect", "fill", "load"]

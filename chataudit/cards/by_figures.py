"""Cards of figures in an audit: every period that the log holds, per person or team."""

from __future__ import annotations

import pandas as pd

from chataudit.cards.book import Book, Sources
from chataudit.cards.model import Card
from chataudit.cards.rows import mark_rows, score_rows


def fill_figures(name: str, card: Card, sources: Sources, lang: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the marks and scores of a card for every period of the log (undated sessions: a null period)."""
    book = Book.of(name, card, sources)
    periods = [*book.added.periods(), *([None] if book.added.subjects(None) else [])]
    results = book.all_results(periods)
    return mark_rows(name, card.subject, results, lang), score_rows(name, card.subject, results)

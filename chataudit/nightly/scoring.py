"""The cards that are due: each period that is over, or whose figures changed, filled once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from chataudit import store
from chataudit.cards.model import Card
from chataudit.cards.periods import Period, period_of
from chataudit.report.score import write_score
from chataudit.scoring import Held, Kept, Scored, ScoreRequest, score
from chataudit.tables import SHEETS
from chataudit.tools import Tools

LOOK_BACK = 366  # days before a period that cards for persons may look at: earlier periods, months in a row


def periods_due(
    database: store.Database, tools: Tools, days: Iterable[str], last_day: dt.date
) -> Iterator[tuple[str, Period, str]]:
    """Yield card, period and the hash of what it is made of, where the kept score was made of something else.

    Periods of one day stand in that day's own audit. A card of conversations waits until its period is over, for it reads
    every mark; a card for persons is filled for the period that runs, too.
    """
    dates = [date for date in map(dt.date.fromisoformat, days) if (last_day - date).days <= LOOK_BACK]
    for name, card in tools.chosen.items():
        if card.period == "day":
            continue
        for period in sorted({period_of(day, card.period) for day in dates}, key=lambda one: one.start):
            if card.subject == "conversation" and last_day < period.end:
                continue
            held = store.day_runs(database, *span_of(card, period))
            of = store.made_of(database, tools.hashes[f"cards/{name}"], held, [period.name])
            if store.known_score(database, name, period.name) != of:
                yield name, period, of


def span_of(card: Card, period: Period) -> tuple[dt.date, dt.date]:
    """Return the first day and the day after the last that a card of a period reads."""
    back = 0 if card.subject == "conversation" else LOOK_BACK
    return period.start - dt.timedelta(back), period.end


def held_in(database: store.Database, runs: Sequence[int] = ()) -> Held:
    """Return what gives the audits of a database: the nightly days, without these the single audits, or ``runs``."""

    def held(card: Card, period: Period, names: Sequence[str]) -> Kept:
        first, end = span_of(card, period)
        nightly = {} if runs else store.day_runs(database, first, end)
        single = list(runs) or ([] if nightly else store.single_runs(database, first, end))
        wanted = list(dict.fromkeys([*names, *(["messages"] if len(single) > 1 else [])]))
        folders = [store.folder_of(database, run, day, names) for day, run in nightly.items()]
        folders += [store.folder_of(database, run, f"run {run}", wanted) for run in single]
        sheets = [store.load_tables(database, run, ("sheets",))["sheets"] for run in single]
        filled = [one for one in (store.sheets_for(database, [period.name]), *sheets) if len(one)]
        return Kept(folders, pd.concat(filled, ignore_index=True) if filled else SHEETS.empty())

    return held


def score_period(database: store.Database, name: str, period: Period, of: str, tools: Tools, out: Path) -> Scored:
    """Fill a card for a period, write its report, keep its scores.

    Raises:
        Faults: sheets that do not fit, or a folder that can't be written.
    """
    request = ScoreRequest(name, period.name, (), lang=tools.lang)
    done = score(request, tools.settings, held_in(database))
    write_score(done, out, lang=tools.lang)
    store.keep_scores(database, name, period.name, of, done.run, list(_rows(done)))
    return done


def _rows(done: Scored) -> Iterator[dict[str, Any]]:
    results = [(done.kind, one) for one in done.last.values()]
    results += [("team", one) for one in done.teams] if done.kind != "team" else []
    for kind, one in results:
        yield {
            "subject_kind": kind,
            "subject": one.subject,
            "score": one.score,
            "score_low": one.low,
            "score_high": one.high,
            "grade": one.grade,
            "provisional": one.provisional,
            "red_lines": "；".join(one.red_lines) or None,
            "sample_n": one.sample_n,
        }

"""One day audited from what the inbox has told so far."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chataudit import ingest, store
from chataudit.audit import Audit, Progress, examine
from chataudit.beside import Beside
from chataudit.counting import NoSession
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.identity import identify
from chataudit.ingest.inputs import Input
from chataudit.ingest.jd_join import join_sessions
from chataudit.ingest.orders import merged
from chataudit.tables import REJECTS, SHEETS
from chataudit.tools import Tools


@dataclass(frozen=True)
class Audited:
    """A day's audit (None: no session falls on it), and what of people's sheets and marks did not fit and was left out."""

    audit: Audit | None
    left_out: tuple[Fault, ...] = ()


def audit_day(
    database: store.Database, day: str, tools: Tools, now: int, card_ids: tuple[str, ...], progress: Progress
) -> Audited:
    """Return the audit of a day.

    ``now``: the latest instant that the inbox knows of, by which orders are final or not. Sheets and marks handed back
    that do not fit are left out: one wrong cell must not stop the night.

    Raises:
        Faults: shifts of the people table that can't be read.
    """
    window = store.window_of(database, day, [day], tools.settings)
    taken = _taken(window)
    beside = Beside(merged([window.orders]), window.people, window.sheets, window.verdicts, (), REJECTS.empty())
    about = {"days": [day, day], "cards": list(card_ids), "lang": tools.lang}
    by_hand = len(window.sheets) or window.verdicts is not None
    try:
        return Audited(examine(taken, beside, tools, about, days=(day, day), now=now, progress=progress))
    except NoSession:
        return Audited(None)
    except Faults as error:
        if not by_hand:
            raise
        without = replace(beside, sheets=SHEETS.empty(), verdicts=None)
        done = examine(taken, without, tools, about, days=(day, day), now=now, progress=progress)
        return Audited(done, error.faults)


def _taken(window: store.Window) -> ingest.Ingested:
    """Return the messages as if all exports had been read together."""
    notes: tuple[Words, ...] = ()
    messages, books = window.messages, window.books
    if books is not None and len(messages):
        messages, books, note = join_sessions(messages, books)
        messages, _ = identify(messages.assign(part=-1))
        notes = (note,)
    messages = messages.drop(columns="nth", errors="ignore")
    messages["masked"] = ingest.has_mask(messages["buyer"])
    rejects = len(window.rejects)
    counts = {
        "rows": len(messages) + rejects + window.counts["duplicates"],
        "messages": len(messages),
        "duplicates": window.counts["duplicates"],
        "rejects": rejects,
    }
    inputs = tuple(
        Input(str(one["name"]), str(one["sha256"]), str(one["read_as"]), int(one["rows"])) for one in window.inputs
    )
    return ingest.Ingested(messages, window.rejects, counts, inputs, notes, jd_sessions=books)

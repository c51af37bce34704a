"""What a reader gives back: raw messages of one source, rows that are none, and what was guessed on the way.

Raw messages are a frame with the columns of `RAW`, in the source's own order: ``row`` (line or spreadsheet row),
``platform`` and ``shop`` (null where the file does not say), ``session_id`` (the export's, or null), ``part`` (number
of a session that the export marks without naming it, or -1), ``buyer``, ``agent`` (as the contract's `messages` has
it, before the session completes it), ``sender`` (null: not said), ``kind`` (null: to be told from the text),
``text``, ``refs``, and ``sent_at``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, as_code
from chataudit.errors import Words
from chataudit.tables import REJECTS

CODES = ("platform", "shop", "session_id", "buyer", "agent", "sender", "kind")
RAW = ("row", "part", *CODES, "sent_at", "text", "refs")


@dataclass(frozen=True)
class Reading:
    """Messages and rejects of one source (see the module), and notes for people: guesses, lost characters."""

    layout: str
    messages: pd.DataFrame
    rejects: pd.DataFrame
    notes: tuple[Words, ...] = ()


def from_rows(rows: list[dict[str, Any]], zone: str) -> pd.DataFrame:
    """Return raw messages from dicts; ``sent_at`` holds local naive datetimes, aware ones, or None."""
    columns: dict[str, Any] = {"row": np.array([row["row"] for row in rows], dtype=np.int64),
                               "part": np.array([row.get("part", -1) for row in rows], dtype=np.int64)}
    for name in CODES:
        columns[name] = as_code(pd.Series([row.get(name) for row in rows], dtype=TEXT))
    times = pd.to_datetime(pd.Series([row.get("sent_at") for row in rows], dtype="datetime64[us]")).dt.round("ms")
    local = np.zeros(len(rows), dtype=bool)
    columns["sent_at"] = times.dt.as_unit("ms").dt.tz_localize(zone, ambiguous=local, nonexistent="shift_forward")
    for name in ("text", "refs"):
        columns[name] = pd.Series([row.get(name) for row in rows], dtype=TEXT)
    columns["text"] = columns["text"].fillna("")
    return pd.DataFrame(columns)


def no_rejects() -> pd.DataFrame:
    """Return an empty rejects table."""
    return REJECTS.empty()

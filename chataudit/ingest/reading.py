"""What a reader gives back: raw messages of one source, rows that are none, and what was guessed on the way.

Raw messages are a frame with the columns of `RAW`, in the source's own order: ``row`` (line or spreadsheet row),
``platform`` and ``shop`` (null where the file does not say), ``session_id`` (the export's, or null), ``part`` (number
of a session that the export marks without naming it, or -1), ``buyer``, ``agent`` (as the contract's `messages` has
it, before the session completes it), ``sender`` (null: not said), ``kind`` (null: to be told from the text),
``text``, ``refs``, and ``sent_at``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import TEXT, Ints, arrow, as_code, coded, codes_of, constant, is_in, sorted_code, text
from chataudit.errors import Words
from chataudit.ingest.guesses import Guess
from chataudit.ingest.times import local_times
from chataudit.settings import Settings
from chataudit.tables import REJECTS, SENDERS

CODES = ("platform", "shop", "session_id", "buyer", "agent", "sender", "kind")
RAW = ("row", "part", *CODES, "sent_at", "text", "refs")


@dataclass(frozen=True)
class Reading:
    """Messages and rejects of one source (see the module), what was guessed, and notes for people (lost characters).

    ``columns``: of a table, how each header was understood (our column, or None: not read).
    """

    messages: pd.DataFrame
    rejects: pd.DataFrame
    notes: tuple[Words, ...] = ()
    guesses: tuple[Guess, ...] = ()
    columns: tuple[tuple[str, str | None], ...] = ()


def from_columns(size: int, zone: str, **columns: Any) -> pd.DataFrame:
    """Return raw messages from columns: categoricals, one word for all rows, or nothing (null).

    ``row`` and ``text`` are needed; ``sent_at`` holds instants (`read_times`), ``text`` and ``refs`` Arrow or pandas
    text.
    """
    never = pd.Series(pd.NaT, index=range(size), dtype=pd.DatetimeTZDtype("ms", zone))
    made: dict[str, Any] = {"row": np.asarray(columns["row"], dtype=np.int64)}
    made["part"] = np.asarray(columns.get("part", np.full(size, -1)), dtype=np.int64)
    for name in CODES:
        cells = columns.get(name)
        made[name] = constant(cells, size) if cells is None or isinstance(cells, str) else cells
    made["sent_at"] = columns.get("sent_at", never)
    for name in ("text", "refs"):
        cells = columns.get(name, pa.nulls(size, pa.large_string()))
        made[name] = cells if isinstance(cells, pd.Series) else text(cells)
    made["text"] = made["text"].fillna("")
    return pd.DataFrame(made)


def from_rows(rows: list[dict[str, Any]], zone: str) -> pd.DataFrame:
    """Return raw messages from dicts; ``sent_at`` holds local naive datetimes, aware ones, or None."""
    columns: dict[str, Any] = {
        "row": np.array([row["row"] for row in rows], dtype=np.int64),
        "part": np.array([row.get("part", -1) for row in rows], dtype=np.int64),
    }
    for name in CODES:
        columns[name] = as_code(pd.Series([row.get(name) for row in rows], dtype=TEXT))
    times = [_naive(row.get("sent_at"), zone) for row in rows]
    columns["sent_at"] = local_times(pd.Series(times, dtype="datetime64[us]").dt.round("ms"), zone)
    for name in ("text", "refs"):
        columns[name] = pd.Series([row.get(name) for row in rows], dtype=TEXT)
    columns["text"] = columns["text"].fillna("")
    return pd.DataFrame(columns)


def _naive(time: Any, zone: str) -> Any:
    """Return the wall clock of ``zone`` of an aware datetime; a naive one is that already."""
    return time.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if time is not None and time.tzinfo else time


def trimmed_code(cells: pd.Series) -> pd.Series:
    """Return trimmed text as a categorical with sorted categories; what is empty is null.

    Does what `as_code` does on trimmed cells, without a Python object for each cell or category.
    """
    whole = arrow(cells)
    if whole.null_count == len(whole):
        return constant(None, len(whole))
    told = whole.dictionary_encode()
    words, at = told.dictionary, told.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    trimmed = pc.utf8_trim_whitespace(words)
    if not words.equals(trimmed) or pc.any(pc.equal(words, "")).as_py():
        known = pc.unique(trimmed)
        known = known.filter(pc.not_equal(known, ""))
        at = np.append(pc.index_in(trimmed, known).fill_null(-1).to_numpy(zero_copy_only=False), -1)[at]
        words = known
    return sorted_code(words, at)


def settled(messages: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Let the settings' lists of robots and automatic texts have the last word on what sellers' accounts said."""
    if not (settings.bots or settings.assists or settings.auto_replies):
        return messages
    senders = codes_of(messages["sender"].cat.set_categories(SENDERS)).copy()
    of_seller = is_in(messages["sender"], ["agent", "assist"])
    senders[of_seller & is_in(messages["agent"], settings.assists)] = SENDERS.index("assist")
    if settings.auto_replies:
        lines = pa.array([line.strip() for line in settings.auto_replies], pa.large_string())
        same = pc.is_in(pc.utf8_trim_whitespace(arrow(messages["text"])), lines).to_numpy(zero_copy_only=False)
        senders[of_seller & same] = SENDERS.index("auto")
    senders[of_seller & is_in(messages["agent"], settings.bots)] = SENDERS.index("bot")
    return messages.assign(sender=coded(senders, list(SENDERS)))


def in_words(codes: Ints, words: Sequence[str | None]) -> pd.Series:
    """Return a categorical from codes into ``words``; several codes may mean one word; -1, None and "" are null."""
    known = sorted({word for word in words if word})
    place = {word: number for number, word in enumerate(known)}
    at = np.array([*(place.get(word or "", -1) for word in words), -1], dtype=np.int64)
    return pd.Series(pd.Categorical.from_codes(at[codes], pd.Index(known, dtype=TEXT)))


def oldest_first(frame: pd.DataFrame) -> pd.DataFrame:
    """Read a newest-first export from its end: most neighbours of one buyer go back in time."""
    times = frame["sent_at"]
    if len(frame) < 2 or times.isna().any():
        return frame
    instants = times.astype("int64").to_numpy()
    buyer = frame["buyer"].cat.codes.to_numpy()  # as narrow as they are: codes of two bytes are sorted at once
    order = buyer.argsort(kind="stable")
    same = np.diff(buyer[order]) == 0
    steps = np.diff(instants[order])[same]
    if (steps < 0).sum() > (steps > 0).sum():
        return frame.iloc[::-1].reset_index(drop=True)
    return frame


def no_rejects() -> pd.DataFrame:
    """Return an empty rejects table."""
    return REJECTS.empty()

"""A reading of records whose fields say who speaks, to whom, when and what: the end of every JSON layout."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import arrow, coded, codes_of, nothing, text
from chataudit.errors import Words
from chataudit.ingest.days import read_dated
from chataudit.ingest.guesses import Guess
from chataudit.ingest.reading import Reading, from_columns, oldest_first, trimmed_code
from chataudit.ingest.rejected import rejects, together
from chataudit.ingest.tabular.json_fields import Records
from chataudit.settings import Settings
from chataudit.tables import SENDERS


@dataclass(frozen=True)
class Told:
    """The columns of records as text (null: not said); ``sender`` and ``kind`` in our words."""

    sender: pd.Series
    buyer: pd.Series
    sent_at: pd.Series
    text: pd.Series
    agent: pd.Series | None = None
    shop: pd.Series | None = None
    session_id: pd.Series | None = None
    kind: pd.Series | None = None
    refs: pd.Series | None = None
    notes: tuple[Words, ...] = ()
    guesses: tuple[Guess, ...] = ()


def read_records(name: str, platform: str | None, records: Records, told: Told, settings: Settings) -> Reading:
    """Return the reading; a record without a sender, a buyer or a time that can be read is a reject."""
    size = len(records.row)
    buyer, session = trimmed_code(told.buyer), _code(told.session_id, size)
    part = codes_of(session if told.session_id is not None else buyer)
    times = read_dated(told.sent_at, name, settings, part)
    sender = coded(_places(told.sender), list(SENDERS))
    frame = from_columns(
        size,
        settings.timezone,
        row=records.row,
        platform=platform,
        shop=_code(told.shop, size),
        session_id=session,
        buyer=buyer,
        agent=_code(told.agent, size),
        sender=sender,
        kind=_code(told.kind, size),
        sent_at=times.times,
        text=told.text,
        refs=told.refs if told.refs is not None else nothing(size),
    )
    wrong = {
        "no sender": frame["sender"].isna().to_numpy(),
        "no buyer, and the session has none either": frame["buyer"].isna().to_numpy(),
        "a time that can't be read": frame["sent_at"].isna().to_numpy() & ~times.clocks,
    }
    bad = np.zeros(size, dtype=bool)
    rows: list[tuple[int, str, str]] = []
    for reason, flags in wrong.items():
        rows += [(int(records.row[at]), reason, str(frame["text"].iloc[at])) for at in np.flatnonzero(flags & ~bad)]
        bad |= flags
    messages = oldest_first(frame[~bad].reset_index(drop=True) if bad.any() else frame)
    table = together(records.rejects, rejects(name, rows))
    return Reading(messages, table, (*records.notes, *told.notes), (*told.guesses, *times.guesses))


def _code(cells: pd.Series | None, size: int) -> pd.Series:
    return trimmed_code(cells if cells is not None else nothing(size))


def _places(sender: pd.Series) -> np.ndarray:
    code = trimmed_code(sender)
    words = [SENDERS.index(word) if word in SENDERS else -1 for word in code.cat.categories]
    return np.array([*words, -1], dtype=np.int64)[codes_of(code)]


def in_our_words(cells: pd.Series, words: Mapping[str, str]) -> pd.Series:
    """Return cells in our words as text; null where the cell is none of ``words``."""
    told = arrow(cells).dictionary_encode()
    known = [words.get(word) for word in pc.utf8_trim_whitespace(told.dictionary).to_pylist()]
    return text(pa.array(known, pa.large_string()).take(told.indices))


def of_session(cells: pd.Series, session: pd.Series, fallback: pd.Series | None = None) -> pd.Series:
    """Fill what a record does not say from the first record of its session that does."""
    known = cells.notna().to_numpy()
    if not known.all():
        told = arrow(session).dictionary_encode()
        codes = told.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        first = np.full(len(told.dictionary) + 1, -1)
        at = np.flatnonzero(known & (codes >= 0))[::-1]
        first[codes[at]] = at
        place = np.where(known, np.arange(len(codes)), first[codes])
        cells = text(arrow(cells).take(pa.array(place, mask=place < 0)))
    return cells if fallback is None else cells.where(cells.notna(), fallback)


def shop_of(said: pd.Series, session: pd.Series) -> pd.Series:
    """Fill a missing shop from its session; in a file of one shop all is that shop's."""
    made = of_session(said, session)
    return made.fillna(made.dropna().iloc[0]) if made.nunique() == 1 else made


def before(cells: pd.Series, mark: str) -> pd.Series:
    """Return what stands before a mark (``店铺:子账号`` → shop); null where the mark is not."""
    told = arrow(cells)
    front = pc.replace_substring_regex(told, f"(?s){re.escape(mark)}.*", "")
    return text(pc.if_else(pc.match_substring(told, mark), front, None))

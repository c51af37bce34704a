"""Automatic replies that no export marks, found by their habit: the same text in many sessions, within two seconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, arrow, is_in
from chataudit.log import Log

WITHIN_S = 2
MANY = 5
SHARE = 0.8
LEAST_CHARS = 6


@dataclass(frozen=True)
class Suspects:
    """Texts that look automatic: the messages, and for each text an example with its number of sessions."""

    messages: Flags
    texts: tuple[tuple[str, int], ...]


def suspects(log: Log) -> Suspects:
    """Return agents' texts of six characters or more that answer in at most 2 s in at least 5 sessions.

    A text counts only where at least four of five of its appearances are that quick: people send canned texts too.
    """
    wait = np.full(len(log.messages), np.nan)
    answered = log.reply >= 0
    wait[log.reply[answered]] = log.rounds["wait_s"].to_numpy()[answered]
    rows = np.flatnonzero(log.from_agent & is_in(log.messages["kind"], ["text"]))
    quick = np.nan_to_num(wait[rows], nan=np.inf) <= WITHIN_S
    said = _often(_trimmed(log, rows[quick]))
    if not len(said):
        return Suspects(np.zeros(len(log.messages), dtype=bool), ())
    number = pc.index_in(_trimmed(log, rows), value_set=said).fill_null(-1).to_numpy(zero_copy_only=False)
    table = pd.DataFrame({"text": number, "row": rows, "session": log.session[rows], "quick": quick})[number >= 0]
    groups = table.groupby("text").agg(n=("session", "nunique"), share=("quick", "mean"), row=("row", "first"))
    groups = groups[(groups["n"] >= MANY) & (groups["share"] >= SHARE)].sort_values("row")
    found = np.zeros(len(log.messages), dtype=bool)
    found[table.loc[table["text"].isin(groups.index), "row"].to_numpy()] = True
    shown = tuple(
        (str(log.messages["text"].iloc[row])[:40], int(n)) for row, n in zip(groups["row"], groups["n"], strict=True)
    )
    return Suspects(found, shown)


def _trimmed(log: Log, rows: Ints) -> pa.Array:
    return pc.utf8_trim_whitespace(arrow(log.messages["text"]).take(pa.array(rows)))


def _often(texts: pa.Array) -> pa.Array:
    """Return the texts that are long enough, and quick so often that they may be quick in enough sessions."""
    counts = pc.value_counts(texts.filter(pc.greater_equal(pc.utf8_length(texts), LEAST_CHARS)))
    return counts.field("values").filter(pc.greater_equal(counts.field("counts"), MANY * SHARE))

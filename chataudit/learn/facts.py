"""What is known of a session besides its words: counts, lengths, waits, marks, how it ended, signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, arrow
from chataudit.errors import Words
from chataudit.learn.blocks import turns
from chataudit.learn.signs import Sign
from chataudit.learn.untrained import places
from chataudit.log import Log
from chataudit.rulings import Rulings

Reals = npt.NDArray[np.float64]
MOST_MARKS = 5
NAMES = {
    "buyer_n": Words("买家消息数", "buyer's messages"),
    "agent_n": Words("客服消息数", "agent's messages"),
    "round_n": Words("轮次数", "rounds"),
    "pending_n": Words("未回复轮次数", "unanswered rounds"),
    "transferred": Words("转接过", "transferred"),
    "ended_by_buyer": Words("买家说最后一句", "the buyer has the last word"),
    "buyer_chars": Words("买家字数", "buyer's characters"),
    "agent_chars": Words("客服字数", "agent's characters"),
    "last_chars": Words("买家最后的字数", "characters of the buyer's last turn"),
    "questions": Words("买家最后的问号", "question marks of the buyer's last turn"),
    "exclamations": Words("买家最后的叹号", "exclamation marks of the buyer's last turn"),
    "timed": Words("有时间", "has times"),
    "first_wait": Words("首次等待", "first wait"),
    "longest_wait": Words("最长等待", "longest wait"),
}


class Facts(NamedTuple):
    """A row per session: ``values`` has a column for each of ``names``; a sign is named by its rule."""

    names: tuple[str, ...]
    values: Reals

    @property
    def counted(self) -> Flags:
        """Return which facts are places of signs: without any they say nothing, so that their mean is taken as 0."""
        return np.array([name not in NAMES for name in self.names], dtype=bool)


def gather(log: Log, rulings: Rulings, signs: Sequence[Sign]) -> Facts:
    """Return the facts of a log's sessions. Counts, lengths and waits (seconds) are taken as log(1 + x); none is null.

    Where there are no times, ``timed`` is 0 and the waits are 0.
    """
    columns = {**_counts(log), **_said(log), **_waits(log)}
    assert columns.keys() == NAMES.keys()
    for sign in signs:
        columns[sign.rule] = np.minimum(places(log, rulings.judged[sign.rule]), sign.most).astype(float)
    names = (*NAMES, *(sign.rule for sign in signs))
    return Facts(names, np.stack([columns[name] for name in names], axis=1))


def title(name: str, rulings: Rulings, lang: str) -> str:
    """Return a fact's title for people."""
    return NAMES[name].said(lang) if name in NAMES else rulings.title(name, lang)


def _counts(log: Log) -> dict[str, Reals]:
    sessions = log.sessions
    counts = {
        name: np.log1p(sessions[name].to_numpy(dtype=float)) for name in ("buyer_n", "agent_n", "round_n", "pending_n")
    }
    return {
        **counts,
        "transferred": sessions["transferred"].to_numpy(dtype=float),
        "ended_by_buyer": (sessions["last_sender"].astype(object) == "buyer").to_numpy(dtype=float),
    }


def _said(log: Log) -> dict[str, Reals]:
    texts = arrow(log.messages["text"])
    chars = pc.fill_null(pc.utf8_length(texts), 0).to_numpy(zero_copy_only=False)
    last = turns(log)[:, 2]

    def total(mask: Flags, values: Reals) -> Reals:
        rows = np.flatnonzero(mask)
        found = np.bincount(log.session[rows], weights=values[rows].astype(float), minlength=len(log.sessions))
        return np.asarray(found, dtype=np.float64)

    def marks(pattern: str) -> Reals:
        rows = np.flatnonzero(last)
        counts = pc.fill_null(pc.count_substring_regex(texts.take(pa.array(rows)), pattern), 0)
        weights = counts.to_numpy(zero_copy_only=False)
        counted = np.bincount(log.session[rows], weights=weights.astype(float), minlength=len(log.sessions))
        return np.minimum(counted, float(MOST_MARKS))

    return {
        "buyer_chars": np.log1p(total(log.from_buyer, chars)),
        "agent_chars": np.log1p(total(log.from_agent, chars)),
        "last_chars": np.log1p(total(last, chars)),
        "questions": marks("[?？]"),
        "exclamations": marks("[!！]"),
    }


def _waits(log: Log) -> dict[str, Reals]:
    sessions = log.sessions

    def wait(name: str) -> Reals:
        return np.log1p(np.nan_to_num(pd.to_numeric(sessions[name]).to_numpy(dtype=float, na_value=np.nan)))

    return {
        "timed": sessions["started_at"].notna().to_numpy(dtype=float),
        "first_wait": wait("first_response_s"),
        "longest_wait": wait("max_response_s"),
    }

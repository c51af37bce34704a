"""Who says what where: the parts of a session whose words are weighed apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, arrow, is_in, starts_of
from chataudit.errors import Words
from chataudit.learn.prepare import BREAK, prepare
from chataudit.log import Log

BLOCKS = {
    "opening": Words("买家开头", "buyer first"),
    "later": Words("买家后来", "buyer later"),
    "last": Words("买家最后", "buyer last"),
    "agent": Words("客服", "agent"),
}


class Spoken(NamedTuple):
    """The words of a log's sessions: entries of (session, block, text), and the distinct prepared texts.

    A turn is what one side says without the other between. ``opening`` is the buyer's first turn, ``later`` all after
    it, ``last`` his last one (so a message may stand in two blocks), ``agent`` all that agents say. Only messages of
    kind text have words; automatic replies, robots and the system are left out. ``lengths`` counts the characters of
    each (session, block).
    """

    session: Ints
    block: Ints
    text: Ints
    texts: pa.Array
    lengths: np.ndarray


def speak(log: Log) -> Spoken:
    """Return the words of a log's sessions."""
    flags = turns(log)
    written = is_in(log.messages["kind"], ["text"])
    flags &= written[:, None]
    row, block = np.nonzero(flags)
    used = np.flatnonzero(flags.any(axis=1))
    told = arrow(log.messages["text"]).take(pa.array(used)).dictionary_encode()
    place = np.full(len(written), -1)
    place[used] = told.indices.to_numpy(zero_copy_only=False)
    texts = prepare(told.dictionary)
    chars = pc.utf8_length(pc.replace_substring(texts, BREAK, "")).to_numpy(zero_copy_only=False)
    session, text = log.session[row], place[row]
    size = len(log.sessions) * len(BLOCKS)
    lengths = np.bincount(session * len(BLOCKS) + block, weights=chars[text], minlength=size)
    return Spoken(session, block.astype(np.int64), text, texts, lengths.reshape(-1, len(BLOCKS)))


def turns(log: Log) -> Flags:
    """Return for each message (rows) whether it belongs to each block (columns, as `BLOCKS`)."""
    talk = np.flatnonzero(log.from_buyer | log.from_agent)
    session, buyer = log.session[talk], log.from_buyer[talk]
    turn = np.cumsum(np.append(True, (session[1:] != session[:-1]) | (buyer[1:] != buyer[:-1]))[: len(talk)])
    mine = np.flatnonzero(buyer)
    first, last = np.full((2, len(log.sessions)), -1)
    starts = starts_of(session[mine])
    first[session[mine][starts]] = turn[mine][starts]
    last[session[mine]] = turn[mine]
    flags = np.zeros((len(log.messages), len(BLOCKS)), dtype=bool)
    flags[talk, 0] = buyer & (turn == first[session])
    flags[talk, 1] = buyer & (turn != first[session])
    flags[talk, 2] = buyer & (turn == last[session])
    flags[talk, 3] = ~buyer
    return flags

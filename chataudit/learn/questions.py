"""What buyers ask: their questions, what answered them, and how the talk that they stand in ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, arrow, is_in, next_seen
from chataudit.learn.prepare import BREAK, prepare
from chataudit.log import Log

SHORTEST, LONGEST = 3, 60
ASKS = (
    r"[?？]|(?:吗|呢|么|不|没)[,，。!！~～ ]*$|怎么|怎样|如何|为什么|为啥|多少|多久|多大|多重|多长|多高|什么|啥|哪|几[天号点个件斤米]|"
    r"能不能|可不可以|是不是|有没有|行不行|要不要|会不会|好不好|可以.{0,8}吗|推荐"
)
FINISHED = ("unanswered", "one_round", "few_rounds", "long_talk")
FEW_ROUNDS = 3
MOST_LINES = 3


@dataclass(frozen=True)
class Questions:
    """Questions of a log in its order: message row, session row, row of the next answer (-1: none), prepared text.

    ``text`` numbers each question's text in ``texts``, the distinct prepared texts.
    """

    row: Ints
    session: Ints
    answer: Ints
    text: Ints
    texts: tuple[str, ...]


def ask(log: Log) -> Questions:
    """Return the questions that buyers write: text of some length that asks; closing lines are none."""
    written = is_in(log.messages["kind"], ["text"])
    mine = np.flatnonzero(log.from_buyer & written & ~log.closing)
    texts = arrow(log.messages["text"]).take(pa.array(mine))
    sized = pc.utf8_length(pc.utf8_trim_whitespace(texts))
    fits = pc.and_(pc.greater_equal(sized, SHORTEST), pc.less_equal(sized, LONGEST))
    asking = pc.and_(fits, pc.match_substring_regex(texts, ASKS)).fill_null(False).to_numpy(zero_copy_only=False)
    row = mine[asking].astype(np.int64)
    told = texts.filter(pa.array(asking)).dictionary_encode()
    prepared = pc.utf8_trim_whitespace(pc.replace_substring(prepare(told.dictionary), BREAK, " ")).dictionary_encode()
    number = prepared.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    text = number[told.indices.to_numpy(zero_copy_only=False)] if len(row) else row
    said = log.from_agent & written
    return Questions(
        row, log.session[row], next_seen(said, log.session, row), text, tuple(prepared.dictionary.to_pylist())
    )


def replies(log: Log, first: Ints) -> list[str]:
    """Return what agents write from each row on until somebody else talks, at most `MOST_LINES` messages."""
    said = log.from_agent & is_in(log.messages["kind"], ["text"])
    other = log.from_buyer
    lines = arrow(log.messages["text"])
    whole: list[str] = []
    for row in first.tolist():
        rows: list[int] = []
        while (
            row < len(said)
            and log.session[row] == log.session[first[len(whole)]]
            and not other[row]
            and len(rows) < MOST_LINES
        ):
            rows += [row] if said[row] else []
            row += 1
        whole.append(" ".join(str(lines[one].as_py()) for one in rows))
    return whole


def stages(log: Log) -> npt.NDArray[np.str_]:
    """Return for each session with a buyer's talk at which stage it ended (of `FINISHED`); "" for the others.

    ``unanswered``: its last round was never answered; else by the number of its rounds: one, up to `FEW_ROUNDS`, more.
    """
    rounds = log.sessions["round_n"].to_numpy(dtype=np.int64)
    stage = np.select([rounds <= 1, rounds <= FEW_ROUNDS], [FINISHED[1], FINISHED[2]], FINISHED[3])
    pending = log.sessions["pending_n"].to_numpy(dtype=np.int64) > 0
    return np.where(rounds == 0, "", np.where(pending, FINISHED[0], stage))


def asked_in(questions: Questions, chosen: Flags, sessions: int) -> Flags:
    """Return the sessions that hold one of the chosen questions."""
    found = np.zeros(sessions, dtype=bool)
    found[questions.session[chosen]] = True
    return found

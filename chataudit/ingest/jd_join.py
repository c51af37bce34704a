"""京东: the sessions of a chat log joined to those of the workbook, by time and the buyer's masked name.

The log has no session id and masks the buyer; the workbook has both. A session of the log and one of the workbook are
joined where they are alone with each other: ``exact`` (same second, the names agree), ``time`` (same second, the names
were not compared to the letter), ``weak`` (within two minutes). Where several could be meant nothing is joined
(``ambiguous``); a name that contradicts is never joined by nearness.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from typing import NamedTuple

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, as_code
from chataudit.errors import Words

NEAR_S = 120
OUTCOMES = ("exact", "time", "weak", "ambiguous", "unmatched")
SAID = {
    "exact": Words("精确", "exact"),
    "time": Words("仅时间", "by time alone"),
    "weak": Words("相近", "weak"),
    "ambiguous": Words("有多解，没有合并", "ambiguous, not joined"),
    "unmatched": Words("对不上", "unmatched"),
}


class Joined(NamedTuple):
    """Messages with whole names, ids and items; the workbook's sessions with ``outcome``; the outcomes in words."""

    messages: pd.DataFrame
    sessions: pd.DataFrame
    note: Words


class _Session(NamedTuple):
    at: int
    buyer: str


def masked(name: str) -> str:
    """Return a name as the log shows it: its first character, four stars, its last two.

    >>> masked("jd_6aexample5db"), masked("j****db")
    ('j****db', 'j****db')
    """
    return name if "*" in name else f"{name[:1]}****{name[-2:]}"


def join_sessions(messages: pd.DataFrame, sessions: pd.DataFrame) -> Joined:
    """Join the marked 京东 sessions of ``messages`` (``source``, ``part``) to those of the workbook.

    A joined session takes the workbook's ``cid`` as its id and its item as a reference of its first message, and, where
    the names agree, the buyer's whole name. ``sessions`` gets the column ``outcome``.
    """
    mine = ((messages["platform"] == "jd") & (messages["part"] >= 0)).to_numpy(dtype=bool)
    key = messages["source"].to_numpy() * (int(messages["part"].max()) + 2 if len(messages) else 1) + messages["part"]
    key = pd.Series(np.where(mine, key, -1))
    first = messages.assign(key=key)[mine].drop_duplicates("key")
    logs = [_Session(_second(at), str(buyer)) for at, buyer in zip(first["sent_at"], first["buyer"], strict=True)]
    book = [
        _Session(_second(at), str(buyer)) for at, buyer in zip(sessions["asked_at"], sessions["buyer"], strict=True)
    ]
    of_log, outcomes = match(logs, book)
    counts = Counter(outcomes)
    told = {one: counts.get(one, 0) for one in OUTCOMES}
    zh = "，".join(f"{SAID[one].zh} {count}" for one, count in told.items())
    en = ", ".join(f"{SAID[one].en} {count}" for one, count in told.items())
    note = Words(f"京东聊天记录与咨询会话查询：{zh}", f"京东 log and session workbook: {en}")
    of_book = {other: outcomes[log] for log, other in of_log.items()}
    found = [of_book.get(at, "unmatched") for at in range(len(book))]
    result = sessions.assign(outcome=pd.Series(found, dtype=TEXT))
    return Joined(_filled(messages, key, first, logs, sessions, of_log), result, note)


def match(logs: list[_Session], book: list[_Session]) -> tuple[dict[int, int], list[str]]:
    """Return log session → workbook session where joined, and the outcome of each log session."""
    joined: dict[int, int] = {}
    outcomes = ["unmatched"] * len(logs)
    taken: set[int] = set()
    rules = (
        ("exact", 0, True),
        ("time", 0, False),
        ("weak", NEAR_S, True),
    )
    for outcome, near, named in rules:
        candidates = _candidates(logs, book, near, named, set(joined), taken)
        wanted = Counter(other for others in candidates.values() for other in others)
        for log, others in candidates.items():
            if len(others) == 1 and wanted[others[0]] == 1:
                joined[log], outcomes[log] = others[0], outcome
                taken.add(others[0])
            else:
                outcomes[log] = "ambiguous"
    return joined, outcomes


def _candidates(
    logs: list[_Session], book: list[_Session], near: int, named: bool, done: set[int], taken: set[int]
) -> dict[int, list[int]]:
    """Return for each log session that is open the workbook's sessions near enough, with a name that agrees."""
    order = sorted((at for at in range(len(book)) if at not in taken), key=lambda at: book[at].at)
    times = [book[at].at for at in order]
    found: dict[int, list[int]] = {}
    for log, session in enumerate(logs):
        if log in done:
            continue
        low, high = bisect_left(times, session.at - near), bisect_right(times, session.at + near)
        others = [at for at in order[low:high] if not named or agree(session.buyer, book[at].buyer)]
        if others:
            found[log] = others
    return found


def agree(of_log: str, of_book: str) -> bool:
    """Return whether a name of the log, masked or not, can be the workbook's."""
    return of_log == of_book or ("*" in of_log and masked(of_book) == of_log)


def _second(at: pd.Timestamp) -> int:
    return int(at.timestamp()) if not pd.isna(at) else -(10**9)


def _filled(
    messages: pd.DataFrame,
    key: pd.Series,
    first: pd.DataFrame,
    logs: list[_Session],
    sessions: pd.DataFrame,
    of_log: dict[int, int],
) -> pd.DataFrame:
    """Return the messages with what the workbook knows of their sessions."""
    keys = first["key"].tolist()
    names, ids, items = {}, {}, {}
    for log, at in of_log.items():
        row = sessions.iloc[at]
        if agree(logs[log].buyer, str(row["buyer"])):
            names[keys[log]] = row["buyer"]
        if not pd.isna(row["session_id"]):
            ids[keys[log]] = row["session_id"]
        if not pd.isna(row["item"]):
            items[first.index[log]] = row["item"]
    result = messages.copy(deep=False)
    for column, known in (("buyer", names), ("session_id", ids)):
        said = key.map(known).astype(TEXT)
        result[column] = as_code(said.where(said.notna(), messages[column].astype(TEXT).reset_index(drop=True)))
    result["part"] = np.where(key.isin(list(ids)), -1, messages["part"])
    if items:
        refs = messages["refs"].astype(TEXT).copy()
        at = refs.index.isin(list(items)) & refs.isna().to_numpy()
        refs[at] = [items[place] for place in refs.index[at]]
        result["refs"] = refs
    return result

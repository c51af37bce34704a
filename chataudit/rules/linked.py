"""Several sessions of one buyer as one conversation: the log regrouped for rules with ``across``, and the way back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from chataudit.arrays import Flags, Ints
from chataudit.log import DAY, NO_TIME, Log, instants
from chataudit.rulings import Found, Judged

FACTS = ("session_id", "platform", "shop", "buyer", "started_at")


@dataclass(frozen=True)
class Linked:
    """A log whose ``sessions`` are groups of linked sessions, each with the `FACTS` of its first, and nothing else.

    ``rows``: for each message of ``log`` its row in the log that was regrouped; ``group``: for each session there the
    number of its group; ``timed``: which sessions there have times at both ends, without which nothing can be linked.
    """

    log: Log
    rows: Ints
    group: Ints
    timed: Flags

    def back(self, verdicts: Judged) -> Judged:
        """Return verdicts on the groups as verdicts on the sessions and messages of the log that was regrouped."""
        broken, at = self._found(verdicts.broken)
        kept, of_kept = self._found(verdicts.kept)
        return replace(
            verdicts,
            broken=broken,
            agent=verdicts.agent[at],
            kept=kept,
            kept_agent=verdicts.kept_agent[of_kept],
            judged=verdicts.judged[self.group],
            applies=verdicts.applies[self.group],
        )

    def _found(self, found: Found) -> tuple[Found, Ints]:
        """Return places under the rows of the regrouped log, in their order, and the positions that they had."""
        row = self.rows[found.row]
        order = np.lexsort((found.start, row))
        return replace(found.take(order), row=row[order]), order


def link(log: Log, days: int) -> Linked:
    """Return a log in which a buyer's sessions stand together while each begins less than ``days`` after all before ended.

    Buyers whose names are masked or unknown are told apart by their sessions alone, so they are never linked; nor are
    sessions without times. Messages of linked sessions stand in the order of time; rounds stay those of their sessions.
    """
    start, end = instants(log.sessions["started_at"]), instants(log.sessions["ended_at"])
    timed = (start != NO_TIME) & (end != NO_TIME)
    group = _groups(log, start, end, timed, days * DAY)
    time = np.where(log.instant == NO_TIME, np.iinfo(np.int64).max, log.instant)
    rows = np.lexsort((time, group[log.session])).astype(np.int64)  # stable: ties stay in the order of the log
    place = np.empty(len(rows), dtype=np.int64)
    place[rows] = np.arange(len(rows))
    first = np.unique(group, return_index=True)[1]
    sessions = log.sessions[list(FACTS)].iloc[first].reset_index(drop=True)
    sessions["started_at"] = sessions["started_at"].where(pd.Series(timed[first]))
    regrouped = Log(
        log.messages.iloc[rows].reset_index(drop=True),
        sessions,
        log.rounds,
        group[log.session][rows],
        place[log.opening],
        np.where(log.reply >= 0, place[log.reply], -1),
        log.closing[rows],
    )
    return Linked(regrouped, rows, group, timed)


def _groups(log: Log, start: Ints, end: Ints, timed: Flags, reach: int) -> Ints:
    """Return for each session the number of its group; groups are numbered in the order of their first sessions."""
    size = len(log.sessions)
    known = timed & ~log.sessions["buyer"].isin([""]).to_numpy() & log.sessions["buyer"].notna().to_numpy()
    unit = np.where(known, log.buyer_unit, size + np.arange(size))
    order = np.lexsort((np.arange(size), start, unit))
    unit, start = unit[order], start[order]
    until = pd.Series(end[order]).groupby(unit).cummax().to_numpy()
    new = np.ones(size, dtype=bool)
    new[1:] = (unit[1:] != unit[:-1]) | (start[1:] - until[:-1] >= reach)
    leader = order[np.flatnonzero(new)][np.cumsum(new) - 1]
    _, number = np.unique(leader, return_inverse=True)
    group = np.empty(size, dtype=np.int64)
    group[order] = number
    return group

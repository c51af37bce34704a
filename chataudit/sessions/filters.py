"""Reception filters: talk of agents that does not make a buyer received, by the shop's settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np

from chataudit.arrays import Flags, Ints, codes_of, group_ids, is_in
from chataudit.log import Log
from chataudit.settings import Settings


def filtered(log: Log, settings: Settings, own_accounts: Iterable[str]) -> Mapping[str, Flags]:
    """Return for each filter that is on the talk of agents that it takes out of the receptions.

    Definitions: `chataudit.settings.model.Filters`; "line" is a message of talk.
    """
    filters = settings.filters
    session = log.session
    asked = np.bincount(session[log.buyer_rows], minlength=len(log.sessions))
    lines = _Lines(log)
    found: dict[str, Flags] = {}
    if filters.empty:
        found["empty"] = asked[session] == 0
    if filters.few_lines is not None:
        found["few_lines"] = asked[session] <= filters.few_lines
    if filters.single_line is not None:
        found["single_line"] = (asked[session] == 1) & (lines.said <= filters.single_line)
    if filters.forwarded_after is not None:
        found["forwarded_after"] = lines.forwarded() & (lines.said <= filters.forwarded_after)
    if filters.own_team:
        team = {*own_accounts, *settings.agents, *log.agent_names}
        ours = np.array([str(name) in team for name in log.sessions["buyer"].cat.categories] + [False])
        found["own_team"] = ours[codes_of(log.sessions["buyer"])][session]
    if filters.code_words:
        found["code_words"] = lines.coded(filters.code_words, filters.code_times)
    return {name: mask & log.from_agent for name, mask in found.items()}


class _Lines:
    """The lines of each agent in each session, looked at only where a filter asks for them."""

    def __init__(self, log: Log) -> None:
        self.log = log

    @cached_property
    def own(self) -> Ints:
        """For each message the number of its session and agent."""
        return group_ids(self.log.session, self.log.agent)[0]

    @cached_property
    def said(self) -> Ints:
        """For each message how many lines its agent said in the session."""
        return np.bincount(self.own[self.log.agent_rows], minlength=len(self.own))[self.own]

    def forwarded(self) -> Flags:
        """Return the messages of agents after whose last line in the session a transfer stands."""
        last = np.full(len(self.own), -1)
        rows = self.log.agent_rows
        last[self.own[rows]] = rows
        transfers = np.flatnonzero(is_in(self.log.messages["kind"], ["transfer"]))
        final = np.full(len(self.log.sessions), -1)
        final[self.log.session[transfers]] = transfers
        return final[self.log.session] > last[self.own]

    def coded(self, words: tuple[str, ...], times: int) -> Flags:
        """Return the messages of agents who wrote any of ``words`` so many times in the session."""
        texts = self.log.messages["text"]
        said = np.zeros(len(texts), dtype=np.int64)
        for word in words:
            said += texts.str.contains(word, regex=False).fillna(False).to_numpy(dtype=np.int64)
        mine = self.log.agent_rows
        return (np.bincount(self.own[mine], said[mine], minlength=len(self.own)) >= times)[self.own]

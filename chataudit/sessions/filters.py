"""Reception filters: talk of agents that does not make a buyer received, by the shop's settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from chataudit.arrays import Flags, Ints, codes_of, is_in
from chataudit.log import Log, session_agents
from chataudit.settings import Settings


def filtered(log: Log, settings: Settings, own_accounts: Iterable[str]) -> Mapping[str, Flags]:
    """Return for each filter that is on the talk of agents that it takes out of the receptions.

    Definitions: `chataudit.settings.model.Filters`; "line" is a message of talk.
    """
    filters = settings.filters
    session = log.session
    asked = np.bincount(session[log.from_buyer], minlength=len(log.sessions))
    own, own_n = _own_lines(log)
    found: dict[str, Flags] = {}
    if filters.empty:
        found["empty"] = asked[session] == 0
    if filters.few_lines is not None:
        found["few_lines"] = asked[session] <= filters.few_lines
    if filters.single_line is not None:
        found["single_line"] = (asked[session] == 1) & (own_n[own] <= filters.single_line)
    if filters.forwarded_after is not None:
        found["forwarded_after"] = _forwarded(log, own, own_n) & (own_n[own] <= filters.forwarded_after)
    if filters.own_team:
        team = {*own_accounts, *settings.agents, *log.agent_names}
        ours = np.array([str(name) in team for name in log.sessions["buyer"].cat.categories] + [False])
        found["own_team"] = ours[codes_of(log.sessions["buyer"])][session]
    if filters.code_words:
        found["code_words"] = _coded(log, own, filters.code_words, filters.code_times)
    return {name: mask & log.from_agent for name, mask in found.items()}


def _own_lines(log: Log) -> tuple[Ints, Ints]:
    """Return for each message the number of its (session, agent), and how many lines that agent said there."""
    _, key = np.unique(session_agents(log), return_inverse=True)
    key = key.astype(np.int64).reshape(-1)
    return key, np.bincount(key[log.from_agent], minlength=int(key.max(initial=-1)) + 1)


def _forwarded(log: Log, own: Ints, own_n: Ints) -> Flags:
    """Return the messages of agents after whose last line in the session a transfer stands."""
    last = np.full(len(own_n), -1)
    rows = np.flatnonzero(log.from_agent)
    last[own[rows]] = rows
    transfers = np.flatnonzero(is_in(log.messages["kind"], ["transfer"]))
    final = np.full(len(log.sessions), -1)
    final[log.session[transfers]] = transfers
    return final[log.session] > last[own]


def _coded(log: Log, own: Ints, words: tuple[str, ...], times: int) -> Flags:
    texts = log.messages["text"]
    said = np.zeros(len(texts), dtype=np.int64)
    for word in words:
        said += texts.str.contains(word, regex=False).fillna(False).to_numpy(dtype=np.int64)
    count = np.bincount(own[log.from_agent], said[log.from_agent], minlength=int(own.max(initial=-1)) + 1)
    return count[own] >= times

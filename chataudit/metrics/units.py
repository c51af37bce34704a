"""What a policy counts: units with their day and agent, and what each adds above the line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chataudit.arrays import Flags, Ints
from chataudit.metrics.waits import Timed, Waits
from chataudit.settings import Policy


@dataclass(frozen=True)
class Units:
    """Units of one policy: a message row of each (for platform and shop), its day, its agent's code, its numerator."""

    row: Ints
    day: Ints
    agent: Ints
    numerator: np.ndarray


@dataclass(frozen=True)
class Counted:
    """The units of agents' rows and those of rows of all agents (the same but for buyers' days)."""

    by_agent: Units
    overall: Units


def count(policy: Policy, timed: Timed) -> Counted:
    """Return the units of a policy on the messages that have times."""
    if policy.unit == "pair":
        units = _pairs(policy, timed)
        return Counted(units, units)
    if policy.unit == "reception":
        units = _receptions(policy, timed)
        return Counted(units, units)
    rounds = _Rounds.of(policy, timed)
    if policy.unit == "buyer_day":
        return _buyer_days(policy, timed, rounds)
    units = _sessions(policy, timed, rounds) if policy.unit == "session" else _rounds(policy, timed, rounds)
    return Counted(units, units)


@dataclass(frozen=True)
class _Rounds:
    """The rounds that a policy looks at: hours and robots left out; ``opened`` is the row its clock starts at."""

    opened: Ints
    reply: Ints
    group: Ints
    agent: Ints
    wait: np.ndarray

    @classmethod
    def of(cls, policy: Policy, timed: Timed) -> _Rounds:
        waits = timed.waits(policy)
        log = timed.log
        opened = waits.opening
        if policy.clock == "reception":
            reception = timed.receptions(policy)[waits.group]
            later = (reception >= 0) & (reception > opened)
            opened = np.where(later, reception, opened)
        answered = waits.reply >= 0
        wait = np.where(answered, (log.instant[waits.reply] - log.instant[opened]) / 1000, np.nan)
        agent = np.where(answered, log.agent[waits.reply], log.agent[waits.opening])
        keep = _open(policy, timed, waits)
        return cls(opened[keep], waits.reply[keep], waits.group[keep], agent[keep], wait[keep])


def _open(policy: Policy, timed: Timed, waits: Waits) -> Flags:
    """Return which rounds lie in the policy's hours, and not with a robot alone where that is left out."""
    if policy.hours_of == "opening":
        keep = timed.inside(waits.opening, policy.hours)
    else:
        starts = timed.starts(policy) if policy.hours_of == "session" else timed.receptions(policy)
        at = starts[waits.group]
        keep = (at >= 0) & timed.inside(np.maximum(at, 0), policy.hours)
    if policy.bots_alone == "out":
        keep &= ~timed.bots_alone(policy)[waits.group]
    return keep


def _measured(policy: Policy, wait: np.ndarray) -> tuple[np.ndarray, Flags]:
    """Return the numerators of waits (NaN: pending) and which units count."""
    pending = np.isnan(wait)
    if policy.measure == "within":
        return (np.nan_to_num(wait, nan=np.inf) <= (policy.limit_s or 0)).astype(float), ~pending | (
            policy.pending != "out"
        )
    capped = wait if policy.cap_s is None else np.fmin(wait, policy.cap_s)
    if policy.pending == "capped":
        return np.where(pending, float(policy.cap_s or 0), capped), np.ones(len(wait), dtype=bool)
    return np.nan_to_num(capped), ~pending


def _rounds(policy: Policy, timed: Timed, rounds: _Rounds) -> Units:
    numerator, counts = _measured(policy, rounds.wait)
    day = timed.day[rounds.opened]
    row = rounds.opened
    if policy.unit == "first":
        _, at = np.unique(rounds.group, return_index=True)
        first = np.zeros(len(counts), dtype=bool)
        first[at] = True
        counts &= first
        row = timed.starts(policy)[rounds.group] if len(rounds.group) else row
        day = timed.day[row]
    return Units(row[counts], day[counts], rounds.agent[counts], numerator[counts])


def _sessions(policy: Policy, timed: Timed, rounds: _Rounds) -> Units:
    """Take each session with an answered round by the mean of its waits."""
    answered = ~np.isnan(rounds.wait)
    group, at, place = np.unique(rounds.group[answered], return_index=True, return_inverse=True)
    mean = np.bincount(place, rounds.wait[answered]) / np.maximum(np.bincount(place), 1) if len(group) else np.array([])
    numerator, _ = _measured(policy, mean)
    row = (
        (timed.receptions(policy) if policy.clock == "reception" else timed.starts(policy))[group]
        if len(group)
        else group
    )
    return Units(row, timed.day[row], rounds.agent[answered][at], numerator)


def _buyer_days(policy: Policy, timed: Timed, rounds: _Rounds) -> Counted:
    """Take a buyer's day, for each agent by the agent's own rounds, for all agents once by all of them."""
    numerator, _ = _measured(policy, rounds.wait)

    def worst(key: Ints) -> Units:
        _, at, place = np.unique(key, return_index=True, return_inverse=True)
        late = np.bincount(place, 1 - numerator) > 0 if len(at) else np.array([], dtype=bool)
        return Units(rounds.opened[at], timed.day[rounds.opened[at]], rounds.agent[at], (~late).astype(float))

    wide = len(timed.log.agent_names) + 1
    return Counted(worst(rounds.group * wide + rounds.agent + 1), worst(rounds.group))


def _receptions(policy: Policy, timed: Timed) -> Units:
    """Take each reception by the first talk of who stops the clock after it."""
    rows, group = timed.grouped(policy)
    reception = timed.receptions(policy)
    log = timed.log
    stops = log.talk & np.isin(log.messages["sender"].astype(object).to_numpy(), list(policy.stops))
    place = np.full(len(log.messages), -1)
    place[rows] = np.arange(len(rows))
    start = np.where(reception >= 0, place[reception], len(rows))
    later = stops[rows] & (np.arange(len(rows)) > start[group])
    at = np.flatnonzero(later)
    groups, first = np.unique(group[at], return_index=True)
    reply, begun = rows[at[first]], reception[groups]
    keep = timed.inside(begun, policy.hours)
    if policy.bots_alone == "out":
        keep &= ~timed.bots_alone(policy)[groups]
    numerator, counts = _measured(policy, (log.instant[reply] - log.instant[begun]) / 1000)
    keep &= counts
    return Units(begun[keep], timed.day[begun[keep]], log.agent[reply[keep]], numerator[keep])


def _pairs(policy: Policy, timed: Timed) -> Units:
    """Take each buyer × agent × day with buyer's talk by whether that agent talked after the buyer's first."""
    rows, group = timed.by_day
    log = timed.log
    wide = len(log.agent_names) + 1
    key = group * wide + log.agent[rows] + 1
    place = np.arange(len(rows))
    asked = np.flatnonzero(log.from_buyer[rows] & timed.inside(rows, policy.hours))
    keys, first = np.unique(key[asked], return_index=True)
    begun = place[asked[first]]
    stops = log.talk & np.isin(log.messages["sender"].astype(object).to_numpy(), list(policy.stops))
    said = np.flatnonzero(stops[rows])
    at = np.minimum(np.searchsorted(keys, key[said]), max(len(keys) - 1, 0))
    replied = np.zeros(len(keys), dtype=bool)
    if len(keys):
        hit = (keys[at] == key[said]) & (said > begun[at])
        replied[at[hit]] = True
    row = rows[begun]
    return Units(row, timed.day[row], keys % wide - 1, replied.astype(float))

"""What a policy counts: units with their day and agent, and what each adds above the line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chataudit.arrays import Flags, Ints, group_ids, starts_of
from chataudit.metrics.waits import Timed, Waits
from chataudit.settings import Policy


@dataclass(frozen=True)
class Units:
    """Units of one policy: a message row of each (for platform, shop and day), its agent's code, its numerator."""

    row: Ints
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
    group: Ints
    agent: Ints
    wait: np.ndarray

    @classmethod
    def of(cls, policy: Policy, timed: Timed) -> _Rounds:
        waits = timed.waits(policy)
        opened, wait = waits.opening, waits.wait
        if policy.clock == "reception":
            opened = np.maximum(timed.groups(policy).receptions[waits.group], opened)
            wait = timed.seconds(opened, waits.reply)
        keep = _open(policy, timed, waits)
        return cls(opened[keep], waits.group[keep], waits.agent[keep], wait[keep])


def _open(policy: Policy, timed: Timed, waits: Waits) -> Flags:
    """Return which rounds lie in the policy's hours, and not with a robot alone where that is left out."""
    groups = timed.groups(policy)
    if policy.hours_of == "opening":
        keep = timed.inside(waits.opening, policy.hours)
    else:
        starts = groups.starts if policy.hours_of == "session" else groups.receptions
        keep = ((starts >= 0) & timed.inside(np.maximum(starts, 0), policy.hours))[waits.group]
    if policy.bots_alone == "out":
        keep &= ~groups.bots_alone[waits.group]
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
    row = rounds.opened
    if policy.unit == "first":
        first = np.zeros(len(counts), dtype=bool)
        first[starts_of(rounds.group)] = True
        counts &= first
        row = timed.groups(policy).starts[rounds.group]
    return Units(row[counts], rounds.agent[counts], numerator[counts])


def _sessions(policy: Policy, timed: Timed, rounds: _Rounds) -> Units:
    """Take each session with an answered round by the mean of its waits."""
    answered = ~np.isnan(rounds.wait)
    place, at = group_ids(rounds.group[answered])
    mean = np.bincount(place, rounds.wait[answered]) / np.maximum(np.bincount(place), 1)
    numerator, _ = _measured(policy, mean)
    groups = timed.groups(policy)
    row = groups.receptions if policy.clock == "reception" else groups.starts
    return Units(row[rounds.group[answered][at]], rounds.agent[answered][at], numerator)


def _buyer_days(policy: Policy, timed: Timed, rounds: _Rounds) -> Counted:
    """Take a buyer's day, for each agent by the agent's own rounds, for all agents once by all of them."""
    numerator, _ = _measured(policy, rounds.wait)

    def worst(*key: Ints) -> Units:
        place, at = group_ids(*key)
        late = np.bincount(place, 1 - numerator) > 0
        return Units(rounds.opened[at], rounds.agent[at], (~late).astype(float))

    return Counted(worst(rounds.group, rounds.agent), worst(rounds.group))


def _receptions(policy: Policy, timed: Timed) -> Units:
    """Take each reception by the first talk of who stops the clock after it."""
    groups, log = timed.groups(policy), timed.log
    at = np.flatnonzero(timed.stops(policy)[groups.rows])
    at = at[at > groups.received[groups.of[at]]]
    at = at[starts_of(groups.of[at])]
    reply, begun = groups.rows[at], groups.receptions[groups.of[at]]
    keep = timed.inside(begun, policy.hours)
    if policy.bots_alone == "out":
        keep &= ~groups.bots_alone[groups.of[at]]
    numerator, counts = _measured(policy, timed.seconds(begun, reply))
    keep &= counts
    return Units(begun[keep], log.agent[reply[keep]], numerator[keep])


def _pairs(policy: Policy, timed: Timed) -> Units:
    """Take each buyer × agent × day with buyer's talk by whether that agent talked after the buyer's first."""
    rows, log = timed.by_day.rows, timed.log
    pair, first = group_ids(timed.by_day.of, log.agent[rows])
    asked = np.flatnonzero(log.from_buyer[rows])
    asked = asked[timed.inside(rows[asked], policy.hours)][::-1]
    begun = np.full(len(first), len(rows))
    begun[pair[asked]] = asked
    said = np.flatnonzero(timed.stops(policy)[rows])
    replied = np.zeros(len(first))
    replied[pair[said[said > begun[pair[said]]]]] = 1
    counts = begun < len(rows)
    row = rows[begun[counts]]
    return Units(row, log.agent[row], replied[counts])

"""The agents table: what each agent did on each day, by the contract's definitions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Flags, Ints, as_code, codes_of, coded, group_ids, starts_of
from chataudit.log import Log
from chataudit.settings import Settings
from chataudit.tables import AGENTS

Reals = np.ndarray
ORDER_COLUMNS = ("inquiry_n", "ordered_n", "paid_n", "conversion_share", "sales", "refunds", "effective_sales", "order_value")
COUNTS = ("consulted_n", "received_n", "session_n", "round_n", "pending_n", "buyer_msg_n", "agent_msg_n")
SUMS = ("first_wait_s", "first_answered_n", "wait_s", "answered_n", "within_30s_n", "first_n", "within_180s_n", "timed_n")


@dataclass(frozen=True)
class Units:
    """Rows of the agents table: for each the day, platform, shop and agent codes; and how to find a row's number."""

    place: Ints
    agent: Ints
    wide: int
    keys: Ints

    def row(self, place: Ints, agent: Ints) -> Ints:
        """Return the row numbers of (place, agent) pairs that exist."""
        return np.searchsorted(self.keys, place * self.wide + agent + 1)


def measure(log: Log, settings: Settings) -> pd.DataFrame:
    """Return one row per (day, platform, shop, agent); everything in a session counts on the session's day.

    Columns, units and null rules: `chataudit.tables.AGENTS`; a share without a denominator is null. What belongs to no
    agent stands in a row with a null agent. Columns that need orders are null here. Beside the table's columns stand
    the `SUMS` that its means and shares are made of, so that totals can be rebuilt and need not be averaged.
    """
    day = as_code(log.sessions["day"])
    place, at = group_ids(codes_of(day), codes_of(log.sessions["platform"]), codes_of(log.sessions["shop"]))
    wide = len(log.agent_names) + 1
    rounds = _Rounds.of(log)
    said = log.from_agent | log.from_buyer
    pairs = [place[log.session[said]] * wide + log.agent[said] + 1, place[rounds.session] * wide + rounds.agent + 1]
    keys = np.unique(np.concatenate(pairs))
    units = Units(keys // wide, keys % wide - 1, wide, keys)
    frame = pd.DataFrame({
        "day": day.iloc[at[units.place]].astype(TEXT).reset_index(drop=True),
        "platform": log.sessions["platform"].iloc[at[units.place]].reset_index(drop=True),
        "shop": log.sessions["shop"].iloc[at[units.place]].reset_index(drop=True),
        "agent": coded(units.agent, log.agent_names),
    })
    frame = frame.assign(**_volumes(log, units, place, rounds), **_responses(units, place, rounds),
                         **_people(log, units, place, rounds, settings))
    frame = frame.assign(**ratios(frame))
    for name in ("slow_n", "long_n"):  # without times nobody knows
        frame[name] = frame[name].astype("Int64").mask(frame["day"].isna())
    for name in ORDER_COLUMNS:
        frame[name] = AGENTS.empty()[name].reindex(range(len(frame)))
    order = frame.assign(nobody=frame["agent"].isna()).sort_values(
        ["day", "platform", "shop", "nobody", "agent"], kind="stable", na_position="last").index
    return frame.loc[order, [*AGENTS.names, *SUMS]].reset_index(drop=True)


def ratios(sums: pd.DataFrame) -> dict[str, Reals]:
    """Return the means and shares that the sums of one row, or of several rows added up, make."""
    value = {name: sums[name].to_numpy(dtype=float) for name in (*SUMS, *COUNTS)}
    return {"unreplied_n": (value["consulted_n"] - value["received_n"]).astype(np.int64),
            "reply_share": _share(value["received_n"], value["consulted_n"]),
            "reply_ratio": _share(value["agent_msg_n"], value["buyer_msg_n"]),
            "first_response_s": _share(value["first_wait_s"], value["first_answered_n"]),
            "mean_response_s": _share(value["wait_s"], value["answered_n"]),
            "within_30s_share": _share(value["within_30s_n"], value["first_n"]),
            "within_180s_share": _share(value["within_180s_n"], value["timed_n"])}


@dataclass(frozen=True)
class _Rounds:
    """The rounds as arrays."""

    session: Ints
    agent: Ints
    wait: Reals
    answered: Flags
    counted: Flags
    first: Flags
    timed: Flags

    @classmethod
    def of(cls, log: Log) -> _Rounds:
        names = {name: number for number, name in enumerate(log.agent_names)}
        own = [names[str(name)] for name in log.rounds["agent"].cat.categories]
        agent = np.append(own, -1).astype(np.int64)[codes_of(log.rounds["agent"])]
        return cls(log.session[log.opening], agent, log.rounds["wait_s"].to_numpy(),
                   log.reply >= 0, log.rounds["counted"].to_numpy(dtype=bool), log.rounds["round"].to_numpy() == 1,
                   log.rounds["opened_at"].notna().to_numpy())


def _distinct(rows: Ints, things: Ints, size: int) -> Ints:
    """Return for each row number how many distinct things stand beside it."""
    if not len(rows):
        return np.zeros(size, dtype=np.int64)
    pairs = np.unique(rows * (int(things.max()) + 1) + things)
    return np.bincount(pairs // (int(things.max()) + 1), minlength=size)


def _share(part: Reals, whole: Reals) -> Reals:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _volumes(log: Log, units: Units, place: Ints, rounds: _Rounds) -> dict[str, Reals]:
    """Count sessions, rounds and messages of each unit."""
    size = len(units.keys)
    asked, said = np.flatnonzero(log.from_buyer), np.flatnonzero(log.from_agent)
    of_asked = units.row(place[log.session[asked]], log.agent[asked])
    of_said = units.row(place[log.session[said]], log.agent[said])
    of_round = units.row(place[rounds.session], rounds.agent)
    sessions = _distinct(np.concatenate([of_asked, of_said, of_round]),
                         np.concatenate([log.session[asked], log.session[said], rounds.session]), size)
    return {"session_n": sessions, "round_n": np.bincount(of_round[rounds.counted], minlength=size),
            "pending_n": np.bincount(of_round[rounds.counted & ~rounds.answered], minlength=size),
            "buyer_msg_n": np.bincount(of_asked, minlength=size), "agent_msg_n": np.bincount(of_said, minlength=size)}


def _responses(units: Units, place: Ints, rounds: _Rounds) -> dict[str, Reals]:
    """Measure waits of each unit over counted rounds; rounds without times are in none of these."""
    size = len(units.keys)
    row = units.row(place[rounds.session], rounds.agent)
    timed = rounds.counted & rounds.timed
    known = rounds.counted & ~np.isnan(rounds.wait)

    def count(mask: Flags) -> Ints:
        return np.bincount(row[mask], minlength=size)

    def total(mask: Flags) -> Reals:
        return np.bincount(row[mask], rounds.wait[mask], minlength=size)

    def fast(seconds: float) -> Flags:
        return known & (np.nan_to_num(rounds.wait, nan=np.inf) <= seconds)

    order = np.lexsort((rounds.wait[known], row[known]))
    sorted_rows, waits = row[known][order], rounds.wait[known][order]
    return {"first_wait_s": total(known & rounds.first), "first_answered_n": count(known & rounds.first),
            "wait_s": total(known), "answered_n": count(known),
            "within_30s_n": count(fast(30) & rounds.first), "first_n": count(timed & rounds.first),
            "within_180s_n": count(fast(180)), "timed_n": count(timed),
            "p50_response_s": _nearest_rank(sorted_rows, waits, 0.5, size),
            "p90_response_s": _nearest_rank(sorted_rows, waits, 0.9, size)}


def _nearest_rank(rows: Ints, waits: Reals, share: float, size: int) -> Reals:
    """Return the nearest-rank percentile of each row's waits (sorted within a row).

    >>> _nearest_rank(np.array([0, 0, 0]), np.array([20.0, 60.0, 420.0]), 0.5, 1)
    array([60.])
    """
    found = np.full(size, np.nan)
    starts = starts_of(rows)
    counts = np.diff(np.append(starts, len(rows)))
    rank = np.ceil(np.round(share * counts, 9)).astype(np.int64)
    found[rows[starts]] = waits[starts + np.maximum(rank, 1) - 1]
    return found


def _people(log: Log, units: Units, place: Ints, rounds: _Rounds, settings: Settings) -> dict[str, Reals]:
    """Count the buyers of each unit: who asked, was answered, waited long, stayed long."""
    size, unit = len(units.keys), log.buyer_unit
    wide = int(unit.max(initial=0)) + 1
    asked, said = np.flatnonzero(log.from_buyer), np.flatnonzero(log.from_agent)
    of_round = units.row(place[rounds.session], rounds.agent)
    asked_pairs = units.row(place[log.session[asked]], log.agent[asked]) * wide + unit[log.session[asked]]
    said_rows = units.row(place[log.session[said]], log.agent[said])
    consulted = np.unique(np.concatenate([asked_pairs, of_round * wide + unit[rounds.session]]))
    received = np.intersect1d(consulted, said_rows * wide + unit[log.session[said]])
    consulted_n = np.bincount(consulted // wide, minlength=size)
    received_n = np.bincount(received // wide, minlength=size)
    known = rounds.counted & ~np.isnan(rounds.wait)
    pair, place_of = np.unique(of_round[known] * wide + unit[rounds.session[known]], return_inverse=True)
    mean = np.bincount(place_of, rounds.wait[known]) / np.maximum(np.bincount(place_of), 1) if len(pair) else np.array([])
    long_ = np.nan_to_num(log.sessions["duration_s"].to_numpy(), nan=0.0) > settings.long_after
    in_session = [(asked_pairs, log.session[asked]), (said_rows * wide + unit[log.session[said]], log.session[said]),
                  (of_round * wide + unit[rounds.session], rounds.session)]
    long_pairs = np.unique(np.concatenate([pairs[long_[session]] for pairs, session in in_session]))
    return {"consulted_n": consulted_n, "received_n": received_n,
            "slow_n": np.bincount(pair[mean > settings.slow_after] // wide, minlength=size),
            "long_n": np.bincount(long_pairs // wide, minlength=size)}

"""The agents table: what each agent did on each day, by the contract's definitions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.arrays import Flags, Ints, coded, group_ids, stable_order, starts_of
from chataudit.log import Log
from chataudit.settings import Settings
from chataudit.tables import AGENTS, VOLUMES, WAITS
from chataudit.work import Work

Reals = np.ndarray
ORDER_COLUMNS = (
    "inquiry_n",
    "ordered_n",
    "paid_n",
    "conversion_share",
    "sales",
    "refunds",
    "effective_sales",
    "order_value",
)


def measure(work: Work, settings: Settings) -> pd.DataFrame:
    """Return one row per (day, platform, shop, agent); everything in a session counts on the session's day.

    Columns, units and null rules: `chataudit.tables.AGENTS`; a share without a denominator is null. What belongs to no
    agent stands in a row with a null agent. Columns that need orders are null here. Beside the table's columns stand
    the `WAITS` that its means and shares are made of, so that totals can be rebuilt and need not be averaged. Rows are
    in the order of `Work`.
    """
    log = work.log
    place = log.sessions.iloc[work.session_of_row]
    frame = pd.DataFrame(
        {
            "day": work.day_of_row,
            "platform": place["platform"].reset_index(drop=True),
            "shop": place["shop"].reset_index(drop=True),
            "agent": coded(work.agent, log.agent_names),
        }
    )
    rounds = _Rounds.of(log)
    frame = frame.assign(**_volumes(work, rounds), **_responses(work, rounds), **_people(work, rounds, settings))
    frame = frame.assign(**ratios(frame))
    for name in ("slow_n", "long_n"):  # without times nobody knows
        frame[name] = frame[name].astype("Int64").mask(frame["day"].isna())
    unknown = AGENTS.empty()[list(ORDER_COLUMNS)].reindex(range(len(frame)))
    frame = frame.assign(**{name: unknown[name] for name in ORDER_COLUMNS})
    return frame[[*AGENTS.names, *WAITS]]


def ordered(agents: pd.DataFrame) -> pd.DataFrame:
    """Return the table by day, platform, shop and agent; what belongs to nobody comes last."""
    names = ["day", "platform", "shop", "agent"]
    return agents.sort_values(names, kind="stable", na_position="last").reset_index(drop=True)


def ratios(sums: pd.DataFrame) -> dict[str, Reals]:
    """Return the means and shares that the sums of one row, or of several rows added up, make."""
    value = {name: sums[name].to_numpy(dtype=float) for name in (*WAITS, *VOLUMES)}
    return {
        "unreplied_n": (value["consulted_n"] - value["received_n"]).astype(np.int64),
        "reply_share": _share(value["received_n"], value["consulted_n"]),
        "reply_ratio": _share(value["agent_msg_n"], value["buyer_msg_n"]),
        "first_response_s": _share(value["first_wait_s"], value["first_answered_n"]),
        "mean_response_s": _share(value["wait_s"], value["answered_n"]),
        "within_30s_share": _share(value["within_30s_n"], value["first_n"]),
        "within_180s_share": _share(value["within_180s_n"], value["timed_n"]),
    }


def _share(part: Reals, whole: Reals) -> Reals:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


@dataclass(frozen=True)
class _Rounds:
    """The rounds as arrays."""

    session: Ints
    wait: Reals
    answered: Flags
    counted: Flags
    first: Flags
    timed: Flags

    @classmethod
    def of(cls, log: Log) -> _Rounds:
        return cls(
            log.session[log.opening],
            log.rounds["wait_s"].to_numpy(),
            log.reply >= 0,
            log.rounds["counted"].to_numpy(dtype=bool),
            log.rounds["round"].to_numpy() == 1,
            log.rounds["opened_at"].notna().to_numpy(),
        )


def _volumes(work: Work, rounds: _Rounds) -> dict[str, Reals]:
    """Count sessions, rounds and messages of each row."""

    def count(rows: Ints) -> Ints:
        return np.bincount(rows, minlength=work.size)

    return {
        "session_n": count(work.sessions[0]),
        "round_n": count(work.rounds[rounds.counted]),
        "pending_n": count(work.rounds[rounds.counted & ~rounds.answered]),
        "buyer_msg_n": count(work.asked),
        "agent_msg_n": count(work.said),
    }


def _responses(work: Work, rounds: _Rounds) -> dict[str, Reals]:
    """Sum up waits of each row over counted rounds; rounds without times are in none of these."""
    row = work.rounds
    timed = rounds.counted & rounds.timed
    known = rounds.counted & ~np.isnan(rounds.wait)

    def count(mask: Flags) -> Ints:
        return np.bincount(row[mask], minlength=work.size)

    def total(mask: Flags) -> Reals:
        return np.bincount(row[mask], rounds.wait[mask], minlength=work.size)

    def fast(seconds: float) -> Flags:
        return known & (np.nan_to_num(rounds.wait, nan=np.inf) <= seconds)

    by_wait = np.argsort(rounds.wait[known])
    order = by_wait[stable_order(row[known][by_wait])]
    sorted_rows, waits = row[known][order], rounds.wait[known][order]
    return {
        "first_wait_s": total(known & rounds.first),
        "first_answered_n": count(known & rounds.first),
        "wait_s": total(known),
        "answered_n": count(known),
        "within_30s_n": count(fast(30) & rounds.first),
        "first_n": count(timed & rounds.first),
        "within_180s_n": count(fast(180)),
        "timed_n": count(timed),
        "p50_response_s": nearest_rank(sorted_rows, waits, 0.5, work.size),
        "p90_response_s": nearest_rank(sorted_rows, waits, 0.9, work.size),
    }


def nearest_rank(rows: Ints, waits: Reals, share: float, size: int) -> Reals:
    """Return the nearest-rank percentile of each row's waits (sorted within a row).

    >>> nearest_rank(np.array([0, 0, 0]), np.array([20.0, 60.0, 420.0]), 0.5, 1)
    array([60.])
    """
    found = np.full(size, np.nan)
    starts = starts_of(rows)
    counts = np.diff(np.append(starts, len(rows)))
    rank = np.ceil(np.round(share * counts, 9)).astype(np.int64)
    found[rows[starts]] = waits[starts + np.maximum(rank, 1) - 1]
    return found


def _people(work: Work, rounds: _Rounds, settings: Settings) -> dict[str, Reals]:
    """Count the buyers of each row: who asked, was answered, waited long, stayed long."""
    size, unit = work.size, work.log.buyer_unit
    wide = int(unit.max(initial=0)) + 1
    known = rounds.counted & ~np.isnan(rounds.wait)
    place, at = group_ids(work.rounds[known], unit[rounds.session[known]])
    mean = np.bincount(place, rounds.wait[known]) / np.maximum(np.bincount(place), 1)
    slow = at[mean > settings.slow_after]
    row, session = work.sessions
    long_ = np.nan_to_num(work.log.sessions["duration_s"].to_numpy(), nan=0.0)[session] > settings.long_after
    long_pairs = np.unique(row[long_] * wide + unit[session[long_]])
    return {
        "consulted_n": np.bincount(work.consulted[0], minlength=size),
        "received_n": np.bincount(work.received[0], minlength=size),
        "slow_n": np.bincount(work.rounds[known][slow], minlength=size),
        "long_n": np.bincount(long_pairs // wide, minlength=size),
    }

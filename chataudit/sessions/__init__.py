"""Messages in, sessions and rounds out: who talked with whom, when, and who waited how long."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, arrow, codes_of, group_ids, is_in, starts_of, text
from chataudit.log import Log, days_of, in_hours, wall_clock
from chataudit.pairing import Rounds, pair_rounds
from chataudit.sessions.closing import closing_lines
from chataudit.sessions.credit import credit
from chataudit.sessions.split import session_ids, sessions_of
from chataudit.settings import Settings
from chataudit.tables import TALK_KINDS


def split(messages: pd.DataFrame, settings: Settings, shifts: Mapping[str, str] | None = None) -> Log:
    """Return the log of ``messages`` (as ingested): session ids and agents completed, sessions and rounds built.

    ``position`` says of each message which row it was as ingested, also where a part of a log is split again.
    ``shifts`` are the hours of accounts by which rounds are counted where the setting ``hours_by`` is ``shifts``.

    Each row of ``sessions`` is a session with counts of talk and waits in seconds over all its rounds, counted or
    not; each row of ``rounds`` is a round, pending ones with null reply. Definitions: the contract's.
    """
    closing = closing_lines(messages, settings)
    order, session = sessions_of(messages, closing, settings)
    if "position" not in messages:
        messages = messages.assign(position=np.arange(len(messages)))
    messages = messages.iloc[order].reset_index(drop=True)
    closing = closing[order]
    first = starts_of(session)
    ids = session_ids(messages, first)
    messages["session_id"] = _repeated(ids, session)
    messages["agent"] = credit(messages, session)
    talk = is_in(messages["kind"], TALK_KINDS)
    asks = talk & is_in(messages["sender"], ["buyer"]) & ~closing
    answers = talk & is_in(messages["sender"], ["agent", "assist"])
    pairs = pair_rounds(asks, answers, session)
    rounds = _rounds(messages, session, pairs, settings, shifts or {})
    sessions = _sessions(messages, session, first, rounds, session[pairs.opening], settings)
    return Log(messages, sessions, rounds, session, pairs.opening, pairs.reply, closing)


def _repeated(per_session: pd.Series, session: Ints) -> pd.Series:
    return pd.Series(pd.Categorical.from_codes(codes_of(per_session)[session], per_session.cat.categories))


def _rounds(
    messages: pd.DataFrame, session: Ints, pairs: Rounds, settings: Settings, shifts: Mapping[str, str]
) -> pd.DataFrame:
    opening, reply = pairs
    answered = reply >= 0
    asked = messages["sent_at"].iloc[opening].reset_index(drop=True)
    replied = messages["sent_at"].iloc[np.where(answered, reply, 0)].reset_index(drop=True).where(pd.Series(answered))
    of = session[opening]
    begin = np.searchsorted(of, of)
    agent = np.where(answered, codes_of(messages["agent"])[reply], codes_of(messages["agent"])[opening])
    sender = np.where(answered, codes_of(messages["sender"])[reply], -1)
    names = [str(name) for name in messages["agent"].cat.categories]
    return pd.DataFrame(
        {
            "session_id": messages["session_id"].iloc[opening].reset_index(drop=True),
            "round": np.arange(len(opening)) - begin + 1,
            "agent": pd.Categorical.from_codes(agent, messages["agent"].cat.categories),
            "opened_at": asked,
            "replied_at": replied,
            "wait_s": (replied - asked).dt.total_seconds(),
            "replied_by": pd.Categorical.from_codes(sender, messages["sender"].cat.categories),
            "counted": _counted(wall_clock(asked), agent, names, settings, shifts),
        }
    )


def _counted(wall: Ints, agent: Ints, names: list[str], settings: Settings, shifts: Mapping[str, str]) -> Flags:
    """Return which rounds were opened in service hours (or in their agent's shift) and on no holiday."""
    counted = in_hours(wall, settings.service_hours)
    if settings.hours_by == "shifts":
        for number, name in enumerate(names):
            if name in shifts:
                mine = agent == number
                counted[mine] = in_hours(wall[mine], shifts[name])
    if settings.holidays:
        counted &= ~days_of(wall, settings.cut_hour).isin(settings.holidays).to_numpy()
    return counted


def _sessions(
    messages: pd.DataFrame, session: Ints, first: Ints, rounds: pd.DataFrame, of: Ints, settings: Settings
) -> pd.DataFrame:
    size = len(first)
    end = np.append(first[1:], len(session)).astype(np.int64)
    talk = is_in(messages["kind"], TALK_KINDS)

    def count(mask: Flags) -> Ints:
        return np.add.reduceat(mask, first, dtype=np.int64)

    started = messages["sent_at"].iloc[first].reset_index(drop=True)
    ended = messages["sent_at"].iloc[end - 1].reset_index(drop=True)
    result = pd.DataFrame(
        {
            name: messages[name].iloc[first].reset_index(drop=True)
            for name in ("session_id", "platform", "shop", "buyer")
        }
    )
    result["agents"] = _agents(messages, session, talk, size)
    result["day"] = days_of(wall_clock(started), settings.cut_hour)
    result["started_at"], result["ended_at"] = started, ended
    result["duration_s"] = (ended - started).dt.total_seconds()
    for name, senders in (("buyer_n", ["buyer"]), ("agent_n", ["agent", "assist"]), ("bot_n", ["auto", "bot"])):
        result[name] = count(talk & is_in(messages["sender"], senders))
    waits = rounds["wait_s"].to_numpy()
    pending = rounds["replied_by"].isna().to_numpy()
    result["round_n"] = np.bincount(of, minlength=size)
    result["pending_n"] = np.bincount(of[pending], minlength=size)
    result["first_response_s"] = _at(of, waits, (rounds["round"] == 1).to_numpy(), size)
    known = ~np.isnan(waits)
    total, answered = np.bincount(of[known], waits[known], minlength=size), np.bincount(of[known], minlength=size)
    result["mean_response_s"] = np.where(answered > 0, total / np.maximum(answered, 1), np.nan)
    longest = np.full(size, -np.inf)
    np.maximum.at(longest, of[known], waits[known])
    result["max_response_s"] = np.where(answered > 0, longest, np.nan)
    result["last_sender"] = _last_sender(messages, session, size)
    result["transferred"] = count(is_in(messages["kind"], ["transfer"])) > 0
    return result


def _at(of: Ints, values: np.ndarray, mask: Flags, size: int) -> np.ndarray:
    found = np.full(size, np.nan)
    found[of[mask]] = values[mask]
    return found


def _agents(messages: pd.DataFrame, session: Ints, talk: Flags, size: int) -> pd.Series:
    """Return for each session the accounts that talked in it, in order of appearance, joined by ``|``."""
    agent = codes_of(messages["agent"])
    rows = np.flatnonzero(talk & is_in(messages["sender"], ["agent", "assist"]) & (agent >= 0))
    _, at = group_ids(session[rows], agent[rows])
    rows = rows[np.sort(at)]
    names = arrow(messages["agent"].cat.categories.to_series()).take(pa.array(agent[rows]))
    counts = np.bincount(session[rows], minlength=size)
    ends = pa.array(np.append(0, np.cumsum(counts)).astype(np.int32))
    joined = pc.binary_join(pa.ListArray.from_arrays(ends, names), pa.scalar("|", names.type))
    return text(pc.if_else(pa.array(counts > 0), joined, None))


def _last_sender(messages: pd.DataFrame, session: Ints, size: int) -> pd.Categorical:
    last = np.full(size, -1)
    rows = np.flatnonzero(~is_in(messages["sender"], ["system"]))
    last[session[rows]] = codes_of(messages["sender"])[rows]
    return pd.Categorical.from_codes(last, messages["sender"].cat.categories)


__all__ = ["split"]

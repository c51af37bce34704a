"""The contract's own tables: sessions, rounds, agents, and the split they rest on.

Readings:
- `started_at` and `ended_at` are the first and the last time in the session, of messages of every sender and kind;
  `day` is that of the first.
- `transferred` is true for a row of kind transfer, whoever sent it.
"""

from collections.abc import Iterable

from .agents import agents
from .rounding import Round, build_rounds
from .settings import SlowSettings
from .splitting import split
from .terms import (
    Message,
    Row,
    by_session,
    is_agent_talk,
    is_buyer_talk,
    is_closing_line,
    is_robot_talk,
    is_within,
    local_day,
    mean,
    seconds_between,
)

__all__ = ["agents", "rounds", "sessions", "split"]


def rounds(messages: Iterable[Message], settings: SlowSettings) -> list[Row]:
    """One row for each round of each session; `messages` as `split` gives them."""
    return [
        _round_row(session[0]["session_id"], number, found, settings)
        for session in by_session(messages).values()
        for number, found in enumerate(_rounds_of(session, settings), start=1)
    ]


def _rounds_of(session: list[Message], settings: SlowSettings) -> list[Round]:
    return build_rounds(
        session,
        opens=lambda message: is_buyer_talk(message) and not is_closing_line(message, settings),
        closes=is_agent_talk,
    )


def _round_row(session_id: str, number: int, found: Round, settings: SlowSettings) -> Row:
    opened_at = found.opened_at
    return {
        "session_id": session_id,
        "round": number,
        "agent": found.agent,
        "opened_at": opened_at,
        "replied_at": found.replied_at,
        "wait_s": found.wait_s,
        "replied_by": found.reply["sender"] if found.reply else None,
        "counted": opened_at is None or is_within(opened_at, settings.service_hours, settings),
    }


def sessions(messages: Iterable[Message], settings: SlowSettings) -> list[Row]:
    """One row for each session; `messages` as `split` gives them."""
    return [_session_row(session, settings) for session in by_session(messages).values()]


def _session_row(session: list[Message], settings: SlowSettings) -> Row:
    first = session[0]
    return {
        "session_id": first["session_id"],
        "platform": first["platform"],
        "shop": first["shop"],
        "buyer": first["buyer"],
        "agents": _accounts(session),
        **_times(session, settings),
        "buyer_n": sum(is_buyer_talk(message) for message in session),
        "agent_n": sum(is_agent_talk(message) for message in session),
        "bot_n": sum(is_robot_talk(message) for message in session),
        **_responses(_rounds_of(session, settings)),
        "last_sender": _last_sender(session),
        "transferred": any(message["kind"] == "transfer" for message in session),
    }


def _accounts(session: list[Message]) -> str | None:
    named = [message["agent"] for message in session if is_agent_talk(message) and message["agent"]]
    return "|".join(dict.fromkeys(named)) or None


def _times(session: list[Message], settings: SlowSettings) -> Row:
    times = [message["sent_at"] for message in session if message["sent_at"] is not None]
    start, end = (min(times), max(times)) if times else (None, None)
    return {
        "day": local_day(start, settings).isoformat() if start else None,
        "started_at": start,
        "ended_at": end,
        "duration_s": seconds_between(start, end),
    }


def _responses(found: list[Round]) -> Row:
    waits = [one.wait_s for one in found if one.wait_s is not None]
    return {
        "round_n": len(found),
        "pending_n": sum(one.reply is None for one in found),
        "first_response_s": found[0].wait_s if found else None,
        "mean_response_s": mean(waits),
        "max_response_s": max(waits, default=None),
    }


def _last_sender(session: list[Message]) -> str | None:
    senders = [message["sender"] for message in session if message["sender"] != "system"]
    return senders[-1] if senders else None

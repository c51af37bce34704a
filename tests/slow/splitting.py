"""Which session a message is in and which agent it belongs to.

Readings:
- A message without time and without export id is in one session with its key's others of that kind in its file.
- "The next talk of agent or assist" that gives a buyer's message its agent is the next that names an account, and so
  for the last before it: talk without account is passed over.
- A buyer's recall or event gets its agent like the buyer's talk; a transfer keeps its receiver, whoever sent it.
"""

from collections.abc import Iterable

from .settings import SlowSettings
from .terms import (
    Message,
    by_session,
    in_order,
    is_agent_talk,
    is_buyer_talk,
    is_closing_line,
    key_of,
    seconds_between,
)


def split(messages: Iterable[Message], settings: SlowSettings) -> list[Message]:
    """Copies of the messages with `session_id` and `agent` filled, in the order in which they came."""
    copies = [dict(message) for message in messages]
    for loose in _without_id(copies):
        for session in _cut(in_order(loose), settings):
            for message in session:
                message["session_id"] = f"s:{session[0]['message_id']}"
    for session in by_session(copies).values():
        for message, agent in zip(session, [_agent_of(at, session) for at in range(len(session))], strict=True):
            message["agent"] = agent
    return copies


def _without_id(messages: list[Message]) -> list[list[Message]]:
    """The messages without export id that may share sessions: of a key; without times, of a key and file."""
    found: dict[object, list[Message]] = {}
    for message in messages:
        if message["session_id"] is None:
            alone_in = message["file"] if message["sent_at"] is None else None
            found.setdefault((key_of(message), alone_in), []).append(message)
    return list(found.values())


def _cut(messages: list[Message], settings: SlowSettings) -> list[list[Message]]:
    """The sessions of ordered messages by the gap rule; system and auto rows go with the session before them."""
    sessions: list[list[Message]] = [[]]
    before: Message | None = None
    for message in messages:
        if message["sender"] not in ("system", "auto"):
            if before is not None and _starts_session(before, message, settings):
                sessions.append([])
            before = message
        sessions[-1].append(message)
    return sessions


def _starts_session(before: Message, message: Message, settings: SlowSettings) -> bool:
    gap = seconds_between(before["sent_at"], message["sent_at"])
    if gap is None or gap < settings.session_gap:
        return False
    asked = is_buyer_talk(before) and not is_closing_line(before, settings)
    return not (asked and is_agent_talk(message) and gap < settings.late_reply)


def _agent_of(at: int, session: list[Message]) -> str | None:
    """The agent that the message at this place of its session belongs to."""
    message = session[at]
    named: str | None = message["agent"]
    if message["sender"] == "buyer" and message["kind"] != "transfer":
        return named or _agent_nearby(at, session)
    if message["sender"] in ("agent", "assist", "auto") or message["kind"] == "transfer":
        return named
    return None


def _agent_nearby(at: int, session: list[Message]) -> str | None:
    """The account of the next talk, else of the last before, else the receiver of the session's last transfer."""
    after = _accounts(message for message in session[at + 1 :] if is_agent_talk(message))
    before = _accounts(message for message in session[:at] if is_agent_talk(message))
    receivers = _accounts(message for message in session if message["kind"] == "transfer")
    return next(iter([*after[:1], *before[-1:], *receivers[-1:]]), None)


def _accounts(messages: Iterable[Message]) -> list[str]:
    return [message["agent"] for message in messages if message["agent"]]

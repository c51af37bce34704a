"""Douyin's metrics, each as the list of units it counts.

Readings:
- The start is a transfer row (whoever sent it) that stands before every talk of agent or assist; "after the start"
  goes by order, so talk in the start's own second counts when it stands later.
- A round open at the start counts from it: its opening, and so its day, is the start's; its agent stays the round's.
- `within_180s_sessions` belongs to the agent of the session's first answered round, on the start's day.
"""

from dataclasses import dataclass
from datetime import date, datetime

from .log import EIGHT, Log, Unit, is_bots_alone
from .rounding import Round, platform_rounds
from .terms import Message, is_agent_talk, is_buyer_talk, local_day


@dataclass(frozen=True)
class Reception:
    """A session from its start on."""

    messages: list[Message]
    at: int

    @property
    def started_at(self) -> datetime:
        """When the buyer began to wait for a person."""
        sent_at: datetime = self.messages[self.at]["sent_at"]
        return sent_at

    def replies(self) -> list[Message]:
        """Talk of agent or assist after the start."""
        return [message for message in self.messages[self.at + 1 :] if is_agent_talk(message)]

    def rounds(self) -> list[tuple[Round, datetime, float | None]]:
        """Each round with its opening, not before the start, and its wait from there on."""
        found = []
        for one in platform_rounds(self.messages):
            opened_at = max(one.opening["sent_at"], self.started_at)
            wait = (one.reply["sent_at"] - opened_at).total_seconds() if one.reply else None
            found.append((one, opened_at, wait))
        return found


def first_response(log: Log) -> list[Unit]:
    """Sessions with a reply; the seconds from their start to it."""
    return [
        Unit(_day(one.started_at, log), reply["agent"], (reply["sent_at"] - one.started_at).total_seconds())
        for one in _receptions(log)
        for reply in one.replies()[:1]
    ]


def within_180s_rounds(log: Log) -> list[Unit]:
    """Rounds; of these, answered in at most 180 s."""
    return [
        Unit(_day(opened_at, log), one.agent, wait is not None and wait <= 180)
        for reception in _receptions(log)
        for one, opened_at, wait in reception.rounds()
    ]


def within_180s_sessions(log: Log) -> list[Unit]:
    """Sessions with an answered round; of these, with a mean wait of at most 180 s."""
    units = []
    for reception in _receptions(log):
        answered = [(one, wait) for one, _, wait in reception.rounds() if wait is not None]
        if answered:
            average = sum(wait for _, wait in answered) / len(answered)
            units.append(Unit(_day(reception.started_at, log), answered[0][0].agent, average <= 180))
    return units


def _receptions(log: Log) -> list[Reception]:
    found = []
    for session in log.sessions():
        start = _start(session)
        if start is not None and not is_bots_alone(session) and log.opens(session[start]["sent_at"], EIGHT):
            found.append(Reception(session, start))
    return found


def _start(session: list[Message]) -> int | None:
    """The place of the first transfer before any talk of agent or assist, else of the buyer's first talk."""
    for at, message in enumerate(session):
        if message["kind"] == "transfer":
            return at
        if is_agent_talk(message):
            break
    return next((at for at, message in enumerate(session) if is_buyer_talk(message)), None)


def _day(instant: datetime, log: Log) -> date:
    return local_day(instant, log.settings)

"""Taobao's metrics, each as the list of units it counts.

Reading: `reply_share` counts a buyer with an agent on a day when the buyer has talk there that belongs to the agent
(the empty agent too); the agent's talk must stand after the first of that talk, by order, not by second. It asks
neither for hours nor for more than bots.
"""

from .log import EIGHT, Log, Unit, is_bots_alone
from .rounding import Round, platform_rounds
from .terms import Message, is_agent_talk, is_buyer_talk

CAP_S = 600


def within_180s(log: Log) -> list[Unit]:
    """Day rounds; of these, answered in at most 180 s."""
    return [Unit(log.day(one.opening), one.agent, one.within(180)) for one in _rounds(log)]


def mean_response(log: Log) -> list[Unit]:
    """Day rounds; their waits, at most 600 s each, and 600 s when pending."""
    return [Unit(log.day(one.opening), one.agent, _capped(one)) for one in _rounds(log)]


def reply_share(log: Log) -> list[Unit]:
    """Buyers × agents × days; of these, with the agent's own talk after the buyer's first."""
    units = []
    for (_, day), messages in log.buyer_days().items():
        for agent in dict.fromkeys(message["agent"] for message in messages if is_buyer_talk(message)):
            units.append(Unit(day, agent, _has_reply(messages, agent)))
    return units


def _rounds(log: Log) -> list[Round]:
    return [
        one
        for messages in log.buyer_days().values()
        if not is_bots_alone(messages)
        for one in platform_rounds(messages)
        if log.opens(one.opening["sent_at"], EIGHT)
    ]


def _capped(one: Round) -> float:
    return CAP_S if one.wait_s is None else min(one.wait_s, CAP_S)


def _has_reply(messages: list[Message], agent: str | None) -> bool:
    theirs = [message for message in messages if message["agent"] == agent]
    first = next(at for at, message in enumerate(theirs) if is_buyer_talk(message))
    return any(is_agent_talk(message) for message in theirs[first:])

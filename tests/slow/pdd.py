"""Pinduoduo's metrics, each as two lists of units: those of the agents' rows and those of the ALL-agent rows.

Readings:
- A buyer-day counts once for each agent with a round of it opened in the hours, and passes there when that agent's own
  rounds opened in the hours were answered in time. In an ALL-agent row it counts once and passes when all did.
- The rule says nothing of bots alone, so such buyer-days stay in.
"""

from .log import EIGHT, Log, Unit
from .rounding import Round, rounds_by_a_person

Both = tuple[list[Unit], list[Unit]]


def within_180s_buyers(log: Log) -> Both:
    """Buyer-days; of these, with every round answered by a person in at most 180 s."""
    return _buyer_days(log, 180)


def valid_reply_1h(log: Log) -> Both:
    """Buyer-days; of these, with every round answered by a person in at most an hour."""
    return _buyer_days(log, 3600)


def _buyer_days(log: Log, limit_s: float) -> Both:
    by_agent: list[Unit] = []
    overall: list[Unit] = []
    for (_, day), messages in log.buyer_days().items():
        found = [one for one in rounds_by_a_person(messages) if log.opens(one.opening["sent_at"], EIGHT)]
        for agent in dict.fromkeys(one.agent for one in found):
            own = [one for one in found if one.agent == agent]
            by_agent.append(Unit(day, agent, _all_within(own, limit_s)))
        if found:
            overall.append(Unit(day, None, _all_within(found, limit_s)))
    return by_agent, overall


def _all_within(found: list[Round], limit_s: float) -> bool:
    return all(one.within(limit_s) for one in found)

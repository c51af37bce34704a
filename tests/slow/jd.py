"""JD's metrics, each as the list of units it counts.

Readings:
- A session's first message is its first row of any sender and kind; for `first_30s` its day is the unit's.
- `first_30s` belongs to the agent of the first round rebuilt by a person, that is who first replied by hand, or the
  opening's agent; that round must be answered in at most 30 s.
- `mean_response` is a row of rounds: its day is the opening's. The opening's hour plays no part, only that of the
  session's first message.
"""

from .log import NINE, Log, Unit, is_bots_alone
from .rounding import rounds_by_a_person
from .terms import Message


def first_30s(log: Log) -> list[Unit]:
    """Sessions with a round; of these, with a first round answered by a person in at most 30 s."""
    units = []
    for session in _sessions(log):
        for first in rounds_by_a_person(session)[:1]:
            units.append(Unit(log.day(session[0]), first.agent, first.within(30)))
    return units


def mean_response(log: Log) -> list[Unit]:
    """Rounds answered by a person, of the sessions that `first_30s` counts; their waits."""
    return [
        Unit(log.day(one.opening), one.agent, one.wait_s)
        for session in _sessions(log)
        for one in rounds_by_a_person(session)
        if one.wait_s is not None
    ]


def _sessions(log: Log) -> list[list[Message]]:
    return [
        session for session in log.sessions() if log.opens(session[0]["sent_at"], NINE) and not is_bots_alone(session)
    ]

"""What the platforms' metrics are computed from: one shop's log, cut into sessions and buyer-days.

Readings:
- Messages without time are left out before anything is looked at.
- A masked buyer's buyer-day is its session's part of the day.
- "Bots alone" is judged by the buyer-day's own rows for day rounds, by all rows of the session for session metrics; a
  transfer counts whoever sent it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from .settings import SlowSettings
from .terms import (
    Buyer,
    Hours,
    Message,
    Row,
    buyer_of,
    by_session,
    in_order,
    is_agent_talk,
    is_talk,
    is_within,
    local_day,
)

EIGHT: Hours = (("08:00", "23:00"),)
NINE: Hours = (("09:00", "23:00"),)


@dataclass(frozen=True)
class Unit:
    """One thing that a metric counts: whose it is, on which day, and what it adds above and below the line."""

    day: date
    agent: str | None
    numerator: float
    denominator: int = 1


@dataclass(frozen=True)
class Log:
    """The messages of one shop on one platform, all with times, in order."""

    messages: list[Message]
    settings: SlowSettings

    def day(self, message: Message) -> date:
        """The local day of the message."""
        return local_day(message["sent_at"], self.settings)

    def opens(self, instant: datetime, hours: Hours) -> bool:
        """Whether the instant is in these hours of the local day."""
        return is_within(instant, hours, self.settings)

    def sessions(self) -> list[list[Message]]:
        """The messages of each session."""
        return list(by_session(self.messages).values())

    def buyer_days(self) -> dict[tuple[Buyer, date], list[Message]]:
        """The messages of each buyer on each local day, whatever the sessions."""
        found: dict[tuple[Buyer, date], list[Message]] = {}
        for session in self.sessions():
            for message in session:
                found.setdefault((buyer_of(session), self.day(message)), []).append(message)
        return {key: in_order(messages) for key, messages in found.items()}


def logs(messages: Iterable[Message], settings: SlowSettings) -> list[tuple[Row, Log]]:
    """Each platform and shop with a log that has times."""
    timed = in_order(message for message in messages if message["sent_at"] is not None)
    shops = dict.fromkeys((message["platform"], message["shop"]) for message in timed)
    return [
        (
            {"platform": platform, "shop": shop},
            Log([row for row in timed if (row["platform"], row["shop"]) == (platform, shop)], settings),
        )
        for platform, shop in shops
    ]


def is_bots_alone(messages: Iterable[Message]) -> bool:
    """Whether a bot talked and neither agent nor assist did, nor was there a transfer."""
    messages = list(messages)
    bot = any(message["sender"] == "bot" and is_talk(message) for message in messages)
    return bot and not any(is_agent_talk(message) or message["kind"] == "transfer" for message in messages)

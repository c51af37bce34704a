"""Rounds: the one primitive that the contract's own numbers and those of all platforms share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from .terms import Message, is_agent_talk, is_buyer_talk, is_person_talk, seconds_between

Test = Callable[[Message], bool]


@dataclass(frozen=True)
class Round:
    """The message that opened a round and the reply that closed it, null while pending."""

    opening: Message
    reply: Message | None

    @property
    def agent(self) -> str | None:
        """Whose round it is: of who replied, of a pending one the opening's agent."""
        agent: str | None = (self.reply or self.opening)["agent"]
        return agent

    @property
    def opened_at(self) -> datetime | None:
        """When the buyer began to wait."""
        sent_at: datetime | None = self.opening["sent_at"]
        return sent_at

    @property
    def replied_at(self) -> datetime | None:
        """When the wait ended, null while pending."""
        return self.reply["sent_at"] if self.reply else None

    @property
    def wait_s(self) -> float | None:
        """The seconds the buyer waited, null while pending or without times."""
        return seconds_between(self.opened_at, self.replied_at)

    def within(self, limit_s: float) -> bool:
        """Whether it was answered, and in at most so many seconds."""
        return self.wait_s is not None and self.wait_s <= limit_s


def build_rounds(messages: Iterable[Message], *, opens: Test, closes: Test) -> list[Round]:
    """The rounds of ordered messages."""
    found: list[Round] = []
    opening: Message | None = None
    for message in messages:
        if opening is None and opens(message):
            opening = message
        elif opening is not None and closes(message):
            found.append(Round(opening, message))
            opening = None
    if opening is not None:
        found.append(Round(opening, None))
    return found


def platform_rounds(messages: Iterable[Message]) -> list[Round]:
    """Rounds as platforms count them: every talk of the buyer opens."""
    return build_rounds(messages, opens=is_buyer_talk, closes=is_agent_talk)


def rounds_by_a_person(messages: Iterable[Message]) -> list[Round]:
    """Platform rounds with sender agent as the only effective sender."""
    return build_rounds(messages, opens=is_buyer_talk, closes=is_person_talk)

"""Which chat an order belongs to; the readings stand in `orders`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from .terms import Message, Row, by_session, in_order

Session = list[Message]


@dataclass(frozen=True)
class Link:
    """The sessions found for an order and how: `buyer`, `order_card`, `order_number`, `masked`, or null for none."""

    join: str | None
    sessions: list[Session]

    @property
    def messages(self) -> list[Message]:
        """The messages of these sessions that have a time, in order."""
        return in_order(message for session in self.sessions for message in session if message["sent_at"] is not None)

    @property
    def session_ids(self) -> set[str]:
        """The ids of these sessions."""
        return {session[0]["session_id"] for session in self.sessions}


def link(order: Row, messages: Iterable[Message]) -> Link:
    """The chat of the order's buyer, by the first way that finds any."""
    shop = [message for message in messages if _same_place(message, order)]
    sessions = list(by_session(shop).values())
    ways = {
        "buyer": [one for one in sessions if one[0]["buyer"] == order["buyer"] and not _is_masked(one)],
        "order_card": _whole_chats([one for one in sessions if _names(one, order, card=True)], sessions),
        "order_number": _whole_chats([one for one in sessions if _names(one, order, card=False)], sessions),
        "masked": [
            one
            for one in sessions
            if _is_masked(one) and _fits(one[0]["buyer"], order["buyer"] or "") and _is_near(one, order)
        ],
    }
    for join, found in ways.items():
        if found:
            return Link(join, found)
    return Link(None, [])


def _same_place(message: Message, order: Row) -> bool:
    """Whether platform and shop are the same, as far as the chat's export names them."""
    return message["platform"] in (order["platform"], "plain") and message["shop"] in (order["shop"], "")


def _is_masked(session: Session) -> bool:
    return any(message["masked"] for message in session)


def _is_near(session: Session, order: Row) -> bool:
    """Whether the session starts from 15 days before the order to a day after it or its payment."""
    start = session[0]["sent_at"]
    if start is None:
        return False
    last = max(one for one in (order["ordered_at"], order["paid_at"]) if one is not None)
    return bool(order["ordered_at"] - timedelta(days=15) <= start <= last + timedelta(days=1))


def _names(session: Session, order: Row, *, card: bool) -> bool:
    """Whether a card, or a row that is no card, of the session names the order."""
    rows = [message for message in session if (message["kind"] == "card") == card]
    return any(order["order_id"] in (message["refs"] or "").split("|") for message in rows)


def _whole_chats(found: list[Session], sessions: list[Session]) -> list[Session]:
    """The sessions found, and of buyers known by name all their others."""
    names = {one[0]["buyer"] for one in found if not _is_masked(one)}
    return [one for one in sessions if one in found or (one[0]["buyer"] in names and not _is_masked(one))]


def _fits(masked: str, name: str) -> bool:
    """Whether the name begins and ends as the masked one does."""
    head, tail = masked.split("*")[0], masked.split("*")[-1]
    return name == masked or ("*" in masked and bool(head + tail) and name.startswith(head) and name.endswith(tail))

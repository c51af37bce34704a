"""The contract's agents table, without what orders add.

Readings:
- Session ids are taken to be unique over all keys: the rounds table has nothing else to find its session by.
- A session's first round is its round 1, counted or not.
- Rounds without times count in `round_n` and `pending_n` and in nothing that compares a wait; `slow_n` and `long_n`
  of a row without day are null, since nobody knows.
- `long_n`'s "such a session" is one that `session_n` counts.
- Talk of an agent without account belongs to the row with empty agent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .settings import SlowSettings
from .terms import Buyer, Message, Row, buyer_of, by_session, is_agent_talk, is_buyer_talk, mean, nearest_rank, ratio

ORDER_COLUMNS = (
    "inquiry_n", "ordered_n", "paid_n", "conversion_share", "sales", "refunds", "effective_sales", "order_value",
)  # fmt: skip


@dataclass(frozen=True)
class Work:
    """What belongs to one agent on one day in one shop: its sessions, its rounds, its talk and the buyers'."""

    sessions: list[Row]
    rounds: list[Row]
    asked: list[Message]
    said: list[Message]
    buyers: dict[str, Buyer]

    @property
    def consulted(self) -> set[Buyer]:
        """The buyers with talk, or a round, that belongs to the agent."""
        return {self.buyers[row["session_id"]] for row in [*self.asked, *self.rounds]}

    @property
    def received(self) -> set[Buyer]:
        """Of these, the buyers to whom the agent said anything."""
        return self.consulted & {self.buyers[row["session_id"]] for row in self.said}


def agents(
    messages: Iterable[Message], sessions: Iterable[Row], rounds: Iterable[Row], settings: SlowSettings
) -> list[Row]:
    """One row for each day, platform, shop and agent; the order columns are null."""
    return [
        {**place, **_volume(work), **_responses(work), **_patience(work, settings), **dict.fromkeys(ORDER_COLUMNS)}
        for place, work in works(messages, sessions, rounds)
    ]


def works(messages: Iterable[Message], sessions: Iterable[Row], rounds: Iterable[Row]) -> list[tuple[Row, Work]]:
    """Each day, platform, shop and agent with something to count, and what is counted there."""
    messages, sessions, rounds = list(messages), list(sessions), list(rounds)
    buyers = {key[3]: buyer_of(session) for key, session in by_session(messages).items()}
    found = []
    for day, platform, shop in dict.fromkeys((row["day"], row["platform"], row["shop"]) for row in sessions):
        here = [row for row in sessions if (row["day"], row["platform"], row["shop"]) == (day, platform, shop)]
        ids = {row["session_id"] for row in here}
        lines = [row for row in messages if row["session_id"] in ids]
        turns = [row for row in rounds if row["session_id"] in ids]
        for agent in _names(lines, turns):
            place = {"day": day, "platform": platform, "shop": shop, "agent": agent}
            found.append((place, _work(agent, here, lines, turns, buyers)))
    return found


def _names(lines: Sequence[Message], turns: Sequence[Row]) -> list[str | None]:
    """The agents, the empty one too, with talk of their own, a buyer's talk or a round."""
    talk = [row["agent"] for row in lines if is_agent_talk(row) or is_buyer_talk(row)]
    return sorted({*talk, *(row["agent"] for row in turns)}, key=lambda agent: agent or "")


def _work(agent: str | None, here: list[Row], lines: list[Message], turns: list[Row], buyers: dict[str, Buyer]) -> Work:
    asked = [row for row in lines if is_buyer_talk(row) and row["agent"] == agent]
    said = [row for row in lines if is_agent_talk(row) and row["agent"] == agent]
    own = [row for row in turns if row["agent"] == agent]
    ids = {row["session_id"] for row in [*asked, *said, *own]}
    return Work([row for row in here if row["session_id"] in ids], own, asked, said, buyers)


def _volume(work: Work) -> Row:
    consulted, received = len(work.consulted), len(work.received)
    counted = [row for row in work.rounds if row["counted"]]
    return {
        "consulted_n": consulted,
        "received_n": received,
        "unreplied_n": consulted - received,
        "reply_share": ratio(received, consulted),
        "session_n": len(work.sessions),
        "round_n": len(counted),
        "pending_n": sum(row["replied_by"] is None for row in counted),
        "buyer_msg_n": len(work.asked),
        "agent_msg_n": len(work.said),
        "reply_ratio": ratio(len(work.said), len(work.asked)),
    }


def _responses(work: Work) -> Row:
    timed = [row for row in work.rounds if row["counted"] and row["opened_at"] is not None]
    firsts = [row for row in timed if row["round"] == 1]
    waits = _waits(timed)
    return {
        "first_response_s": mean(_waits(firsts)),
        "mean_response_s": mean(waits),
        "p50_response_s": nearest_rank(waits, 50),
        "p90_response_s": nearest_rank(waits, 90),
        "within_30s_share": ratio(sum(wait <= 30 for wait in _waits(firsts)), len(firsts)),
        "within_180s_share": ratio(sum(wait <= 180 for wait in waits), len(timed)),
    }


def _waits(rounds: Iterable[Row]) -> list[float]:
    return [row["wait_s"] for row in rounds if row["wait_s"] is not None]


def _patience(work: Work, settings: SlowSettings) -> Row:
    timed = [row for row in work.sessions if row["duration_s"] is not None]
    if not timed:
        return {"slow_n": None, "long_n": None}
    long = {work.buyers[row["session_id"]] for row in timed if row["duration_s"] > settings.long_after}
    return {"slow_n": len(_slow_buyers(work, settings)), "long_n": len(long)}


def _slow_buyers(work: Work, settings: SlowSettings) -> list[Buyer]:
    waits: dict[Buyer, list[float]] = {}
    for row in work.rounds:
        if row["counted"] and row["wait_s"] is not None:
            waits.setdefault(work.buyers[row["session_id"]], []).append(row["wait_s"])
    return [buyer for buyer, own in waits.items() if sum(own) / len(own) > settings.slow_after]

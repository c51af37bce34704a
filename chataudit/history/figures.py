"""The figures that are followed from period to period, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from chataudit.cards.facts import HIT, SCORED, SCORED_N, SHARES, Added
from chataudit.cards.periods import Period
from chataudit.errors import Words

Kind = Literal["count", "share", "seconds", "money", "points", "ratio"]
Better = Literal["more", "less", "neither"]


@dataclass(frozen=True)
class Figure:
    """A figure: its fact or share, what people call it, its unit, which way is better.

    ``name``: an additive fact, a share of `chataudit.cards.facts.SHARES`, ``hits:LEVEL``, or ``card:ID`` (the mean score
    of conversations).
    """

    name: str
    said: Words
    kind: Kind
    better: Better = "neither"


FIGURES = (
    Figure("session_n", Words("会话", "Sessions"), "count"),
    Figure("received_n", Words("接待人数", "Buyers received"), "count"),
    Figure("reply_share", Words("回复率", "Replied to"), "share", "more"),
    Figure("first_response_s", Words("首次响应（秒）", "First response (s)"), "seconds", "less"),
    Figure("mean_response_s", Words("平均响应（秒）", "Mean response (s)"), "seconds", "less"),
    Figure("within_30s_share", Words("首响 30 秒内", "First reply in 30 s"), "share", "more"),
    Figure("within_180s_share", Words("3 分钟内回复", "Replies in 3 min"), "share", "more"),
    Figure("reply_ratio", Words("答问比", "Reply ratio"), "ratio", "more"),
    Figure("conversion_share", Words("询单转化率", "Conversion"), "share", "more"),
    Figure("sales", Words("销售额（元）", "Sales (yuan)"), "money", "more"),
    Figure("hits:red", Words("红线", "Red lines"), "count", "less"),
    Figure("hits:major", Words("严重命中", "Major hits"), "count", "less"),
)


def value_of(figure: Figure, added: Added, period: Period, subject: str, levels: dict[str, str]) -> Decimal | None:
    """Return a figure of a subject in a period; None where there is nothing to tell it from."""
    if figure.name in SHARES:
        return quotient(*added.share(period, subject, SHARES[figure.name]))
    if figure.name.startswith("card:"):
        card = figure.name.removeprefix("card:")
        return quotient(*added.share(period, subject, (SCORED + card, SCORED_N + card)))
    if figure.name.startswith("hits:"):
        level = figure.name.removeprefix("hits:")
        if added.sum(period, subject, "session_n") is None:
            return None
        hits = [added.sum(period, subject, HIT + rule) for rule, of in levels.items() if of == level]
        return sum((one for one in hits if one is not None), Decimal(0))
    return added.sum(period, subject, figure.name)


def quotient(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    """Return a share; None where there is nothing to divide by."""
    return above / below if above is not None and below else None


def cards_in(names: list[str]) -> list[Figure]:
    """Return the figures of the cards that conversations were scored with."""
    cards = sorted(name.removeprefix(SCORED) for name in names if name.startswith(SCORED))
    return [Figure(f"card:{card}", Words(f"评分 {card}", f"Score {card}"), "points", "more") for card in cards]

"""What a card says of one subject in one period."""

from __future__ import annotations

from dataclasses import dataclass

from chataudit.cards.filling import Mark
from chataudit.cards.periods import Period
from chataudit.cards.totals import Subtotal


@dataclass(frozen=True)
class Result:
    """A subject's score in a period.

    ``low`` / ``high``: bounds while lines wait; ``sample_n``: sessions (of conversations: how many were scored);
    ``applicable``: share of the card's points that applied; ``days``: days of the period that the
    log covers; ``covered``: whether that is all it takes (a card of sheets alone takes none);
    ``place``: in the ranking, None where there is no score or too few to rank (then ``unranked`` is true); ``own``:
    scores of single conversations, or of the periods that a longer one was made of; ``parts``: what the card's groups
    came to.
    """

    period: Period | None
    subject: str
    score: float | None
    low: float | None
    high: float | None
    grade: str | None
    waits: bool
    red_lines: tuple[str, ...]
    sample_n: int
    applicable: float | None
    days: int
    covered: bool
    marks: tuple[Mark, ...] = ()
    place: float | None = None
    unranked: bool = False
    own: tuple[float, ...] = ()
    parts: tuple[Subtotal, ...] = ()

    @property
    def provisional(self) -> bool:
        """Return whether lines wait or the period is not fully covered by the log."""
        return self.waits or not self.covered

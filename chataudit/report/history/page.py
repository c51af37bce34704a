"""A period's figures and their changes as one page for people."""

from __future__ import annotations

from decimal import Decimal

import chataudit
from chataudit.errors import Words
from chataudit.history import Figure, Standing
from chataudit.history.periods import Change
from chataudit.report.page import environment
from chataudit.report.wording import NOTHING

SAME = "±0"
DIGITS = {"count": 0, "seconds": 1, "money": 2, "points": 1, "ratio": 2}


def shown(figure: Figure, value: Decimal | None) -> str:
    """Return a figure as people read it.

    >>> from chataudit.history import FIGURES
    >>> shown(FIGURES[2], Decimal("0.9871")), shown(FIGURES[0], Decimal(1234)), shown(FIGURES[0], None)
    ('98.7%', '1,234', '—')
    """
    if value is None:
        return NOTHING
    if figure.kind == "share":
        return f"{value * 100:.1f}%"
    return f"{value:,.{DIGITS[figure.kind]}f}"


def shown_change(change: Change) -> str:
    """Return by how much a figure changed: shares in points of percent, counts and money with their sign."""
    if change.by is None:
        return NOTHING
    share = change.figure.kind == "share"
    said = f"{change.by * 100:+.1f} pp" if share else f"{change.by:+,.{DIGITS[change.figure.kind]}f}"
    return said if any(one in "123456789" for one in said) else SAME


def render_standing(standing: Standing, lang: str) -> str:
    """Return the page."""
    template = environment(lang).get_template("history.html")
    return template.render(
        standing=standing,
        shown=shown,
        shown_change=shown_change,
        version=chataudit.__version__,
        everybody=Words("全部", "Everybody").said(lang),
    )

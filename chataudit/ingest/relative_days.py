"""Days as chat pages say them: 今天, 昨天, 前天, a clock alone, a month and day without year."""

from __future__ import annotations

import datetime as dt
import re

RELATIVE = r"^(?:(?:今天|昨天|前天)\s*)?\d{1,2}:\d{2}(?::\d{2})?$|^\d{1,2}[-/月]\d{1,2}日?\s+\d{1,2}:\d{2}(?::\d{2})?$"
NAMED = re.compile(r"(今天|昨天|前天)?\s*(\d{1,2}:\d{2}(?::\d{2})?)")
NO_YEAR = re.compile(r"(\d{1,2})[-/月](\d{1,2})日?\s+(\d{1,2}:\d{2}(?::\d{2})?)")
BACK = {None: 0, "今天": 0, "昨天": 1, "前天": 2}


def in_full(said: str | None, today: dt.date) -> str | None:
    """Return a time with its whole day, counted back from ``today``; other texts as they are.

    A day without a year is the last such day not after ``today``.

    >>> in_full("昨天 20:11", dt.date(2026, 3, 1)), in_full("12-31 09:00", dt.date(2026, 3, 1))
    ('2026-02-28 20:11', '2025-12-31 09:00')
    """
    if said is None:
        return None
    if named := NAMED.fullmatch(said):
        return f"{today - dt.timedelta(days=BACK[named.group(1)])} {named.group(2)}"
    if found := NO_YEAR.fullmatch(said):
        month, day, clock = int(found.group(1)), int(found.group(2)), found.group(3)
        year = today.year - ((month, day) > (today.month, today.day))
        return f"{year}-{month:02d}-{day:02d} {clock}"
    return said

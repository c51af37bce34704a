"""Hours of the day as people write them: ``08:00-23:00``, several parted by ``;``, or ``all``."""

from __future__ import annotations

import re

from chataudit.errors import Words

HOURS = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–~至]\s*([01]?\d|2[0-4]):([0-5]\d)")
Window = tuple[int, int]


def read_hours(text: str) -> tuple[Window, ...] | None:
    """Return windows as (start, end) in minutes of the day, end out; None for ``all``.

    A window that ends before it starts runs over midnight.

    >>> read_hours("08:00-23:00")
    ((480, 1380),)
    >>> read_hours("22:00-02:00;09:00-12:00")
    ((1320, 1440), (0, 120), (540, 720))
    """
    if text == "all":
        return None
    windows: list[Window] = []
    for part in re.split(r"[;；]", text):
        found = HOURS.fullmatch(part.strip())
        if not found:
            raise ValueError(
                Words(
                    f"时段 “{part}” 要写成 08:00-23:00 或 all。", f"Hours {part!r} must read like 08:00-23:00, or all."
                )
            )
        hour, minute, to_hour, to_minute = map(int, found.groups())
        start, end = hour * 60 + minute, to_hour * 60 + to_minute
        windows += [(start, end)] if start < end else [(start, 1440), (0, end)]
    return tuple(windows)

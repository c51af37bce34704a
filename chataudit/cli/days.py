"""Days as a command takes them: ``D`` or ``D..D``."""

from __future__ import annotations

import re
from datetime import date

from chataudit.errors import Fault, Faults, Words

DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?")


def read_days(text: str | None) -> tuple[str, str] | None:
    """Return the first and last day of ``D`` or ``D..D``.

    Raises:
        Faults: neither.
    """
    if text is None:
        return None
    found = DAYS.fullmatch(text)
    if not found:
        raise Faults(
            [
                Fault(
                    Words(
                        f"--date 写成 2026-03-02 或 2026-03-01..2026-03-31，而不是 {text!r}。",
                        f"--date reads 2026-03-02 or 2026-03-01..2026-03-31, not {text!r}.",
                    )
                )
            ]
        )
    first, last = found.group(1), found.group(2) or found.group(1)
    for day in (first, last):
        try:
            date.fromisoformat(day)
        except ValueError:
            raise Faults([Fault(Words(f"没有 {day} 这一天。", f"There is no day {day}."))]) from None
    if last < first:
        raise Faults(
            [Fault(Words(f"--date 的末日 {last} 早于首日 {first}。", f"--date ends {last}, before its start {first}."))]
        )
    return first, last

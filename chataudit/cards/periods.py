"""Periods of assessment: days, weeks, months, quarters, half-years and years, by the names of the contract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Literal

from chataudit.errors import Words

Length = Literal["day", "week", "month", "quarter", "half", "year"]
LENGTHS: tuple[Length, ...] = ("day", "week", "month", "quarter", "half", "year")
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
NAME = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01]))?|-?W(?P<week>0[1-9]|[1-4]\d|5[0-3])"
    r"|-?Q(?P<quarter>[1-4])|-?H(?P<half>[12]))?"
)


@dataclass(frozen=True)
class Period:
    """A period: its length and its first day."""

    length: Length
    start: date

    def __str__(self) -> str:
        return self.name

    @cached_property
    def name(self) -> str:
        """Return the name as the tables write it: ``2026-03-02``, ``2026-W10``, ``2026-03``, ``2026Q1``, ``2026H1``, ``2026``."""
        if self.length == "day":
            return self.start.isoformat()
        if self.length == "week":
            year, week, _ = self.start.isocalendar()
            return f"{year}-W{week:02d}"
        if self.length == "month":
            return f"{self.start:%Y-%m}"
        if self.length == "year":
            return f"{self.start:%Y}"
        sign = "Q" if self.length == "quarter" else "H"
        return f"{self.start.year}{sign}{self.number}"

    @cached_property
    def number(self) -> int:
        """Return which one of its year it is, from 1."""
        if self.length == "day":
            return self.start.timetuple().tm_yday
        if self.length == "week":
            return self.start.isocalendar().week
        return (self.start.month - 1) // MONTHS[self.length] + 1

    @cached_property
    def end(self) -> date:
        """Return the day after its last."""
        return self.later(1).start

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.end - self.start).days

    @property
    def first_of_year(self) -> bool:
        """Return whether none of the same length comes before it in its year."""
        return self.later(-1).year != self.year

    @property
    def year(self) -> int:
        """Return its year (of a week, the ISO year)."""
        return self.start.isocalendar().year if self.length == "week" else self.start.year

    def later(self, by: int) -> Period:
        """Return the period ``by`` places later (earlier where negative)."""
        if self.length in ("day", "week"):
            return Period(self.length, self.start + timedelta(days=by * (1 if self.length == "day" else 7)))
        months = self.start.year * 12 + self.start.month - 1 + by * MONTHS[self.length]
        return Period(self.length, date(months // 12, months % 12 + 1, 1))

    def parts(self, length: Length) -> Iterator[Period]:
        """Yield the periods of a smaller length that begin in it."""
        one = period_of(self.start, length)
        if one.start < self.start:
            one = one.later(1)
        while one.start < self.end:
            yield one
            one = one.later(1)


@lru_cache(maxsize=100_000)
def period_of(day: date, length: Length) -> Period:
    """Return the period of a length that a day lies in.

    >>> str(period_of(date(2026, 5, 7), "quarter")), str(period_of(date(2026, 5, 7), "half"))
    ('2026Q2', '2026H1')
    """
    if length == "day":
        return Period(length, day)
    if length == "week":
        return Period(length, day - timedelta(days=day.weekday()))
    months = MONTHS[length]
    return Period(length, date(day.year, (day.month - 1) // months * months + 1, 1))


def read_period(text: str) -> Period:
    """Return the period of a name.

    Raises:
        ValueError: (`Words`) no such name, or a day that is none.

    >>> str(read_period("2026-Q2")), read_period("2026H2").days
    ('2026Q2', 184)
    """
    match = NAME.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day, week, quarter, half = (int(one) if one else None for one in match.groups())
        assert year is not None
        if week:
            return Period("week", date.fromisocalendar(year, week, 1))
        if quarter or half:
            length: Length = "quarter" if quarter else "half"
            return Period(length, date(year, ((quarter or half or 1) - 1) * MONTHS[length] + 1, 1))
        return Period("day" if day else "month" if month else "year", date(year, month or 1, day or 1))
    except ValueError:
        raise ValueError(
            Words(
                f"周期 “{text}” 看不懂；写成 2026-03-02、2026-W10、2026-03、2026Q1、2026H1 或 2026。",
                f"Period {text!r} is not understood; write 2026-03-02, 2026-W10, 2026-03, 2026Q1, 2026H1 or 2026.",
            )
        ) from None

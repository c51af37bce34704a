"""Local days: of instants, where they begin, and how far what happens on one reaches to others."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pandas as pd

from chataudit.log import day_names, days_since, wall_clock
from chataudit.settings import Settings

OVER = 2  # days that a late reply or a wider window reaches beyond a credit window
MASKED_DAYS = 16  # a masked name is joined to sessions from 15 days before the order (`chataudit.conversions.links`)
WIDEST_WINDOW = 3  # days of the widest conversion window that is counted in days (`three_days`)


def local_days(times: pd.Series, settings: Settings) -> pd.Series:
    """Return the local day of instants, shifted by the cut hour."""
    return day_names(days_since(wall_clock(times.dt.tz_convert(settings.timezone)), settings.cut_hour))


def days_at(instants: list[int], settings: Settings) -> set[str]:
    """Return the local days of instants in milliseconds since 1970."""
    times = pd.Series(pd.to_datetime(instants, unit="ms", utc=True)).dt.as_unit("ms")
    return {str(day) for day in local_days(times, settings).unique()} if instants else set()


def local_day(at: int, settings: Settings) -> str:
    """Return the local day of an instant in milliseconds since 1970."""
    return next(iter(days_at([at], settings)))


def start_of(day: str, settings: Settings, plus: int = 0) -> int:
    """Return the instant at which a local day (and so many days) begins, in milliseconds since 1970."""
    date = dt.date.fromisoformat(day) + dt.timedelta(plus)
    begun = dt.datetime.combine(date, dt.time(), ZoneInfo(settings.timezone)) + dt.timedelta(hours=settings.cut_hour)
    return int(begun.timestamp() * 1000)


def around(day: str, before: int, after: int) -> tuple[str, str]:
    """Return the days so many before and after one.

    >>> around("2026-03-01", 1, 2)
    ('2026-02-28', '2026-03-03')
    """
    middle = dt.date.fromisoformat(day)
    return (middle - dt.timedelta(before)).isoformat(), (middle + dt.timedelta(after)).isoformat()


def reach_of(settings: Settings) -> int:
    """Return how many days an order may lie after the talk that it is credited to, or that it converts."""
    hours = settings.jd_window_hours or 0
    return max(settings.credit_days, WIDEST_WINDOW, int(hours // 24) + 1) + OVER

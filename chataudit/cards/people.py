"""Accounts to persons, days to periods: who is scored when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.arrays import Flags, Ints


@dataclass(frozen=True)
class Persons:
    """Persons of a log and its months.

    ``of_agent``: for each agent code (the last entry is for -1) the number of its person, -1 where nobody is named;
    ``month_of``: for each session the number of its month, -1 without times; ``days``: for each month its days in the
    log.
    """

    names: list[str]
    of_agent: Ints
    months: list[str]
    month_of: Ints
    days: list[int]

    @classmethod
    def of(cls, agent_names: list[str], people: pd.DataFrame | None, days: pd.Series) -> Persons:
        """Return the persons of ``agent_names`` by the people table (without it an account is a person)."""
        known = {} if people is None else dict(zip(people["account"], people["person"], strict=True))
        persons = [str(known.get(name, name)) for name in agent_names]
        names = sorted(set(persons))
        place = {name: number for number, name in enumerate(names)}
        month = days.str.slice(0, 7)
        months = sorted(set(month.dropna()))
        month_place = {name: number for number, name in enumerate(months)}
        month_of = np.array([month_place.get(one, -1) for one in month], dtype=np.int64)
        covered = [int(days[month == one].nunique()) for one in months]
        return cls(names, np.array([place[one] for one in persons] + [-1], dtype=np.int64), months, month_of, covered)

    def group(self, month: Ints, agent: Ints) -> tuple[Ints, list[tuple[str | None, str, int | None]]]:
        """Return for each pair the number of its (month, person), and these as (period, name, days covered).

        Pairs of nobody have -1; undated sessions have a null period.
        """
        return self.grouped(month, self.of_agent[agent])

    def grouped(self, month: Ints, person: Ints) -> tuple[Ints, list[tuple[str | None, str, int | None]]]:
        """Return the same for pairs of month and person numbers."""
        wide = max(len(self.names), 1)
        key = np.where(person >= 0, (month + 1) * wide + person, -1)
        keys = np.unique(key[key >= 0])
        subjects: list[tuple[str | None, str, int | None]] = []
        for one in keys.tolist():
            at, who = one // wide - 1, one % wide
            subjects.append((self.months[at] if at >= 0 else None, self.names[who], self.days[at] if at >= 0 else None))
        return np.where(key >= 0, np.searchsorted(keys, key), -1), subjects


def is_whole(period: str | None, days: int | None) -> bool:
    """Return whether the days cover the whole month ``YYYY-MM``."""
    return period is not None and days is not None and days >= pd.Period(period, freq="M").days_in_month


def means(values: np.ndarray, group: Ints, size: int, mask: Flags | None = None) -> tuple[np.ndarray, Ints]:
    """Return for each group the mean of its known values (NaN without one) and how many there are."""
    keep = (group >= 0) & ~np.isnan(values) & (np.ones(len(values), dtype=bool) if mask is None else mask)
    counts = np.bincount(group[keep], minlength=size)
    totals = np.bincount(group[keep], values[keep], minlength=size)
    return np.where(counts > 0, totals / np.maximum(counts, 1), np.nan), counts

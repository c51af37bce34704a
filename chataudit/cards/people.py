"""Accounts to persons, days to periods: who is scored when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from chataudit.arrays import Flags, Ints, as_code, codes_of
from chataudit.cards.periods import Length, Period, period_of, read_period


@dataclass(frozen=True)
class Persons:
    """Persons of a log and its periods (of one length).

    ``of_agent``: for each agent code (the last entry is for -1) the number of its person, -1 where nobody is named;
    ``period_of``: for each session the number of its period, -1 without times; ``days``: for each period its days in
    the log.
    """

    names: list[str]
    of_agent: Ints
    periods: list[Period]
    period_of: Ints
    days: list[int]

    @classmethod
    def of(
        cls, agent_names: list[str], people: pd.DataFrame | None, days: pd.Series, length: Length = "month"
    ) -> Persons:
        """Return the persons of ``agent_names`` by the people table (without it an account is a person)."""
        known = {} if people is None else dict(zip(people["account"], people["person"], strict=True))
        persons = [str(known.get(name, name)) for name in agent_names]
        names = sorted(set(persons))
        place = {name: number for number, name in enumerate(names)}
        coded = as_code(days)
        of_day = [period_of(date.fromisoformat(day), length) for day in coded.cat.categories]
        periods = sorted(set(of_day), key=lambda one: one.start)
        number = {period: at for at, period in enumerate(periods)}
        own = np.array([*(number[period] for period in of_day), -1], dtype=np.int64)[codes_of(coded)]
        covered = [of_day.count(period) for period in periods]
        return cls(names, np.array([place[one] for one in persons] + [-1], dtype=np.int64), periods, own, covered)

    def group(self, period: Ints, agent: Ints) -> tuple[Ints, list[tuple[str | None, str, int | None]]]:
        """Return for each pair the number of its (period, person), and these as (name of the period, name, days covered).

        Pairs of nobody have -1; undated sessions have a null period.
        """
        return self.grouped(period, self.of_agent[agent])

    def grouped(self, period: Ints, person: Ints) -> tuple[Ints, list[tuple[str | None, str, int | None]]]:
        """Return the same for pairs of period and person numbers."""
        wide = max(len(self.names), 1)
        key = np.where(person >= 0, (period + 1) * wide + person, -1)
        keys = np.unique(key[key >= 0])
        subjects: list[tuple[str | None, str, int | None]] = []
        for one in keys.tolist():
            at, who = one // wide - 1, one % wide
            named = (
                (self.periods[at].name, self.names[who], self.days[at]) if at >= 0 else (None, self.names[who], None)
            )
            subjects.append(named)
        return np.where(key >= 0, np.searchsorted(keys, key), -1), subjects


def is_whole(period: str | None, days: int | None) -> bool:
    """Return whether the days cover the whole period of this name."""
    return period is not None and days is not None and days >= read_period(period).days


def means(values: np.ndarray, group: Ints, size: int, mask: Flags | None = None) -> tuple[np.ndarray, Ints]:
    """Return for each group the mean of its known values (NaN without one) and how many there are."""
    keep = (group >= 0) & ~np.isnan(values) & (np.ones(len(values), dtype=bool) if mask is None else mask)
    counts = np.bincount(group[keep], minlength=size)
    totals = np.bincount(group[keep], values[keep], minlength=size)
    return np.where(counts > 0, totals / np.maximum(counts, 1), np.nan), counts

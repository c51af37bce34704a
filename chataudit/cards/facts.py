"""Figures of subjects in periods, added up from the facts table; what a share is made of is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from chataudit.arrays import Ints, codes_of
from chataudit.cards.periods import Length, Period, period_of
from chataudit.tables import ADDITIVE

SHARES: Mapping[str, tuple[str, str]] = {
    "reply_share": ("received_n", "consulted_n"),
    "reply_ratio": ("agent_msg_n", "buyer_msg_n"),
    "first_response_s": ("first_wait_s", "first_answered_n"),
    "mean_response_s": ("wait_s", "answered_n"),
    "within_30s_share": ("within_30s_n", "first_n"),
    "within_180s_share": ("within_180s_n", "timed_n"),
    "conversion_share": ("paid_n", "inquiry_n"),
    "order_value": ("sales", "payer_n"),
}
OF_PERIOD = ("days", "period_number", "period_days", "head_count", "tenure_days")
NAMES = (*ADDITIVE, "unreplied_n", *SHARES, *OF_PERIOD)
KEPT, HIT, UNJUDGED = "kept:", "hit:", "unjudged:"
PART, WHOLE = "part:", "whole:"
SCORED, SCORED_N = "score_sum:", "score_n:"
Key = tuple[Period | None, str]


@dataclass(frozen=True)
class Facts:
    """The facts table as arrays: for each row the day, subject and fact numbers, and the value.

    ``weights``: how often each day counts (1; resampling draws days with repetition); ``log_days``: days on which the
    log holds sessions.
    """

    days: list[date | None]
    subjects: list[str]
    names: list[str]
    day: Ints
    subject: Ints
    name: Ints
    value: np.ndarray
    log_days: frozenset[date]
    weights: np.ndarray

    @classmethod
    def of(cls, table: pd.DataFrame, subject_of: Mapping[str, str] | None = None) -> Facts:
        """Return the facts of persons; ``subject_of`` maps persons to the subjects scored (teams)."""
        day, words = pd.factorize(table["day"], use_na_sentinel=False)
        days = [None if pd.isna(word) else date.fromisoformat(str(word)) for word in words]
        own = table["person"].isna().to_numpy()
        log_days = frozenset(one for one in (days[at] for at in set(day[own].tolist())) if one is not None)
        persons = [str(one) for one in table["person"].cat.categories] if len(table) else []
        subjects = sorted({subject_of.get(one, "") for one in persons} - {""}) if subject_of is not None else persons
        number = {one: at for at, one in enumerate(subjects)}
        mapped = np.array(
            [number.get(one if subject_of is None else subject_of.get(one, ""), -1) for one in persons] + [-1],
            dtype=np.int64,
        )
        subject = mapped[codes_of(table["person"])] if len(table) else np.array([], dtype=np.int64)
        keep = subject >= 0
        names = [str(one) for one in table["fact"].cat.categories] if len(table) else []
        name = codes_of(table["fact"]) if len(table) else np.array([], dtype=np.int64)
        value = table["value"].to_numpy(dtype=float)
        return cls(
            days, subjects, names, day[keep], subject[keep], name[keep], value[keep], log_days, np.ones(len(days))
        )

    def resampled(self, weights: np.ndarray) -> Facts:
        """Return the facts with each day counted as often as ``weights`` says."""
        return replace(self, weights=weights)

    def added(self, length: Length) -> Added:
        """Return the sums of every period and subject."""
        periods = [None if one is None else period_of(one, length) for one in self.days]
        known = sorted({one for one in periods if one is not None}, key=lambda one: one.start)
        ordered: list[Period | None] = [*known, None]
        number = {one: at for at, one in enumerate(ordered)}
        of_day = np.array([number[one] for one in periods], dtype=np.int64)
        wide, names = max(len(self.subjects), 1), max(len(self.names), 1)
        keys = (of_day[self.day] * wide + self.subject) * names + self.name
        distinct, place = np.unique(keys, return_inverse=True)
        totals = np.bincount(place.reshape(-1), self.value * self.weights[self.day], minlength=len(distinct))
        sums: dict[Key, dict[str, float]] = {}
        for key, total in zip(distinct.tolist(), totals.tolist(), strict=True):
            row, name = divmod(key, names)
            period, subject = divmod(row, wide)
            sums.setdefault((ordered[period], self.subjects[subject]), {})[self.names[name]] = total
        covered = {period: sum(1 for day in self.log_days if period_of(day, length) == period) for period in known}
        return Added(sums, covered)


@dataclass(frozen=True)
class Added:
    """Sums of facts by period and subject, and the days that the log covers of each period."""

    sums: Mapping[Key, Mapping[str, float]]
    covered: Mapping[Period, int]

    def periods(self) -> list[Period]:
        """Return the periods that hold anything, from the first on."""
        return sorted(self.covered, key=lambda one: one.start)

    def subjects(self, period: Period | None) -> list[str]:
        """Return the subjects of a period."""
        return sorted(subject for one, subject in self.sums if one == period)

    def days(self, period: Period | None) -> int:
        """Return how many days of the period the log covers."""
        return 0 if period is None else self.covered.get(period, 0)

    def sum(self, period: Period | None, subject: str, name: str) -> Decimal | None:
        """Return an additive fact; None where nothing is known of it."""
        value = self.sums.get((period, subject), {}).get(name)
        return None if value is None else exact(value)

    def share(
        self, period: Period | None, subject: str, parts: tuple[str, str]
    ) -> tuple[Decimal | None, Decimal | None]:
        """Return numerator and denominator of a share."""
        return self.sum(period, subject, parts[0]), self.sum(period, subject, parts[1])


def exact(value: float) -> Decimal:
    """Return a float as the decimal that its six digits show."""
    return Decimal(repr(round(float(value), 6)))


def teams_of(people: pd.DataFrame | None) -> dict[str, str]:
    """Return the team of each person that has one."""
    if people is None or not len(people):
        return {}
    pairs: Iterable[tuple[object, object]] = zip(people["person"], people["team"], strict=True)
    return {str(person): str(team) for person, team in pairs if isinstance(team, str) and team}

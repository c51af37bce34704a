"""The platforms' metrics on one log: every preset, per day, agent and ALL, totals rebuilt from counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Ints, as_code, codes_of, distinct, group_ids, places, text_at, union
from chataudit.log import NO_TIME, Log, day_names
from chataudit.metrics.units import Counted, Units, count
from chataudit.metrics.waits import Timed
from chataudit.settings import Policy, Settings
from chataudit.tables import PLATFORM_METRICS

ALL = "ALL"
EVERY = -2
SHIFT = 1 << 20
MASK = (1 << 22) - 1


def measure_platforms(
    log: Log, policies: Mapping[str, Policy], settings: Settings, days: tuple[str, str] | None = None
) -> pd.DataFrame:
    """Return a row for each metric and (day, agent), (ALL, agent), (day, ALL), (ALL, ALL) of a platform and shop.

    Every metric is computed for every log that has times; a (day, agent) stands wherever buyer, agent or assistant
    talked. A row with nothing to divide by has a null value. Agent null: talk that belongs to no agent. ``days``: the
    first and last day wanted; what is counted on them may have begun, or be answered, on others.
    """
    timed = Timed(log, settings.cut_hour)
    if not len(timed.rows) or not policies:
        return PLATFORM_METRICS.empty()
    place, _ = group_ids(codes_of(log.sessions["platform"]), codes_of(log.sessions["shop"]))
    grid = _Grid(log, timed, place, _span(days))
    frame = grid.frame({name: grid.sums(count(policy, timed)) for name, policy in policies.items()})
    order = ["platform", "shop", "metric", "day", "agent"]
    return frame.sort_values(order, kind="stable", na_position="last").reset_index(drop=True)[PLATFORM_METRICS.names]


@dataclass(frozen=True)
class _Sums:
    """What units add up to in cells (place, day and agent as one number each, sorted): numerators and how many."""

    cells: Ints
    numerator: np.ndarray
    denominator: Ints


@dataclass(frozen=True)
class _Placed:
    """Units in cells: the number of each one's cell in ``cells``, and its numerator."""

    cells: Ints
    at: Ints
    numerator: np.ndarray

    @classmethod
    def of(cls, own: Ints, numerator: np.ndarray, *more: Ints) -> _Placed:
        """Return units with the cell of each; the cells ``more`` are there even without units."""
        cells = union(own, *more)
        return cls(cells, places(cells, own), numerator)

    def merged(self, cells: Ints, *more: Ints) -> _Placed:
        """Return the units in larger ``cells``, one for each cell here; ``more`` as `of` has them."""
        larger = _Placed.of(cells, self.numerator, *more)
        return replace(larger, at=larger.at[self.at])

    def sums(self) -> _Sums:
        """Return the cells with the sums and counts of their units."""
        size = len(self.cells)
        return _Sums(
            self.cells, np.bincount(self.at, self.numerator, minlength=size), np.bincount(self.at, minlength=size)
        )


class _Grid:
    """The days and agents that have rows, by platform and shop; ``span``: the first and last day wanted."""

    def __init__(self, log: Log, timed: Timed, place: Ints, span: tuple[int, int]) -> None:
        self.log = log
        self.wanted = (log.instant != NO_TIME) & (timed.day >= span[0]) & (timed.day <= span[1])
        self.every_agent = _packed(place[log.session], timed.day, EVERY)
        said = np.flatnonzero(self.wanted & (log.from_buyer | log.from_agent))
        self.base = union(self._cells(said, log.agent[said]))
        self.always = union(_every_day(distinct(self.every_agent[self.wanted])))
        self.platform = _first(log.sessions["platform"], place)
        self.shop = _first(log.sessions["shop"], place)

    def _cells(self, rows: Ints, agent: Ints) -> Ints:
        return self.every_agent[rows] + (agent - EVERY)

    def _placed(self, units: Units) -> _Placed:
        """Return the units of the days wanted in the cells of their place, day and agent."""
        keep = self.wanted[units.row]
        return _Placed.of(self._cells(units.row, units.agent)[keep], units.numerator[keep], self.base)

    def sums(self, counted: Counted) -> list[_Sums]:
        """Return one metric's sums by day and agent, by agent, by day and in all."""
        own = self._placed(counted.by_agent)
        overall = own if counted.overall is counted.by_agent else self._placed(counted.overall)
        days = overall.merged(_every_agent(overall.cells))
        in_all = days.merged(_every_day(days.cells), self.always)
        return [part.sums() for part in (own, own.merged(_every_day(own.cells)), days, in_all)]

    def frame(self, metrics: Mapping[str, list[_Sums]]) -> pd.DataFrame:
        """Return the rows of all metrics."""
        parts = [part for sums in metrics.values() for part in sums]
        sizes = [sum(len(part.cells) for part in sums) for sums in metrics.values()]
        place, day, agent = _unpacked(np.concatenate([part.cells for part in parts]))
        numerator, denominator = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("numerator", "denominator")
        )
        names = [*self.log.agent_names, ALL, None]
        who = np.where(agent == EVERY, len(names) - 2, np.where(agent < 0, len(names) - 1, agent))
        return pd.DataFrame(
            {
                "platform": _words(self.platform, place),
                "metric": _words(list(metrics), np.repeat(np.arange(len(sizes)), sizes)),
                "day": day_names(np.maximum(day, 0)).where(pd.Series(day != EVERY), ALL).astype(TEXT),
                "shop": _words(self.shop, place),
                "agent": _words(names, who),
                "numerator": np.round(numerator, 6),
                "denominator": denominator.astype(float),
                "value": np.where(denominator > 0, np.round(numerator / np.maximum(denominator, 1), 6), np.nan),
            }
        )


def _words(words: Sequence[str | None], at: Ints) -> pd.Series:
    return as_code(text_at(words, at))


def _span(days: tuple[str, str] | None) -> tuple[int, int]:
    """Return the first and last day as days since 1970."""
    if days is None:
        return -SHIFT + 1, SHIFT
    first, last = (int(np.datetime64(day, "D").astype(np.int64)) for day in days)
    return first, last


def _packed(place: Ints, day: Ints, agent: int) -> Ints:
    """Return three small numbers as one that sorts like them; days and agents may be `EVERY`."""
    return (place << 44) | ((day + SHIFT) << 22) | (agent + SHIFT)


def _unpacked(keys: Ints) -> tuple[Ints, Ints, Ints]:
    return keys >> 44, ((keys >> 22) & MASK) - SHIFT, (keys & MASK) - SHIFT


def _every_day(keys: Ints) -> Ints:
    return (keys & ~(MASK << 22)) | ((EVERY + SHIFT) << 22)


def _every_agent(keys: Ints) -> Ints:
    return (keys & ~MASK) | (EVERY + SHIFT)


def _first(cells: pd.Series, place: Ints) -> list[str]:
    """Return for each place the word that its sessions have."""
    found = [""] * (int(place.max(initial=-1)) + 1)
    words = [str(word) for word in cells.cat.categories]
    numbers, at = np.unique(place, return_index=True)
    for number, code in zip(numbers.tolist(), codes_of(cells)[at].tolist(), strict=True):
        found[number] = words[code]
    return found

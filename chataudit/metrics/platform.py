"""The platforms' metrics on one log: every preset, per day, agent and ALL, totals rebuilt from counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Flags, Ints, as_code, codes_of, group_ids, text
from chataudit.log import Log, day_names
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
    if not len(timed.rows):
        return PLATFORM_METRICS.empty()
    place, _ = group_ids(codes_of(log.sessions["platform"]), codes_of(log.sessions["shop"]))
    grid = _Grid(log, timed, place, _span(days))
    tables = [grid.rows(name, count(policy, timed)) for name, policy in policies.items()]
    frame = pd.concat(tables, ignore_index=True) if tables else PLATFORM_METRICS.empty()
    order = ["platform", "shop", "metric", "day", "agent"]
    return frame.sort_values(order, kind="stable", na_position="last").reset_index(drop=True)[PLATFORM_METRICS.names]


class _Grid:
    """The days and agents that have rows, by platform and shop; ``span``: the first and last day wanted."""

    def __init__(self, log: Log, timed: Timed, place: Ints, span: tuple[int, int]) -> None:
        self.log, self.timed, self.place, self.span = log, timed, place, span
        rows = timed.rows[self._wanted(timed.day[timed.rows])]
        said = rows[(log.from_buyer | log.from_agent)[rows]]
        self.base = np.unique(self._keys(said, timed.day[said], log.agent[said]))
        places = np.unique(place[log.session[rows]])
        every = np.full(len(places), EVERY)
        self.always = _packed(places, every, every)
        self.platform = _first(log.sessions["platform"], place)
        self.shop = _first(log.sessions["shop"], place)

    def _keys(self, rows: Ints, day: Ints, agent: Ints) -> Ints:
        """Return place, day and agent of units as one number each (`EVERY` stands for all days or agents)."""
        return _packed(self.place[self.log.session[rows]], day, agent)

    def _wanted(self, day: Ints) -> Flags:
        return (day >= self.span[0]) & (day <= self.span[1])

    def _within(self, units: Units) -> Units:
        """Return the units of the days wanted."""
        keep = self._wanted(units.day)
        return Units(units.row[keep], units.day[keep], units.agent[keep], units.numerator[keep])

    def rows(self, name: str, counted: Counted) -> pd.DataFrame:
        """Return one metric's rows."""
        own, all_ = self._within(counted.by_agent), self._within(counted.overall)
        keys = self._keys(own.row, own.day, own.agent)
        overall = self._keys(all_.row, all_.day, np.full(len(all_.row), EVERY))
        pairs, days = _union(self.base, keys), _union(_every_agent(self.base), overall)
        parts = [
            _sums(pairs, keys, own),
            _sums(np.unique(_every_day(pairs)), _every_day(keys), own),
            _sums(days, overall, all_),
            _sums(self.always, _every_day(overall), all_),
        ]
        place, day, agent = _unpacked(np.concatenate([part[0] for part in parts]))
        numerator = np.concatenate([part[1] for part in parts])
        denominator = np.concatenate([part[2] for part in parts])
        names = np.array([*self.log.agent_names, ALL, None], dtype=object)
        who = np.where(agent == EVERY, len(names) - 2, np.where(agent < 0, len(names) - 1, agent))
        return pd.DataFrame(
            {
                "platform": as_code(text([self.platform[at] for at in place])),
                "metric": as_code(text([name] * len(place))),
                "day": day_names(np.maximum(day, 0)).where(pd.Series(day != EVERY), ALL).astype(TEXT),
                "shop": as_code(text([self.shop[at] for at in place])),
                "agent": as_code(text(names[who].tolist())),
                "numerator": np.round(numerator, 6),
                "denominator": denominator.astype(float),
                "value": np.where(denominator > 0, np.round(numerator / np.maximum(denominator, 1), 6), np.nan),
            }
        )


def _span(days: tuple[str, str] | None) -> tuple[int, int]:
    """Return the first and last day as days since 1970."""
    if days is None:
        return -SHIFT + 1, SHIFT
    first, last = (int(np.datetime64(day, "D").astype(np.int64)) for day in days)
    return first, last


def _packed(place: Ints, day: Ints, agent: Ints) -> Ints:
    """Return three small numbers as one that sorts like them; days and agents may be `EVERY`."""
    return (place << 44) | ((day + SHIFT) << 22) | (agent + SHIFT)


def _unpacked(keys: Ints) -> tuple[Ints, Ints, Ints]:
    return keys >> 44, ((keys >> 22) & MASK) - SHIFT, (keys & MASK) - SHIFT


def _every_day(keys: Ints) -> Ints:
    return (keys & ~(MASK << 22)) | ((EVERY + SHIFT) << 22)


def _every_agent(keys: Ints) -> Ints:
    return (keys & ~MASK) | (EVERY + SHIFT)


def _union(some: Ints, others: Ints) -> Ints:
    return np.unique(np.concatenate([some, others]))


def _sums(keys: Ints, units: Ints, counted: Units) -> tuple[Ints, np.ndarray, Ints]:
    """Return the keys with the sums and counts of the units at them; every unit must have its key."""
    at = np.searchsorted(keys, units)
    return keys, np.bincount(at, counted.numerator, minlength=len(keys)), np.bincount(at, minlength=len(keys))


def _first(cells: pd.Series, place: Ints) -> list[str]:
    """Return for each place the word that its sessions have."""
    found = [""] * (int(place.max(initial=-1)) + 1)
    words = [str(word) for word in cells.cat.categories]
    numbers, at = np.unique(place, return_index=True)
    for number, code in zip(numbers.tolist(), codes_of(cells)[at].tolist(), strict=True):
        found[number] = words[code]
    return found

"""The platforms' metrics on one log: every preset, per day, agent and ALL, totals rebuilt from counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Ints, as_code, codes_of, group_ids, text
from chataudit.log import Log, day_names
from chataudit.metrics.units import Counted, Units, count
from chataudit.metrics.waits import Timed
from chataudit.settings import Policy, Settings
from chataudit.tables import PLATFORM_METRICS

ALL = "ALL"
EVERY = -2


def measure_platforms(log: Log, policies: Mapping[str, Policy], settings: Settings) -> pd.DataFrame:
    """Return a row for each metric and (day, agent), (ALL, agent), (day, ALL), (ALL, ALL) of a platform and shop.

    Every metric is computed for every log that has times; a (day, agent) stands wherever buyer, agent or assistant
    talked. A row with nothing to divide by has a null value. Agent null: talk that belongs to no agent.
    """
    timed = Timed(log, settings.cut_hour)
    if not len(timed.rows):
        return PLATFORM_METRICS.empty()
    place, _ = group_ids(codes_of(log.sessions["platform"]), codes_of(log.sessions["shop"]))
    grid = _Grid(log, timed, place)
    tables = [grid.rows(name, count(policy, timed)) for name, policy in policies.items()]
    frame = pd.concat(tables, ignore_index=True) if tables else PLATFORM_METRICS.empty()
    order = ["platform", "shop", "metric", "day", "agent"]
    return frame.sort_values(order, kind="stable", na_position="last").reset_index(drop=True)[PLATFORM_METRICS.names]


class _Grid:
    """The days and agents that have rows, by platform and shop."""

    def __init__(self, log: Log, timed: Timed, place: Ints) -> None:
        self.log, self.timed, self.place = log, timed, place
        said = timed.rows[(log.from_buyer | log.from_agent)[timed.rows]]
        self.base = self._keys(said, timed.day[said], log.agent[said])
        places = np.unique(place[log.session[timed.rows]])
        self.always = np.stack([places, np.full(len(places), EVERY), np.full(len(places), EVERY)], axis=1)
        self.platform = _first(log.sessions["platform"], place)
        self.shop = _first(log.sessions["shop"], place)

    def _keys(self, rows: Ints, day: Ints, agent: Ints) -> np.ndarray:
        return np.stack([self.place[self.log.session[rows]], day, agent], axis=1)

    def rows(self, name: str, counted: Counted) -> pd.DataFrame:
        """Return one metric's rows."""
        own, all_ = counted.by_agent, counted.overall
        keys = self._keys(own.row, own.day, own.agent)
        overall = self._keys(all_.row, all_.day, np.full(len(all_.row), EVERY))
        parts = [
            self._sums(np.concatenate([self.base, keys]), keys, own),
            self._sums(_every(np.concatenate([self.base, keys]), 1), _every(keys, 1), own),
            self._sums(_every(np.concatenate([self.base, overall]), 2), overall, all_),
            self._sums(self.always, _every(overall, 1), all_),
        ]
        table = np.concatenate([part[0] for part in parts])
        numerator = np.concatenate([part[1] for part in parts])
        denominator = np.concatenate([part[2] for part in parts])
        names = np.array([*self.log.agent_names, ALL, None], dtype=object)
        agent = np.where(table[:, 2] == EVERY, len(names) - 2, np.where(table[:, 2] < 0, len(names) - 1, table[:, 2]))
        days = day_names(np.maximum(table[:, 1], 0)).where(pd.Series(table[:, 1] != EVERY), ALL)
        return pd.DataFrame({
            "platform": as_code(text([self.platform[at] for at in table[:, 0]])), "metric": as_code(text([name] * len(table))),
            "day": days.astype(TEXT), "shop": as_code(text([self.shop[at] for at in table[:, 0]])),
            "agent": as_code(text(names[agent].tolist())), "numerator": np.round(numerator, 6),
            "denominator": denominator.astype(float),
            "value": np.where(denominator > 0, np.round(numerator / np.maximum(denominator, 1), 6), np.nan)})

    @staticmethod
    def _sums(every: np.ndarray, keys: np.ndarray, units: Units) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the distinct keys of ``every`` with the sums and counts of the units at them."""
        both, place = np.unique(np.concatenate([every, keys]), axis=0, return_inverse=True)
        at = place.reshape(-1)[len(every) :]
        return (both, np.bincount(at, units.numerator, minlength=len(both)), np.bincount(at, minlength=len(both)))


def _every(keys: np.ndarray, column: int) -> np.ndarray:
    result = keys.copy()
    result[:, column] = EVERY
    return result


def _first(cells: pd.Series, place: Ints) -> list[str]:
    """Return for each place the word that its sessions have."""
    found = [""] * (int(place.max(initial=-1)) + 1)
    words = [str(word) for word in cells.cat.categories]
    numbers, at = np.unique(place, return_index=True)
    for number, code in zip(numbers.tolist(), codes_of(cells)[at].tolist(), strict=True):
        found[number] = words[code]
    return found

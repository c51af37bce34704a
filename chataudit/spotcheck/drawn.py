"""A plan carried out: which conversations are drawn, how likely each was, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Flags, Ints
from chataudit.errors import Words
from chataudit.spotcheck.drawing import Reals, draw, keys_of, probabilities, shared_out, start_of
from chataudit.spotcheck.plans import Plan
from chataudit.spotcheck.population import Population
from chataudit.spotcheck.signs import where


@dataclass(frozen=True)
class Stratum:
    """A part of the conversations that is drawn by itself: an event, a quota or a stratum of the rest.

    ``size``: its conversations; ``n``: how many are drawn; ``even``: all with the same probability.
    """

    kind: str
    name: Words
    size: int
    n: int
    even: bool


@dataclass(frozen=True)
class Draw:
    """A draw. Arrays have an entry for each conversation of the population.

    ``probability``: how likely it was to be drawn (never 0: who can't be drawn can't be inferred to); ``stratum``: its
    number in ``strata``; ``taken``: whether it is drawn; ``events``: the always-reviewed events that it shows.
    """

    plan: Plan
    seed: str
    strata: tuple[Stratum, ...]
    stratum: Ints
    probability: Reals
    taken: Flags
    events: tuple[tuple[int, ...], ...]

    @property
    def certain(self) -> Flags:
        """Return which conversations were certain to be drawn."""
        return self.probability >= 1


def carry_out(plan: Plan, population: Population, seed: str) -> Draw:
    """Return the draw of a plan.

    Each conversation belongs to the first event that it shows, else to the first quota that it fits, else to a stratum of the rest.

    Raises:
        Faults: more strata or quotas than can be served.
    """
    drawer = _Drawer(plan, population, seed)
    shown = [where(population, event.when) for event in plan.always]
    for event, mask in zip(plan.always, shown, strict=True):
        drawer.take("event", Words(event.name, event.name_en), mask, event.most)
    for quota in plan.quotas:
        drawer.take("quota", Words(quota.name, quota.name_en), where(population, quota.when), quota.n)
    drawer.rest()
    table = np.stack(shown, axis=1) if shown else np.zeros((len(population.units), 0), dtype=bool)
    events = tuple(tuple(np.flatnonzero(row).tolist()) for row in table)
    return Draw(plan, seed, tuple(drawer.strata), drawer.stratum, drawer.probability, drawer.taken, events)


class _Drawer:
    """Draws one part after the other; what is in none yet is still open."""

    def __init__(self, plan: Plan, population: Population, seed: str) -> None:
        self.plan, self.units, self.seed = plan, population.units, seed
        size = len(self.units)
        self.key = keys_of(self.units["session_id"], self.units["agent"], seed)
        self.weight = _weights(plan, self.units)
        self.strata: list[Stratum] = []
        self.stratum = np.full(size, -1, dtype=np.int64)
        self.probability = np.zeros(size)
        self.taken = np.zeros(size, dtype=bool)

    def take(self, kind: str, name: Words, mask: Flags, most: int | None) -> None:
        """Draw a part: all of it, or ``most`` with equal probability."""
        at = np.flatnonzero(mask & (self.stratum < 0))
        n = len(at) if most is None else min(most, len(at))
        self._draw(kind, name, at, np.full(len(at), n / max(len(at), 1)), n)

    def rest(self) -> None:
        """Draw from what is left, by strata."""
        at = np.flatnonzero(self.stratum < 0)
        if not len(at):
            return
        per_agent = self.plan.per_agent
        keys: list[str] = [name for name in self.plan.strata if per_agent is None or name != "agent"]
        part, names = _parts(self.units.iloc[at], ["agent"] if per_agent is not None else keys)
        order = _parts(self.units.iloc[at], keys)[0] if per_agent is not None and keys else None
        sizes = np.bincount(part, minlength=len(names))
        if per_agent is not None:
            wanted = np.minimum(sizes, per_agent)
        elif (self.plan.n or 0) < len(names):
            # Too few for one from each: along the list of strata, so that the large ones get theirs.
            part, names, order, sizes = np.zeros(len(at), dtype=np.int64), [_spread(keys)], part, np.array([len(at)])
            wanted = np.minimum(sizes, self.plan.n or 0)
        else:
            wanted = shared_out(sizes, self.plan.n or 0, equal=self.plan.shares == "equal")
        for number, name in enumerate(names):
            mine = np.flatnonzero(part == number)
            chance = probabilities(self.weight[at[mine]], int(wanted[number]))
            self._draw("random", name, at[mine], chance, int(wanted[number]), None if order is None else order[mine])

    def _draw(self, kind: str, name: Words, at: Ints, chance: Reals, n: int, order: Ints | None = None) -> None:
        number = len(self.strata)
        even = bool(len(chance) == 0 or np.ptp(chance) < 1e-12)
        self.strata.append(Stratum(kind, name, len(at), n, even and order is None))
        self.stratum[at], self.probability[at] = number, chance
        self.taken[at] = draw(chance, self.key[at], start_of(f"{kind} {name.zh}", self.seed), order)


def _weights(plan: Plan, units: pd.DataFrame) -> Reals:
    """Return how many times as often as others each conversation is to be drawn."""
    weight = np.ones(len(units))
    if plan.more.risk > 1:
        weight *= 1 + (plan.more.risk - 1) * np.clip(np.nan_to_num(units["risk"].to_numpy(dtype=float)), 0, 1)
    new = plan.more.new_agents
    if new is not None:
        weight *= np.where(units["new_days"].to_numpy(dtype=float) < new.within_days, new.times, 1.0)
    return weight


def _parts(units: pd.DataFrame, keys: list[str]) -> tuple[Ints, list[Words]]:
    """Return for each conversation the number of its stratum by ``keys``, and the strata's names, in order."""
    if not keys:
        return np.zeros(len(units), dtype=np.int64), [Words("全部会话", "all conversations")]
    cells = units[keys].astype(TEXT).fillna("—").reset_index(drop=True)
    joined = cells[keys[0]].str.cat([cells[key] for key in keys[1:]], sep=" · ") if len(keys) > 1 else cells[keys[0]]
    names, part = np.unique(joined.to_numpy(dtype=object), return_inverse=True)
    return part.reshape(-1).astype(np.int64), [Words(said_zh(str(name)), str(name)) for name in names]


OUTCOME_WORDS = {"ordered": "已下单", "lost": "未成交", "after_sales": "售后", "off": "班次外"}


def said_zh(name: str) -> str:
    """Return a stratum's name with the program's own words in Chinese."""
    return " · ".join(OUTCOME_WORDS.get(part, part) for part in name.split(" · "))


def _spread(keys: list[str]) -> Words:
    words = {"agent": "客服", "shift": "班次", "platform": "平台", "outcome": "结果"}
    return Words(f"按{'、'.join(words[key] for key in keys)}均匀铺开", f"spread over {', '.join(keys)}")

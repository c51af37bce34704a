"""The platforms' figures beside ours: every preset on this log, for the shop and its agents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from chataudit.audit import Audit
from chataudit.metrics.platform import ALL
from chataudit.report.wording import PLATFORMS, Speech, clip
from chataudit.settings import Policy

MOST_AGENTS = 8
MOST_SHOPS = 12


@dataclass(frozen=True)
class Cell:
    """A figure with what it is made of; ``seconds`` says that it is no share."""

    value: float | None
    numerator: float
    denominator: float
    seconds: bool


@dataclass(frozen=True)
class Line:
    """One metric: its platform (whose rule it is), name, and a cell for the shop and each agent (None: no row)."""

    platform: str
    name: str
    metric: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Place:
    """A platform's shop: the agents shown, how many are not, and the metrics over all days."""

    title: str
    agents: tuple[str, ...]
    agents_left: int
    lines: tuple[Line, ...]


def platforms_of(audit: Audit, speech: Speech) -> tuple[tuple[Place, ...], int]:
    """Return the figures over all days of each platform and shop, and how many shops are left out."""
    table = audit.platform_metrics
    whole = table[(table["day"] == ALL).to_numpy(dtype=bool)].astype(
        {name: object for name in ("platform", "shop", "metric", "agent")}
    )
    places = [
        _place(platform, shop, part, audit.policies, speech)
        for (platform, shop), part in whole.groupby(["platform", "shop"])
    ]
    return tuple(places[:MOST_SHOPS]), max(len(places) - MOST_SHOPS, 0)


def _place(platform: str, shop: str, part: pd.DataFrame, policies: Mapping[str, Policy], speech: Speech) -> Place:
    sizes = part[part["agent"] != ALL].groupby("agent")["denominator"].sum().sort_values(ascending=False, kind="stable")
    names = [str(name) for name in sizes.index]
    shown = names[:MOST_AGENTS]
    rows = {(row["metric"], row["agent"]): row for row in part.to_dict("records")}
    lines = [
        Line(
            speech.word(PLATFORMS, metric.split(".")[0]),
            policy.name_en if speech.lang == "en" else policy.name,
            metric,
            tuple(_cell(rows.get((metric, who)), policy) for who in (ALL, *shown)),
        )
        for metric, policy in sorted(policies.items(), key=lambda one: (not one[0].startswith(f"{platform}."), one[0]))
        if (metric, ALL) in rows
    ]
    title = f"{speech.word(PLATFORMS, platform)} · {clip(shop or speech.t('（未写店铺）', '(no shop named)'), 40)}"
    return Place(title, tuple(clip(name, 16) for name in shown), len(names) - len(shown), tuple(lines))


def _cell(row: dict[str, object] | None, policy: Policy) -> Cell | None:
    if row is None:
        return None
    value = row["value"]
    known = float(value) if isinstance(value, float) and value == value else None
    return Cell(known, float(str(row["numerator"])), float(str(row["denominator"])), policy.measure == "wait")

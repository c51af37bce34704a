"""The overview: what was read, the main figures, and the tables behind the charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.audit import Audit
from chataudit.log import NO_TIME, wall_clock
from chataudit.report.by_agent import AgentView
from chataudit.report.wording import PLATFORMS, Speech, clip, plain

MOST_SHOPS = 12
MOST_AGENTS = 16


@dataclass(frozen=True)
class Head:
    """What the report is of."""

    shops: tuple[str, ...]
    shops_left: int
    first_day: str
    last_day: str
    days: int
    undated: int
    files: int
    timed: bool
    masked_sessions: int


@dataclass(frozen=True)
class Bucket:
    """How many counted rounds were answered in this time (``pending``: not at all), of all."""

    label: str
    n: int
    share: float
    pending: bool


@dataclass(frozen=True)
class Hour:
    """Rounds opened in an hour of the local day, and the mean wait of those answered (None: none was)."""

    hour: int
    n: int
    wait_s: float | None


@dataclass(frozen=True)
class Compared:
    """An agent's figures beside the others', with the sizes of the samples that they stand on."""

    name: str
    mean_s: float | None
    answered_n: int
    share: float | None
    timed_n: int
    score: float | None
    low: float | None
    high: float | None
    scored_n: int


def head_of(audit: Audit, speech: Speech) -> Head:
    """Return what the report is of."""
    sessions = audit.sessions
    pairs = sessions[["platform", "shop"]].drop_duplicates().astype(object).sort_values(["platform", "shop"])
    unnamed = speech.t("（未写店铺）", "(no shop named)")
    shops = [
        f"{speech.word(PLATFORMS, plain(platform))} · {clip(plain(shop) or unnamed, 40)}"
        for platform, shop in pairs.itertuples(index=False)
    ]
    days = sorted(str(day) for day in sessions["day"].dropna().unique())
    inputs = audit.run.get("inputs")
    masked = audit.messages["masked"].to_numpy(dtype=bool)[audit.log.first]
    return Head(
        tuple(shops[:MOST_SHOPS]),
        max(len(shops) - MOST_SHOPS, 0),
        days[0] if days else "",
        days[-1] if days else "",
        len(days),
        int(sessions["day"].isna().sum()),
        len(inputs) if isinstance(inputs, list) else 0,
        bool(audit.messages["sent_at"].notna().any()),
        int(masked.sum()),
    )


def buckets_of(rounds: pd.DataFrame, ends: Sequence[float], speech: Speech) -> list[Bucket]:
    """Return the counted, timed rounds by how long the buyer waited; ``ends``: of the buckets but the last, in seconds."""
    wait, counted = _waits(rounds)
    timed = counted & rounds["opened_at"].notna().to_numpy(dtype=bool)
    total = int(timed.sum())
    if not total:
        return []
    known = wait[timed & ~np.isnan(wait)]
    edges = (0, *ends)
    counts = counts_in(known, ends)
    unit = speech.t("秒", " s")
    labels = [f"{low:g}–{high:g}{unit}" for low, high in zip(edges, edges[1:], strict=False)] + [
        f"≥{edges[-1]:g}{unit}"
    ]
    made = [Bucket(label, n, n / total, False) for label, n in zip(labels, counts, strict=True)]
    pending = total - len(known)
    return [*made, Bucket(speech.t("未回复", "pending"), pending, pending / total, True)]


def counts_in(waits: Sequence[float] | np.ndarray, edges: Sequence[float]) -> list[int]:
    """Return how many waits (seconds) lie in each half-open bucket: below the first edge, …, from the last edge on.

    >>> counts_in([0, 29.9, 30, 300], (30, 300))
    [2, 1, 1]
    """
    place = np.searchsorted(np.asarray(edges, dtype=float), np.asarray(waits, dtype=float), side="right")
    return np.bincount(place, minlength=len(edges) + 1).tolist()


def hours_of(rounds: pd.DataFrame) -> list[Hour]:
    """Return the rounds opened in each hour of the local day."""
    wall = wall_clock(rounds["opened_at"])
    there = wall != NO_TIME
    if not there.any():
        return []
    hour = (wall[there] // 3_600_000) % 24
    wait = _waits(rounds)[0][there]
    known = ~np.isnan(wait)
    n = np.bincount(hour, minlength=24)
    answered = np.bincount(hour[known], minlength=24)
    total = np.bincount(hour[known], wait[known], minlength=24)
    return [Hour(at, int(n[at]), float(total[at] / answered[at]) if answered[at] else None) for at in range(24)]


def _waits(rounds: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return rounds["wait_s"].to_numpy(dtype=float, na_value=np.nan), rounds["counted"].to_numpy(dtype=bool)


def compared(agents: Sequence[AgentView]) -> list[Compared]:
    """Return the named agents with the most sessions beside each other."""
    made = []
    for one in [view for view in agents if view.name is not None][:MOST_AGENTS]:
        figures = one.figures
        made.append(
            Compared(
                clip(one.name or "", 24),
                figures["mean_response_s"],
                int(figures["answered_n"] or 0),
                figures["within_180s_share"],
                int(figures["timed_n"] or 0),
                one.score,
                one.low,
                one.high,
                one.scored_n,
            )
        )
    return made

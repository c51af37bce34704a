"""A section per agent: figures of all days rebuilt from counts, hits by rule, checklist items by outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from chataudit.arrays import Ints, as_code, codes_of, distinct, stable_order
from chataudit.audit import Audit
from chataudit.metrics.agents import ratios
from chataudit.report.marks import WAITING, ConversationMarks
from chataudit.report.views import conversation_scores
from chataudit.report.wording import PLATFORMS, Speech, clip, known, plain
from chataudit.tables import LEVELS, OUTCOMES, VOLUMES, WAITS

ADDED = ("slow_n", "long_n", "inquiry_n", "paid_n")


@dataclass(frozen=True)
class RuleCount:
    """How often a rule was hit, and in how many sessions."""

    rule: str
    title: str
    level: str
    n: int
    sessions: int


@dataclass(frozen=True)
class ItemCount:
    """How often a checklist's item had each outcome; ``lost``: points lost in all; ``of``: of so many that applied."""

    card: str
    id: str
    name: str
    red: bool
    met: int
    partly: int
    not_met: int
    waiting: int
    not_applicable: int
    lost: float
    of: float


@dataclass(frozen=True)
class AgentView:
    """An agent's figures over all days (null: not known), and what was found."""

    name: str | None
    person: str
    places: str
    figures: Mapping[str, float | None]
    score: float | None
    low: float | None
    high: float | None
    scored_n: int
    rules: tuple[RuleCount, ...]
    items: tuple[ItemCount, ...]


@dataclass(frozen=True)
class Agents:
    """All agents, most sessions first (nobody's last), the total of all rows, and how many are not shown."""

    views: tuple[AgentView, ...]
    total: Mapping[str, float | None]
    left: int


def agents_of(audit: Audit, marks: ConversationMarks, speech: Speech, most: int) -> Agents:
    """Return the agents with their figures, hits and checklist items."""
    names: list[str | None] = [*audit.log.agent_names, None]
    nobody = len(names) - 1
    of = pd.Index(audit.log.agent_names).get_indexer(audit.agents["agent"].astype(object).fillna("\0").astype(str))
    of = np.where(of < 0, nobody, of)
    sums = _sums(audit.agents, of, len(names))
    figures = _figures(sums)
    busy = np.flatnonzero(sums["session_n"].to_numpy(dtype=float) > 0)
    order = sorted(busy.tolist(), key=lambda at: (names[at] is None, -sums["session_n"].iloc[at], names[at] or ""))
    counts, scores, about, waits = _Counts(audit, marks, speech), _scores(audit), _about(audit), _waits(audit)
    places = _places(audit, of, speech)
    sold = audit.agents["sales"].notna().to_numpy(dtype=bool)
    seller, sales = of[sold], np.array([Decimal(str(cell)) for cell in audit.agents["sales"][sold]], dtype=object)
    views = [
        AgentView(
            clip(names[at] or "") or None,
            about.get(names[at] or "", ""),
            places.get(at, ""),
            {**figures[at], **_money(sales[seller == at]), **_percentiles(_of_agent(waits, at))},
            *scores.get(names[at], (None, None, None, 0)),
            counts.rules(names[at]),
            counts.items(names[at]),
        )
        for at in order[:most]
    ]
    total = {**_figures(sums.sum(min_count=1).to_frame().T)[0], **_money(sales), **_percentiles(waits[1])}
    return Agents(tuple(views), total, len(order) - len(views))


def _sums(table: pd.DataFrame, row: Ints, size: int) -> pd.DataFrame:
    """Return the counts and sums of each agent, added over its rows; null where nothing is known."""
    made = {}
    for name in (*VOLUMES, *WAITS, *ADDED):
        values = pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        there = ~np.isnan(values)
        totals = np.bincount(row[there], values[there], minlength=size)
        made[name] = np.where(np.bincount(row[there], minlength=size) > 0, totals, np.nan)
    return pd.DataFrame(made)


def _figures(sums: pd.DataFrame) -> list[dict[str, float | None]]:
    rebuilt = pd.DataFrame({**sums, **ratios(sums.fillna(0.0))})
    rows = rebuilt.to_dict("records")
    figures = [{str(name): known(value) for name, value in row.items()} for row in rows]
    for row in figures:
        paid, asked = row["paid_n"], row["inquiry_n"]
        row["conversion_share"] = paid / asked if paid is not None and asked else None
    return figures


def _money(sales: np.ndarray) -> dict[str, float | None]:
    """Return sales added exactly; null without orders."""
    return {"sales": float(sum(sales.tolist(), Decimal())) if len(sales) else None}


def _of_agent(waits: tuple[Ints, np.ndarray], agent: int) -> np.ndarray:
    return waits[1][slice(*np.searchsorted(waits[0], [agent, agent + 1]))]


def _percentiles(waits: np.ndarray) -> dict[str, float | None]:
    """Return the nearest-rank percentiles of waits."""
    mine = np.sort(waits)
    if not len(mine):
        return {"p50_response_s": None, "p90_response_s": None}
    return {
        f"p{rank}_response_s": float(mine[max(int(np.ceil(round(rank / 100 * len(mine), 9))), 1) - 1])
        for rank in (50, 90)
    }


def _waits(audit: Audit) -> tuple[Ints, np.ndarray]:
    """Return agent numbers (sorted, nobody last) and waits of the answered, counted rounds."""
    log = audit.log
    wait = log.rounds["wait_s"].to_numpy(dtype=float, na_value=np.nan)
    keep = log.rounds["counted"].to_numpy(dtype=bool) & ~np.isnan(wait)
    agent = log.agent[np.where(log.reply >= 0, log.reply, log.opening)[keep]]
    agent = np.where(agent < 0, len(log.agent_names), agent)
    order = stable_order(agent)
    return agent[order], wait[keep][order]


def _about(audit: Audit) -> dict[str, str]:
    """Return the person and team behind each account."""
    rows = audit.people[["account", "person", "team"]].astype(object).to_dict("records") if len(audit.people) else []
    return {
        str(row["account"]): " · ".join(clip(one, 40) for one in (plain(row["person"]), plain(row["team"])) if one)
        for row in rows
    }


def _places(audit: Audit, of: Ints, speech: Speech) -> dict[int, str]:
    """Return the platforms and shops of each agent."""
    pairs = audit.agents[["platform", "shop"]].astype(object).assign(of=of).drop_duplicates()
    said: dict[int, list[str]] = {}
    for platform, shop, agent in pairs.itertuples(index=False):
        place = f"{speech.word(PLATFORMS, plain(platform))} {clip(plain(shop) or '', 40)}".strip()
        said.setdefault(int(agent), []).append(place)
    return {agent: "、".join(places[:6]) for agent, places in said.items()}


def _scores(audit: Audit) -> dict[str | None, tuple[float | None, float | None, float | None, int]]:
    """Return for each agent the mean conversation score of the first checklist, its bounds, and of how many."""
    first = next((name for name, card in audit.cards.items() if card.subject == "conversation"), None)
    table = conversation_scores(audit)
    table = table[((table["card"] == first) & table["score"].notna()).to_numpy(dtype=bool)]
    grouped = table.groupby(table["agent"].astype(object).fillna("\0"), sort=True)[["score", "score_low", "score_high"]]
    means = grouped.mean().assign(n=grouped.size())
    return {
        None if name == "\0" else str(name): (known(score), known(low), known(high), int(n))
        for name, score, low, high, n in means.itertuples()
    }


class _Counts:
    """Hits and marks counted by agent once, then looked up."""

    def __init__(self, audit: Audit, marks: ConversationMarks, speech: Speech) -> None:
        self.audit, self.marks, self.speech = audit, marks, speech
        agent, rule = as_code(audit.hits["agent"]), as_code(audit.hits["rule"])
        self.hit_agents = [str(one) for one in agent.cat.categories]
        self.hit_rules = [str(one) for one in rule.cat.categories]
        session = codes_of(as_code(audit.hits["session_id"]))
        wide, many = max(len(self.hit_rules), 1), int(session.max(initial=0)) + 1
        key = (codes_of(agent) + 1) * wide + codes_of(rule)
        size = (len(self.hit_agents) + 1) * wide
        pairs = distinct(np.sort(key * many + session))
        self.hits = np.bincount(key, minlength=size).reshape(-1, wide)
        self.hit_sessions = np.bincount(pairs // many, minlength=size).reshape(-1, wide)
        stand = marks.stands
        self.shape = (len(marks.agents) + 1, max(len(marks.cards), 1), max(len(marks.items), 1), len(OUTCOMES))
        codes = (marks.agent[stand] + 1, marks.card[stand], marks.item[stand], marks.outcome[stand])
        full = np.ravel_multi_index(codes, self.shape) if stand.any() else np.array([], dtype=np.int64)
        self.outcomes = np.bincount(full, minlength=int(np.prod(self.shape))).reshape(self.shape)
        self.lost = np.bincount(full, marks.lost[stand], minlength=int(np.prod(self.shape))).reshape(self.shape)

    def rules(self, name: str | None) -> tuple[RuleCount, ...]:
        """Return the rules that were hit in an agent's name, gravest first."""
        at = 0 if name is None else self.hit_agents.index(name) + 1 if name in self.hit_agents else -1
        if at < 0:
            return ()
        made = [
            RuleCount(
                rule,
                self.audit.rulings.title(rule, self.speech.lang) if rule in self.audit.rulings.titles else rule,
                self.audit.rules[rule].level if rule in self.audit.rules else "info",
                int(self.hits[at, number]),
                int(self.hit_sessions[at, number]),
            )
            for number, rule in enumerate(self.hit_rules)
            if self.hits[at, number]
        ]
        return tuple(sorted(made, key=lambda one: (-LEVELS.index(one.level), -one.n, one.rule)))

    def items(self, name: str | None) -> tuple[ItemCount, ...]:
        """Return the outcomes of every conversation item of an agent."""
        at = 0 if name is None else self.marks.agents.index(name) + 1 if name in self.marks.agents else -1
        made = []
        for card, of in self.audit.cards.items():
            if at < 0 or of.subject != "conversation" or card not in self.marks.cards:
                continue
            for item in of.items:
                if item.id not in self.marks.items:
                    continue
                where = (at, self.marks.cards.index(card), self.marks.items.index(item.id))
                tally = dict(zip(OUTCOMES, self.outcomes[where].tolist(), strict=True))
                if not sum(tally.values()):
                    continue
                judged = tally["met"] + tally["partly"] + tally["not_met"]
                made.append(
                    ItemCount(
                        card,
                        item.id,
                        self.speech.t(item.name, item.name_en),
                        item.red,
                        tally["met"],
                        tally["partly"],
                        tally["not_met"],
                        sum(tally[one] for one in WAITING),
                        tally["not_applicable"],
                        float(self.lost[where].sum()),
                        judged * item.points,
                    )
                )
        return tuple(made)

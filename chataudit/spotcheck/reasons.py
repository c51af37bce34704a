"""Why each conversation was drawn, and how likely that was, in words and as a table."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT
from chataudit.errors import Words
from chataudit.spotcheck.drawn import Draw
from chataudit.spotcheck.population import Population

KINDS = {
    "event": Words("必查", "always reviewed"),
    "quota": Words("名额", "quota"),
    "random": Words("随机", "at random"),
}


def draw_id(population: Population, draw: Draw) -> str:
    """Return what a draw is known by: its plan and seed, all conversations, and those drawn with their chances."""
    at = np.flatnonzero(draw.taken)
    drawn = [at.tolist(), [f"{one:.9g}" for one in draw.probability[at].tolist()]]
    said = json.dumps([draw.plan.model_dump(mode="json"), draw.seed, population.digest, drawn], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def why(population: Population, draw: Draw, number: int, lang: str) -> str:
    """Return why a conversation was drawn: its event, quota or stratum, its risk, and the probability."""
    stratum = draw.strata[draw.stratum[number]]
    names = [stratum.name.said(lang)]
    if stratum.kind == "event":
        events = (draw.plan.always[at] for at in draw.events[number])
        names = [event.name_en if lang == "en" else event.name for event in events]
    said = Words(f"{KINDS[stratum.kind].zh}：{'、'.join(names)}", f"{KINDS[stratum.kind].en}: {', '.join(names)}").said(
        lang
    )
    details = []
    chance = float(draw.probability[number])
    if chance < 1:
        details.append(
            Words(
                f"{stratum.size} 个抽 {stratum.n} 个，机会 {chance:.1%}",
                f"{stratum.n} of {stratum.size}, chance {chance:.1%}",
            ).said(lang)
        )
    details += [one.said(lang) for one in _more(population, draw, number)] if stratum.kind == "random" else []
    if not details:
        return said
    listed = Words(f"（{'，'.join(details)}）", f" ({', '.join(details)})").said(lang)
    return said + listed


def _more(population: Population, draw: Draw, number: int) -> list[Words]:
    made, new = [], draw.plan.more.new_agents
    risk, days = (float(population.units[name].iat[number]) for name in ("risk", "new_days"))
    if draw.plan.more.risk > 1:
        known = "未知" if np.isnan(risk) else f"{risk:.2f}"
        made.append(Words(f"风险 {known}", f"risk {'unknown' if np.isnan(risk) else known}"))
    if new is not None and days < new.within_days:
        made.append(Words(f"入职 {days:.0f} 天，多抽", f"new for {days:.0f} days, drawn more"))
    return made


def drawn_table(population: Population, draw: Draw, finished: set[int], lang: str) -> pd.DataFrame:
    """Return the drawn conversations: stratum, why, probability, how many each stands for, whether a person finished it."""
    at = np.flatnonzero(draw.taken)
    units = population.units.iloc[at]
    strata = [draw.strata[number] for number in draw.stratum[at]]
    columns = {
        name: units[name].astype(TEXT).reset_index(drop=True)
        for name in ("session_id", "agent", "person", "team", "platform", "day", "outcome")
    }
    return pd.DataFrame(
        {
            **columns,
            "agent": columns["agent"].mask(columns["agent"] == ""),
            "kind": [one.kind for one in strata],
            "stratum": [one.name.said(lang) for one in strata],
            "why": [why(population, draw, number, lang) for number in at.tolist()],
            "probability": draw.probability[at],
            "weight": 1 / draw.probability[at],
            "risk": units["risk"].to_numpy(dtype=float),
            "finished": [number in finished for number in at.tolist()],
        }
    )

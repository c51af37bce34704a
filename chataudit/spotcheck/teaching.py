"""Conversations worth showing to the team: the best, the worst, and those that people could not agree on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from chataudit.cards.model import Card
from chataudit.errors import Words
from chataudit.spotcheck.population import Population, place_of
from chataudit.spotcheck.reviews import Reviews

MOST = 5
GOOD = 0.9  # of the card's scale
ORDERED = Words("买家下了单", "the buyer ordered")


def cases(
    population: Population,
    reviews: Reviews,
    cards: Mapping[str, Card],
    scores: pd.DataFrame,
    differ: pd.DataFrame,
    lang: str,
) -> pd.DataFrame:
    """Return the cases table: kind (good, bad, disputed), session_id, agent, why; of finished conversations alone.

    Good: the highest scores, from nine tenths of the card's scale on, those with an order first. Bad: red lines, then
    the lowest scores. Disputed: the most disagreements. At most `MOST` of each kind; one conversation stands once.
    """
    picked: dict[int, tuple[str, str]] = {}
    ranked = _ranked(population, reviews, scores)
    ranked = ranked.assign(scale=[cards[str(name)].scale for name in ranked["card"]])
    for kind, found in (
        ("bad", _bad(ranked, lang)),
        ("good", _good(population, ranked, lang)),
        ("disputed", _disputed(differ, lang)),
    ):
        fresh = [(unit, why) for unit, why in found if unit not in picked]
        picked.update({unit: (kind, why) for unit, why in fresh[:MOST]})
    units = population.units.iloc[list(picked)]
    return pd.DataFrame(
        {
            "kind": [kind for kind, _ in picked.values()],
            "session_id": units["session_id"].to_numpy(),
            "agent": units["agent"].mask(units["agent"] == "").to_numpy(),
            "why": [why for _, why in picked.values()],
        }
    )


def _ranked(population: Population, reviews: Reviews, scores: pd.DataFrame) -> pd.DataFrame:
    """Return the settled scores of finished conversations, with the people's remarks."""
    mine = scores[(scores["subject_kind"] == "conversation").to_numpy(dtype=bool)].reset_index(drop=True)
    mine = mine.assign(unit=place_of(population.units, mine["subject"], mine["agent"]))
    mine = mine[mine["unit"].isin(reviews.done).to_numpy(dtype=bool)]
    mine = mine[mine["score"].notna().to_numpy(dtype=bool)]
    remarks = reviews.marks[reviews.marks["remark"].map(lambda one: isinstance(one, str)).to_numpy(dtype=bool)]
    said = remarks.groupby("unit")["remark"].agg("；".join) if len(remarks) else pd.Series(dtype=object)
    return mine.assign(remark=mine["unit"].map(said).astype(object))


def _bad(ranked: pd.DataFrame, lang: str) -> Iterator[tuple[int, str]]:
    lost = ranked[(ranked["red_lines"].notna() | (ranked["score"] < GOOD * ranked["scale"])).to_numpy(dtype=bool)]
    order = lost.assign(calm=lost["red_lines"].isna()).sort_values(["calm", "score", "unit"], kind="stable")
    for _, row in order.drop_duplicates("unit").iterrows():
        said = [Words(f"得分 {row['score']:.1f}", f"score {row['score']:.1f}").said(lang)]
        if isinstance(row["red_lines"], str):
            said.append(Words(f"红线：{row['red_lines']}", f"red line: {row['red_lines']}").said(lang))
        yield int(row["unit"]), "；".join([*said, *_remark(row["remark"])])


def _good(population: Population, ranked: pd.DataFrame, lang: str) -> Iterator[tuple[int, str]]:
    sound = ranked["red_lines"].isna() & ~ranked["provisional"].astype(bool)
    best = ranked[(sound & (ranked["score"] >= GOOD * ranked["scale"])).to_numpy(dtype=bool)]
    ordered = (population.units["outcome"] == "ordered").fillna(False).to_numpy(dtype=bool)
    best = best.assign(
        won=~ordered[best["unit"].to_numpy(dtype=np.int64)],
        few=-best["applicable_share"],
        lost=best["scale"] - best["score"],
    )
    for _, row in best.sort_values(["lost", "won", "few", "unit"], kind="stable").drop_duplicates("unit").iterrows():
        share = f"{row['applicable_share']:.0%}"
        said = [
            Words(
                f"得分 {row['score']:.1f}，适用 {share} 的分值，人已看完",
                f"score {row['score']:.1f}, {share} of the points applied, read to the end",
            ).said(lang)
        ]
        said += [] if row["won"] else [ORDERED.said(lang)]
        yield int(row["unit"]), "；".join([*said, *_remark(row["remark"])])


def _disputed(differ: pd.DataFrame, lang: str) -> Iterator[tuple[int, str]]:
    for unit, group in differ.groupby("unit", sort=False) if len(differ) else ():
        yield int(unit), Words(f"{len(group)} 处分歧", f"{len(group)} disagreements").said(lang)


def _remark(remark: object) -> list[str]:
    return [remark] if isinstance(remark, str) else []

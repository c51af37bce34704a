"""The whole way from draw to estimate, many times over, on conversations whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from chataudit.cards.model import Card
from chataudit.spotcheck import Population, Reviews, carry_out, read_population
from chataudit.spotcheck.estimating import Findings, infer
from chataudit.spotcheck.plans import Plan
from tests.golden import report_of

HEAD = {"name": "测", "name_en": "test", "source": "test"}
RED = {"name": "红线", "name_en": "red", "when": {"levels": ["red"]}}
LOST = {"name": "未成交", "name_en": "lost", "when": {"outcome": "lost"}}
DRAWS = 150


@pytest.fixture(scope="module")
def shop() -> Population:
    return read_population([report_of("shop")], risk=True)


def judged(units: np.ndarray, fault: np.ndarray) -> pd.DataFrame:
    outcome = np.where(fault, "not_met", "met")
    return pd.DataFrame({"unit": units, "card": "c", "item": "1", "outcome": outcome, "points": 0.0})


def reviews(population: Population, taken: np.ndarray, truth: np.ndarray, machine: np.ndarray) -> Reviews:
    units = np.flatnonzero(taken)
    marks = judged(units, truth[units]).assign(rater="甲", remark=None, explicit=True)
    whole = judged(np.arange(len(truth)), machine)
    return Reviews(
        ("甲",), marks, pd.DataFrame(columns=["unit"]), {"甲": frozenset(units.tolist())}, frozenset(), whole
    )


@pytest.mark.parametrize(
    "plan",
    [
        {"n": 40, "strata": ["agent"], "always": [RED]},
        {"n": 40, "more": {"risk": 8}, "always": [{**RED, "most": 3}]},
        {"per_agent": 6, "strata": ["outcome", "shift"]},
        {"n": 30, "strata": ["platform"], "shares": "equal", "quotas": [{**LOST, "n": 8}]},
    ],
    ids=["events on top", "by risk", "each agent", "equal shares and a quota"],
)
def test_estimates_hold_the_truth(shop: Population, plan: dict[str, object]) -> None:
    """Of all and of each person, as drawn and as corrected: at 95 % asked, 92 % of 150 draws is within chance."""
    random = np.random.default_rng(4)
    risk = shop.units["risk"].fillna(0).to_numpy()
    red = shop.units["red"].to_numpy(dtype=bool)
    truth = red | (random.random(len(risk)) < np.clip(0.05 + 0.5 * risk, 0, 1))
    machine = np.where(truth, random.random(len(risk)) < 0.85, random.random(len(risk)) < 0.08)
    card = {"c": _card()}
    persons = [
        np.ones(len(risk), dtype=bool),
        *((shop.units["person"] == one).to_numpy() for one in ("孙小凯", "龙小例")),
    ]
    held: dict[tuple[str, int], list[bool]] = {}
    values: list[float] = []
    for seed in range(DRAWS):
        draw = carry_out(Plan.model_validate({**HEAD, **plan}), shop, str(seed))
        findings = Findings(shop, draw, reviews(shop, draw.taken, truth, machine), card)
        people, own = (findings.of(marks, "c", ("1",)) for marks in (findings.people, findings.machine))
        for who, mask in enumerate(persons):
            for basis, group in (("drawn", draw.stratum), ("corrected", own.call)):
                found = infer(findings, mask, people, group)
                if found.value is not None and found.low is not None and found.high is not None:
                    inside = found.low - 1e-9 <= truth[mask].mean() <= found.high + 1e-9
                    held.setdefault((basis, who), []).append(inside)
                    values += [found.value] if (basis, who) == ("drawn", 0) else []
    shares = {key: float(np.mean(one)) for key, one in held.items()}
    assert min(shares.values()) >= 0.92, shares
    assert len(values) == DRAWS
    assert np.mean(values) == pytest.approx(truth.mean(), abs=0.02), (
        "weighted right, the mean of many draws is the truth"
    )


def _card() -> Card:
    return Card.model_validate(
        {
            "name": "测",
            "name_en": "test",
            "source": "test",
            "subject": "conversation",
            "items": [
                {
                    "id": "1",
                    "name": "一",
                    "name_en": "one",
                    "points": 1,
                    "checklist": {"judge": "prohibition", "must_not": ["insult/abuse"]},
                }
            ],
        }
    )

"""What a draw covers, before anyone has read it: conversations by person and team, and what they can come to prove."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from chataudit.arrays import Flags
from chataudit.errors import Words
from chataudit.spotcheck.drawn import Draw
from chataudit.spotcheck.intervals import clopper_pearson
from chataudit.spotcheck.planning import acceptance, needed_for, needed_to_settle
from chataudit.spotcheck.population import Population

ALL = Words("全部", "all")
UNEVEN = Words("抽取机会不等，不能用“抽 n 容许 c”的验收", "drawn unevenly: an (n, c) plan does not apply")


def subjects(population: Population, lang: str) -> Iterator[tuple[str, str, Flags]]:
    """Yield all, each team, each person: kind, name, their conversations."""
    units = population.units
    yield "all", ALL.said(lang), np.ones(len(units), dtype=bool)
    for kind in ("team", "person"):
        for name in sorted(set(units[kind].dropna())):
            yield kind, str(name), (units[kind] == name).fillna(False).to_numpy(dtype=bool)


def faulty(population: Population, draw: Draw) -> Flags:
    """Return the conversations that the machine finds faulty, as the plan's question says."""
    return population.units[draw.plan.question.faulty].to_numpy(dtype=bool)


def cover(population: Population, draw: Draw, lang: str) -> pd.DataFrame:
    """Return the coverage table: a row for all, each team, each person.

    ``machine_fault_share``: faulty by the machine's marks, of all its judged conversations (not an estimate);
    ``expected_low`` and ``_high``: the interval that the random part gives if people find that share in it too;
    ``more_for_margin_n``: how many more, drawn evenly, until the interval is as narrow as the plan's ``margin``;
    ``more_to_settle_n``: until it lies on one side of ``limit``; ``accept_n``, ``accept_c``: check so many drawn evenly and
    accept with at most so many faulty.
    """
    rows = [_row(population, draw, kind, name, mask, lang) for kind, name, mask in subjects(population, lang)]
    return pd.DataFrame(rows)


def _row(population: Population, draw: Draw, kind: str, name: str, mask: Flags, lang: str) -> dict[str, object]:
    question, certain = draw.plan.question, draw.certain
    judged = mask & population.units["judged"].to_numpy(dtype=bool)
    share = float(faulty(population, draw)[judged].mean()) if judged.any() else None
    random = mask & draw.taken & ~certain
    open_n = int((mask & ~certain).sum())
    weight = 1 / draw.probability[random]
    size = float(weight.sum() ** 2 / ((1 - draw.probability[random]) * weight**2).sum()) if random.any() else 0.0
    interval = None if share is None else clopper_pearson(share * size, size, question.confidence)
    rest = None if share is None or not open_n else (share, open_n)
    plan = acceptance(int(mask.sum()), question.limit, question.good, question.buyer_risk, question.shop_risk)
    uneven = random.any() and np.ptp(draw.probability[random]) > 1e-12
    kinds = np.array([one.kind for one in draw.strata])[draw.stratum[mask & draw.taken]]
    return {
        "subject_kind": kind,
        "subject": name,
        "conversation_n": int(mask.sum()),
        "drawn_n": int((mask & draw.taken).sum()),
        "event_n": int((kinds == "event").sum()),
        "random_n": int((kinds != "event").sum()),
        "drawn_share": float((mask & draw.taken).sum() / mask.sum()),
        "machine_fault_share": share,
        "expected_low": interval.low if interval else None,
        "expected_high": interval.high if interval else None,
        "more_for_margin_n": _more(needed_for(rest[0], question.margin, rest[1]), random) if rest else None,
        "more_to_settle_n": _more(needed_to_settle(rest[0], question.limit, rest[1]), random) if rest else None,
        "accept_n": plan.n,
        "accept_c": plan.c,
        "note": UNEVEN.said(lang) if uneven else None,
    }


def _more(needed: int, random: Flags) -> int:
    return max(needed - int(random.sum()), 0)

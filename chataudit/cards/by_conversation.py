"""A checklist on every conversation, and rolled up per person and month."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from chataudit.arrays import TEXT, Ints, arrow, as_code, coded, nothing, stable_order, text, text_at
from chataudit.cards.conversations import Conversations, Filled, fill
from chataudit.cards.marks import DECIDED, LOST, MOST_EVIDENCE, Pool, is_any, is_few, to_json
from chataudit.cards.model import Card, grade_of
from chataudit.cards.people import Persons, is_whole, means
from chataudit.cards.rows import NUMBERS, score_table, table_of
from chataudit.cards.scores import Scored, score
from chataudit.cards.verdicts import Settled, apply, settle
from chataudit.log import Log
from chataudit.rulings import Rulings
from chataudit.tables import OUTCOMES

NO_VERDICTS = pd.DataFrame(
    columns=["card", "session_id", "agent", "item", "outcome", "points", "rater", "remark", "file", "row"]
)
Subjects = list[tuple[str | None, str, int | None]]


class Made(NamedTuple):
    """Tables of marks and of scores that one card made."""

    marks: list[pd.DataFrame]
    scores: list[pd.DataFrame]


def fill_conversations(
    name: str,
    card: Card,
    log: Log,
    rulings: Rulings,
    conversations: Conversations,
    persons: Persons,
    verdicts: pd.DataFrame | None,
    lang: str,
) -> Made:
    """Return a checklist's marks and scores, of conversations and of persons."""
    pool = Pool()
    filled = fill(card, log, rulings, conversations, pool, lang)
    settled = settle(name, card, NO_VERDICTS if verdicts is None else verdicts, log, conversations)
    outcome, points = apply(filled, settled)
    scored = score(card, outcome, points)
    group, subjects = persons.group(persons.period_of[conversations.session], conversations.agent)
    about = _about(log, conversations)
    return Made(
        [
            _machine_marks(name, card, about, filled, pool),
            _person_marks(name, card, about, settled),
            _rolled_marks(name, card, outcome, points, group, subjects, arrow(about["subject"].astype(TEXT))),
        ],
        [
            _scores(name, card, about, outcome, scored),
            _rolled_scores(name, card, outcome, scored, group, subjects),
        ],
    )


def _words(values: list[str]) -> pd.Index:
    return pd.Index(values, dtype=TEXT)


def _constant(value: str | None, size: int) -> pd.Categorical:
    if value is None:
        return pd.Categorical.from_codes(np.full(size, -1), _words([]))
    return pd.Categorical.from_codes(np.zeros(size, dtype=np.int8), _words([value]))


def _about(log: Log, conversations: Conversations) -> pd.DataFrame:
    """Return period, subject and agent of each conversation."""
    size = conversations.size
    of_session = {"period": as_code(log.sessions["day"]), "subject": log.sessions["session_id"]}
    taken = pd.DataFrame(of_session).iloc[conversations.session].reset_index(drop=True)
    return pd.DataFrame(
        {
            "period": taken["period"],
            "subject_kind": _constant("conversation", size),
            "subject": taken["subject"],
            "agent": coded(conversations.agent, log.agent_names) if log.agent_names else _constant(None, size),
        }
    )


def _machine_marks(name: str, card: Card, about: pd.DataFrame, filled: Filled, pool: Pool) -> pd.DataFrame:
    """Return the machine's marks, conversation by conversation, items in the card's order."""
    items, size = len(card.items), len(about)
    at = np.repeat(np.arange(size), items)
    which = np.tile(np.arange(items), size)
    full = np.array([item.points for item in card.items])
    return pd.DataFrame(
        {
            "card": _constant(name, len(at)),
            **about.iloc[at].reset_index(drop=True),
            "item": pd.Categorical.from_codes(which, _words([item.id for item in card.items])),
            "outcome": pd.Categorical.from_codes(filled.outcome.T.reshape(-1), _words(list(OUTCOMES))),
            "points": filled.points.T.reshape(-1),
            "max_points": full[which],
            "value": nothing(len(at)),
            "evidence": pool.column(filled.evidence.T.reshape(-1)),
            "reason": pool.column(filled.reason.T.reshape(-1)),
            "decided_by": _constant("machine", len(at)),
        }
    )


def _person_marks(name: str, card: Card, about: pd.DataFrame, settled: Settled) -> pd.DataFrame:
    """Return the marks that persons set."""
    size = len(settled.item)
    full = np.array([item.points for item in card.items])
    evidence = [to_json({"sheet": rater}) for rater in settled.rater]
    return pd.DataFrame(
        {
            "card": _constant(name, size),
            **about.iloc[settled.conversation].reset_index(drop=True),
            "item": pd.Categorical.from_codes(settled.item, _words([item.id for item in card.items])),
            "outcome": pd.Categorical.from_codes(settled.outcome, _words(list(OUTCOMES))),
            "points": settled.points,
            "max_points": full[settled.item],
            "value": nothing(size),
            "evidence": text(evidence),
            "reason": text(settled.remark),
            "decided_by": text([f"sheet:{rater}" for rater in settled.rater]),
        }
    )


def _rolled_marks(
    name: str, card: Card, outcome: Ints, points: np.ndarray, group: Ints, subjects: Subjects, sessions: pa.Array
) -> pd.DataFrame:
    """Return for each person, month and item the mean points over the conversations where it was decided."""
    rows: list[dict[str, object]] = []
    for number, item in enumerate(card.items):
        decided = is_any(outcome[number], DECIDED)
        mean, _ = means(points[number], group, len(subjects), decided)
        counts = _counts(outcome[number], group, len(subjects))
        lost = _lost_in(outcome[number], group, len(subjects), sessions)
        for at, (period, person, _) in enumerate(subjects):
            tally = {word: count for word, count in zip(OUTCOMES, counts[at], strict=True) if count}
            verdict = _verdict(tally)
            known = verdict in ("met", "partly", "not_met")
            rows.append(
                {
                    "card": name,
                    "period": period,
                    "subject_kind": "person",
                    "subject": person,
                    "agent": None,
                    "item": item.id,
                    "outcome": verdict,
                    "points": round(float(mean[at]), 6) if known else None,
                    "max_points": item.points,
                    "value": None,
                    "evidence": to_json({"conversations": tally, **({"lost_in": lost[at]} if lost[at] else {})}),
                    "reason": None,
                    "decided_by": "machine",
                }
            )
    return table_of(rows, NUMBERS)


def _counts(outcome: Ints, group: Ints, size: int) -> list[list[int]]:
    """Return for each person and period how many conversations have each of `OUTCOMES`."""
    mine = np.flatnonzero(group >= 0)
    counts = np.bincount(group[mine] * len(OUTCOMES) + outcome[mine], minlength=size * len(OUTCOMES))
    return counts.reshape(size, len(OUTCOMES)).tolist()


def _lost_in(outcome: Ints, group: Ints, size: int, sessions: pa.Array) -> list[list[str]]:
    """Return for each person and period the first sessions that lost points."""
    lost = np.flatnonzero(is_any(outcome, LOST) & (group >= 0))
    lost = lost[stable_order(group[lost])]
    lost = lost[is_few(group[lost], MOST_EVIDENCE)]
    names = sessions.take(pa.array(lost)).to_pylist()
    ends = np.searchsorted(group[lost], np.arange(size + 1)).tolist()
    return [names[start:end] for start, end in pairwise(ends)]


def _verdict(tally: dict[str, int]) -> str:
    """Return what a person's conversations say of an item together."""
    met, partly, failed = (tally.get(word, 0) for word in ("met", "partly", "not_met"))
    if met + partly + failed == 0:
        return "needs_review" if tally.get("needs_review") else "no_data" if tally.get("no_data") else "not_applicable"
    return "met" if not partly + failed else "not_met" if not met + partly else "partly"


def _reds(card: Card, outcome: Ints) -> list[str | None]:
    """Return for each conversation the names of the red items that were broken."""
    result: list[str | None] = [None] * outcome.shape[1]
    for number, item in enumerate(card.items):
        if item.red:
            for at in np.flatnonzero(is_any(outcome[number], LOST)).tolist():
                said = f"{item.id} {item.name}"
                result[at] = said if result[at] is None else f"{result[at]}；{said}"
    return result


def _scores(name: str, card: Card, about: pd.DataFrame, outcome: Ints, scored: Scored) -> pd.DataFrame:
    size = len(about)
    return pd.DataFrame(
        {
            "card": _constant(name, size),
            **about,
            "score": scored.score,
            "score_low": scored.low,
            "score_high": scored.high,
            "grade": _grades(card, scored.score),
            "provisional": scored.waits,
            "red_lines": text(_reds(card, outcome)),
            "sample_n": np.ones(size, dtype=np.int64),
            "applicable_share": scored.applicable,
            "days_covered": pd.array(np.ones(size), dtype="Int64"),
        }
    )


def _grades(card: Card, scores: np.ndarray) -> pd.Series:
    """Return the grades of many scores; equal scores are looked up once."""
    unique, place = np.unique(scores, return_inverse=True)
    names = [grade_of(card.grades, None if np.isnan(one) else float(one)) for one in unique]
    return text_at(names, place.reshape(-1))


def _rolled_scores(
    name: str, card: Card, outcome: Ints, scored: Scored, group: Ints, subjects: Subjects
) -> pd.DataFrame:
    size = len(subjects)
    score_, counts = means(scored.score, group, size)
    known = ~np.isnan(scored.score)
    low, high = (means(one, group, size, known)[0] for one in (scored.low, scored.high))
    applicable, _ = means(scored.applicable, group, size)
    waits = np.bincount(group[(group >= 0) & scored.waits], minlength=size) > 0
    reds = [_red_counts(card, outcome, group == at) for at in range(size)]
    rows: list[dict[str, object]] = [
        {
            "card": name,
            "period": period,
            "subject_kind": "person",
            "subject": person,
            "agent": None,
            "score": _rounded(score_[at]),
            "score_low": _rounded(low[at]),
            "score_high": _rounded(high[at]),
            "grade": grade_of(card.grades, _rounded(score_[at])),
            "provisional": bool(waits[at]) or not is_whole(period, days),
            "red_lines": reds[at],
            "sample_n": int(counts[at]),
            "applicable_share": _rounded(applicable[at]),
            "days_covered": days,
        }
        for at, (period, person, days) in enumerate(subjects)
    ]
    return score_table(rows)


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)


def _red_counts(card: Card, outcome: Ints, mask: np.ndarray) -> str | None:
    """Return the red items that a person broke, each with the number of conversations."""
    said = []
    for number, item in enumerate(card.items):
        count = int(is_any(outcome[number][mask], LOST).sum()) if item.red else 0
        if count:
            said.append(f"{item.id} {item.name} ×{count}")
    return "；".join(said) or None

"""What a changed library would do, before anybody publishes it: hits that appear and vanish, scores that move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from chataudit.audit import Audit, Request, audit, quiet
from chataudit.privacy import mask_column
from chataudit.settings import Settings, lexicons_folder

HIT = ["rule", "message_id", "session_id", "agent", "start", "end"]
SCORE = ["card", "period", "subject_kind", "subject", "agent"]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Difference:
    """Two libraries on one log.

    ``hits``: hits of one only, ``change`` (``appears`` or ``vanishes``), rule, level, agent, the sentence and the characters;
    ``rules``: per rule hits before and after, appeared, vanished; ``agents``: the same per agent; ``scores``: card, period,
    subject, score and grade before and after, of every score that is not the same.
    """

    hits: pd.DataFrame
    rules: pd.DataFrame
    agents: pd.DataFrame
    scores: pd.DataFrame
    scored: int


def compare(
    request: Request, settings: Settings, old: Path, new: Path, *, masked: bool = True, progress: Progress = quiet
) -> Difference:
    """Return what changes on a log when the lexicons folder ``new`` takes the place of ``old``.

    Raises:
        Faults: what is wrong in either folder or in the logs.
    """
    for folder in (old, new):
        lexicons_folder(folder)
    before, after = (
        audit(request, settings.model_copy(update={"lexicons": folder}), progress) for folder in (old, new)
    )
    return difference(before, after, masked=masked)


def difference(before: Audit, after: Audit, *, masked: bool) -> Difference:
    """Return what changes from one audit to another of the same log."""
    one, other = _hits(before), _hits(after)
    both = one.merge(other, on=HIT, how="outer", indicator=True, suffixes=("", "_after"))
    changed = both[both["_merge"] != "both"]
    change = changed["_merge"].map({"left_only": "vanishes", "right_only": "appears"}).astype(str)
    messages = before.messages.drop_duplicates("message_id").set_index("message_id")
    sentence = messages["text"].reindex(changed["message_id"]).reset_index(drop=True)
    hits = pd.DataFrame(
        {
            "change": change.to_numpy(),
            "rule": changed["rule"].to_numpy(),
            "level": changed["level"].fillna(changed["level_after"]).to_numpy(),
            "agent": changed["agent"].to_numpy(),
            "session_id": changed["session_id"].to_numpy(),
            "message_id": changed["message_id"].to_numpy(),
            "start": changed["start"].to_numpy(),
            "end": changed["end"].to_numpy(),
            "sentence": (mask_column(sentence) if masked and len(sentence) else sentence).to_numpy(),
        }
    )
    hits = hits.sort_values(["rule", "change", "session_id", "message_id", "start"], kind="stable", ignore_index=True)
    scores, scored = _scores(before, after)
    return Difference(hits, _counts("rule", one, other, hits), _counts("agent", one, other, hits), scores, scored)


def _hits(audit_: Audit) -> pd.DataFrame:
    """Return an audit's hits, each once, codes as text."""
    hits = audit_.hits[[*HIT, "level"]].astype({name: object for name in (*HIT[:4], "level")})
    return hits.fillna({"agent": ""}).drop_duplicates(HIT)


def _counts(key: str, one: pd.DataFrame, other: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
    """Return per rule or agent the hits before and after, and those that appear and vanish; most changed first."""
    table = pd.DataFrame(
        {
            "before": one[key].value_counts(),
            "after": other[key].value_counts(),
            "appears": hits.loc[hits["change"] == "appears", key].value_counts(),
            "vanishes": hits.loc[hits["change"] == "vanishes", key].value_counts(),
        }
    )
    table = table.fillna(0).astype("int64").rename_axis(key).reset_index()
    table = table[(table["appears"] > 0) | (table["vanishes"] > 0)]
    moved = -(table["appears"] + table["vanishes"])
    return table.assign(moved=moved).sort_values(["moved", key], ignore_index=True).drop(columns="moved")


def _scores(before: Audit, after: Audit) -> tuple[pd.DataFrame, int]:
    """Return the scores that are not the same before and after, and how many there are in all."""
    one, other = (
        audit_.scores[[*SCORE, "score", "grade"]]
        .astype({name: object for name in (*SCORE, "grade")})
        .fillna({"agent": "", "period": ""})
        for audit_ in (before, after)
    )
    both = one.merge(other, on=SCORE, how="outer", suffixes=("_before", "_after"))
    same = both["score_before"].eq(both["score_after"]) | (both["score_before"].isna() & both["score_after"].isna())
    moved = both.assign(change=both["score_after"] - both["score_before"])[~same]
    return moved.sort_values(SCORE, kind="stable", ignore_index=True), len(both)

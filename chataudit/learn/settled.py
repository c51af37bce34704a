"""The labels that persons gave: the settled scores of conversations of which they marked an item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from chataudit.errors import Fault, Faults, Words

PERSON = "sheet:"
HINT = Words(
    "把填好的工作簿用 chataudit audit --sheet 交回来再训练，或用 --labels 给一张 session_id,label 表。",
    "Hand filled workbooks back with chataudit audit --sheet, or give a table session_id,label with --labels.",
)


def settled(tables: Iterable[Mapping[str, pd.DataFrame]], card: str | None) -> tuple[str, dict[str, float]]:
    """Return the card used and the score of each session that a person judged on it; of several agents' the mean.

    ``tables`` have ``marks`` and ``scores``. Without ``card`` it is the one of which most conversations were judged.

    Raises:
        Faults: nobody judged a conversation (on the card).
    """
    read = list(tables)
    marks = _conversations([one["marks"] for one in read])
    judged = marks[marks["decided_by"].astype(str).str.startswith(PERSON)].drop_duplicates(["card", "subject"])
    counts = judged["card"].value_counts()
    if not len(judged) or (card is not None and card not in counts):
        on = Words(f"（评分表 {card}）", f" on the card {card}") if card else Words("", "")
        what = Words(
            f"文件夹里没有人判过的会话{on.zh}。", f"No conversation in the folders was judged by a person{on.en}."
        )
        raise Faults([Fault(what, hint=HINT)])
    used = card or sorted(counts.index, key=lambda name: (-counts[name], name))[0]
    means = pd.concat([_scored(one, used) for one in read]).groupby("subject")["score"].mean()
    return str(used), {str(name): float(value) for name, value in means.items()}


def _scored(tables: Mapping[str, pd.DataFrame], card: str) -> pd.DataFrame:
    """Return the scores that follow from persons' marks: each folder's own, of the conversations judged in it."""
    marks, scores = (_conversations([tables[name]]) for name in ("marks", "scores"))
    judged = marks[(marks["card"] == card) & marks["decided_by"].astype(str).str.startswith(PERSON)]
    mine = scores[(scores["card"] == card) & scores["subject"].isin(set(judged["subject"]))]
    return mine.dropna(subset=["score"])[["subject", "score"]]


def _conversations(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of conversations with plain text in their keys."""
    plain = [frame.astype({"card": str, "subject": str, "subject_kind": str}) for frame in frames]
    whole = pd.concat(plain, ignore_index=True)
    return whole[whole["subject_kind"] == "conversation"]

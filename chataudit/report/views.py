"""Which conversations people are shown: a seeded sample of each agent's, and its worst."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import HASH_KEYS, Flags, Hashes, Ints, arrow, hash_text, starts_of
from chataudit.audit import Audit
from chataudit.cards.conversations import Conversations

LOWEST = 2
RED = 3
WHYS = ("red", "lowest", "sample")


@dataclass(frozen=True)
class Chosen:
    """A conversation (a session and an agent) to show, and why.

    ``session`` and ``agent``: numbers in the log (agent -1: unnamed); ``rank``: its best place in the lists it was
    chosen from, so that cutting by rank cuts every agent alike.
    """

    session: int
    agent: int
    session_id: str
    name: str | None
    why: tuple[str, ...]
    rank: int
    score: float | None


def chosen_conversations(audit: Audit, sample: int) -> tuple[Chosen, ...]:
    """Return for every agent ``sample`` conversations drawn by a hash of their ids, the lowest scored, the red ones.

    Ordered by agent, then red lines and low scores first. The same input gives the same choice.
    """
    found = Conversations.of(audit.log)
    if not found.size:
        return ()
    drawn = hash_text(audit.sessions["session_id"], HASH_KEYS[0])[found.session]
    score, full = _scores(audit, found)
    red = _reds(audit, found)
    worst = np.nan_to_num(score, nan=np.inf)
    ranks = {
        "red": _ranks(found.agent, red, worst, drawn, RED),
        "lowest": _ranks(found.agent, score < full, worst, drawn, LOWEST),
        "sample": _ranks(found.agent, np.ones(found.size, dtype=bool), np.zeros(found.size), drawn, sample),
    }
    at = np.flatnonzero(np.any([rank >= 0 for rank in ranks.values()], axis=0))
    return _ordered(audit, found, at, ranks, score)


def _ordered(
    audit: Audit, found: Conversations, at: Ints, ranks: dict[str, Ints], score: np.ndarray
) -> tuple[Chosen, ...]:
    names = [*audit.log.agent_names, None]
    ids = audit.sessions["session_id"].iloc[found.session[at]].astype(str).tolist()
    chosen = []
    for number, session_id in zip(at.tolist(), ids, strict=True):
        places = {why: int(ranks[why][number]) for why in WHYS if ranks[why][number] >= 0}
        agent = int(found.agent[number])
        chosen.append(
            Chosen(
                int(found.session[number]),
                agent,
                session_id,
                names[agent],
                tuple(places),
                min(places.values()),
                None if np.isnan(score[number]) else float(score[number]),
            )
        )
    return tuple(sorted(chosen, key=_place))


def _place(one: Chosen) -> tuple[bool, str, int, float, int]:
    low = one.score if one.score is not None and one.why[0] != "sample" else np.inf
    return one.name is None, one.name or "", WHYS.index(one.why[0]), low, one.session


def _ranks(agent: Ints, mask: Flags, score: np.ndarray, drawn: Hashes, most: int) -> Ints:
    """Return each conversation's place among its agent's (by score, then hash), -1 from ``most`` on."""
    at = np.flatnonzero(mask)
    at = at[np.lexsort((drawn[at], score[at], agent[at]))]
    starts = starts_of(agent[at])
    sizes = np.diff(np.append(starts, len(at)))
    place = np.arange(len(at)) - np.repeat(starts, sizes)
    rank = np.full(len(agent), -1)
    rank[at] = np.where(place < most, place, -1)
    return rank


def _scores(audit: Audit, found: Conversations) -> tuple[np.ndarray, np.ndarray]:
    """Return each conversation's lowest score and the full marks of the card that gave it (NaN: no score)."""
    table = conversation_scores(audit)
    place = places_of(audit, found, table)
    scale = {name: card.scale for name, card in audit.cards.items()}
    value = table["score"].to_numpy(dtype=float, na_value=np.nan)
    whole = table["card"].map(scale).to_numpy(dtype=float, na_value=100.0)
    order = np.argsort(-np.nan_to_num(value, nan=np.inf), kind="stable")
    order = order[(place[order] >= 0) & ~np.isnan(value[order])]
    score, full = np.full(found.size, np.nan), np.full(found.size, np.nan)
    score[place[order]], full[place[order]] = value[order], whole[order]  # the lowest is written last
    return score, full


def _reds(audit: Audit, found: Conversations) -> Flags:
    """Return the conversations with a broken red item or a hit of level red."""
    red = np.zeros(found.size, dtype=bool)
    table = conversation_scores(audit)
    for part in (table[table["red_lines"].notna()], red_hits(audit).rename(columns={"session_id": "subject"})):
        place = places_of(audit, found, part)
        red[place[place >= 0]] = True
    return red


def red_hits(audit: Audit) -> pd.DataFrame:
    """Return the hits of level red."""
    return audit.hits[(audit.hits["level"] == "red").to_numpy(dtype=bool)]


def conversation_scores(audit: Audit) -> pd.DataFrame:
    """Return the rows of the scores table that are of conversations."""
    return audit.scores[(audit.scores["subject_kind"] == "conversation").to_numpy(dtype=bool)]


def places_of(audit: Audit, found: Conversations, table: pd.DataFrame) -> Ints:
    """Return for rows with subject and agent the number of their conversation, -1 where there is none."""
    session = _places(table["subject"], arrow(audit.sessions["session_id"]))
    agent = _places(table["agent"], pa.array(audit.log.agent_names, pa.large_string()))
    return np.where(session >= 0, found.place(session, agent), -1)


def _places(cells: pd.Series, words: pa.Array) -> Ints:
    """Return where each cell stands in ``words``, -1 where it does not."""
    return pc.index_in(arrow(cells), value_set=words).fill_null(-1).to_numpy().astype(np.int64)

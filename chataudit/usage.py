"""How rules do on a log: how often each hits, whom, in what share of sessions, and which never or always hit."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from chataudit.audit import Audit
from chataudit.privacy import mask_column

PHRASE = re.compile("(?:含|contains )“(.*?)”")
TO_JUDGE = ["rule", "level", "phrase", "agent", "session_id", "message_id", "text", "sentence", "verdict"]


def usage(audited: Audit) -> pd.DataFrame:
    """Return a row per rule: rule, level, expect, hits, sessions, agents, judged_n, session_share, state.

    ``judged_n`` are the sessions in which the rule was for somebody and could be judged, ``session_share`` the share of
    these with a hit (for tallies: with what they count). ``state``: ``no_data`` (could be judged nowhere), ``nobody`` (for no
    session), ``never``, ``always`` (a hit in every session) or empty.
    """
    rows = []
    for name, rule in audited.rules.items():
        verdicts = audited.rulings.judged[name]
        found, agent = (
            (verdicts.kept, verdicts.kept_agent) if rule.expect == "count" else (verdicts.broken, verdicts.agent)
        )
        sessions = len(np.unique(audited.log.session[found.row]))
        judged_n = int((verdicts.judged & verdicts.applies).sum())
        state = "" if sessions else "never"
        if not judged_n:
            state = "nobody" if verdicts.judged.any() else "no_data"
        elif sessions == judged_n:
            state = "always"
        share = sessions / judged_n if judged_n else None
        agents = len(np.unique(agent[agent >= 0]))
        rows.append((name, rule.level, rule.expect, len(found.row), sessions, agents, judged_n, share, state))
    columns = ["rule", "level", "expect", "hits", "sessions", "agents", "judged_n", "session_share", "state"]
    return pd.DataFrame(rows, columns=columns)


def to_judge(audited: Audit, most: int, *, masked: bool = True) -> pd.DataFrame:
    """Return up to ``most`` hits of each rule, spread evenly over the log, with an empty column for the verdict."""
    hits = audited.hits
    place = hits.groupby("rule", observed=True, sort=False).cumcount().to_numpy()
    size = hits.groupby("rule", observed=True, sort=False)["rule"].transform("size").to_numpy(dtype=np.int64)
    step = np.maximum(size, 1) / np.minimum(np.maximum(size, 1), most)
    number = np.floor(place / step)
    drawn = place == np.ceil(number * step).astype(np.int64)
    chosen = hits[drawn].reset_index(drop=True)
    messages = audited.messages.drop_duplicates("message_id").set_index("message_id")["text"]
    sentence = messages.reindex(chosen["message_id"]).reset_index(drop=True)
    if masked and len(sentence):
        sentence = mask_column(sentence)
    said = [
        line[start:end] for line, start, end in zip(sentence.fillna(""), chosen["start"], chosen["end"], strict=True)
    ]
    phrase = [found.group(1) if (found := PHRASE.search(reason)) else "" for reason in chosen["reason"]]
    table = chosen[["rule", "level", "agent", "session_id", "message_id"]].astype(object)
    return table.assign(phrase=phrase, text=said, sentence=sentence, verdict="")[TO_JUDGE]

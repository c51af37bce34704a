"""Rules on a log: phrases found, windows looked at, hits written down with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from chataudit.arrays import Ints, arrow, as_code, coded, text
from chataudit.errors import Words
from chataudit.log import Log
from chataudit.memory import give_back
from chataudit.rules.court import Court
from chataudit.rules.facts import Data
from chataudit.rules.library import Library, load
from chataudit.rules.model import Rule
from chataudit.rules.slot_table import read_slots
from chataudit.rulings import Judged, Rulings
from chataudit.segmenter import Segmenter
from chataudit.tables import HITS

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Flagged:
    """The hits table (rows ordered by rule, then message), and what every rule judged."""

    hits: pd.DataFrame
    rulings: Rulings


def flag(
    log: Log,
    library: Library,
    segmenter: Segmenter,
    *,
    data: Data | None = None,
    lang: str = "zh",
    progress: Progress = lambda stage, done, total: None,
) -> Flagged:
    """Return the hits of every rule of the library on a log; definitions: `chataudit.rules.model`."""
    court = Court(log, library, segmenter, data)
    judged = {}
    for number, name in enumerate(library.rules):
        progress("rules", number, len(library.rules))
        verdicts = court.verdicts(name)
        located = court.talk.places.located
        judged[name] = replace(verdicts, broken=located(verdicts.broken), kept=located(verdicts.kept))
    progress("rules", len(library.rules), len(library.rules))
    labels = court.talk.places.labels
    tables = [_hits(name, library.rules[name], found, labels, lang) for name, found in judged.items()]
    filled = [table for table in tables if len(table)]
    hits = _coded(pd.concat(filled, ignore_index=True), log) if filled else HITS.empty()
    del court
    give_back()
    titles = {name: Words(rule.name, rule.name_en) for name, rule in library.rules.items()}
    return Flagged(hits, Rulings(judged, titles))


def _hits(name: str, rule: Rule, found: Judged, names: list[str], lang: str) -> pd.DataFrame:
    """Return one rule's hits with rows and codes of the log still as numbers."""
    broken = found.broken
    labels, place = np.unique(broken.label, return_inverse=True)
    reasons = np.array([_reason(rule, names[label], found.missing, lang) for label in labels.tolist()], dtype=object)
    return pd.DataFrame(
        {
            "rule": name,
            "level": rule.level,
            "row": broken.row,
            "agent": found.agent,
            "start": broken.start,
            "end": broken.end,
            "reason": reasons[place] if len(labels) else np.array([], dtype=object),
        }
    )


def _reason(rule: Rule, label: str, missing: bool, lang: str) -> str:
    phrase, source = (label.split("\t") + [""])[:2]
    if missing:
        said = Words(f"应有而没有：{rule.name}", f"Due and missing: {rule.name_en}")
    elif phrase:
        where = f" ({source})" if source else ""
        said = Words(f"{rule.name}：含“{phrase}”{where}", f"{rule.name_en}: contains “{phrase}”{where}")
    elif source:
        said = Words(f"{rule.name}：含 {source}", f"{rule.name_en}: contains {source}")
    else:
        said = Words(rule.name, rule.name_en)
    return said.said(lang)


def _coded(hits: pd.DataFrame, log: Log) -> pd.DataFrame:
    """Return the table as the contract has it, from rows and codes."""
    row = hits["row"].to_numpy()
    messages = log.messages
    whole = arrow(messages["text"]).take(row)
    return pd.DataFrame(
        {
            "rule": as_code(hits["rule"]),
            "level": as_code(hits["level"]),
            "session_id": messages["session_id"].iloc[row].reset_index(drop=True),
            "message_id": messages["message_id"].iloc[row].reset_index(drop=True),
            "agent": coded(hits["agent"].to_numpy(), log.agent_names)
            if log.agent_names
            else as_code(text([None] * len(row))),
            "sender": messages["sender"].iloc[row].reset_index(drop=True),
            "sent_at": messages["sent_at"].iloc[row].reset_index(drop=True),
            "start": hits["start"].to_numpy(),
            "end": hits["end"].to_numpy(),
            "text": text(_cut(whole, hits["start"].to_numpy(), hits["end"].to_numpy())),
            "reason": text(hits["reason"].tolist()),
        }
    )


def _cut(texts: object, start: Ints, end: Ints) -> list[str]:
    return [line[begin:stop] for line, begin, stop in zip(pc.fill_null(texts, "").to_pylist(), start, end, strict=True)]


__all__ = ["Court", "Data", "Flagged", "Library", "flag", "load", "read_slots"]

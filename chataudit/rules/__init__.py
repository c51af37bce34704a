"""Rules on a log: phrases found, windows looked at, hits written down with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Ints, arrow, as_code, coded, text
from chataudit.errors import Words
from chataudit.log import Log
from chataudit.memory import give_back
from chataudit.rules.ahead import Search
from chataudit.rules.court import Court
from chataudit.rules.facts import Data
from chataudit.rules.library import Library, load
from chataudit.rules.model import Rule
from chataudit.rules.slot_table import read_slots
from chataudit.rulings import Judged, Rulings
from chataudit.segmenter import Segmenter
from chataudit.tables import HITS, LEVELS

LONG = 50_000  # messages from which on a second rule at the same time saves more than it costs
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
    begun: Search | None = None,
    lang: str = "zh",
    progress: Progress = lambda stage, done, total: None,
) -> Flagged:
    """Return the hits of every rule of the library on a log; definitions: `chataudit.rules.model`.

    ``begun``: a search, for the same library, of messages among which are all of the log. On a long log as many rules
    are judged at the same time as it has ``jobs``: numpy and Arrow work outside Python's lock.
    """
    court = Court(log, library, segmenter, data, begun)
    jobs = begun.jobs if begun is not None and len(log.messages) >= LONG else 1
    judged, labels = _judged(court, library, jobs, progress)
    give_back()
    hits = _hits(log, library, judged, labels, lang)
    titles = {name: Words(rule.name, rule.name_en) for name, rule in library.rules.items()}
    return Flagged(hits, Rulings(judged, titles))


def _judged(court: Court, library: Library, jobs: int, progress: Progress) -> tuple[dict[str, Judged], list[str]]:
    """Return the verdicts of every rule, and what the numbers of their labels say; of the court nothing is kept."""
    located = court.talk.places.located

    def verdicts(name: str) -> Judged:
        found = court.verdicts(name)
        return replace(found, broken=located(found.broken), kept=located(found.kept))

    judged, total = {}, len(library.rules)
    with ThreadPoolExecutor(jobs) as pool:
        every = pool.map(verdicts, library.rules) if jobs > 1 else map(verdicts, library.rules)
        for number, name in enumerate(library.rules):
            progress("rules", number, total)
            judged[name] = next(every)
    progress("rules", total, total)
    return judged, court.talk.places.labels


def _hits(log: Log, library: Library, judged: dict[str, Judged], labels: list[str], lang: str) -> pd.DataFrame:
    """Return the hits of all rules as the contract has them: rule by rule, row by row."""
    rules = [library.rules[name] for name in judged]
    broken = [found.broken for found in judged.values()]
    sizes = [len(found.row) for found in broken]
    if not sum(sizes):
        return HITS.empty()
    number = np.repeat(np.arange(len(rules)), sizes)
    row, start, end = (np.concatenate([getattr(found, key) for found in broken]) for key in ("row", "start", "end"))
    messages = log.messages
    return pd.DataFrame(
        {
            "rule": coded(number, list(judged)),
            "level": coded(_levels(rules)[number], list(LEVELS)),
            "session_id": messages["session_id"].iloc[row].reset_index(drop=True),
            "message_id": messages["message_id"].iloc[row].reset_index(drop=True),
            "agent": _agents(log, np.concatenate([found.agent for found in judged.values()])),
            "sender": messages["sender"].iloc[row].reset_index(drop=True),
            "sent_at": messages["sent_at"].iloc[row].reset_index(drop=True),
            "start": start,
            "end": end,
            "text": text(_cut(arrow(messages["text"]).take(row), start, end)),
            "reason": _reasons(rules, list(judged.values()), labels, lang),
        }
    )


def _levels(rules: list[Rule]) -> Ints:
    return np.array([LEVELS.index(rule.level) for rule in rules], dtype=np.int64)


def _agents(log: Log, codes: Ints) -> pd.Series:
    return coded(codes, log.agent_names) if log.agent_names else as_code(text([None] * len(codes)))


def _reasons(rules: list[Rule], judged: list[Judged], labels: list[str], lang: str) -> pd.Series:
    """Return the reason of every hit; each is said once for all hits of a rule that show the same."""
    said: list[str] = []
    numbers = []
    for rule, found in zip(rules, judged, strict=True):
        shown, place = np.unique(found.broken.label, return_inverse=True)
        numbers.append(len(said) + place.reshape(-1))
        said += [_reason(rule, labels[label], found.missing, lang) for label in shown.tolist()]
    return text(pa.array(said, pa.large_string()).take(pa.array(np.concatenate(numbers))))


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


def _cut(texts: object, start: Ints, end: Ints) -> list[str]:
    return [line[begin:stop] for line, begin, stop in zip(pc.fill_null(texts, "").to_pylist(), start, end, strict=True)]


__all__ = ["Court", "Data", "Flagged", "Library", "Search", "flag", "load", "read_slots"]

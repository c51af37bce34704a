"""The facts table: what each person did on each day, in numbers that add up over days and audits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from chataudit.arrays import Ints, as_code, codes_of, group_ids, starts_of, text_at
from chataudit.cards.facts import HIT, KEPT, PART, SCORED, SCORED_N, UNJUDGED, WHOLE
from chataudit.cards.people import Persons
from chataudit.log import Log
from chataudit.rulings import Judged, Rulings
from chataudit.tables import ADDITIVE, DTYPES, FACTS, ORDERED


def collect(
    by_person: pd.DataFrame,
    platforms: pd.DataFrame,
    scores: Iterable[pd.DataFrame],
    log: Log,
    rulings: Rulings,
    persons: Persons,
) -> pd.DataFrame:
    """Return the facts table: ``day, person, fact, value``, ordered by these; what is not known has no row.

    Facts are the additive columns of the agents table with persons for accounts (``by_person``), and for each rule the
    distinct messages where what was due or counted was said (``kept:RULE``) or where it was hit (``hit:RULE``), and
    the sessions where it could not be judged (``unjudged:RULE``); a rule without a row counted nothing. ``part:METRIC``
    and ``whole:METRIC`` are a platform metric's numerator and denominator, ``score_sum:CARD`` and ``score_n:CARD`` the
    scores of conversations (a table of ``scores`` each). Rows without a person hold the log's own ``session_n`` of each day.
    """
    day = as_code(log.sessions["day"])
    days, day_of = [str(one) for one in day.cat.categories], codes_of(day)
    person_of = dict(zip(log.agent_names, (persons.names[at] for at in persons.of_agent[:-1].tolist()), strict=True))
    parts = [
        _measured(by_person),
        *_platforms(platforms, person_of),
        *(part for table in scores for part in _scored(table, person_of)),
        _ruled(log, rulings, persons, day_of, days),
        _whole(day_of, days),
    ]
    filled = [part for part in parts if len(part)]
    if not filled:
        return FACTS.empty()
    table = pd.concat(filled, ignore_index=True)
    for name in ("person", "fact"):
        table[name] = as_code(table[name])
    return table.sort_values(["day", "person", "fact"], kind="stable", na_position="last").reset_index(drop=True)


def ordered_facts(by_person: pd.DataFrame) -> pd.DataFrame:
    """Return the facts that rest on orders, as text: ``day, person, fact, value``."""
    return _measured(by_person, ORDERED)


def _measured(by_person: pd.DataFrame, names: Iterable[str] = ADDITIVE) -> pd.DataFrame:
    """Return the sums of each column that is there by day and person; what no row knows has none."""
    named = by_person[by_person["agent"].notna()]
    keys = [named["day"], named["agent"].astype(str).rename("person")]
    known = {name: pd.to_numeric(named[name], errors="coerce").astype(float) for name in names if name in named}
    sums = pd.DataFrame(known, index=named.index).groupby(keys, dropna=False).sum(min_count=1).reset_index()
    rows = sums.melt(["day", "person"], var_name="fact").dropna(subset="value").reset_index(drop=True)
    return rows.astype({"fact": DTYPES["str"]})


def _platforms(platforms: pd.DataFrame, person_of: dict[str, str]) -> Iterator[pd.DataFrame]:
    rows = platforms[(platforms["day"] != "ALL") & platforms["agent"].notna()]
    rows = rows[rows["agent"].astype(str) != "ALL"].reset_index(drop=True)
    person = _persons(rows["agent"], person_of)
    for prefix, column in ((PART, "numerator"), (WHOLE, "denominator")):
        frame = pd.DataFrame({"day": rows["day"], "person": person, "fact": _prefixed(prefix, rows["metric"])})
        yield _summed(frame.assign(value=rows[column].astype(float)))


def _persons(agent: pd.Series, person_of: dict[str, str]) -> pd.Series:
    """Return the persons of known agents."""
    code = as_code(agent)
    persons = [person_of.get(str(name), str(name)) for name in code.cat.categories]
    return text_at(persons, codes_of(code))


def _scored(scores: pd.DataFrame, person_of: dict[str, str]) -> Iterator[pd.DataFrame]:
    """Yield sums and counts of the scores of conversations, whose period is the day."""
    rows = scores[scores["score"].notna() & scores["agent"].notna()].reset_index(drop=True)
    person = _persons(rows["agent"], person_of)
    for prefix, value in ((SCORED, rows["score"].astype(float)), (SCORED_N, 1.0)):
        frame = pd.DataFrame({"day": rows["period"], "person": person, "fact": _prefixed(prefix, rows["card"])})
        yield _summed(frame.assign(value=value))


def _prefixed(prefix: str, cells: pd.Series) -> pd.Series:
    code = as_code(cells)
    return code.cat.rename_categories([f"{prefix}{word}" for word in code.cat.categories])


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the sums by day, person and fact, these as text."""
    keys = ["day", "person", "fact"]
    sums = rows.groupby(keys, as_index=False, dropna=False, observed=True).sum()
    return sums.astype(dict.fromkeys(keys, DTYPES["str"]))


def _ruled(log: Log, rulings: Rulings, persons: Persons, day_of: Ints, days: list[str]) -> pd.DataFrame:
    """Return what all rules counted, as one table."""
    talks = _talks(log, persons)
    wide = len(persons.names) + 1
    names: list[str] = []
    keys: list[Ints] = []
    counts: list[Ints] = []
    for rule, judged in rulings.judged.items():
        for fact, day, person in _places(rule, judged, log, persons, day_of, talks):
            every = np.bincount(((day + 1) * wide + person)[person >= 0])
            keys.append(np.flatnonzero(every))
            counts.append(every[keys[-1]])
            names.append(fact)
    sizes = [len(one) for one in keys]
    key = np.concatenate(keys).astype(np.int64) if keys else np.array([], dtype=np.int64)
    return pd.DataFrame(
        {
            "day": _days((key // wide - 1), days),
            "person": text_at(persons.names, key % wide),
            "fact": text_at(names, np.repeat(np.arange(len(names)), sizes)),
            "value": np.concatenate(counts).astype(float) if counts else np.array([], dtype=float),
        }
    )


def _talks(log: Log, persons: Persons) -> tuple[Ints, Ints]:
    """Return the distinct (session, person) pairs of talk of agents."""
    session, person = log.session[log.agent_rows], persons.of_agent[log.agent[log.agent_rows]]
    _, first = group_ids(session, person)
    return session[first], person[first]


def _places(
    rule: str, judged: Judged, log: Log, persons: Persons, day_of: Ints, talks: tuple[Ints, Ints]
) -> Iterator[tuple[str, Ints, Ints]]:
    """Yield the facts of a rule, each with the day and person of what it counts."""
    for prefix, found, agent in ((KEPT, judged.kept, judged.kept_agent), (HIT, judged.broken, judged.agent)):
        first = starts_of(found.row)  # places are ordered by message: a message counts once
        yield prefix + rule, day_of[log.session[found.row[first]]], persons.of_agent[agent[first]]
    if not judged.judged.all():
        session, person = talks
        unjudged = ~judged.judged[session]
        yield UNJUDGED + rule, day_of[session[unjudged]], person[unjudged]


def _whole(day_of: Ints, days: list[str]) -> pd.DataFrame:
    keys, counts = np.unique(day_of, return_counts=True)
    nobody = pd.Series([None] * len(keys), dtype=DTYPES["str"])
    return pd.DataFrame(
        {"day": _days(keys, days), "person": nobody, "fact": "session_n", "value": counts.astype(float)}
    )


def _days(day: Ints, days: list[str]) -> pd.Series:
    return text_at([*days, None], np.where(day < 0, len(days), day))

"""A filled card as tables: marks, scores, ranking, pay, consequences, what costs points, what goes with orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from chataudit.cards.results import Result
from chataudit.cards.rows import mark_rows, score_rows
from chataudit.scoring import Scored
from chataudit.tables import ASSOCIATIONS, CONSEQUENCES, COSTS, MARKS, PAY, RANKING, SCORES, Table


def score_tables(scored: Scored, lang: str) -> dict[str, pd.DataFrame]:
    """Return the tables by name, each with the columns of its table in `chataudit.tables`."""
    kind = scored.kind
    every = [result for made in scored.results.values() for result in made.values()]
    return {
        "marks": _or_empty(mark_rows(scored.id, kind, every, lang), MARKS),
        "scores": _below([score_rows(scored.id, kind, every), score_rows(scored.id, "team", scored.teams)], SCORES),
        "ranking": _rows(_ranking(scored, kind, lang), RANKING),
        "pay": _rows(_pay(scored, lang), PAY),
        "consequences": _rows(_consequences(scored), CONSEQUENCES),
        "costs": _rows(_costs(scored, lang), COSTS),
        "associations": _rows(_associations(scored, lang), ASSOCIATIONS),
    }


def in_order(results: Iterable[Result]) -> list[Result]:
    """Return results by place; those without one at the end, by name."""
    return sorted(results, key=lambda one: (one.place is None, one.place or 0, one.subject))


def _ranking(scored: Scored, kind: str, lang: str) -> Iterable[tuple[object, ...]]:
    for result in in_order(scored.last.values()):
        interval = scored.intervals[result.subject]
        place = (scored.id, scored.period.name, kind, result.subject, result.place, result.score)
        yield (*place, interval.low, interval.high, interval.basis.said(lang), result.sample_n, result.unranked)


def _pay(scored: Scored, lang: str) -> Iterable[tuple[object, ...]]:
    for (period, person), slip in scored.slips.items():
        for one in slip:
            name = one.line.name_en if lang == "en" else one.line.name
            lacks = None if one.lacks is None else one.lacks.said(lang)
            said = (one.formula, one.worked, one.value, one.line.unit, one.line.counts, one.unsure, lacks)
            yield (scored.id, period.name, person, one.line.id, name, *said)


def _consequences(scored: Scored) -> Iterable[tuple[object, ...]]:
    for one in scored.happened:
        when = one.consequence.when
        assert when is not None
        periods = "|".join(one.periods) or None
        yield scored.id, scored.period.name, one.subject, one.consequence.says, one.due, periods, one.known, when.of


def _costs(scored: Scored, lang: str) -> Iterable[tuple[object, ...]]:
    for one in scored.costs:
        name = one.item.name_en if lang == "en" else one.item.name
        yield scored.id, one.item.id, name, one.decided, one.waiting, one.lost, one.mean, one.share


def _associations(scored: Scored, lang: str) -> Iterable[tuple[object, ...]]:
    for one in scored.associations:
        name = one.item.name_en if lang == "en" else one.item.name
        yield scored.id, one.item.id, name, *one.met, *one.missed, one.difference, one.low, one.high


def _rows(rows: Iterable[Sequence[object]], table: Table) -> pd.DataFrame:
    """Return rows as a table with its types."""
    frame = pd.DataFrame(list(rows), columns=table.names, dtype=object)
    if not len(frame):
        return table.empty()
    types = {"int": "Int64", "real": float, "bool": bool}
    for column in table.columns:
        if column.kind in types:
            frame[column.name] = frame[column.name].astype(types[column.kind])
    return frame


def _or_empty(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    return frame if len(frame) else table.empty()


def _below(frames: Sequence[pd.DataFrame], table: Table) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else table.empty()

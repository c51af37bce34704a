"""Results ranked by score: ties as the card says, and nobody on too small a sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chataudit.cards.functions import place_of
from chataudit.cards.model import Ranking
from chataudit.cards.results import Result


def placed(ranking: Ranking, results: Sequence[Result], of_log: bool) -> list[Result]:
    """Return results with their places, the highest score first.

    Fewer conversations than ``least`` have no place; where the card reads nothing ``of_log``, or nobody has any, all are
    ranked.
    """
    counted = of_log and any(one.sample_n for one in results)
    enough = [one for one in results if one.score is not None and (one.sample_n >= ranking.least or not counted)]
    scores = [one.score for one in enough if one.score is not None]
    return [
        replace(one, place=place_of(one.score, scores, "high", ranking.ties))
        if one in enough and one.score is not None
        else replace(one, unranked=one.score is not None)
        for one in results
    ]

"""Team means of persons' scores, from a smallest number of members on."""

from __future__ import annotations

from collections.abc import Mapping

from chataudit.cards.model import Card, grade_of
from chataudit.cards.periods import Period
from chataudit.cards.results import Result


def team_means(card: Card, period: Period, results: Mapping[str, Result], team_of: Mapping[str, str]) -> list[Result]:
    """Return for each team the mean of its members' scores; fewer than the card's ``team_least`` give none."""
    made = []
    for team in sorted({team_of[person] for person in results if person in team_of}):
        members = [result for person, result in results.items() if team_of.get(person) == team]
        known = [one for one in members if one.score is not None]
        enough = len(known) >= card.team_least
        score, low, high = (
            round(sum(float(getattr(one, name)) for one in known) / len(known), 6) if enough else None
            for name in ("score", "low", "high")
        )
        made.append(
            Result(
                period=period,
                subject=team,
                score=score,
                low=low,
                high=high,
                grade=grade_of(card.grades, score),
                waits=any(one.waits for one in members),
                red_lines=tuple(dict.fromkeys(red for one in members for red in one.red_lines)),
                sample_n=sum(one.sample_n for one in members),
                applicable=None,
                days=max(one.days for one in members),
                covered=all(one.covered for one in members),
                own=tuple(one.score for one in known if one.score is not None),
                unranked=not enough,
            )
        )
    return made

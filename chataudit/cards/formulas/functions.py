"""The functions that a formula may call: how many arguments each takes, and what stands there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    """A function: ``least`` to ``most`` arguments (None: any number); ``takes`` says what the first one is.

    ``value`` any formula; ``rule``, ``metric``, ``card``, ``item``, ``text`` a text in quotes.
    """

    least: int
    most: int | None
    takes: str = "value"


FUNCTIONS = {
    "if": Function(3, 3),
    "min": Function(1, None),
    "max": Function(1, None),
    "abs": Function(1, 1),
    "round": Function(1, 2),
    "floor": Function(1, 1),
    "ceil": Function(1, 1),
    "coalesce": Function(1, None),
    "known": Function(1, 1),
    "pick": Function(2, None),
    "tally": Function(1, 1, "rule"),
    "hits": Function(1, 1, "rule"),
    "metric": Function(1, 1, "metric"),
    "card_score": Function(1, 1, "card"),
    "points": Function(1, 1, "item"),
    "prev": Function(1, 2),
    "periods_ago": Function(2, 3),
    "year_sum": Function(1, 1),
    "team_mean": Function(1, 1),
    "team_sum": Function(1, 1),
    "team_max": Function(1, 1),
    "team_min": Function(1, 1),
    "team_rank": Function(1, 1),
    "grade_count": Function(2, 2, "text"),
}
"""
``if(test, then, else)`` · ``min max abs round(x, digits) floor ceil`` (halves away from zero) ·
``coalesce(a, b, …)`` the first that is known · ``known(x)`` 1 or 0 · ``pick(n, a, b, …)`` the n-th ·
``tally("rule")`` messages where a rule counted or found what was due · ``hits("rule")`` messages that a rule hit ·
``metric("jd.first_30s")`` a platform's figure · ``card_score("card")`` mean score of the person's conversations on
another card · ``points("item")`` points of an item of this card · ``prev(x, default)`` a figure of the period before ·
``periods_ago(x, n, default)`` of n periods before · ``year_sum(x)`` its sum over the year so far ·
``team_mean team_sum team_max team_min team_rank`` over all subjects of the period (rank 1 is the highest) ·
``grade_count("卓越", n)`` how often this grade in the last n periods.
"""

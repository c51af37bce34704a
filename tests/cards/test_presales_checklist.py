"""The sheet of sampled conversations against its source: points of all, some and none; red lines; edges of the grades."""

from __future__ import annotations

import pytest

from cards.cases import shipped
from chataudit.cards.model import grade_of

# As the document prints them: all / some / none; 4.x share what is left of 100.
SOURCE = """
1.01 3 -
1.02 4 3
1.03 3 -
1.04 3 -
1.05 3 -
2.01 4 -
2.02 8 4
2.03 4 -
2.04 10 6
2.05 10 -
3.01 15 -
3.02 15 -
4.01 6 -
4.02 6 -
4.03 6 -
"""


def test_points_are_those_of_the_document() -> None:
    items = shipped("presales-checklist").items
    made = [f"{one.id} {one.points:g} {'-' if one.some is None else format(one.some, 'g')}" for one in items]
    assert made == SOURCE.split("\n")[1:-1]
    assert sum(one.points for one in items) == 100
    assert sum(one.points for one in items if not one.id.startswith("4")) == 82


def test_the_two_highest_stakes_are_red_and_reported() -> None:
    card = shipped("presales-checklist")
    assert [one.id for one in card.items if one.red] == ["3.01", "3.02"]
    assert card.red_lines.effect == "report"


@pytest.mark.parametrize(
    ("score", "grade"),
    [(100, "A"), (90, "A"), (89.99, "B"), (89.5, "B"), (80, "B"), (79.99, "C"), (70, "C"), (69.99, "D"), (0, "D")],
)
def test_a_mean_between_two_grades_falls_to_the_lower(score: float, grade: str) -> None:
    assert grade_of(shipped("presales-checklist").grades, score) == grade

"""Periods beside each other: what a person's figures were, and how they changed on the period before."""

from chataudit.history.figures import FIGURES, Figure, Kind
from chataudit.history.periods import Change, Line, Standing, changes, course_of

__all__ = ["FIGURES", "Change", "Figure", "Kind", "Line", "Standing", "changes", "course_of"]

"""Two versions of a card on the same facts: whose score and grade change, and which lines make the difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chataudit.cards.filling import Mark
from chataudit.cards.results import Result


@dataclass(frozen=True)
class LineChange:
    """A line that gives other points: None where one version lacks it or has no points."""

    id: str
    name: str
    old: float | None
    new: float | None
    old_full: float | None
    new_full: float | None


@dataclass(frozen=True)
class Change:
    """A subject whose result differs between the versions (None: that version has no result)."""

    subject: str
    old: Result | None
    new: Result | None
    lines: tuple[LineChange, ...]

    @property
    def regraded(self) -> bool:
        """Return whether the grade differs."""
        return (self.old.grade if self.old else None) != (self.new.grade if self.new else None)


def changes(old: Mapping[str, Result], new: Mapping[str, Result]) -> list[Change]:
    """Return the subjects whose score, grade or lines differ, those with another grade first."""
    found = []
    for subject in sorted({*old, *new}):
        before, after = old.get(subject), new.get(subject)
        lines = _lines(before.marks if before else (), after.marks if after else ())
        differs = before is None or after is None or (before.score, before.grade) != (after.score, after.grade)
        if differs or lines:
            found.append(Change(subject, before, after, lines))
    return sorted(found, key=lambda one: (not one.regraded, one.subject))


def _lines(old: tuple[Mark, ...], new: tuple[Mark, ...]) -> tuple[LineChange, ...]:
    before, after = ({mark.line.id: mark for mark in marks} for marks in (old, new))
    made = []
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        change = LineChange(
            name,
            (other or one).line.name,  # type: ignore[union-attr]
            one.points if one else None,
            other.points if other else None,
            one.max_points if one else None,
            other.max_points if other else None,
        )
        if (change.old, change.old_full) != (change.new, change.new_full):
            made.append(change)
    return tuple(made)

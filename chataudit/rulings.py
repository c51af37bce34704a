"""What the rules found in a log: handed from the rules stage to the cards and the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from chataudit.arrays import Flags, Ints
from chataudit.errors import Words


@dataclass(frozen=True)
class Found:
    """Found places, ordered by row: message row, half-open characters, and the number of a label (what matched)."""

    row: Ints
    start: Ints
    end: Ints
    label: Ints

    def where(self, mask: Flags) -> Found:
        """Return the places that ``mask`` (one flag per message of the log) lets through."""
        at = np.flatnonzero(mask[self.row])
        return self if len(at) == len(self.row) else self.take(at)

    def take(self, at: Ints) -> Found:
        """Return the places at positions ``at``."""
        return Found(self.row[at], self.start[at], self.end[at], self.label[at])


@dataclass(frozen=True)
class Judged:
    """A rule's verdicts.

    ``broken``: the places of its hits (an empty span where something due is missing), ``agent`` the codes of the
    agents they are credited to; ``kept`` / ``kept_agent``: for duties, where what was due was said, for tallies, what
    was counted; ``judged``: for each session whether the rule could be judged there (false where it needs times,
    orders or people that are not there); ``applies``: for each session whether the rule is for it at all (population, days in force).
    """

    broken: Found
    agent: Ints
    missing: bool
    kept: Found
    kept_agent: Ints
    judged: Flags
    applies: Flags = field(default_factory=lambda: np.array([], dtype=bool))


@dataclass(frozen=True)
class Rulings:
    """The verdicts and titles of all rules, by rule id."""

    judged: Mapping[str, Judged]
    titles: Mapping[str, Words]

    def title(self, name: str, lang: str) -> str:
        """Return a rule's title in ``lang``."""
        return self.titles[name].said(lang)

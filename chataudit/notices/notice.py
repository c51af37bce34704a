"""What a nightly run has to tell."""

from __future__ import annotations

from dataclasses import dataclass

from chataudit.errors import Words


@dataclass(frozen=True)
class Notice:
    """A title and four lists, a line an entry.

    It leaves the shop's machine, so it never holds what was said in a chat, nor buyers' names or numbers: whoever makes
    one gives counts, titles of rules, agents' names, file names and faults only.
    """

    title: Words
    summary: tuple[Words, ...] = ()
    red_lines: tuple[Words, ...] = ()
    failed: tuple[Words, ...] = ()
    reports: tuple[str, ...] = ()

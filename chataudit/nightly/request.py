"""What a night is asked to do, and what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import TextIO

from chataudit.errors import Fault, Words
from chataudit.notices import Channel, Sent


@dataclass(frozen=True)
class NightRequest:
    """What to do.

    ``days``: audit only these (first, last), others stay due; ``keep_files``: leave finished files where they are;
    ``settle_s``: a file changed in the last so many seconds is still being written; ``accept_clock``: go on though the
    clock stands before the last night; ``apart``: files of ours that may lie in the inbox; ``clock`` gives seconds since
    1970; ``log``: where lines of the diary go.
    """

    inbox: Path
    out: Path
    cards: tuple[str, ...] = ()
    days: tuple[str, str] | None = None
    model: Path | None = None
    keep_files: bool = False
    settle_s: float = 60
    accept_clock: bool = False
    sample: int = 10
    masked: bool = True
    lang: str = "zh"
    channels: tuple[Channel, ...] = ()
    apart: tuple[Path, ...] = ()
    clock: Callable[[], float] = time
    log: TextIO | None = None


@dataclass
class Night:
    """What was done: files taken in, known before, quarantined, still growing; days audited; periods scored.

    ``failed``: what went wrong while the rest went on; ``red``: red lines that people were not told of before, by (rule's title, agent);
    ``reports``: folders written; ``sent``: what came of the notices.
    """

    number: int = 0
    taken: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    growing: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    scored: list[str] = field(default_factory=list)
    failed: list[Words] = field(default_factory=list)
    red: dict[tuple[Words, str], int] = field(default_factory=dict)
    reports: list[Path] = field(default_factory=list)
    sent: tuple[Sent, ...] = ()
    rows: int = 0
    messages: int = 0
    duplicates: int = 0
    rejects: int = 0

    def fail(self, place: str, faults: Iterable[Fault]) -> None:
        """Keep what went wrong at a place (a file, a day, a card) while the rest went on."""
        self.failed += [Words(f"{place}：{one.said('zh')}", f"{place}: {one.said('en')}") for one in faults]

    @property
    def outcome(self) -> str:
        """Return ``done``, or ``attention`` where something wants a look."""
        unsent = any(not one.ok for one in self.sent)
        return "attention" if self.failed or self.quarantined or unsent else "done"

    def summary(self) -> dict[str, object]:
        """Return the numbers that are kept of a night."""
        return {
            "files": len(self.taken),
            "known": len(self.known),
            "quarantined": len(self.quarantined),
            "growing": len(self.growing),
            "days": self.days,
            "scored": self.scored,
            "failed": len(self.failed),
            "red": sum(self.red.values()),
            "rows": self.rows,
            "messages": self.messages,
            "duplicates": self.duplicates,
            "rejects": self.rejects,
            "notices": [one.ok for one in self.sent],
        }

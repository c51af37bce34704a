"""The sections of a 旺旺 text: rules, titles and peer lines, and what stands under each.

Only these lines are looked at one by one. A rule of ``=`` inside a body is no border unless a title follows it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from chataudit.arrays import Flags, Ints
from chataudit.ingest.lines import Lines

RULE = r"^={20,}\s*$"
TITLE = r"^\s*(?:单聊|群聊)\s*$"
PEER = r"^-{10,}(?P<peer>[^-].*?)-{10,}\s*$"
LONGEST_PEER = 900
NAME = re.compile(PEER)
PREFIX = "cntaobao"


class Sections(NamedTuple):
    """Line by line: is it a border, its peer (position in ``peers`` or -1), in a group chat, in a banner; who exported."""

    border: Flags
    peer: Ints
    peers: list[str]
    group: Flags
    banner: Flags
    exporter: str | None
    exporter_line: int


def find_sections(lines: Lines, says: Flags) -> Sections:
    """Return the sections; ``says`` marks the lines that open messages."""
    rules, titles = lines.where(RULE), lines.where(TITLE)
    peers = lines.where(PEER) & lines.short(LONGEST_PEER)
    walk = _Walk(lines, says, rules, titles, peers)
    for at in np.flatnonzero(rules | titles | peers).tolist():
        walk.take(at)
    starts = np.array([start.at for start in walk.starts])
    section = np.searchsorted(starts, np.arange(len(lines)), side="right") - 1
    border = np.zeros(len(lines), dtype=bool)
    border[starts[1:]] = True
    exporter = _exporter(lines, says, rules | titles | peers)
    return Sections(
        border,
        np.array([start.peer for start in walk.starts])[section],
        walk.peers,
        np.array([start.group for start in walk.starts])[section],
        np.array([start.banner for start in walk.starts])[section],
        lines.array[exporter].as_py().strip().removeprefix(PREFIX) if exporter >= 0 else None,
        exporter,
    )


class _Start(NamedTuple):
    at: int
    peer: int
    group: bool
    banner: bool


class _Walk:
    """Takes the lines that may be borders one by one; ``starts`` are the sections, the first from the top."""

    def __init__(self, lines: Lines, says: Flags, rules: Flags, titles: Flags, peers: Flags) -> None:
        self.lines, self.rules, self.titles = lines, rules, titles
        self.said = np.append(0, np.cumsum(says))
        self.loose = np.append(0, np.cumsum(lines.filled() & ~says & ~rules & ~titles & ~peers))
        self.starts = [_Start(-1, -1, False, True)]
        self.peers: list[str] = []
        self._place: dict[str, int] = {}
        self._since = 0

    def take(self, at: int) -> None:
        """Take a line that may be a border."""
        last = self.starts[-1]
        if self.rules[at]:
            if not self._body(at) or self.titles[at + 1 : at + 4].any():
                self._start(_Start(at, last.peer, last.group, True))
        elif self.titles[at]:
            if last.banner:
                self.starts.append(_Start(at, -1, "群聊" in self.lines.array[at].as_py(), True))
        else:
            self._start(_Start(at, self._peer(at), last.group, False))

    def _start(self, start: _Start) -> None:
        self.starts.append(start)
        self._since = start.at + 1

    def _body(self, at: int) -> bool:
        """Return whether a message, or a line that belongs to none, stands open above."""
        loose = not self.starts[-1].banner and self.loose[at] > self.loose[self._since]
        return bool(self.said[at] > self.said[self._since] or loose)

    def _peer(self, at: int) -> int:
        found = NAME.match(self.lines.array[at].as_py())
        name = found.group("peer").strip().removeprefix(PREFIX) if found else ""
        if name not in self._place:
            self._place[name] = len(self.peers)
            self.peers.append(name)
        return self._place[name]


def _exporter(lines: Lines, says: Flags, others: Flags) -> int:
    """Return the line that names the exporting account: the first one, before any peer or message; -1 if none."""
    loose = np.flatnonzero(lines.filled() & ~says & ~others)
    first = np.flatnonzero(says | (lines.where(PEER)))
    return int(loose[0]) if len(loose) and (not len(first) or loose[0] < first[0]) else -1

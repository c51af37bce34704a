"""The trace of one input file of a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Input:
    """An input file: its name in the tables, its SHA-256, what it was read as, how many rows it gave."""

    name: str
    sha256: str
    layout: str
    rows: int

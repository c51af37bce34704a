"""What one file of an inbox says, ready to be taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from chataudit.errors import Fault, Words


@dataclass(frozen=True)
class Contents:
    """A file: its name below the inbox, its SHA-256, the exports in it, and its rows by table of `schema.INBOX`.

    A frame has its table's columns but ``file``; messages are identified (`chataudit.ingest.identity`), each once.
    ``faults``: exports inside it that could not be read; a file of which nothing could be read has no frame at all.
    """

    name: str
    sha256: str
    inputs: Sequence[Mapping[str, object]] = ()
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notes: tuple[Words, ...] = ()
    faults: tuple[Fault, ...] = ()
    rows: int = 0
    duplicates: int = 0

    @property
    def readable(self) -> bool:
        """Return whether anything in it could be read."""
        return bool(self.frames)

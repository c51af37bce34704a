"""What a night did, a JSON object a line: numbers, days, and files by their hash, never a name, a text or an account."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TextIO

Clock = Callable[[], float]


@dataclass(frozen=True)
class Diary:
    """Writes lines to a stream (None: nowhere); ``clock`` gives seconds since 1970."""

    stream: TextIO | None
    clock: Clock
    night: int = 0

    def write(self, event: str, **about: Any) -> None:
        """Write one line: ``at`` (UTC), ``night``, ``event``, and what it is about."""
        if self.stream is None:
            return
        at = dt.datetime.fromtimestamp(self.clock(), dt.UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "night": self.night, "event": event, **about}
        self.stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.stream.flush()


def short(sha256: str) -> str:
    """Return what stands for a file."""
    return sha256[:12]

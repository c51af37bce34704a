"""What a layout is: its names, an example, the look that tells it, the reader.

A module of `chataudit.ingest.layouts` is one way that programs write chats down, and ends with its `Layout`. The look
sees a file's first lines (or a table's header) and gives a `Sign`, or None; the reader is only called where the look
gave one. The surest sign wins; two equally sure ones are a question to the user, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from chataudit.errors import Words
from chataudit.ingest.reading import Reading
from chataudit.ingest.sources import Source
from chataudit.settings import Settings

POSSIBLE, LIKELY, SURE = 1, 2, 3
SURETY = {SURE: Words("确定", "sure"), LIKELY: Words("很可能", "likely"), POSSIBLE: Words("可能", "possible")}


class Sign(NamedTuple):
    """How surely a file is of a layout, and why.

    `SURE`: a mark that no other layout has; `LIKELY`: its form, which another could share; `POSSIBLE`: it can be
    read so, if nothing knows better.
    """

    surety: int
    why: Words


Look = Callable[[Source, Settings], Sign | None]
Read = Callable[[Source, Settings], Reading]


@dataclass(frozen=True)
class Layout:
    """One layout: ``name`` (the word of ``--format``), ``title`` (for people), a true ``example``, look and reader."""

    name: str
    title: Words
    example: str
    look: Look
    read: Read

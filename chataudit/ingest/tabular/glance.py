"""What one pass over a file's bytes tells of the cells of a delimited text, so that no cell is looked at in vain."""

from __future__ import annotations

from dataclasses import dataclass
from io import BufferedIOBase

import numpy as np

from chataudit.ingest.decode import BOM, NO_BREAK
from chataudit.ingest.raw import BLOCK, Bytes

OVERLAP = max(len(BOM), len(NO_BREAK)) - 1


@dataclass
class Glance:
    """How many quotes there are, and whether there are NULs, carriage returns, and characters that no cell is to hold."""

    quotes: int = 0
    nul: bool = False
    returns: bool = False
    unclean: bool = False


def glance(file: BufferedIOBase) -> Glance:
    """Return what the bytes of a file tell; a byte-order mark at its beginning is no part of a cell."""
    told = Glance()
    buffer = np.zeros(OVERLAP + BLOCK, dtype=np.uint8)
    if file.read(len(BOM)) != BOM:
        file.seek(0)
    while size := file.readinto(buffer[OVERLAP:].data):
        seen = buffer[: OVERLAP + size]
        _count(told, seen[OVERLAP:])
        told.unclean = told.unclean or _has(seen, NO_BREAK) or _has(seen, BOM)
        buffer[:OVERLAP] = seen[-OVERLAP:]
    return told


def _count(told: Glance, block: Bytes) -> None:
    told.quotes += _times(block, '"')
    low = int(np.count_nonzero(block < ord(" "))) - _times(block, "\n")
    if low:
        returns, tabs, nuls = (_times(block, mark) for mark in "\r\t\0")
        told.returns, told.nul = told.returns or returns > 0, told.nul or nuls > 0
        told.unclean = told.unclean or low > returns + tabs


def _times(block: Bytes, mark: str) -> int:
    return int(np.count_nonzero(block == ord(mark)))


def _has(block: Bytes, letters: bytes) -> bool:
    """Return whether bytes stand somewhere one after the other."""
    found = block[: len(block) - len(letters) + 1] == letters[0]
    for place, letter in enumerate(letters[1:], start=1):
        if not found.any():
            return False
        found &= block[place : place + len(found)] == letter
    return bool(found.any())

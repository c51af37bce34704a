"""The characters of phrases as codes of a few bytes, so that an automaton over bytes has short texts to read.

All codes have the same number of bytes and only the first has its high bit set: no match begins inside a character,
and a place in the bytes is one in the characters by a division. Characters that no phrase has share one code.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from chataudit.rules.fold import SIZE, Points

SHIFT, FIRST, LAST = 7, 0x80, 0x7F
FEW = 1 << 2 * SHIFT  # as many characters have codes of two bytes


class Alphabet:
    """Codes for the characters of ``phrases``; ``width``: how many bytes each has."""

    def __init__(self, phrases: Iterable[str]) -> None:
        points = sorted({ord(mark) for phrase in phrases for mark in phrase})
        self.width = 2 if len(points) < FEW else 4
        number = np.zeros(SIZE, dtype=np.int64)
        number[points] = np.arange(1, len(points) + 1)
        digits = [number >> SHIFT * place & LAST for place in reversed(range(self.width))]
        digits[0] = digits[0] | FIRST
        self._codes = np.stack(digits, axis=1).astype(np.uint8).view(f"u{self.width}").reshape(-1)

    def coded(self, points: Points) -> npt.NDArray[np.uint8]:
        """Return the bytes of folded code points."""
        coded: npt.NDArray[np.uint8] = self._codes[points].view(np.uint8)
        return coded

    def word(self, phrase: str) -> bytes:
        """Return the bytes of one phrase."""
        return self.coded(np.array([ord(mark) for mark in phrase], dtype=np.uint32)).tobytes()

"""Places that only sound or look like a phrase, told apart from honest words.

A stand-in of the tables is trusted. A character that only sounds like the phrase's is not, where it belongs to a longer
dictionary word (价位 is no 加微), in a phrase of fewer than two Chinese characters, in one of two where its tone differs, or
where every character of a short phrase is replaced. A place that is one dictionary word as a whole is that word.
"""

from __future__ import annotations

import numpy as np

from chataudit.arrays import Flags, Ints
from chataudit.rules.fold import SEPARATOR, Folded, Points
from chataudit.rules.loud import Loud, toned, written
from chataudit.segmenter import Segmenter

REACH = 4
LONG = 4
HAN = (0x4E00, 0x9FFF)


class Honest:
    """Judges places of one way of folding; each window of text is cut once."""

    def __init__(self, segmenter: Segmenter, loud: Loud) -> None:
        self.segmenter, self.loud = segmenter, loud
        self._known: dict[tuple[str, int, int, str], bool] = {}

    def words(self, folded: Folded, start: Ints, end: Ints, phrases: list[str]) -> Flags:
        """Return which places (half-open positions in the buffer, with the phrase found there) are honest words."""
        honest = np.zeros(len(start), dtype=bool)
        classes = folded.classes
        for at in range(len(start)):
            inner = np.arange(start[at], end[at])
            kept = (classes[inner] == 0) | (written(self.loud)[folded.points[inner]] != folded.points[inner])
            said, phrase = folded.points[inner[kept]], phrases[at]
            text = "".join(map(chr, said.tolist()))
            if text == phrase:
                continue
            left, right = self._beside(folded, int(start[at]), -1), self._beside(folded, int(end[at]), 1)
            key = (left + text + right, len(left), len(left) + len(text), phrase)
            if key not in self._known:
                self._known[key] = self._honest(*key, said)
            honest[at] = self._known[key]
        return honest

    def _beside(self, folded: Folded, border: int, step: int) -> str:
        """Return the characters beside a border, up to a mark."""
        marks: list[str] = []
        at = border - 1 if step < 0 else border
        while 0 <= at < len(folded.points) and len(marks) < REACH:
            point = int(folded.points[at])
            if folded.classes[at] or point == ord(SEPARATOR):
                break
            marks.append(chr(point))
            at += step
        return "".join(reversed(marks) if step < 0 else marks)

    def _honest(self, text: str, begin: int, end: int, phrase: str, said: Points) -> bool:
        if self.segmenter.is_word(text[begin:end]):
            return True
        wanted = np.array([ord(mark) for mark in phrase], dtype=np.uint32)
        if len(wanted) != len(said):
            return False
        table = written(self.loud)
        heard = np.flatnonzero(table[wanted] != table[said])
        if not len(heard):
            return False
        han = int(((wanted >= HAN[0]) & (wanted <= HAN[1])).sum())
        if (
            han < 2
            or (len(heard) == len(wanted) < LONG)
            or (han == 2 and (toned()[wanted] != toned()[said])[heard].any())
        ):
            return True
        place, longer = 0, np.zeros(len(text), dtype=bool)
        for word in self.segmenter.cut(text):
            longer[place : place + len(word)] = len(word) > 1
            place += len(word)
        return bool(longer[begin + heard].any())

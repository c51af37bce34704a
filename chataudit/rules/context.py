"""What stands around a place and makes it innocent: longer phrases, and phrases beside it in its sentence.

Places are half-open positions in the kept text of `chataudit.rules.fold.Folded`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from chataudit.arrays import Flags, Ints
from chataudit.rules.fold import Folded, fold_phrase


def inside(start: Ints, end: Ints, longer_start: Ints, longer_end: Ints) -> Flags:
    """Return which places lie inside one of the longer places (ordered by start)."""
    if not len(longer_start) or not len(start):
        return np.zeros(len(start), dtype=bool)
    reached = np.maximum.accumulate(longer_end)
    place = np.searchsorted(longer_start, start, side="right") - 1
    return (place >= 0) & (reached[place] >= end)


def beside(folded: Folded, start: Ints, end: Ints, context: Iterable[str], reach: int, *, after: bool) -> Flags:
    """Return which places stand at most ``reach`` characters after (else before) a context phrase, in one sentence.

    Context words are common and places are few, so they are compared beside the places and not looked for everywhere.
    """
    bare, found = folded.bare, np.zeros(len(start), dtype=bool)
    for phrase in sorted({fold_phrase(one) for one in context}) if len(start) else ():
        points = np.array([ord(mark) for mark in phrase], dtype=np.uint32)
        for distance in range(reach + 1):
            left = np.flatnonzero(~found)
            first = start[left] - distance - len(points) if after else end[left] + distance
            inner = (first >= 0) & (first + len(points) <= len(bare))
            left, first = left[inner], first[inner]
            for step, point in enumerate(points.tolist()):
                same = bare[first + step] == point
                left, first = left[same], first[same]
                if not len(left):
                    break
            if len(left):
                other = start[left] if after else end[left] - 1
                begin, stop = (first + len(points) - 1, other) if after else (other, first)
                found[left[_one_sentence(folded, begin, stop)]] = True
    return found


def _one_sentence(folded: Folded, left: Ints, right: Ints) -> Flags:
    """Return where no strong mark and no border of texts lies between two positions of the kept text."""
    kept = folded.kept
    start, end = kept[left], kept[np.minimum(right, len(kept) - 1)]
    calm: Flags = np.searchsorted(folded.strong, start) == np.searchsorted(folded.strong, end)
    return calm & (folded.text_of(start) == folded.text_of(end))

"""What stands around a place and makes it innocent: longer phrases, and phrases beside it in its sentence.

Places are half-open positions in the kept text of `chataudit.rules.fold.Folded`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from chataudit.arrays import Flags, Ints
from chataudit.rules.fold import SIZE, Folded, Points, fold_phrase

NOTHING = np.uint32(SIZE)  # no character
BLOCK = 10_000  # places looked at together


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
    phrases = sorted({fold_phrase(one) for one in context})
    found = np.zeros(len(start), dtype=bool)
    for begin in range(0, len(start) if phrases else 0, BLOCK):
        part = slice(begin, begin + BLOCK)
        found[part] = _beside(folded, start[part], end[part], phrases, reach, after)
    return found


def _beside(folded: Folded, start: Ints, end: Ints, phrases: list[str], reach: int, after: bool) -> Flags:
    found = np.zeros(len(start), dtype=bool)
    width = reach + max(map(len, phrases))
    window = _away(folded, start - 1, width, -1) if after else _away(folded, end, width, 1)
    for phrase in phrases:
        place, distance = _said(window, phrase[::-1] if after else phrase, reach)
        if after:
            left, right = start[place] - distance - 1, start[place]
        else:
            left, right = end[place] - 1, end[place] + distance
        found[place[_one_sentence(folded, left, right)]] = True
    return found


def _away(folded: Folded, nearest: Ints, width: int, step: int) -> Points:
    """Return for each place the ``width`` kept characters beside it, the nearest first; `NOTHING` outside the buffer."""
    at = nearest[:, None] + step * np.arange(width)
    inner = (at >= 0) & (at < len(folded.bare))
    return np.where(inner, folded.bare[np.where(inner, at, 0)], NOTHING)


def _said(window: Points, letters: str, reach: int) -> tuple[Ints, Ints]:
    """Return the rows of the window that have the letters at most ``reach`` characters away, and how far."""
    same = window[:, : reach + 1] == ord(letters[0])
    for step, letter in enumerate(letters[1:], start=1):
        if not same.any():
            break
        same &= window[:, step : step + reach + 1] == ord(letter)
    return np.divmod(np.flatnonzero(same), same.shape[1])


def _one_sentence(folded: Folded, left: Ints, right: Ints) -> Flags:
    """Return where no strong mark and no border of texts lies between two positions of the kept text."""
    kept = folded.kept
    start, end = kept[left], kept[np.minimum(right, len(kept) - 1)]
    calm: Flags = np.searchsorted(folded.strong, start) == np.searchsorted(folded.strong, end)
    return calm & (folded.text_of(start) == folded.text_of(end))

"""Whether a hit begins and ends where words do: 第一 is no word of 第一次, 大麻 none of 大麻烦.

jieba is asked only where a border is in doubt: both neighbours touch, and some dictionary word has these two characters
side by side. It then cuts a few characters around the hit, and each window only once.
"""

from __future__ import annotations

import numpy as np

from chataudit.arrays import Flags, Ints, mix
from chataudit.rules.fold import Folded
from chataudit.rules.honest import Honest
from chataudit.rules.loud import Loud
from chataudit.segmenter import PAIR, Segmenter

REACH = 4


class Borders:
    """The question to jieba, asked once for each distinct window of a run."""

    def __init__(self, segmenter: Segmenter) -> None:
        self.segmenter = segmenter
        self._known: dict[int, bool] = {}
        self._honest: dict[Loud, Honest] = {}

    def honest(self, folded: Folded, start: Ints, end: Ints, phrases: list[str], loud: Loud) -> Flags:
        """Return which places, found under a way of folding, are honest words."""
        if loud not in self._honest:
            self._honest[loud] = Honest(self.segmenter, loud)
        return self._honest[loud].words(folded, start, end, phrases)

    def in_word(self, folded: Folded, start: Ints, end: Ints) -> Flags:
        """Return which hits (positions in the kept text) begin or end inside a word."""
        left, right = _touch(folded, start), _touch(folded, end)
        doubt = (left & _paired(folded, start, self.segmenter)) | (right & _paired(folded, end, self.segmenter))
        inside = (left & _latin(folded, start)) | (right & _latin(folded, end))
        at = np.flatnonzero(doubt & ~inside)
        if len(at):
            inside[at] = self._cut(folded, start[at], end[at])
        return inside

    def _cut(self, folded: Folded, start: Ints, end: Ints) -> Flags:
        """Ask jieba; windows are told apart by a hash of their characters."""
        before, after = _beside(folded, start, -1), _beside(folded, end, 1)
        bare = folded.bare
        key = mix(np.zeros(len(start), dtype=np.uint64), (end - start).astype(np.uint64))
        for column in (*before.T, *after.T):
            key = mix(key, column.astype(np.uint64))
        for step in range(int((end - start).max())):
            inner = start + step < end
            key = np.where(inner, mix(key, bare[np.minimum(start + step, len(bare) - 1)].astype(np.uint64)), key)
        unique, first, place = np.unique(key, return_index=True, return_inverse=True)
        verdicts = np.empty(len(unique), dtype=bool)
        for number, (code, at) in enumerate(zip(unique.tolist(), first.tolist(), strict=True)):
            verdict = self._known.get(code)
            if verdict is None:
                phrase = folded.bare[start[at] : end[at]].tolist()
                verdict = _splits_word([*before[at].tolist(), *after[at].tolist(), *phrase], self.segmenter)
                self._known[code] = verdict
            verdicts[number] = verdict
        return verdicts[place.reshape(-1)]


def _touch(folded: Folded, border: Ints) -> Flags:
    """Return where the characters on both sides of a border stood side by side in the original."""
    kept = folded.kept
    inner = (border > 0) & (border < len(kept))
    at = np.clip(border, 1, max(len(kept) - 1, 1))
    return inner & (kept[np.minimum(at, len(kept) - 1)] - kept[at - 1] == 1)


def _pair(folded: Folded, border: Ints) -> tuple[Ints, Ints]:
    bare = folded.bare
    at = np.clip(border, 1, max(len(bare) - 1, 1))
    return bare[at - 1].astype(np.int64), bare[np.minimum(at, len(bare) - 1)].astype(np.int64)


def _paired(folded: Folded, border: Ints, segmenter: Segmenter) -> Flags:
    """Return where some dictionary word has the border's two characters side by side."""
    before, after = _pair(folded, border)
    pairs = segmenter.pairs
    key = before * PAIR + after
    place = np.minimum(np.searchsorted(pairs, key), len(pairs) - 1)
    return pairs[place] == key


def _latin(folded: Folded, border: Ints) -> Flags:
    """Return where a border lies between two Latin letters or between two digits: always inside a word."""
    before, after = _pair(folded, border)

    def letter(points: Ints) -> Flags:
        return (points >= ord("a")) & (points <= ord("z"))

    def digit(points: Ints) -> Flags:
        return (points >= ord("0")) & (points <= ord("9"))

    return (letter(before) & letter(after)) | (digit(before) & digit(after))


def _beside(folded: Folded, border: Ints, step: int) -> Ints:
    """Return up to `REACH` characters beside each border (nearest first), 0 from the first gap on."""
    bare, kept = folded.bare, folded.kept
    columns = []
    open_ = np.ones(len(border), dtype=bool)
    for distance in range(REACH):
        at = border - 1 - distance if step < 0 else border + distance
        neighbour = at - step
        inner = (at >= 0) & (at < len(bare)) & (neighbour >= 0) & (neighbour < len(bare))
        safe, beside = np.clip(at, 0, len(bare) - 1), np.clip(neighbour, 0, len(bare) - 1)
        open_ = open_ & inner & (np.abs(kept[safe] - kept[beside]) == 1)
        columns.append(np.where(open_, bare[safe].astype(np.int64), 0))
    return np.stack(columns, axis=1)


def _splits_word(row: list[int], segmenter: Segmenter) -> bool:
    left = "".join(chr(point) for point in reversed(row[:REACH]) if point)
    right = "".join(chr(point) for point in row[REACH : 2 * REACH] if point)
    phrase = "".join(chr(point) for point in row[2 * REACH :] if point)
    text, begin, end = left + phrase + right, len(left), len(left) + len(phrase)
    if not segmenter.straddled(text, begin) and not segmenter.straddled(text, end):
        return False
    borders = {0}
    for word in segmenter.cut(text):
        borders.add(max(borders) + len(word))
    return begin not in borders or end not in borders

"""Which words of a conversation counted, and how much: the weightiest grams that do not overlap."""

from __future__ import annotations

import numpy as np

from chataudit.arrays import Ints
from chataudit.learn.blocks import BLOCKS, Spoken
from chataudit.learn.fit import Weights
from chataudit.learn.grams import LONGEST, Occurrences, Vocabulary
from chataudit.learn.reasons import Pieces
from chataudit.learn.weigh import CHUNK, SHORT, Reals, scales

SHORTEST_SHOWN = 2


def told(spoken: Spoken, weights: Weights, slope: float, least: float, lang: str) -> list[Pieces]:
    """Return for each block the grams that add ``least`` or more to a session's log odds, summed over their places."""
    found = _found(spoken, weights, least / abs(slope) * np.sqrt(SHORT))
    scale = scales(spoken.lengths)
    pieces = []
    for block, title in enumerate(BLOCKS.values()):
        weight = weights.words[:, block]
        kept = _apart(found, weight)
        session, gram = _placed(spoken, block, kept)
        key, place = np.unique(session * max(len(weights.grams), 1) + gram, return_inverse=True)
        session, gram = key // max(len(weights.grams), 1), key % max(len(weights.grams), 1)
        value = np.bincount(place.reshape(-1), minlength=len(key)) * weight[gram] * scale[session, block] * slope
        strong = np.flatnonzero(np.abs(value) >= least)
        used, label = np.unique(gram[strong], return_inverse=True)
        labels = [f"{title.said(lang)}“{weights.grams[one]}”" for one in used.tolist()]
        pieces.append(Pieces(session[strong], value[strong], label.reshape(-1).astype(np.int64), labels))
    return pieces


def _found(spoken: Spoken, weights: Weights, least: float) -> Occurrences:
    """Return the places of grams that can be shown: not too short, with a weight that can count in some block."""
    sizes = np.array([len(gram) for gram in weights.grams], dtype=np.int64)
    whole = np.array([_whole(gram) for gram in weights.grams], dtype=bool)
    strong = np.flatnonzero((np.abs(weights.words).max(axis=1, initial=0) >= least) & whole)
    vocabulary = Vocabulary([weights.grams[one] for one in strong.tolist()])
    parts = []
    for begin in range(0, len(spoken.texts), CHUNK):
        part = vocabulary.find(spoken.texts.slice(begin, CHUNK))
        parts.append(Occurrences(part.text + begin, strong[part.gram], part.position))
    if not parts:
        return vocabulary.find(spoken.texts)
    text, gram, position = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((-sizes[gram], position, text))
    return Occurrences(text[order], gram[order], position[order])


def _whole(gram: str) -> bool:
    """Return whether a gram can be read by itself: characters alone, or marks alone."""
    return len(gram) >= SHORTEST_SHOWN and (gram.isalnum() or not any(mark.isalnum() for mark in gram))


def _apart(found: Occurrences, weight: Reals) -> Occurrences:
    """Return the places (ordered by text and position) whose weight no overlapping place exceeds; of equals the first."""
    strength = np.abs(weight[found.gram])
    keep = strength > 0
    for step in range(1, 2 * LONGEST):
        near = (found.text[step:] == found.text[:-step]) & (found.position[step:] - found.position[:-step] < LONGEST)
        later = near & (strength[step:] > strength[:-step])
        earlier = near & ~later
        keep[:-step] &= ~later
        keep[step:] &= ~earlier
    return Occurrences(found.text[keep], found.gram[keep], found.position[keep])


def _placed(spoken: Spoken, block: int, kept: Occurrences) -> tuple[Ints, Ints]:
    """Return the session and gram of each place, once for every time that its text is said in the block."""
    entry = np.flatnonzero(spoken.block == block)
    entry = entry[np.argsort(spoken.text[entry], kind="stable")]
    used = spoken.text[entry]
    low, high = np.searchsorted(used, kept.text), np.searchsorted(used, kept.text, side="right")
    times = high - low
    owner = np.repeat(np.arange(len(kept.text)), times)
    at = np.arange(len(owner)) - np.repeat(np.cumsum(times) - times, times) + low[owner]
    return spoken.session[entry[at]], kept.gram[owner]

"""Words weighed: per-session sums of gram weights, the one formula that training and judging share.

The value of a block is ``sum over its gram places of weight[gram, block] / sqrt(max(characters, SHORT))``: counts of
grams by the length of what was said, so that long talk does not weigh more than short by itself.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from chataudit.learn.blocks import BLOCKS, Spoken
from chataudit.learn.grams import Vocabulary

Reals = npt.NDArray[np.float64]
SHORT = 8.0
CHUNK = 50_000


def scales(lengths: Reals) -> Reals:
    """Return what the sums of each (session, block) are multiplied by."""
    return np.asarray(1 / np.sqrt(np.maximum(lengths, SHORT)), dtype=np.float64)


def values(spoken: Spoken, vocabulary: Vocabulary, weights: Reals) -> Reals:
    """Return the value of each (session, block); ``weights`` has a row per gram and a column per block.

    What a text is worth in a block is the same wherever it stands, so each distinct text is looked at once.
    """
    worth = np.zeros((len(spoken.texts), len(BLOCKS)))
    for begin in range(0, len(spoken.texts), CHUNK):
        part = spoken.texts.slice(begin, CHUNK)
        found = vocabulary.find(part)
        for block in range(len(BLOCKS)):
            worth[begin : begin + len(part), block] = np.bincount(
                found.text, weights=weights[found.gram, block], minlength=len(part)
            )
    sums = np.bincount(
        spoken.session * len(BLOCKS) + spoken.block,
        weights=worth[spoken.text, spoken.block],
        minlength=spoken.lengths.size,
    )
    return np.asarray(sums.reshape(-1, len(BLOCKS)) * scales(spoken.lengths), dtype=np.float64)

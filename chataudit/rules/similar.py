"""Closeness in wording: TF-IDF weighted character n-grams, on distinct texts only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from chataudit.arrays import Flags, Ints
from chataudit.rules.condition import Like
from chataudit.rules.fold import SEPARATOR, Folded, fold, fold_phrase

PAIR = 1 << 21


def alike(texts: pa.Array, like: Like) -> Flags:
    """Return which texts are as close to a sample as asked.

    A text's n-grams are its distinct characters and pairs of neighbouring characters, marks and width folded away. Each
    weighs the smoothed IDF that it has among the samples (what no sample has weighs most), so that a verdict depends on
    the rule and the text alone. Closeness is the cosine to the nearest sample.
    """
    folded = fold(texts)
    near = _possible(folded, len(texts), {fold_phrase(sample) for sample in like.samples}, like.score)
    if not len(near):
        return np.zeros(len(texts), dtype=bool)
    counter, weigher, samples = _model(like)
    lines = [fold_phrase(text) for text in texts.take(pa.array(near)).to_pylist()]
    closeness = weigher.transform(counter.transform(lines)) @ samples.T
    best = closeness.max(axis=1).toarray().reshape(-1)
    mask = np.zeros(len(texts), dtype=bool)
    mask[near[best >= like.score - 1e-9]] = True
    return mask


def _model(like: Like) -> tuple[Any, Any, Any]:
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    counter = HashingVectorizer(
        analyzer="char",
        ngram_range=(1, 2),
        binary=True,
        alternate_sign=False,
        norm=None,
        n_features=1 << 20,
        lowercase=False,
    )
    counted = counter.transform([fold_phrase(sample) for sample in like.samples])
    weigher = TfidfTransformer().fit(counted)
    return counter, weigher, weigher.transform(counted)


def _possible(folded: Folded, size: int, samples: set[str], score: float) -> Ints:
    """Return the texts that can be as close as asked: too many characters that no sample has rule a text out.

    With weights that are highest for n-grams outside the samples, the squared cosine is at most the share of a text's
    n-grams that some sample has; a character outside them spoils itself and at least one pair.
    """
    known = np.array(sorted({ord(mark) for sample in samples for mark in sample}), dtype=np.int64)
    text, bare = _said(folded)
    keys = np.unique(text * PAIR + bare)
    owner, point = keys // PAIR, keys % PAIR
    distinct = np.bincount(owner, minlength=size)
    strange = np.bincount(owner[~np.isin(point, known)], minlength=size)
    pairs = np.maximum(np.bincount(text, minlength=size) - 1, 0)
    inner = distinct - strange + np.maximum(pairs - strange, 0)
    outer = np.maximum(strange + strange - 1, 0)
    return np.flatnonzero((inner > 0) & (inner >= score**2 * (inner + outer) - 1e-9))


def _said(folded: Folded) -> tuple[Ints, Ints]:
    """Return the text number and the code point of each kept character, without the separators between texts."""
    bare = folded.bare.astype(np.int64)
    said = bare != ord(SEPARATOR)
    return folded.text_of(folded.kept[said]), bare[said]


def nearly_same(texts: pa.Array, group: Ints, similar: float, within: int) -> Ints:
    """Return for each text how many of the ``within`` texts before it in its group it resembles (0: none).

    Closeness is the Dice share of common neighbouring characters; texts stand in order, groups together.
    """
    folded = fold(texts)
    text, bare = _said(folded)
    together = text[1:] == text[:-1]
    grams, place = np.unique(bare[:-1][together] * PAIR + bare[1:][together], return_inverse=True)
    from scipy.sparse import csr_matrix

    owner = text[1:][together]
    table = csr_matrix(
        (np.ones(len(owner), dtype=np.int32), (owner, place.reshape(-1))), shape=(len(texts), len(grams) or 1)
    )
    table.sum_duplicates()
    table.data[:] = 1
    sizes = np.asarray(table.sum(axis=1)).reshape(-1)
    count = np.zeros(len(texts), dtype=np.int64)
    for lag in range(1, min(within, len(texts) - 1) + 1):
        common = np.asarray(table[lag:].multiply(table[:-lag]).sum(axis=1)).reshape(-1)
        total = sizes[lag:] + sizes[:-lag]
        close = (group[lag:] == group[:-lag]) & (total > 0) & (2 * common >= similar * total - 1e-9)
        count[lag:] += close
    return count

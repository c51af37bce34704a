"""Texts that mean alike put together: words weighed, k-means on them, the words that tell a cluster from the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chataudit.arrays import Ints
from chataudit.learn.weigh import Reals

MOST_FITTED = 20_000
STARTS = 5
FARTHEST = 0.7
WORDS_SHOWN = 4
# Words that make a sentence of any content; they say nothing of what it is about.
SAID_OF_ANYTHING = (
    "我们 你们 您们 他们 有没有 没有 请问 问下 一下 能不能 可不可以 是不是 会不会 要不要 好不好 "
    "行不行 可以 什么 怎么 怎样 如何 为什么 多少 哪个 哪款 这个 那个 这款 那款 这种 那种 这样 "
    "那样 现在 一个 知道 好的 谢谢 你好 您好 在吗 老板 客服 然后 但是 因为 所以 如果 的话 或者 "
    "还是 还有 还要 就是 不是 不会 不能 到底 怎么样 怎么回事 怎么办 时候 亲亲 一般 直接 自己 "
    "应该 觉得 看看 请看 麻烦 帮忙 帮我 给我 告诉 问题 几个 有人 别的 真的"
)
FUNCTION_WORDS = frozenset(SAID_OF_ANYTHING.split())
FUNCTION_CHARACTERS = frozenset(
    "的了吗呢么啊呀吧哦哈嗯嘛哪那这个是我你您他她它们亲在有没不就都也还又很太和与跟给把被让请问下想要会能可以几看说到去来上里用做对好行得地着过从"
)

Cut = Callable[[str], list[str]]


@dataclass(frozen=True)
class Clusters:
    """The cluster of each text, its distance from the centre's direction (1 - cosine), the words that tell each cluster.

    -1: none; the text's words say nothing, or it is farther than `FARTHEST` from every centre and would blur it.
    """

    of: Ints
    distance: Reals
    words: tuple[tuple[str, ...], ...]


def content_words(cut: Cut, text: str) -> list[str]:
    """Return the words of a text that say what it is about: no function words, no marks.

    Where the dictionary does not know a word (顺丰), it falls to single characters; pairs of these stand for it.
    """
    words = cut(text)
    found = [word for word in words if len(word) > 1 and word.isalnum() and word not in FUNCTION_WORDS]
    alone = [len(word) == 1 and word.isalnum() and word not in FUNCTION_CHARACTERS for word in words]
    pairs = zip(words, words[1:], alone, alone[1:], strict=False)
    return found + [one + other for one, other, first, second in pairs if first and second]


def cluster(texts: Sequence[str], times: Ints, cut: Cut, count: int, seed: int) -> Clusters:
    """Return ``count`` clusters (fewer where the texts are fewer) of texts that stand ``times`` each; same seed, same.

    The commonest `MOST_FITTED` texts make the centres; the others go to the nearest.
    """
    words = [content_words(cut, text) for text in texts]
    told = np.array([len(one) > 0 for one in words], dtype=bool)
    at = np.flatnonzero(told)
    of, distance = np.full(len(texts), -1), np.zeros(len(texts))
    count = min(count, len({tuple(sorted(words[one])) for one in at.tolist()}))
    if count < 1:
        return Clusters(of, distance, ())
    points, vocabulary, counts = _points([words[one] for one in at.tolist()])
    order = np.lexsort((at, -times[at]))[:MOST_FITTED]
    nearest, distance[at] = _means(points, order, times[at], count, seed)
    of[at] = np.where(distance[at] > FARTHEST, -1, nearest)
    return Clusters(of, distance, tuple(_telling(counts, vocabulary, of[at], times[at], count)))


def _points(words: list[list[str]]) -> tuple[Any, list[str], Any]:
    """Return a point for each text (TF-IDF of its words, length 1), the words, and their counts."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

    counter = CountVectorizer(analyzer=list)
    counts = counter.fit_transform(words)
    return TfidfTransformer(sublinear_tf=True).fit_transform(counts), list(counter.get_feature_names_out()), counts


def _means(points: Any, fitted: Ints, times: Ints, count: int, seed: int) -> tuple[Ints, Reals]:
    """Return each point's cluster (numbered by size, the largest 0) and its distance from the centre."""
    from sklearn.cluster import KMeans

    model = KMeans(count, n_init=STARTS, random_state=seed)
    model.fit(points[fitted], sample_weight=times[fitted].astype(float))
    centres = model.cluster_centers_
    centres = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
    away = np.round(1 - points @ centres.T, 9)
    nearest = away.argmin(axis=1)
    sizes = np.bincount(nearest, weights=times, minlength=count)
    rank = np.empty(count, dtype=np.int64)
    rank[np.lexsort((np.arange(count), -sizes))] = np.arange(count)
    return rank[nearest], away.min(axis=1)


def _telling(counts: Any, vocabulary: list[str], of: Ints, times: Ints, count: int) -> list[tuple[str, ...]]:
    """Return for each cluster the words that are commoner in it than elsewhere (else its commonest), the best first."""
    present = np.zeros((count, len(vocabulary)))
    rows = counts.tocoo()
    mine = of[rows.row] >= 0
    np.add.at(present, (of[rows.row[mine]], rows.col[mine]), times[rows.row[mine]])
    sizes = np.bincount(of[of >= 0], weights=times[of >= 0], minlength=count)
    inside = present / np.maximum(sizes, 1)[:, None]
    overall = present.sum(axis=0) / max(sizes.sum(), 1)
    score = np.round(inside * np.log((inside + 1e-9) / (overall + 1e-9)), 9)
    told = []
    for number in range(count):
        order = np.lexsort((np.arange(len(vocabulary)), -inside[number], -score[number]))[:WORDS_SHOWN].tolist()
        telling = [word for word in order if score[number, word] > 0] or [
            word for word in order if inside[number, word]
        ]
        told.append(tuple(vocabulary[word] for word in telling))
    return told

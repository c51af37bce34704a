"""Topics: what buyers ask, where enquiries are lost, which answers go with orders. Association, not cause."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, arrow
from chataudit.learn.clusters import Clusters, Cut, cluster
from chataudit.learn.prepare import BREAK, prepare
from chataudit.learn.questions import FINISHED, Questions, ask, asked_in, replies, stages
from chataudit.log import Log
from chataudit.privacy import mask_text
from chataudit.shares import Share, difference

MOST_TOPICS, LEAST_TOPICS = 40, 4
TEXTS_A_TOPIC = 5
EXAMPLES = 5
ANSWERS = 4
LEVEL = 0.95
NAMED = re.compile(r"[一-鿿](先生|女士|小姐|太太)")


@dataclass(frozen=True)
class Answer:
    """A way of answering: talks so answered, those with an order, and the difference to the topic's other answers.

    ``difference`` (share less the others', low, high) is at a level made stricter by the number of answers compared;
    None where either side has fewer talks than ``least``.
    """

    words: tuple[str, ...]
    examples: tuple[str, ...]
    share: Share
    difference: tuple[float, float, float] | None


@dataclass(frozen=True)
class Topic:
    """A cluster of questions: how many, in how many talks, how many of those with an order, and its answers.

    ``lost_last``: talks without an order whose last question was of this topic. ``difference``: ordered share less
    that of all other talks with a topic, at a level made stricter by the number of topics; None where either side has
    fewer talks than ``least``.
    """

    words: tuple[str, ...]
    examples: tuple[str, ...]
    questions: int
    share: Share
    lost_last: int
    difference: tuple[float, float, float] | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Stage:
    """Talks that ended at a stage (of `FINISHED`), and those with an order."""

    name: str
    share: Share


@dataclass(frozen=True)
class Topics:
    """All of it. ``ordered`` is False where no audit had orders: then shares of orders are not known, and not 0."""

    sessions: int
    asking: int
    questions: int
    unsorted: int
    small: int
    ordered: bool
    overall: Share
    topics: tuple[Topic, ...]
    stages: tuple[Stage, ...]
    least: int
    seed: int


def find(log: Log, bought: Flags | None, cut: Cut, *, count: int | None, least: int, seed: int) -> Topics:
    """Return the topics of a log; ``bought``: sessions credited with an order (None: no orders are known).

    ``count`` topics are looked for (None: by the number of distinct questions), those asked in fewer than ``least``
    talks are left out.
    """
    questions = ask(log)
    times = np.bincount(questions.text, minlength=len(questions.texts))
    wanted = count or int(np.clip(len(questions.texts) // TEXTS_A_TOPIC, LEAST_TOPICS, MOST_TOPICS))
    clusters = cluster(questions.texts, times, cut, wanted, seed)
    of = clusters.of[questions.text] if len(questions.text) else questions.text
    sold = np.zeros(len(log.sessions), dtype=bool) if bought is None else bought
    asking = asked_in(questions, of >= 0, len(sold))
    last = _last_of(questions, of, len(sold))
    looked = _Looked(log, questions, clusters, of, sold, asking, last, cut, bought is not None, least, seed)
    every = [looked.topic(number) for number in range(len(clusters.words))]
    kept = tuple(one for one in every if one is not None)
    stage = stages(log)
    return Topics(
        sessions=len(log.sessions),
        asking=int(asking.sum()),
        questions=len(questions.row),
        unsorted=int((of < 0).sum()),
        small=len(every) - len(kept),
        ordered=bought is not None,
        overall=_share(sold, asking),
        topics=tuple(sorted(kept, key=lambda one: (-one.share.of, one.words))),
        stages=tuple(Stage(name, _share(sold, stage == name)) for name in FINISHED),
        least=least,
        seed=seed,
    )


def stricter(level: float, comparisons: int) -> float:
    """Return the level of each interval at which all ``comparisons`` together hold at ``level`` (Bonferroni).

    >>> round(stricter(0.95, 5), 9)
    0.99
    """
    return 1 - (1 - level) / max(comparisons, 1)


def shown(said: str) -> str:
    """Return what was said as it may be shown: masked, and without the name before 先生 or 女士.

    >>> shown(" 米白的，杨女士，13800138000 对吧")
    '米白的，*女士，138******** 对吧'
    """
    return NAMED.sub(r"*\1", mask_text(said)).strip()


def _share(sold: Flags, mine: Flags) -> Share:
    return Share(int(sold[mine].sum()), int(mine.sum()))


def _last_of(questions: Questions, of: Ints, sessions: int) -> Ints:
    """Return the topic of each session's last question that has one, -1 where there is none."""
    last = np.full(sessions, -1)
    told = of >= 0
    last[questions.session[told]] = of[told]
    return last


@dataclass(frozen=True)
class _Looked:
    """All that topics are told from."""

    log: Log
    questions: Questions
    clusters: Clusters
    of: Ints
    sold: Flags
    asking: Flags
    last: Ints
    cut: Cut
    ordered: bool
    least: int
    seed: int

    def topic(self, number: int) -> Topic | None:
        """Return a topic, None where too few talks ask it."""
        chosen = self.of == number
        mine = asked_in(self.questions, chosen, len(self.sold))
        if int(mine.sum()) < self.least:
            return None
        share, others = _share(self.sold, mine), _share(self.sold, self.asking & ~mine)
        return Topic(
            self.clusters.words[number],
            self._examples(np.flatnonzero(self.clusters.of == number), self.clusters.distance),
            int(chosen.sum()),
            share,
            int(((self.last == number) & ~self.sold).sum()),
            self._gap(share, others, stricter(LEVEL, len(self.clusters.words))),
            self._answers(chosen),
        )

    def _examples(self, texts: Ints, distance: np.ndarray) -> tuple[str, ...]:
        """Return the original words of the commonest texts near the centre, masked."""
        times = np.bincount(self.questions.text, minlength=len(self.questions.texts))
        order = texts[np.lexsort((texts, -times[texts], distance[texts]))][:EXAMPLES]
        lines = arrow(self.log.messages["text"])
        first = {
            text: row
            for text, row in zip(self.questions.text[::-1].tolist(), self.questions.row[::-1].tolist(), strict=True)
        }
        return tuple(shown(str(lines[first[text]].as_py())) for text in order.tolist())

    def _answers(self, chosen: Flags) -> tuple[Answer, ...]:
        """Return how a topic is answered: clusters of the first answers after its questions."""
        at = np.flatnonzero(chosen & (self.questions.answer >= 0))
        if not len(at):
            return ()
        lines = pa.array(replies(self.log, self.questions.answer[at]), pa.large_string())
        told = pc.replace_substring(prepare(lines), BREAK, " ").dictionary_encode()
        text = told.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        times = np.bincount(text, minlength=len(told.dictionary))
        found = cluster(told.dictionary.to_pylist(), times, self.cut, ANSWERS, self.seed)
        of = found.of[text]
        level = stricter(LEVEL, len(found.words))
        answered = self._sessions(at[of >= 0])
        made = []
        for number, words in enumerate(found.words):
            mine = self._sessions(at[of == number])
            share, others = _share(self.sold, mine), _share(self.sold, answered & ~mine)
            if share.of < self.least:
                continue
            near = np.lexsort((np.arange(len(text)), found.distance[text]))
            said = dict.fromkeys(shown(str(lines[one].as_py())) for one in near[of[near] == number].tolist())
            made.append(Answer(words, tuple(list(said)[:2]), share, self._gap(share, others, level)))
        return tuple(sorted(made, key=lambda one: (-one.share.of, one.words)))

    def _gap(self, one: Share, other: Share, level: float) -> tuple[float, float, float] | None:
        """Return the difference of two shares; None where orders are not known or either side has too few talks."""
        return difference(one, other, level) if self.ordered and min(one.of, other.of) >= self.least else None

    def _sessions(self, at: Ints) -> Flags:
        found = np.zeros(len(self.sold), dtype=bool)
        found[self.questions.session[at]] = True
        return found

"""A sentence or a small transcript put before the rules: what hits, and for one rule why, or why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chataudit.errors import Words
from chataudit.examples import log_of, transcript
from chataudit.log import Log
from chataudit.rules import Data, Library, flag
from chataudit.rules.condition import Condition
from chataudit.rules.fold import fold_line
from chataudit.rules.lists import WordList
from chataudit.rules.model import Rule
from chataudit.rules.resolve import conditions
from chataudit.rules.tracing import FOLDS, WHY, Traced, trace
from chataudit.segmenter import Segmenter
from chataudit.settings import Settings

SPEAKERS = {"agent": "A", "buyer": "B", "auto": "O", "bot": "R", "system": "X"}
LINE = re.compile(r"[BASOXR]\d*\s")


@dataclass(frozen=True)
class Shown:
    """One hit: the rule, the message that shows it, the characters (equal: something due is missing), the reason."""

    rule: str
    line: str
    start: int
    end: int
    reason: str


def put(text: str, who: str, settings: Settings) -> Log:
    """Return a text as a log: one message of ``who``, or a transcript if its first line looks like one.

    Raises:
        Faults: a transcript line that can't be read.
    """
    whole = text if LINE.match(text) else f"{SPEAKERS[who]} {' '.join(text.split())}"
    return log_of(transcript(whole, "trial", "try"), settings)


def hits(log: Log, library: Library, segmenter: Segmenter, lang: str, *, duties: bool) -> list[Shown]:
    """Return what hits in a log; without ``duties`` only what was said, not what is missing."""
    flagged = flag(log, library, segmenter, data=Data(), lang=lang)
    texts = dict(zip(log.messages["message_id"], log.messages["text"], strict=True))
    table = flagged.hits
    return [
        Shown(str(rule), str(texts[message]), int(start), int(end), str(reason))
        for rule, message, start, end, reason in zip(
            table["rule"], table["message_id"], table["start"], table["end"], table["reason"], strict=True
        )
        if duties or not flagged.rulings.judged[str(rule)].missing
    ]


def explained(rule: Rule, library: Library, line: str, segmenter: Segmenter, lang: str) -> Iterator[str]:
    """Yield lines that say how a rule's words read one sentence: tokens, occurrences, foldings, what took them out."""
    tokens = " / ".join(segmenter.cut(fold_line(line)))
    yield Words(f"分词：{tokens}", f"tokens: {tokens}").said(lang)
    for path, condition in conditions(rule):
        place = ".".join(str(part) for part in path)
        for name, words in _lists(condition, library):
            found = trace(words, line, segmenter)
            if not found:
                yield f"{place} [{name}] " + Words("没有出现", "nothing occurs").said(lang)
            for one in found:
                yield f"{place} [{name}] {_said(one, line, lang)}"


def _lists(condition: Condition, library: Library) -> Iterator[tuple[str, WordList]]:
    for name in condition.words:
        yield name, library.words[name]
    if condition.phrases:
        yield (
            "phrases",
            WordList(
                phrases=condition.phrases,
                border=condition.border,
                exempt=condition.exempt,
                not_after=condition.not_after,
                not_before=condition.not_before,
                reach=condition.reach,
            ),
        )


def _said(one: Traced, line: str, lang: str) -> str:
    folds = "、".join(FOLDS[name].said(lang) for name in one.folds)
    written = line[one.start : one.end]
    how = f" ← {written} ({folds})" if folds else ""
    return f"{one.phrase}{how} @{one.start}-{one.end}: {WHY[one.dropped].said(lang)}"

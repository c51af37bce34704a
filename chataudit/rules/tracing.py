"""Why a phrase was found or not: every occurrence in one text, how it was written, and the test that took it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from chataudit.errors import Fault, Words
from chataudit.rules.borders import Borders
from chataudit.rules.fold import fold, fold_line, fold_phrase, plain_table
from chataudit.rules.library import Library
from chataudit.rules.lists import WordList
from chataudit.rules.loud import Loud, table
from chataudit.rules.phrases import PLAIN, Finder, PhraseIndex
from chataudit.segmenter import Segmenter

WHY = {
    "": Words("命中", "hit"),
    "marks": Words(
        "字之间夹了不允许的符号（marks）", "marks between its characters that the list does not allow (marks)"
    ),
    "exempt": Words("落在豁免的更长短语里（exempt）", "inside a longer phrase that is exempt (exempt)"),
    "not_after": Words("前面的语境使它不算（not_after）", "what stands before makes it innocent (not_after)"),
    "not_before": Words("后面的语境使它不算（not_before）", "what stands after makes it innocent (not_before)"),
    "border": Words("不在词的边界上（border）", "not at borders of words (border)"),
    "fold": Words("词表不折叠这种写法（fold）", "written in a way that the list does not fold (fold)"),
    "honest": Words("是正常的词，只是读音或字形相近", "an honest word that only sounds or looks alike"),
    "longest": Words("落在同一词表更长的命中里", "inside a longer hit of the list"),
}
FOLDS = {
    "width": Words("全角半角", "width"),
    "case": Words("大小写", "case"),
    "traditional": Words("繁体", "traditional"),
    "marks": Words("夹了符号", "marks inside"),
    "digits": Words("数字的写法", "number words"),
    "look": Words("形近或代称", "look-alikes"),
    "sound": Words("同音", "sound"),
}


@dataclass(frozen=True)
class Traced:
    """One occurrence: the phrase, the characters in the text, the foldings it took, and why it is no hit (empty: it is)."""

    phrase: str
    start: int
    end: int
    folds: tuple[str, ...]
    dropped: str


def trace(words: WordList, line: str, segmenter: Segmenter) -> list[Traced]:
    """Return every occurrence of a list's phrases in one text, in order."""
    found = []
    for matches, dropped in _finder(words, [line], segmenter).trace(words):
        start, end = int(matches.start[0]), int(matches.end[0])
        phrase = words.phrases[int(matches.phrase[0])]
        found.append(Traced(phrase, start, end, folds(phrase, line[start:end], words.fold.loud), dropped))
    return sorted(found, key=lambda one: (one.start, one.end, one.phrase))


def _finder(words: WordList, lines: list[str], segmenter: Segmenter) -> Finder:
    folded, borders = fold(pa.array(lines, pa.large_string())), Borders(segmenter)
    loud = words.fold.loud
    plain = Finder(folded, PhraseIndex([*words.exempt, *(words.phrases if loud == PLAIN else ())]), borders)
    return plain if loud == PLAIN else Finder(folded, PhraseIndex(words.phrases, (), loud), borders, plain)


def folds(phrase: str, written: str, loud: Loud) -> tuple[str, ...]:
    """Return the foldings without which the written characters would not be the phrase."""
    taken = []
    for name in ("width", "case", "traditional"):
        one = plain_table(width=name == "width", case=name == "case", traditional=name == "traditional")
        changed = any(int(one[ord(mark)]) != ord(mark) and mark not in phrase for mark in written)
        taken += [name] if changed else []
    if len(fold_phrase(written)) < len(fold_line(written)) and fold_line(written) != fold_line(phrase):
        taken.append("marks")
    before = PLAIN
    for name, step in (("digits", (False, False, True)), ("look", (False, True, True)), ("sound", (True, True, True))):
        now = (step[0] and loud[0], step[1] and loud[1], step[2] and loud[2])
        if _apart(phrase, written, now) < _apart(phrase, written, before):
            taken.append(name)
        before = now
    return tuple(taken)


def _apart(phrase: str, written: str, loud: Loud) -> int:
    """Return in how many characters two texts differ under a way of folding."""
    one, other = _key(phrase, loud), _key(written, loud)
    return sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))


def _key(text: str, loud: Loud) -> str:
    return fold_phrase(text, table(loud) if any(loud) else None)


def unreachable(library: Library, segmenter: Segmenter) -> list[Fault]:
    """Return a fault for each phrase that its own list can never hit: it is exempt, or no hit even when it stands alone."""
    faults = []
    for name, words in library.words.items():
        finder = _finder(words, list(words.phrases), segmenter)
        hit = set(finder.find(words).text.tolist())
        for number, phrase in enumerate(words.phrases):
            if number not in hit:
                dropped = sorted({why for one, why in finder.trace(words) if int(one.text[0]) == number and why})
                why = Words("、".join(WHY[one].zh for one in dropped), ", ".join(WHY[one].en for one in dropped))
                what = Words(f"“{phrase}” 永远不会命中：{why.zh}。", f"{phrase!r} can never hit: {why.en}.")
                faults.append(Fault(what, f"words/{name}"))
    return faults


def swallowed(phrases: Iterable[str], segmenter: Segmenter, most: int = 3) -> Mapping[str, tuple[str, ...]]:
    """Return, for phrases that longer dictionary words hold, some of these words: in them a border list does not hit."""
    wanted = {fold_phrase(phrase): phrase for phrase in phrases if len(fold_phrase(phrase)) > 1}
    found: dict[str, list[str]] = {}
    for word in segmenter.words():
        for start in range(len(word) - 1):
            for end in range(start + 2, len(word) + 1):
                phrase = wanted.get(word[start:end])
                if phrase is not None and end - start < len(word) and len(found.get(phrase, ())) < most:
                    found.setdefault(phrase, []).append(word)
    return {phrase: tuple(words) for phrase, words in found.items()}

"""All words and patterns looked for in all texts, chunk by chunk, so that memory stays flat however long the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Ints
from chataudit.rules.fold import fold
from chataudit.rules.model import WordList
from chataudit.rules.patterns import any_of
from chataudit.rules.phrases import Finder, Matches, PhraseIndex
from chataudit.segmenter import Segmenter

CHUNK = 250_000


class Pattern(NamedTuple):
    """An RE2 pattern with a group ``hit``, and one that its hit must not match."""

    pattern: str
    innocent: str | None = None


def search(texts: pa.Array, lists: Mapping[str, WordList], patterns: Mapping[str, Pattern],
           segmenter: Segmenter) -> dict[str, Matches]:
    """Return the matches of every list and pattern, by its key; texts are numbered from 0.

    Words are looked for in folded text without marks, patterns in folded text with its marks (the first match of each
    text counts). A pattern's matches have phrase number 0.
    """
    index = PhraseIndex(lists.values())
    union = any_of([one.pattern for one in patterns.values()])
    parts: dict[str, list[Matches]] = {name: [] for name in (*lists, *patterns)}
    for begin in range(0, len(texts), CHUNK):
        folded = fold(texts.slice(begin, CHUNK))
        if lists:
            finder = Finder(folded, index, segmenter)
            for name, words in lists.items():
                parts[name].append(_moved(finder.find(words), begin))
        if patterns:
            lines = folded.lines()
            at = _candidates(lines, union)
            lines = lines.take(pa.array(at))
            for name, pattern in patterns.items():
                found = _matches(lines, pattern)
                parts[name].append(_moved(found._replace(text=at[found.text]), begin))
    return {name: _joined(found) for name, found in parts.items()}


def _candidates(lines: pa.Array, union: str | None) -> Ints:
    """Return the lines that some pattern matches: one look at each line for all patterns."""
    if union is None:
        return np.arange(len(lines))
    return np.flatnonzero(pc.match_substring_regex(lines, union).to_numpy(zero_copy_only=False))


def _matches(lines: pa.Array, pattern: Pattern) -> Matches:
    at = np.flatnonzero(pc.match_substring_regex(lines, pattern.pattern).to_numpy(zero_copy_only=False))
    lines = lines.take(pa.array(at))
    if pattern.innocent is not None and len(at):
        hit = pc.struct_field(pc.extract_regex(lines, pattern.pattern), "hit")
        guilty = ~pc.match_substring_regex(hit, pattern.innocent).to_numpy(zero_copy_only=False)
        at, lines = at[guilty], lines.filter(pa.array(guilty))
    start, end = _spans(lines, pattern.pattern)
    return Matches(at, start, end, np.zeros(len(at), dtype=np.int64))


def _spans(lines: pa.Array, pattern: str) -> tuple[Ints, Ints]:
    """Return the characters of group ``hit`` in each line; Arrow gives bytes, so the text before is counted."""
    if not len(lines):
        return np.array([], dtype=np.int64), np.array([], dtype=np.int64)
    spans = pc.struct_field(pc.extract_regex_span(lines, pattern), "hit")
    flat = spans.flatten().to_numpy(zero_copy_only=False).reshape(-1, 2).astype(np.int64)
    starts, ends = [], []
    for line, (offset, size) in zip(lines.to_pylist(), flat.tolist(), strict=True):
        raw = line.encode()
        starts.append(len(raw[:offset].decode()))
        ends.append(starts[-1] + len(raw[offset : offset + size].decode()))
    return np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)


def _moved(matches: Matches, by: int) -> Matches:
    return matches._replace(text=matches.text + by)


def _joined(parts: list[Matches]) -> Matches:
    if not parts:
        return Matches(*(np.array([], dtype=np.int64) for _ in range(4)))
    return Matches(*(np.concatenate([part[column] for part in parts]) for column in range(4)))

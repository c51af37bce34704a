"""All words and patterns looked for in all texts, chunk by chunk, so that memory stays flat however long the log."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints
from chataudit.memory import give_back
from chataudit.rules.borders import Borders
from chataudit.rules.entities import LEAST_DIGITS
from chataudit.rules.fold import Folded, fold
from chataudit.rules.letters import Bits, Held, Letters
from chataudit.rules.lists import WordList
from chataudit.rules.loud import Loud, digits_table
from chataudit.rules.phrases import PLAIN, Finder, Matches, PhraseIndex
from chataudit.segmenter import Segmenter

CHUNK = 50_000
MOST_MATCHES, BLANK = 20, 1


class Pattern(NamedTuple):
    """An RE2 pattern with a group ``hit``.

    ``needs``: literals of which a matching text has one; ``letters``: characters of which it has one of each set;
    ``spoken``: it is matched where number words and marked digits stand as digits.
    """

    pattern: str
    needs: frozenset[str] | None = None
    letters: tuple[Letters, ...] = ()
    spoken: bool = False


class Searched(NamedTuple):
    """What one pass over all texts found: the matches of each list, the texts that can match each pattern (None: any may).

    ``lines`` are the texts folded, marks kept, on which patterns are asked later, and only where it matters; ``held`` says
    which sets of letters each of them has, ``asked`` which a pattern asks for.
    """

    matches: dict[str, Matches]
    candidates: dict[str, Ints | None]
    lines: pa.Array
    held: Bits
    asked: dict[str, np.uint64]


def search(
    texts: pa.Array, lists: Mapping[str, WordList], patterns: Mapping[str, Pattern], segmenter: Segmenter, jobs: int = 2
) -> Searched:
    """Return the matches of every list, and where patterns can match; texts are numbered from 0.

    Words are looked for in folded text without marks, patterns in folded text with its marks. What comes and goes can be
    pickled, so that this can be done beside other work.
    """
    searcher = _Searcher(texts, lists, patterns, Borders(segmenter))
    begins = range(0, len(texts), CHUNK)
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        chunks = list(pool.map(searcher.chunk, begins))
    give_back()
    nothing = np.array([], dtype=np.int64)
    candidates: dict[str, Ints | None] = {
        name: np.concatenate([nothing, *(chunk.candidates[name] for chunk in chunks)])
        if pattern.needs is not None or pattern.spoken
        else None
        for name, pattern in patterns.items()
    }
    lines = (
        pa.concat_arrays([chunk.lines for chunk in chunks]) if chunks and patterns else pa.array([], pa.large_string())
    )
    matches = {name: _joined([chunk.matches[name] for chunk in chunks]) for name in lists}
    held = np.concatenate([np.zeros(0, dtype=np.uint64), *(chunk.held for chunk in chunks)])
    return Searched(matches, candidates, lines, held, searcher.asked)


class _Searcher:
    """Searches chunks, also side by side: Arrow and the automaton work outside Python's lock."""

    def __init__(
        self, texts: pa.Array, lists: Mapping[str, WordList], patterns: Mapping[str, Pattern], borders: Borders
    ) -> None:
        self.texts, self.lists, self.patterns, self.borders = texts, lists, patterns, borders
        said: dict[Loud, list[str]] = {PLAIN: []}
        for words in lists.values():
            said.setdefault(words.fold.loud, []).extend(words.phrases)
            said[PLAIN].extend(words.exempt)
        literals = {word for one in patterns.values() for word in one.needs or ()}
        self.indexes = {
            loud: PhraseIndex(phrases, literals if loud == PLAIN else (), loud) for loud, phrases in said.items()
        }

        self.held = Held(one for pattern in patterns.values() for one in pattern.letters)
        self.asked = {name: self.held.asked(pattern.letters) for name, pattern in patterns.items()}

    def chunk(self, begin: int) -> Searched:
        """Return what is found in the chunk that begins at text ``begin``."""
        folded = fold(self.texts.slice(begin, CHUNK))
        finder = Finder(folded, self.indexes[PLAIN], self.borders)
        finders = {
            loud: finder if loud == PLAIN else Finder(folded, index, self.borders, finder)
            for loud, index in self.indexes.items()
        }
        matches = {name: _moved(finders[words.fold.loud].find(words), begin) for name, words in self.lists.items()}
        candidates = self._candidates(folded, finder)
        lines = folded.lines() if self.patterns else pa.array([], pa.large_string())
        moved: dict[str, Ints | None] = {name: texts + begin for name, texts in candidates.items()}
        return Searched(matches, moved, lines, self.held.of(folded), self.asked)

    def _candidates(self, folded: Folded, finder: Finder) -> dict[str, Ints]:
        """Return the texts that can match each pattern of which that can be told."""
        needs = {name: one.needs for name, one in self.patterns.items() if one.needs is not None and not one.spoken}
        candidates = dict(zip(needs, finder.texts_with(list(needs.values())), strict=True))
        spoken = [name for name, one in self.patterns.items() if one.spoken]
        return candidates | dict.fromkeys(spoken, _many_digits(folded)) if spoken else candidates


def _many_digits(folded: Folded) -> Ints:
    """Return the texts that hold enough digits for a spoken number."""
    digits = np.flatnonzero(_are_digits()[folded.points])
    before = np.searchsorted(digits, np.append(folded.starts, len(folded.points)))
    return np.flatnonzero(np.diff(before) >= LEAST_DIGITS)


@cache
def _are_digits() -> Flags:
    """Return for each code point whether a digit can be meant by it."""
    points = digits_table()
    return (points >= ord("0")) & (points <= ord("9"))


def spans_of(lines: pa.Array, pattern: Pattern) -> tuple[Ints, Ints]:
    """Return the half-open characters of a pattern's first match (group ``hit``) in each folded text; all must match."""
    _, start, end = _matches(lines, pattern, 1)
    return start, end


def all_spans_of(lines: pa.Array, pattern: Pattern) -> tuple[Ints, Ints, Ints]:
    """Return text numbers and half-open characters of up to `MOST_MATCHES` matches, left to right, in folded texts."""
    text, start, end = _matches(lines, pattern, MOST_MATCHES)
    order = np.lexsort((start, text))
    return text[order], start[order], end[order]


def _matches(lines: pa.Array, pattern: Pattern, most: int) -> tuple[Ints, Ints, Ints]:
    """Return the matches of each text, one after the other: what was matched is blanked out before the next is sought.

    Arrow gives bytes; the characters before each byte are counted in one go, on the text as it was.
    """
    nothing = np.array([], dtype=np.int64)
    if not len(lines):
        return nothing, nothing, nothing
    offsets = np.frombuffer(lines.buffers()[1], dtype=np.int64)[lines.offset : lines.offset + len(lines) + 1]
    raw = np.frombuffer(lines.buffers()[2], dtype=np.uint8).copy()
    before = np.append(0, np.cumsum((raw & 0xC0) != 0x80, dtype=np.int64))
    at, found = np.arange(len(lines)), []
    for _ in range(most):
        matched = pc.extract_regex_span(lines, pattern.pattern)
        hit = matched.is_valid().to_numpy(zero_copy_only=False)
        if not hit.any():
            break
        spans = pc.struct_field(matched.filter(pa.array(hit)), "hit").flatten().to_numpy(zero_copy_only=False)
        spans = spans.reshape(-1, 2).astype(np.int64)
        at = at[hit]
        start = offsets[at] + spans[:, 0]
        end = start + spans[:, 1]
        found.append((at, before[start] - before[offsets[at]], before[end] - before[offsets[at]]))
        if most == 1:
            break
        for begin, stop in zip(start.tolist(), end.tolist(), strict=True):
            raw[begin:stop] = BLANK
        lines = pa.Array.from_buffers(
            pa.large_string(),
            len(offsets) - 1,
            [None, pa.py_buffer(offsets - offsets[0]), pa.py_buffer(raw[offsets[0] :])],
        ).take(pa.array(at))
    parts = list(zip(*found, strict=True)) if found else [(nothing,)] * 3
    return tuple(np.concatenate(part) for part in parts)  # type: ignore[return-value]


def _moved(matches: Matches, by: int) -> Matches:
    return matches._replace(text=matches.text + by)


def _joined(parts: list[Matches]) -> Matches:
    if not parts:
        return Matches(*(np.array([], dtype=np.int64) for _ in range(4)))
    return Matches(*(np.concatenate([part[column] for part in parts]) for column in range(4)))

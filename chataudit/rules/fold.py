"""Texts folded for matching, with a map back to what was written.

One joined buffer of code points for all texts: width, case and traditional characters are folded one to one by a
table; marks are dropped by a mask, so that ``微 信`` and ``V❤X`` are found. The positions of what is kept are the map.
"""

from __future__ import annotations

import importlib.resources
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Ints
from chataudit.emoji import CODE

Points = npt.NDArray[np.uint32]
SEPARATOR = "\x1e"
KEEP, SOFT, HARD, STRONG = 0, 1, 2, 3
HARD_MARKS = "，,、：:；;（）()【】[]《》<>“”\"‘’'…"
STRONG_MARKS = "。！？!?\n\r；;"
SIZE = 0x110000


@dataclass(frozen=True)
class Folded:
    """Texts as one buffer: ``points`` folded one to one, ``starts`` where each text begins (a separator before it).

    ``written``: the points before folding.
    """

    points: Points
    starts: Ints
    written: Points

    @cached_property
    def classes(self) -> npt.NDArray[np.uint8]:
        """For each point whether it is kept, a soft mark, a sentence mark or a strong one."""
        return tables()[1][self.points]

    @cached_property
    def kept(self) -> Ints:
        """The positions of kept points: from a position in `text` back to the buffer."""
        return np.flatnonzero(self.classes == KEEP).astype(np.int64, copy=False)

    @cached_property
    def bare(self) -> Points:
        """The kept points."""
        return self.points[self.kept]

    @property
    def text(self) -> str:
        """Return the kept points as text, in which phrases are looked for."""
        return self.bare.tobytes().decode("utf-32-le", errors="replace")

    @cached_property
    def hard(self) -> Ints:
        """Positions of sentence marks."""
        return np.flatnonzero(self.classes >= HARD).astype(np.int64)

    @cached_property
    def strong(self) -> Ints:
        """Positions of marks that end a sentence."""
        return np.flatnonzero(self.classes == STRONG).astype(np.int64)

    def through(self, table: Points) -> Folded:
        """Return the same texts folded further by a table; positions stay."""
        return Folded(table[self.points], self.starts, self.written)

    def text_of(self, position: Ints) -> Ints:
        """Return the numbers of the texts that buffer positions lie in."""
        return np.searchsorted(self.starts, position, side="right") - 1

    def text_of_each(self, positions: Ints) -> Ints:
        """Return the same for many positions that stand in order: each text is looked for among them, not they among texts."""
        begins = np.searchsorted(positions, self.starts)
        return np.repeat(np.arange(len(self.starts)), np.diff(begins, append=len(positions)))

    def lines(self) -> pa.Array:
        """Return the folded texts (marks kept, so offsets are those of the originals) as an Arrow array."""
        joined = self.points.tobytes().decode("utf-32-le", errors="replace")
        return pc.split_pattern(pa.array([joined], pa.large_string()), SEPARATOR).flatten()[: len(self.starts)]


def fold(texts: pa.Array) -> Folded:
    """Return Arrow texts (large_string, at most some hundred thousand) folded; nulls count as empty."""
    filled = pc.fill_null(texts, "")
    joined = _joined(filled)
    if joined.count(SEPARATOR) > max(len(filled), 1):
        joined = _joined(pc.replace_substring(filled, SEPARATOR, " "))
    points = np.frombuffer(joined.encode("utf-32-le", errors="replace"), dtype=np.uint32)
    lengths = pc.utf8_length(filled).to_numpy(zero_copy_only=False).astype(np.int64)
    starts = np.cumsum(lengths + 1) - (lengths + 1)
    return Folded(tables()[0][points], starts, points)


def _joined(texts: pa.Array) -> str:
    """Return texts as one, a separator after each."""
    whole = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
    return (pc.binary_join(whole, pa.scalar(SEPARATOR, pa.large_string()))[0].as_py() or "") + SEPARATOR


def fold_phrase(phrase: str, further: Points | None = None) -> str:
    """Return one phrase as it is looked for: folded (by a ``further`` table too), marks dropped.

    >>> fold_phrase("加 ＷＥＣＨＡＴ")
    '加wechat'
    """
    return phrase.translate(_plainly() if further is None else Translation(further))


class Translation(dict[int, str]):
    """What `str.translate` makes of each code point: folded, by a ``further`` table too, or nothing where it is a mark.

    Worked out where it is first met: phrases are many and their characters few.
    """

    def __init__(self, further: Points | None = None) -> None:
        self._further = further

    def __missing__(self, point: int) -> str:
        table, classes = tables()
        folded = int(table[min(point, SIZE - 1)])
        folded = folded if self._further is None else int(self._further[folded])
        self[point] = chr(folded) if classes[folded] == KEEP else ""
        return self[point]


@cache
def _plainly() -> Translation:
    return Translation()


def fold_line(line: str) -> str:
    """Return one text folded one to one, marks kept."""
    table, _ = tables()
    return "".join(chr(table[ord(mark)]) for mark in line)


@cache
def tables() -> tuple[Points, npt.NDArray[np.uint8]]:
    """Return the code-point table (one to one) and the class of each point."""
    table = plain_table(width=True, case=True, traditional=True)
    return table, _classes()


@cache
def plain_table(*, width: bool, case: bool, traditional: bool) -> Points:
    """Return the code-point table that folds what is asked."""
    table = np.arange(SIZE, dtype=np.uint32)
    if width:
        for point in (*range(0xFF01, 0xFFEF), 0x3000):
            narrow = unicodedata.normalize("NFKC", chr(point))
            if len(narrow) == 1:
                table[point] = ord(narrow)
    if case:
        table = _lower()[table]
    if traditional:
        for one, other in _simplified():
            table[ord(one)] = ord(other)
    return table


def _lower() -> Points:
    """Return each point's small letter: the whole alphabet lowered as one text, which is quick."""
    table = np.arange(SIZE, dtype=np.uint32)
    points = table[0x20:0x30000]
    points = points[((points < 0xD800) | (points >= 0xE000)) & (points != 0x130) & (points != 0x3A3)]
    table[points] = np.frombuffer(_as_text(points).lower().encode("utf-32-le"), dtype=np.uint32)
    table[0x3A3] = 0x3C3  # a capital sigma at a word's end has a small form of its own
    return table


def _as_text(points: Points) -> str:
    return points.tobytes().decode("utf-32-le", errors="surrogatepass")


def _classes() -> npt.NDArray[np.uint8]:
    classes = np.zeros(SIZE, dtype=np.uint8)
    categories = "".join(map(unicodedata.category, _as_text(np.arange(0x20000, dtype=np.uint32))))
    majors = np.frombuffer(categories.encode(), dtype=np.uint8)[::2]
    classes[: len(majors)][np.isin(majors, list(b"ZCSPM"))] = SOFT
    classes[ord(SEPARATOR)] = KEEP
    for mark in "%@+￥¥$":  # part of what is said: 100%, +v, @
        classes[ord(mark)] = KEEP
    classes[[ord(mark) for mark in HARD_MARKS]] = HARD
    classes[[ord(mark) for mark in STRONG_MARKS]] = STRONG
    return classes


def _simplified() -> list[tuple[str, str]]:
    """Return OpenCC's one-to-one traditional → simplified characters."""
    data = importlib.resources.files("opencc") / "dictionary" / "TSCharacters.txt"
    pairs = (line.split("\t") for line in data.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return [(one, many.split(" ")[0]) for one, many in pairs if len(one) == 1 and len(many.split(" ")[0]) == 1]


__all__ = ["CODE", "Folded", "fold", "fold_line", "fold_phrase"]

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
    """Texts as one buffer: ``points`` folded one to one, ``starts`` where each text begins (a separator before it)."""

    points: Points
    starts: Ints

    @cached_property
    def classes(self) -> npt.NDArray[np.uint8]:
        """For each point whether it is kept, a soft mark, a sentence mark or a strong one."""
        return tables()[1][self.points]

    @cached_property
    def kept(self) -> Ints:
        """The positions of kept points: from a position in `text` back to the buffer."""
        return np.flatnonzero(self.classes == KEEP).astype(np.int64)

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

    def text_of(self, position: Ints) -> Ints:
        """Return the numbers of the texts that buffer positions lie in."""
        return np.searchsorted(self.starts, position, side="right") - 1

    def lines(self) -> pa.Array:
        """Return the folded texts (marks kept, so offsets are those of the originals) as an Arrow array."""
        joined = self.points.tobytes().decode("utf-32-le", errors="replace")
        return pc.split_pattern(pa.array([joined], pa.large_string()), SEPARATOR).flatten()[:-1]


def fold(texts: pa.Array) -> Folded:
    """Return Arrow texts (large_string, at most some hundred thousand) folded; nulls count as empty."""
    filled = pc.fill_null(texts, "")
    lengths = pc.utf8_length(filled).to_numpy(zero_copy_only=False).astype(np.int64)
    whole = pa.ListArray.from_arrays(pa.array([0, len(filled)], pa.int32()), filled)
    joined = pc.binary_join(whole, pa.scalar(SEPARATOR, pa.large_string()))[0].as_py() or ""
    points = np.frombuffer((joined + SEPARATOR).encode("utf-32-le", errors="replace"), dtype=np.uint32)
    starts = np.cumsum(lengths + 1) - (lengths + 1)
    return Folded(tables()[0][np.minimum(points, SIZE - 1)], starts)


def fold_phrase(phrase: str) -> str:
    """Return one phrase as it is looked for: folded, marks dropped.

    >>> fold_phrase("加 ＷＥＣＨＡＴ")
    '加wechat'
    """
    table, classes = tables()
    return "".join(chr(table[ord(mark)]) for mark in phrase if classes[table[ord(mark)]] == KEEP)


def fold_line(line: str) -> str:
    """Return one text folded one to one, marks kept."""
    table, _ = tables()
    return "".join(chr(table[ord(mark)]) for mark in line)


@cache
def tables() -> tuple[Points, npt.NDArray[np.uint8]]:
    """Return the code-point table (one to one) and the class of each point."""
    table = np.arange(SIZE, dtype=np.uint32)
    for point in range(0x20, 0x30000):
        if 0xD800 <= point < 0xE000:
            continue
        narrow = (
            unicodedata.normalize("NFKC", chr(point)) if 0xFF01 <= point <= 0xFFEE or point == 0x3000 else chr(point)
        )
        lower = narrow.lower()
        if len(lower) == 1:
            table[point] = ord(lower)
    for traditional, simplified in _simplified():
        table[ord(traditional)] = ord(simplified)
    return table, _classes()


def _classes() -> npt.NDArray[np.uint8]:
    classes = np.zeros(SIZE, dtype=np.uint8)
    for point in range(0x20000):
        if unicodedata.category(chr(point))[0] in "ZCSPM" and point not in (0x1E,):
            classes[point] = SOFT
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

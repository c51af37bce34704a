"""A text export as an Arrow array of lines: told apart, taken apart and joined by kernels, not line by line.

A reader of a text layout finds the lines that open something (`Lines.where`), takes them apart (`Lines.parts`), and
joins the lines in between to bodies (`Lines.joined`). Line numbers count from 0 here and from 1 in the tables.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints
from chataudit.errors import Words
from chataudit.ingest.decode import as_utf8, clean_bytes, lost_notes
from chataudit.ingest.heads import head_lines
from chataudit.ingest.sources import Source

HEAD_LINES = 400


class Lines:
    """The lines of a source; ``notes`` say how many characters could not be decoded."""

    def __init__(self, source: Source) -> None:
        encoded = as_utf8(source.whole())
        self.notes: tuple[Words, ...] = lost_notes(source.name, encoded)
        self.array = lines_of(encoded.data)
        self._known: dict[str, Flags] = {}

    def __len__(self) -> int:
        return len(self.array)

    def where(self, pattern: str) -> Flags:
        """Return which lines the RE2 pattern fits (anywhere: write ``^`` and ``$``)."""
        if pattern not in self._known:
            fits = pc.match_substring_regex(self.array, pattern)
            self._known[pattern] = fits.to_numpy(zero_copy_only=False).astype(bool)
        return self._known[pattern].copy()

    def parts(self, pattern: str, at: Ints) -> dict[str, pa.Array]:
        """Return the named groups of ``pattern`` in the lines ``at``, all of which it fits."""
        found = pc.extract_regex(self.array.take(pa.array(at)), pattern)
        return {field.name: found.field(field.name) for field in found.type}

    def trim(self) -> None:
        """Drop the blanks at the end of every line."""
        self._changed(pc.utf8_rtrim_whitespace(self.array))

    def short(self, most: int) -> Flags:
        """Return which lines have at most so many bytes: a longer one opens nothing, whatever it ends with."""
        return pc.less_equal(pc.binary_length(self.array), most).to_numpy(zero_copy_only=False).astype(bool)

    def filled(self) -> Flags:
        """Return which lines hold more than blanks."""
        return self.where(r"[^\s\x{3000}\x{85}\x{A0}]")

    def replaced(self, at: Ints, told: pa.Array) -> None:
        """Put ``told`` in the place of the lines ``at`` (rising)."""
        mask = np.zeros(len(self.array), dtype=bool)
        mask[at] = True
        self._changed(pc.replace_with_mask(self.array, pa.array(mask), told))

    def _changed(self, array: pa.Array) -> None:
        self.array = array
        self._known.clear()

    def joined(self, first: Ints, end: Ints) -> pa.Array:
        """Return the texts of half-open ranges of lines, in the order given."""
        sizes = np.maximum(end - first, 0)
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        at = np.arange(int(offsets[-1])) + np.repeat(first - offsets[:-1], sizes)
        parts = pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), self.array.take(pa.array(at)))
        return pc.binary_join(parts, pa.scalar("\n", pa.large_string()))

    def bodies(self, first: Ints, end: Ints) -> pa.Array:
        """Return joined ranges without blanks at their end."""
        return pc.utf8_rtrim_whitespace(self.joined(first, end))

    def outside(self, first: Ints, end: Ints) -> Flags:
        """Return which filled lines stand in none of the ranges (rising, apart)."""
        inside = np.zeros(len(self.array) + 1, dtype=np.int64)
        np.add.at(inside, first, 1)
        np.add.at(inside, np.maximum(end, first), -1)
        return self.filled() & (np.cumsum(inside)[:-1] == 0)

    def strays(self, which: Flags) -> list[tuple[int, str, str]]:
        """Return lines that belong to no message, as `rejects` wants them."""
        at = np.flatnonzero(which)
        texts = self.array.take(pa.array(at)).to_pylist()
        return [
            (line + 1, "a line that belongs to no message", said) for line, said in zip(at.tolist(), texts, strict=True)
        ]


def lines_of_cells(name: str, cells: Sequence[bytes]) -> tuple[Lines, Ints]:
    """Return the lines of all cells (UTF-8) below each other, and the position of each line's cell."""
    counts = [cell.count(b"\n") + 1 for cell in cells]
    return Lines(Source(name, content=b"\n".join(cells))), np.repeat(np.arange(len(cells)), counts)


def bytes_of(cells: pa.Array) -> list[bytes]:
    """Return text cells as UTF-8, null as nothing: what is made of lines needs no Python text."""
    return pc.fill_null(cells, "").cast(pa.large_binary()).to_pylist()


def head_of(source: Source) -> Lines:
    """Return the first lines of a source, for a look."""
    return source.once(_head_of)


def _head_of(source: Source) -> Lines:
    return Lines(Source(source.name, content="\n".join(head_lines(source)[:HEAD_LINES]).encode(errors="replace")))


def lines_of(data: bytes) -> pa.Array:
    """Return the cleaned lines of UTF-8 as one large_string array."""
    cleaned = clean_bytes(data)
    breaks = np.append(np.flatnonzero(np.frombuffer(cleaned, dtype=np.uint8) == 10), len(cleaned))
    offsets = np.concatenate([[0], breaks - np.arange(len(breaks))])
    words = cleaned.replace(b"\n", b"")
    return pa.LargeStringArray.from_buffers(len(breaks), pa.py_buffer(offsets), pa.py_buffer(words))


def last_at(marks: Ints, places: Ints) -> Ints:
    """Return, for each of ``places``, the position in ``marks`` (rising) of the last mark at or before it, or -1."""
    return np.searchsorted(marks, places, side="right").astype(np.int64) - 1


def next_after(marks: Ints, places: Ints, end: int) -> Ints:
    """Return, for each of ``places``, the next of ``marks`` (rising) after it, or ``end``."""
    return np.append(marks, end)[np.searchsorted(marks, places, side="right")]

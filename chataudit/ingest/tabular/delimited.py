"""CSV and its kin: read fast by Arrow; what Arrow can't take as it stands is mended record by record first.

Mending keeps every record that has the header's cells (empty cells beyond them are dropped) and tells the rest apart:
a record with other cells, and a quote that is opened and never closed, which would swallow the rows after it.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple, TextIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from chataudit.arrays import text
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.decode import Decoded, decode, lost_notes
from chataudit.ingest.raw import rows_where
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular.cleaning import cleaned
from chataudit.ingest.tabular.glance import Glance, glance

BLOCK, BIG_BLOCK = 1 << 20, 1 << 26  # what the processor's cache holds is read twice as fast; a record may be longer
LONGER = "straddling object straddles two block boundaries"  # Arrow's word for a record longer than a block
BIGGEST_CELL = (1 << 31) - (1 << 20)
LONGEST_RECORD = 2_000  # lines that one quoted cell may span before its quote counts as never closed
TIME = r"\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}|(?:^|\D)1\d{9}(?:\d{3})?(?:\D|$)"
TIME_CELL = re.compile(TIME)
BLANKS = ', \t;|"'
Columns = list[pa.Array]


class Row(NamedTuple):
    """A record that is none: its row, what is wrong, its text."""

    row: int
    reason: str
    text: str


@dataclass
class Delimited:
    """The records below the header: text columns, the row of each, those that are none, notes."""

    frame: pd.DataFrame
    rows: np.ndarray
    bad: list[Row] = field(default_factory=list)
    notes: tuple[Words, ...] = ()


def read_delimited(source: Source, width: int, skip: int, delimiter: str, first_row: int, spare: int = 0) -> Delimited:
    """Return the records of ``width`` cells below the first ``skip`` lines, the first of them in row ``first_row``.

    ``spare``: how many delimiters the header ends with (京东 ends all its lines with one).

    Raises:
        Faults: the table can't be read to its end.
    """
    with _stream(source) as file:
        look, decoded = glance(file), None
    data: Any = _named_file(source) or pa.BufferReader(source.whole())
    if look.nul or (columns := _quick(data, look, (width, spare), skip, delimiter)) is None:
        decoded = decode(source.whole()) if look.nul or not _is_utf8(source) else None
        if decoded is not None:
            whole = decoded.text.replace("\x00", "")
            data = pa.BufferReader(whole.encode())
            look = Glance(quotes=whole.count('"'), returns=True, unclean=True)
            columns = _quick(data, look, (width, spare), skip, delimiter)
    notes = lost_notes(source.name, decoded) if decoded is not None else ()
    if columns is not None:
        return Delimited(_frame(columns, look), np.arange(len(columns[0])) + first_row, [], notes)
    with _lines(source, decoded) as lines:
        mender = _Mender(islice(lines, skip, None), width, delimiter, first_row)
        mender.run()
    columns = _parse_mended(source, mender, width, delimiter)
    return Delimited(_frame(columns, look), np.array(mender.rows, dtype=np.int64), mender.bad, notes)


def _named_file(source: Source) -> str | None:
    """Return the path of a file if Arrow can open it by its name, which must be UTF-8."""
    name = str(source.path) if source.path else None
    return name if name and name == name.encode(errors="replace").decode() else None


def _quick(data: Any, look: Glance, width: tuple[int, int], skip: int, delimiter: str) -> Columns | None:
    """Return the cells if Arrow can take them as they stand; ``width``: cells, and empty cells after them."""
    if look.quotes % 2:
        return None
    cells, spare = width
    columns = _parse_any(data, cells + spare, skip, delimiter, quoted=look.quotes > 0)
    if columns is None:
        return _quick(data, look, (cells, 0), skip, delimiter) if spare else None
    if any(column.null_count < len(column) for column in columns[cells:]):
        return None
    return None if look.quotes and _swallowed(columns[:cells], cells, delimiter) else columns[:cells]


def _parse_any(data: Any, width: int, skip: int, delimiter: str, *, quoted: bool) -> Columns | None:
    """Return the cells, however long a record is; None where Arrow can't take them."""
    for block in (BLOCK, BIG_BLOCK):
        if hasattr(data, "seek"):
            data.seek(0)
        try:
            return _parse(data, width, skip, delimiter, block=block, quoted=quoted)
        except pa.ArrowInvalid as error:
            if LONGER not in str(error):
                return None
    return None


def _is_utf8(source: Source) -> bool:
    check = codecs.getincrementaldecoder("utf-8")()
    with _stream(source) as file:
        try:
            while block := file.read(1 << 24):
                check.decode(block)
            check.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _stream(source: Source) -> io.BufferedIOBase:
    return source.path.open("rb") if source.path else io.BytesIO(source.whole())


def _lines(source: Source, decoded: Decoded | None) -> TextIO:
    if decoded is not None:
        return io.StringIO(decoded.text.replace("\x00", ""), newline=None)
    if source.path is not None:
        return source.path.open(encoding="utf-8-sig", newline=None, buffering=1 << 20)
    return io.TextIOWrapper(io.BytesIO(source.whole()), encoding="utf-8-sig", newline=None)


def _parse(data: Any, width: int, skip: int, delimiter: str, *, block: int, quoted: bool = True) -> Columns:
    """Return the cells as text; ``quoted``: whether a cell may span lines, which more threads make slower, not faster."""
    names = [str(number) for number in range(width)]
    table = pa_csv.read_csv(
        data,
        read_options=pa_csv.ReadOptions(column_names=names, skip_rows=skip, block_size=block, use_threads=not quoted),
        parse_options=pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=quoted, ignore_empty_lines=False),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        ),
    )
    with ThreadPoolExecutor(2) as beside:
        return list(beside.map(pa.ChunkedArray.combine_chunks, table.columns))


def _swallowed(columns: Columns, width: int, delimiter: str) -> bool:
    """Return whether a cell holds a line that looks like a row: a quote before it may never have been closed."""
    few = min(max(2, width // 2), 50)
    row = rf"\n(?:[^\n]*?{re.escape(delimiter)}){{{few}}}"
    for column in columns:
        broken = column.take(pa.array(rows_where(column, lambda block: block == ord("\n"))))
        for pattern in (row, TIME):
            broken = pc.filter(broken, pc.match_substring_regex(broken, pattern)) if len(broken) else broken
        if len(broken):
            return True
    return False


def _frame(columns: Columns, look: Glance) -> pd.DataFrame:
    made = cleaned if look.returns or look.unclean else text
    return pd.DataFrame({at: made(column) for at, column in enumerate(columns)})


def _parse_mended(source: Source, mender: _Mender, width: int, delimiter: str) -> Columns:
    data = mender.kept.getvalue()
    if not data:
        return [pa.array([], pa.large_string())] * width
    fits = max(BIG_BLOCK, min(mender.longest + 2, BIGGEST_CELL))
    try:
        return _parse(pa.BufferReader(data), width, 0, delimiter, block=fits)
    except pa.ArrowInvalid as error:
        what = Words(f"表格读不完：{error}", f"The table can't be read to its end: {error}")
        raise Faults(
            [
                Fault(
                    what,
                    source.name,
                    hint=Words("检查引号是否成对、文件是否被截断。", "Check for an unclosed quote or a cut file."),
                )
            ]
        ) from error


class _Mender:
    """Takes the lines record by record; ``kept`` is what is left, as bytes that Arrow can read."""

    def __init__(self, lines: Iterator[str], width: int, delimiter: str, first_row: int) -> None:
        self.lines, self.width, self.delimiter, self.row = lines, width, delimiter, first_row
        self.kept, self.longest = io.BytesIO(), 0
        self.rows: list[int] = []
        self.bad: list[Row] = []
        self._ahead: deque[str] = deque()
        csv.field_size_limit(BIGGEST_CELL)

    def run(self) -> None:
        """Take all records."""
        while (line := self._next()) is not None:
            if '"' in line:
                self._quoted(line)
            else:
                self._plain(line.rstrip("\n"))
            self.row += 1

    def _next(self) -> str | None:
        return self._ahead.popleft() if self._ahead else next(self.lines, None)

    def _plain(self, line: str) -> None:
        cells = line.count(self.delimiter) + 1
        more = line.rsplit(self.delimiter, max(cells - self.width, 0))
        if cells >= self.width and not "".join(more[1:]).strip():
            self._keep(more[0])
        elif line.strip(BLANKS):
            self._cells(line.split(self.delimiter), line)

    def _cells(self, cells: list[str], line: str) -> None:
        """Keep a record whose cells beyond the header's are empty; else it is none."""
        if len(cells) < self.width or any(cell.strip() for cell in cells[self.width :]):
            self.bad.append(Row(self.row, f"{len(cells)} cells, the header has {self.width}", line))
            return
        out = io.StringIO()
        csv.writer(out, delimiter=self.delimiter, lineterminator="\r\n").writerow(cells[: self.width])
        self._keep(out.getvalue()[:-2])

    def _keep(self, line: str) -> None:
        data = line.encode("utf-8", errors="replace")
        self.longest = max(self.longest, len(data))
        self.kept.write(data + b"\n")
        self.rows.append(self.row)

    def _quoted(self, line: str) -> None:
        """Take a record that begins with ``line`` and may go on over the next lines."""
        taken = [line]
        cells = self._record(self._taking(taken), strict=True)
        row = next((at for at, one in enumerate(taken[1:], start=1) if self._looks(one)), None)
        if row is not None:
            self._swallowing(taken, row)
        elif cells is not None:
            self._cells(cells, "".join(taken).rstrip("\n"))
        else:
            self._stray(taken)

    def _taking(self, taken: list[str]) -> Iterator[str]:
        yield taken[0]
        while len(taken) < LONGEST_RECORD and (line := self._next()) is not None:
            taken.append(line)
            yield line

    def _record(self, lines: Iterator[str], *, strict: bool) -> list[str] | None:
        try:
            return next(csv.reader(lines, delimiter=self.delimiter, strict=strict), [])
        except csv.Error:
            return None

    def _looks(self, line: str) -> bool:
        """Return whether a line looks like a whole row: the header's cells, one of them a time."""
        if line.count(self.delimiter) < self.width - 1:
            return False
        cells = self._record(iter([line]), strict=False) or []
        return len(cells) == self.width > 3 and any(TIME_CELL.match(cell.strip()) for cell in cells)

    def _swallowing(self, taken: list[str], row: int) -> None:
        self._ahead.extendleft(reversed(taken[row:]))
        self.bad.append(Row(self.row, "a quote that is never closed", "".join(taken[:row]).rstrip("\n")))

    def _stray(self, taken: list[str]) -> None:
        """Take quotes where none belong as text, if that gives the right cells; else the record is none."""
        reader = csv.reader([*taken, "\n"], delimiter=self.delimiter)
        cells = next(reader, [])
        if reader.line_num == len(taken) < LONGEST_RECORD and len(cells) >= self.width:
            self._cells(cells, "".join(taken).rstrip("\n"))
        else:
            self._swallowing(taken, len(taken) if len(taken) < LONGEST_RECORD else 1)

"""CSV and its kin as sheets: the delimiter and the header are those by which most columns are understood."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple

from chataudit.ingest.heads import head_lines
from chataudit.ingest.rejected import rejects
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular.delimited import read_delimited
from chataudit.ingest.tabular.header import HEADER_ROWS, Header, find_header
from chataudit.ingest.tabular.sheet import Sheet, without_blank

HEADER_LINES = 60
DELIMITERS = ",\t;|"


class Found(NamedTuple):
    """The header, how many lines of text it ends after, the delimiter."""

    header: Header
    lines: int
    delimiter: str


def find_csv_header(source: Source, table: Mapping[str, str], own: Mapping[str, str]) -> Found | None:
    """Return the header that is understood best with any delimiter; None where none is."""
    lines = [f"{line}\n" for line in head_lines(source)[:HEADER_LINES]]
    best: Found | None = None
    for delimiter in DELIMITERS:
        reader = csv.reader(lines, delimiter=delimiter)
        records = [(cells, reader.line_num) for cells in islice(reader, HEADER_ROWS)]
        header = find_header([cells for cells, _ in records], table, own)
        if header is not None and (best is None or header.score > best.header.score):
            best = Found(header, records[header.at][1], delimiter)
    return best


def from_csv(source: Source, table: Mapping[str, str], own: Mapping[str, str]) -> Sheet | None:
    """Return the records below the header; None where no header is understood."""
    found = find_csv_header(source, table, own)
    if found is None:
        return None
    cells = found.header.cells
    while not cells[-1].strip():
        cells = cells[:-1]
    spare = len(found.header.cells) - len(cells)
    read = read_delimited(source, len(cells), found.lines, found.delimiter, found.header.at + 2, spare)
    return without_blank(Sheet(cells, read.frame, read.rows, rejects(source.name, list(read.bad)), read.notes))

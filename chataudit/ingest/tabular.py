"""Any table as text: CSV, TSV, XLSX, XLS, XLSB, JSON, JSON lines, Parquet, told apart by content.

A `Sheet` is the table below its header: the header's cells, a text frame with one column per header cell, and the row
number of each line as a spreadsheet shows it (the header of a plain CSV is row 1). What is no row of the table is a
reject.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from chataudit.arrays import TEXT, text
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.columns import understand
from chataudit.ingest.decode import clean, clean_escaped, decode, lost_notes
from chataudit.ingest.delimited import cleaned, read_delimited
from chataudit.ingest.sources import BROKEN, PARQUET, XLS, ZIP, Source
from chataudit.tables import REJECTS

HEADER_ROWS, HEADER_LINES = 10, 60
DELIMITERS = ",\t;|"
BIGGEST_GRID = 60_000_000
SHEET = re.compile(r"/?xl/worksheets/[^/]+\.xml")
DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]{1,3})(\d{1,7})"')
FILLED_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"(?:[^>/]|/(?!>))*>')


@dataclass(frozen=True)
class Sheet:
    """A table as text (see the module)."""

    header: list[str]
    frame: pd.DataFrame
    rows: np.ndarray
    rejects: pd.DataFrame
    notes: tuple[Words, ...] = ()


Grid = list[list[Any]]


def read_sheet(source: Source, table: Mapping[str, str], own: Mapping[str, str]) -> Sheet | None:
    """Return the table of ``source`` whose header is understood best by ``table`` (and the shop's ``own`` names).

    None where it is no table or no header is understood (fewer than two columns).

    Raises:
        Faults: it is a table by its first bytes, but broken.
    """
    head = source.head()
    if head.startswith((ZIP, XLS)):
        return _from_workbook(source, table, own)
    if head.startswith(PARQUET):
        return _from_parquet(source)
    if decode(head).text.lstrip("\ufeff \t\r\n").startswith(("[", "{")):
        try:
            return _from_json(source)
        except Faults:
            sheet = _from_csv(source, table, own)  # a title in brackets above a table
            if sheet is None:
                raise
            return sheet
    return _from_csv(source, table, own)


class _Header(NamedTuple):
    """How many columns are understood in a row, its position, its cells."""

    score: int
    at: int
    cells: list[str]


def _found_header(grid: Grid, table: Mapping[str, str], own: Mapping[str, str]) -> _Header | None:
    """Return the row, among the first, that most of ``table``'s columns are understood in; None under two."""
    rows = [[_cell(cell) or "" for cell in row] for row in grid[:HEADER_ROWS]]
    headers = [_Header(len(understand(cells, table, own)), at, cells) for at, cells in enumerate(rows)]
    best = max(headers, key=lambda header: header.score, default=None)
    return best if best is not None and best.score >= 2 else None


# --- CSV ---------------------------------------------------------------------------------------------------------


def _from_csv(source: Source, table: Mapping[str, str], own: Mapping[str, str]) -> Sheet | None:
    lines = [f"{line}\n" for line in clean(decode(source.head()).text).split("\n")[:HEADER_LINES]]
    best: tuple[_Header, int, str] | None = None
    for delimiter in DELIMITERS:
        reader = csv.reader(lines, delimiter=delimiter)
        records = [(cells, reader.line_num) for cells in islice(reader, HEADER_ROWS)]
        header = _found_header([cells for cells, _ in records], table, own)
        if header is not None and (best is None or header.score > best[0].score):
            best = header, records[header.at][1], delimiter
    if best is None:
        return None
    (_, at, cells), lines_above, delimiter = best
    while not cells[-1].strip():
        cells = cells[:-1]
    read = read_delimited(source, len(cells), lines_above, delimiter, at + 2)
    return _dropped_blank(Sheet(cells, read.frame, read.rows, rejects(source.name, list(read.bad)), read.notes))


# --- Workbooks ---------------------------------------------------------------------------------------------------


def _from_workbook(source: Source, table: Mapping[str, str], own: Mapping[str, str]) -> Sheet | None:
    """Return the worksheet whose header is understood best, and below it those that have the same columns."""
    grids = workbook_grids(source)
    headers = {name: _found_header(grid, table, own) for name, grid in grids.items()}
    known = {name: header for name, header in headers.items() if header is not None}
    if not known:
        return None
    lead = max(known.values(), key=lambda header: header.score)
    wanted = understand(lead.cells, table, own)
    sheets, notes = [], []
    for name, grid in grids.items():
        columns = understand(known[name].cells, table, own) if name in known else {}
        if columns.keys() == wanted.keys():
            sheets.append(_from_grid(grid, known[name].at, lead, {wanted[key]: columns[key] for key in wanted}))
        elif grid:
            notes.append(
                Words(
                    f"{source.name}：工作表“{name}”没有读（列不同，或看不懂表头）。",
                    f"{source.name}: sheet {name!r} was not read (other columns, or no header understood).",
                )
            )
    return Sheet(
        lead.cells,
        pd.concat([sheet.frame for sheet in sheets], ignore_index=True),
        np.concatenate([sheet.rows for sheet in sheets]),
        REJECTS.empty(),
        tuple(notes),
    )


def workbook_grids(source: Source) -> dict[str, Grid]:
    """Return the cells of each worksheet.

    Raises:
        Faults: no readable workbook.
    """
    try:
        _check_extent(source)
        book = CalamineWorkbook.from_filelike(io.BytesIO(source.whole()))
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, *BROKEN) as error:
        raise _unreadable(source, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the reader's own failure, no class to import
            raise
        raise _unreadable(source, error) from error


def _check_extent(source: Source) -> None:
    """Refuse an xlsx sheet with cells so far out that the reader, which fills all between, would run out of memory.

    A sheet's own word (``dimension``) is taken where it is small; else its filled cells are looked at.
    """
    if not source.head().startswith(ZIP):
        return
    with zipfile.ZipFile(source.path or io.BytesIO(source.whole())) as archive:
        for name in filter(SHEET.fullmatch, archive.namelist()):
            with archive.open(name) as sheet:
                said = DIMENSION.search(sheet.read(4096))
            if said is not None and _area({said.group(1)}, int(said.group(2))) <= BIGGEST_GRID:
                continue
            area = _filled_area(archive, name)
            if area > BIGGEST_GRID:
                what = Words(
                    f"工作表太大：{area} 格（上限 {BIGGEST_GRID}）。",
                    f"A sheet spans {area} cells (at most {BIGGEST_GRID}).",
                )
                hint = Words(
                    "表格远处可能有一个误填的单元格：删掉它，或另存为 CSV。",
                    "A stray cell may stand far out: delete it, or save the sheet as CSV.",
                )
                raise Faults([Fault(what, source.name, hint=hint)])


def _filled_area(archive: zipfile.ZipFile, name: str) -> int:
    columns: set[bytes] = set()
    last, rest = 1, b""
    with archive.open(name) as sheet:
        while block := sheet.read(1 << 24):
            found = FILLED_CELL.findall(rest + block)
            columns |= {column for column, _ in found}
            last = max([last, *(int(row) for _, row in found)])
            rest = block[-200:]
    return _area(columns, last)


def _area(columns: set[bytes], rows: int) -> int:
    def number(letters: bytes) -> int:
        total = 0
        for letter in letters:
            total = total * 26 + letter - 64
        return total

    return max(map(number, columns), default=0) * rows


def _unreadable(source: Source, error: BaseException) -> Faults:
    what = Words(f"工作簿打不开：{error}", f"The workbook can't be opened: {error}")
    return Faults(
        [
            Fault(
                what,
                source.name,
                hint=Words("用 Excel 或 WPS 打开后另存为 xlsx。", "Open it in a spreadsheet and save it as xlsx."),
            )
        ]
    )


def _from_grid(grid: Grid, at: int, lead: _Header, place: Mapping[int, int]) -> Sheet:
    """Return the rows below a grid's header; ``place`` maps the lead header's understood columns to this grid's."""
    body = grid[at + 1 :]
    frame = pd.DataFrame(
        {
            column: cleaned(
                pa.array([_cell(row[from_]) if from_ < len(row) else None for row in body], pa.large_string())
            )
            for column in range(len(lead.cells))
            for from_ in [place.get(column, column)]
        }
    )
    return _dropped_blank(Sheet(lead.cells, frame, np.arange(len(body)) + at + 2, REJECTS.empty()))


def _cell(cell: Any) -> str | None:
    """Return a workbook's cell as text: whole floats as whole numbers, dates in ISO form."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e17 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


# --- JSON and Parquet --------------------------------------------------------------------------------------------


def _from_json(source: Source) -> Sheet:
    decoded = decode(source.whole())
    whole = decoded.text.replace("\ufeff", "")
    try:
        items = _items(json.loads(whole, strict=False))
        bad: list[tuple[int, str, str]] = []
    except (ValueError, RecursionError) as error:
        items, bad = _json_lines(whole)
        if len(items) <= len(bad):
            line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
            said = getattr(error, "msg", error)
            what = Words(f"JSON 语法错误：{said}", f"JSON syntax: {said}")
            hint = Words("文件可能没有导完整。", "The file may be cut off.")
            raise Faults([Fault(what, source.name, line, column, hint)]) from error
    bad += [
        (at, "not an object", clean_escaped(json.dumps(item, ensure_ascii=False)))
        for at, item in items
        if not isinstance(item, dict)
    ]
    objects = [(at, item) for at, item in items if isinstance(item, dict)]
    header = list(dict.fromkeys(key for _, item in objects for key in item))
    frame = pd.DataFrame(
        {at: pd.array([_json_cell(item.get(key)) for _, item in objects], dtype=TEXT) for at, key in enumerate(header)}
    )
    return Sheet(
        [clean_escaped(key) for key in header],
        frame,
        np.array([at for at, _ in objects], dtype=np.int64),
        rejects(source.name, bad),
        lost_notes(source.name, decoded),
    )


def _items(data: Any) -> list[tuple[int, Any]]:
    """Return the numbered items of a list, of the one list of objects in an object, or the object itself."""
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        data = lists[0] if len(lists) == 1 else [data]
    return list(enumerate(data if isinstance(data, list) else [data], start=1))


def _json_lines(whole: str) -> tuple[list[tuple[int, Any]], list[tuple[int, str, str]]]:
    items, bad = [], []
    for number, line in enumerate(whole.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            items.append((number, json.loads(line, strict=False)))
        except (ValueError, RecursionError) as error:
            place = f", column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
            bad.append((number, f"JSON syntax: {getattr(error, 'msg', error)}{place}", line))
    return items, bad


def _json_cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return clean_escaped(value) if value else None
    if isinstance(value, bool | int | float):
        return _cell(value)
    return clean_escaped(json.dumps(value, ensure_ascii=False))


def _from_parquet(source: Source) -> Sheet:
    try:
        table = pq.read_table(pa.BufferReader(source.whole()))
        header = list(table.column_names)
        cells = {at: _parquet_cells(table.column(at)) for at in range(table.num_columns)}
    except (pa.ArrowException, OSError, ValueError) as error:
        what = Words(f"Parquet 文件读不出来：{error}", f"Unreadable Parquet: {error}")
        raise Faults([Fault(what, source.name)]) from error
    return Sheet(header, pd.DataFrame(cells), np.arange(table.num_rows) + 1, REJECTS.empty())


def _parquet_cells(column: pa.ChunkedArray) -> pd.Series:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _parquet_cells(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind):
        instants = pc.round_temporal(column, 1, "millisecond").cast(pa.timestamp("ms", kind.tz))
        if kind.tz:
            instants = instants.cast(pa.timestamp("ms", "UTC"))
        return text(
            pc.strftime(instants, format="%Y-%m-%d %H:%M:%SZ" if kind.tz else "%Y-%m-%d %H:%M:%S").cast(
                pa.large_string()
            )
        )
    if _is_bytes(column):
        raw = column.cast(pa.large_binary()) if not pa.types.is_fixed_size_binary(kind) else column
        cells = [None if cell is None else cell.decode(errors="replace") for cell in raw.to_pylist()]
        return cleaned(pa.array(cells, pa.large_string()))
    if pa.types.is_floating(kind) or pa.types.is_nested(kind):
        cells = [
            _json_cell(cell) if isinstance(cell, float) else None if cell is None else str(cell)
            for cell in column.to_pylist()
        ]
        return cleaned(pa.array(cells, pa.large_string()))
    return cleaned(column.cast(pa.large_string()))


def _is_bytes(column: pa.ChunkedArray) -> bool:
    """Return whether a column holds bytes, or texts that are no UTF-8."""
    kind = column.type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return True
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return True
    return False


# --- Shared ------------------------------------------------------------------------------------------------------


def rejects(name: str, rows: list[tuple[int, str, str]], column: str | None = None) -> pd.DataFrame:
    """Return a rejects table from (row, reason, value)."""
    frame = REJECTS.empty()
    if not rows:
        return frame
    return pd.DataFrame(
        {
            "file": pd.array([name] * len(rows), dtype=TEXT),
            "row": pd.array([row for row, _, _ in rows], dtype="Int64"),
            "column": pd.array([column] * len(rows), dtype=TEXT),
            "reason": pd.array([reason for _, reason, _ in rows], dtype=TEXT),
            "value": pd.array([shortened(value) for _, _, value in rows], dtype=TEXT),
        }
    )


def shortened(value: str, limit: int = 1000) -> str:
    """Return a value short enough to show; what is cut is counted."""
    return value if len(value) <= limit else f"{value[:limit]}… ({len(value)})"


def _dropped_blank(sheet: Sheet) -> Sheet:
    """Leave out rows in which every cell is empty: they hold nothing that could be lost."""
    blank = np.ones(len(sheet.frame), dtype=bool)
    for column in sheet.frame:
        if not blank.any():
            break
        blank &= sheet.frame[column].isna().to_numpy()
    if not blank.any():
        return sheet
    frame = sheet.frame[~blank].reset_index(drop=True)
    return Sheet(sheet.header, frame, sheet.rows[~blank], sheet.rejects, sheet.notes)

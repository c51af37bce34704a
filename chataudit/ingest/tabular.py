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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from chataudit.arrays import TEXT, text
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.columns import understand
from chataudit.ingest.decode import CONTROL_RE2, clean, decode
from chataudit.ingest.sources import PARQUET, XLS, ZIP, Source
from chataudit.tables import REJECTS

HEADER_ROWS = 10
BLOCK = 1 << 26
BIGGEST_CELL = 1 << 30
DELIMITERS = ",\t;|"


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
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"[") or start.startswith(b"{"):
        return _from_json(source)
    return _from_csv(source, table, own)


def _found_header(grid: Grid, table: Mapping[str, str], own: Mapping[str, str]) -> int | None:
    """Return the position of the row, among the first, that most of ``table``'s columns are understood in."""
    scores = [len(understand([_cell(cell) or "" for cell in row], table, own)) for row in grid[:HEADER_ROWS]]
    best = max(range(len(scores)), key=lambda at: scores[at], default=None)
    return best if best is not None and scores[best] >= 2 else None


# --- CSV ---------------------------------------------------------------------------------------------------------


def _from_csv(source: Source, table: Mapping[str, str], own: Mapping[str, str]) -> Sheet | None:
    head = decode(source.head())
    lines = clean(head.text).split("\n")[: HEADER_ROWS + 1]
    for delimiter in DELIMITERS:
        grid: Grid = list(csv.reader(lines[:HEADER_ROWS], delimiter=delimiter, strict=False))
        at = _found_header(grid, table, own)
        if at is not None:
            return _parse_csv(source, grid[at], at, delimiter)
    return None


def _parse_csv(source: Source, header: list[str], skip: int, delimiter: str) -> Sheet:
    names = [str(number) for number in range(len(header))]
    data, encoding, notes = _as_utf8(source)
    bad: list[pa_csv.InvalidRow] = []

    def keep(row: pa_csv.InvalidRow) -> str:
        bad.append(row)
        return "skip"

    def parse(careful: bool, block: int) -> pa.Table:
        handler = keep if careful else (lambda row: "error")
        return pa_csv.read_csv(
            pa.BufferReader(data) if isinstance(data, bytes) else data,
            read_options=pa_csv.ReadOptions(column_names=names, skip_rows=skip + 1, use_threads=not careful,
                                            block_size=block, encoding=encoding),
            parse_options=pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False,
                                              invalid_row_handler=handler),
            convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.large_string()),
                                                  strings_can_be_null=True, quoted_strings_can_be_null=True,
                                                  null_values=[""]))

    size = len(data) if isinstance(data, bytes) else int(source.path.stat().st_size)  # type: ignore[union-attr]
    steps: list[Callable[[], pa.Table]] = [
        lambda: parse(False, BLOCK), lambda: parse(True, BLOCK), lambda: parse(True, min(max(size + 1, BLOCK), BIGGEST_CELL)),
    ]
    for last, step in enumerate(steps, start=1 - len(steps)):
        bad.clear()
        try:
            table = step()
            break
        except (pa.ArrowInvalid, UnicodeDecodeError) as error:
            if last == 0:
                what = Words(f"表格读不完：{error}", f"The table can't be read to its end: {error}")
                raise Faults([Fault(what, source.name, hint=Words("检查引号是否成对、文件是否被截断。",
                                                                  "Check for an unclosed quote or a cut file."))]) from error
    return _csv_sheet(source, header, skip, table, bad, notes)


def _csv_sheet(source: Source, header: list[str], skip: int, table: pa.Table, bad: list[pa_csv.InvalidRow],
               notes: tuple[Words, ...]) -> Sheet:
    numbers = np.array([row.number for row in bad], dtype=np.int64)
    rows = np.setdiff1d(np.arange(table.num_rows + len(bad)) + skip + 2, numbers)[: table.num_rows]
    said = [(int(row.number), f"{row.actual_columns} cells, the header has {row.expected_columns}", row.text)
            for row in bad if row.text.strip(", \t;|")]
    frame = pd.DataFrame({at: _cleaned(table.column(at)) for at in range(table.num_columns)})
    return _dropped_blank(Sheet(header, frame, rows, rejects(source.name, said), notes))


def _as_utf8(source: Source) -> tuple[Any, str, tuple[Words, ...]]:
    """Return what Arrow reads (a path or bytes), its encoding, and a note where characters were lost."""
    whole = _decoder(source)
    if whole == "utf-8":
        return (str(source.path) if source.path else source.bytes()), "utf8", ()
    decoded = decode(source.bytes())
    notes = ()
    if decoded.lost:
        notes = (Words(f"{source.name}：{decoded.lost} 个字符无法按 {decoded.encoding} 解码，以 � 代替。",
                       f"{source.name}: {decoded.lost} characters are no {decoded.encoding}; they stand as �."),)
    return decoded.text.replace("\x00", "").encode(), "utf8", notes


def _decoder(source: Source) -> str:
    """Return ``utf-8`` where the whole source is strict UTF-8 without NULs or lone carriage returns, else ``other``."""
    import codecs

    check = codecs.getincrementaldecoder("utf-8")()
    stream = source.path.open("rb") if source.path else io.BytesIO(source.bytes())
    with stream as file:
        try:
            while block := file.read(1 << 24):
                if b"\x00" in block:
                    return "other"
                check.decode(block)
            check.decode(b"", final=True)
        except UnicodeDecodeError:
            return "other"
    return "utf-8"


def _cleaned(column: pa.ChunkedArray) -> pd.Series:
    if pc.any(pc.match_substring_regex(column, CONTROL_RE2)).as_py():
        column = pc.replace_substring_regex(column, r"\x{A0}", " ")
        column = pc.replace_substring_regex(column, CONTROL_RE2, "")
    return text(column)


# --- Workbooks ---------------------------------------------------------------------------------------------------


def _from_workbook(source: Source, table: Mapping[str, str], own: Mapping[str, str]) -> Sheet | None:
    grids = workbook_grids(source)
    headers = {name: _found_header(grid, table, own) for name, grid in grids.items()}
    understood = [name for name, at in headers.items() if at is not None]
    if not understood:
        return None
    sheets = [_from_grid(source, grids[name], headers[name] or 0) for name in understood]
    first = sheets[0]
    same = [sheet for sheet in sheets if sheet.header == first.header]
    frame = pd.concat([sheet.frame for sheet in same], ignore_index=True)
    notes = tuple(Words(f"{source.name}：工作表“{name}”没有读（看不懂表头）。", f"{source.name}: sheet {name!r} was not read.")
                  for name, at in headers.items() if at is None and grids[name])
    return Sheet(first.header, frame, np.concatenate([sheet.rows for sheet in same]),
                 pd.concat([sheet.rejects for sheet in same], ignore_index=True), notes)


def workbook_grids(source: Source) -> dict[str, Grid]:
    """Return the cells of each worksheet.

    Raises:
        Faults: no readable workbook.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(source.bytes()))
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError, ValueError, KeyError) as error:
        what = Words(f"工作簿打不开：{error}", f"The workbook can't be opened: {error}")
        hint = Words("用 Excel 或 WPS 打开后另存为 xlsx。", "Open it in a spreadsheet and save it as xlsx.")
        raise Faults([Fault(what, source.name, hint=hint)]) from error


def _from_grid(source: Source, grid: Grid, at: int) -> Sheet:
    header = [_cell(cell) or "" for cell in grid[at]]
    body = grid[at + 1 :]
    frame = pd.DataFrame({column: pd.array([_cell(row[column]) if column < len(row) else None for row in body], dtype=TEXT)
                          for column in range(len(header))})
    frame = frame.apply(lambda column: column.map(clean, na_action="ignore")).astype(TEXT) if len(frame) else frame
    sheet = Sheet(header, frame, np.arange(len(body)) + at + 2, REJECTS.empty())
    return _dropped_blank(sheet)


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


def _from_json(source: Source) -> Sheet | None:
    decoded = decode(source.bytes())
    try:
        data = json.loads(decoded.text)
        items = list(enumerate(data, start=1)) if isinstance(data, list) else [(1, data)]
        bad: list[tuple[int, str, str]] = []
    except (json.JSONDecodeError, RecursionError) as error:
        items, bad = _json_lines(decoded.text)
        if len(items) <= len(bad):
            line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
            what = Words(f"JSON 语法错误：{error}", f"JSON syntax: {error}")
            raise Faults([Fault(what, source.name, line, column)]) from error
    bad += [(at, "not an object", json.dumps(item, ensure_ascii=False)) for at, item in items if not isinstance(item, dict)]
    objects = [(at, item) for at, item in items if isinstance(item, dict)]
    header = list(dict.fromkeys(key for _, item in objects for key in item))
    frame = pd.DataFrame({at: pd.array([_json_cell(item.get(key)) for _, item in objects], dtype=TEXT)
                          for at, key in enumerate(header)})
    return Sheet(header, frame, np.array([at for at, _ in objects], dtype=np.int64), rejects(source.name, bad))


def _json_lines(whole: str) -> tuple[list[tuple[int, Any]], list[tuple[int, str, str]]]:
    items, bad = [], []
    for number, line in enumerate(whole.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            items.append((number, json.loads(line)))
        except (json.JSONDecodeError, RecursionError) as error:
            bad.append((number, f"JSON syntax: {error}", line))
    return items, bad


def _json_cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return clean(value) if value else None
    if isinstance(value, bool | int | float):
        return _cell(value)
    return json.dumps(value, ensure_ascii=False)


def _from_parquet(source: Source) -> Sheet:
    try:
        table = pq.read_table(pa.BufferReader(source.bytes()))
    except (pa.ArrowException, OSError) as error:
        what = Words(f"Parquet 文件读不出来：{error}", f"Unreadable Parquet: {error}")
        raise Faults([Fault(what, source.name)]) from error
    frame = pd.DataFrame({at: _parquet_cells(table.column(at)) for at in range(table.num_columns)})
    return Sheet(list(table.column_names), frame, np.arange(table.num_rows) + 1, REJECTS.empty())


def _parquet_cells(column: pa.ChunkedArray) -> pd.Series:
    if pa.types.is_timestamp(column.type):
        iso = column.cast(pa.timestamp("ms", column.type.tz))
        return text(pc.strftime(iso, format="%Y-%m-%d %H:%M:%S%z" if column.type.tz else "%Y-%m-%d %H:%M:%S")
                    .cast(pa.large_string()))
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return text(pa.array([None if cell is None else str(cell) for cell in column.to_pylist()], pa.large_string()))
    return _cleaned(column.cast(pa.large_string()))


# --- Shared ------------------------------------------------------------------------------------------------------


def rejects(name: str, rows: list[tuple[int, str, str]], column: str | None = None) -> pd.DataFrame:
    """Return a rejects table from (row, reason, value)."""
    frame = REJECTS.empty()
    if not rows:
        return frame
    return pd.DataFrame({
        "file": pd.array([name] * len(rows), dtype=TEXT), "row": pd.array([row for row, _, _ in rows], dtype="Int64"),
        "column": pd.array([column] * len(rows), dtype=TEXT),
        "reason": pd.array([reason for _, reason, _ in rows], dtype=TEXT),
        "value": pd.array([shortened(value) for _, _, value in rows], dtype=TEXT)})


def shortened(value: str, limit: int = 1000) -> str:
    """Return a value short enough to show; what is cut is counted."""
    return value if len(value) <= limit else f"{value[:limit]}… ({len(value)})"


def _dropped_blank(sheet: Sheet) -> Sheet:
    """Leave out rows in which every cell is empty: they hold nothing that could be lost."""
    blank = sheet.frame.isna().all(axis=1).to_numpy() if len(sheet.frame) else np.array([], dtype=bool)
    if not blank.any():
        return sheet
    return Sheet(sheet.header, sheet.frame[~blank].reset_index(drop=True), sheet.rows[~blank], sheet.rejects, sheet.notes)

"""Workbooks (XLSX, XLS, XLSB) as sheets, by calamine; an xlsx that would unpack beyond memory is refused."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.columns import understand
from chataudit.ingest.sources import BROKEN, ZIP, Source
from chataudit.ingest.tabular.cells import cell_texts
from chataudit.ingest.tabular.cleaning import cleaned
from chataudit.ingest.tabular.header import Grid, Header, find_header
from chataudit.ingest.tabular.sheet import Sheet, without_blank
from chataudit.tables import REJECTS

BIGGEST_GRID = 60_000_000
SHEET = re.compile(r"/?xl/worksheets/[^/]+\.xml")
DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]{1,3})(\d{1,7})"')
FILLED_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"(?:[^>/]|/(?!>))*>')


def from_workbook(source: Source, table: Mapping[str, str], own: Mapping[str, str]) -> Sheet | None:
    """Return the worksheet whose header is understood best, and below it those that have the same columns."""
    grids = source.once(workbook_grids)
    headers = {name: find_header(grid, table, own) for name, grid in grids.items()}
    known = {name: header for name, header in headers.items() if header is not None}
    if not known:
        return None
    lead = max(known.values(), key=lambda header: header.score)
    wanted = understand(lead.cells, table, own)
    sheets, notes = [], []
    for name, grid in grids.items():
        columns = understand(known[name].cells, table, own) if name in known else {}
        if columns.keys() == wanted.keys():
            place = {wanted[key]: columns[key] for key in wanted}
            sheets.append((name, _from_grid(grid, known[name].at, lead, place)))
        elif grid:
            notes.append(
                Words(
                    f"{source.name}：工作表“{name}”没有读（列不同，或看不懂表头）。",
                    f"{source.name}: sheet {name!r} was not read (other columns, or no header understood).",
                )
            )
    return Sheet(
        lead.cells,
        pd.concat([sheet.frame for _, sheet in sheets], ignore_index=True),
        np.concatenate([sheet.rows for _, sheet in sheets]),
        REJECTS.empty(),
        tuple(notes),
        np.concatenate([np.full(len(sheet.rows), name, dtype=object) for name, sheet in sheets]),
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


def _from_grid(grid: Grid, at: int, lead: Header, place: Mapping[int, int]) -> Sheet:
    """Return the rows below a grid's header; ``place`` maps the lead header's understood columns to this grid's."""
    body = grid[at + 1 :]
    frame = pd.DataFrame(
        {
            column: cleaned(cell_texts([row[from_] if from_ < len(row) else None for row in body]))
            for column in range(len(lead.cells))
            for from_ in [place.get(column, column)]
        }
    )
    return without_blank(Sheet(lead.cells, frame, np.arange(len(body)) + at + 2, REJECTS.empty()))

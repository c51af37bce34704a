"""Any table as text: CSV, TSV, XLSX, XLS, XLSB, JSON, JSON lines, Parquet, told apart by content."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from chataudit.errors import Faults
from chataudit.ingest.heads import head_text
from chataudit.ingest.sources import PARQUET, XLS, ZIP, Source
from chataudit.ingest.tabular.csv_tables import find_csv_header, from_csv
from chataudit.ingest.tabular.header import Grid
from chataudit.ingest.tabular.json_tables import from_json, json_header
from chataudit.ingest.tabular.parquet_tables import from_parquet
from chataudit.ingest.tabular.sheet import Sheet
from chataudit.ingest.tabular.workbooks import from_workbook, workbook_grids


def read_sheet(source: Source, table: Mapping[str, str], own: Mapping[str, str]) -> Sheet | None:
    """Return the table of ``source`` whose header is understood best by ``table`` (and the shop's ``own`` names).

    None where it is no table or no header is understood (fewer than two columns).

    Raises:
        Faults: it is a table by its first bytes, but broken.
    """
    head = source.head()
    if head.startswith((ZIP, XLS)):
        return from_workbook(source, table, own)
    if head.startswith(PARQUET):
        return source.once(from_parquet)
    if is_json(source):
        try:
            return source.once(from_json)
        except Faults:
            sheet = from_csv(source, table, own)  # a title in brackets above a table
            if sheet is None:
                raise
            return sheet
    return from_csv(source, table, own)


def read_header(source: Source, table: Mapping[str, str], own: Mapping[str, str]) -> list[str] | None:
    """Return the header that `read_sheet` would find; of a delimited text only its first lines are read, of JSON its keys."""
    if is_json(source):
        with suppress(Faults):
            return json_header(source)
    if source.head().startswith((ZIP, XLS, PARQUET)) or is_json(source):
        sheet = read_sheet(source, table, own)
        return sheet.header if sheet is not None else None
    found = find_csv_header(source, table, own)
    return found.header.cells if found is not None else None


def is_json(source: Source) -> bool:
    """Return whether the text begins as JSON does."""
    return head_text(source).lstrip().startswith(("[", "{"))


__all__ = ["Grid", "Sheet", "is_json", "read_header", "read_sheet", "workbook_grids"]

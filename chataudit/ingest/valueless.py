"""Cells of an XLSX that were written to and still hold no value: formulas never calculated, errors.

A reader of values gives both as empty cells, and a figure that failed would pass for one that nobody filled in.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree import ElementTree

from chataudit.ingest.sources import BROKEN, ZIP, Source

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def valueless(source: Source) -> dict[str, str]:
    """Return by worksheet and cell (``填报表!D2``) what stands for a value: ``=`` a formula, ``#N/A`` an error.

    Nothing where it can't be told: other formats than XLSX, parts that can't be read.
    """
    if not source.head().startswith(ZIP):
        return {}
    try:
        with zipfile.ZipFile(source.path or io.BytesIO(source.whole())) as archive:
            return {
                f"{title}!{cell}": held
                for title, part in _worksheets(archive)
                for cell, held in _cells(archive.open(part))
            }
    except (ElementTree.ParseError, *BROKEN):
        return {}


def _worksheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield each worksheet's title and its part of the archive."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): str(one.get("Target")) for one in relations}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iterfind("{*}sheets/{*}sheet"):
        target = targets.get(sheet.get(RELATION) or sheet.get(STRICT_RELATION))
        if target is not None:
            yield str(sheet.get("name")), posixpath.join("/xl", target).lstrip("/")


def _cells(sheet: IO[bytes]) -> Iterator[tuple[str, str]]:
    with sheet:
        for _, found in ElementTree.iterparse(sheet):
            if found.tag.endswith("}c"):
                held = _held(found)
                if held is not None and found.get("r"):
                    yield str(found.get("r")), held
            elif found.tag.endswith("}row"):
                found.clear()


def _held(cell: ElementTree.Element) -> str | None:
    value, kind = cell.findtext("{*}v"), cell.get("t")
    if kind == "e":
        return value or "#N/A"
    # A formula whose result is the empty text (``t="str"``) was calculated: its cell is meant to be empty.
    return "=" if kind != "str" and not value and cell.find("{*}f") is not None else None

"""Sheets that people filled in: long tables of figures, and the checklists workbook handed back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.companions import read_companion
from chataudit.ingest.inputs import Input
from chataudit.ingest.sources import ZIP, Source
from chataudit.ingest.tabular import Grid, workbook_grids
from chataudit.settings import Settings
from chataudit.tables import OUTCOMES

# The columns by which a filled checklist is known, in both languages; the report writes the same.
KEYS = {
    "card": ("评分表编号", "card id"),
    "session_id": ("会话编号", "session id"),
    "agent": ("客服", "agent"),
    "item": ("编号", "item"),
    "outcome": ("人工判定", "person's mark"),
    "points": ("人工得分", "person's points"),
    "rater": ("评分人", "rater"),
    "remark": ("备注", "remark"),
}
VERDICTS = {
    "met": ("符合", "met"),
    "partly": ("部分符合", "partly"),
    "not_met": ("不符合", "not met"),
    "not_applicable": ("不适用", "not applicable"),
}
assert set(VERDICTS) < set(OUTCOMES)
GUARD = re.compile(r"^'(?=[=+\-@\t\r])")


@dataclass(frozen=True)
class FilledFile:
    """One sheet file: its place in the run, and a long table or verdicts on conversations (or both None: none)."""

    input: Input
    sheet: pd.DataFrame | None
    verdicts: pd.DataFrame | None


def read_sheet_file(path: Path, settings: Settings) -> FilledFile:
    """Return what people filled in.

    Raises:
        Faults: every bad cell, by sheet, cell and reason.
    """
    if not path.is_file():
        raise Faults([Fault(Words("没有这个文件。", "No such file."), str(path))])
    source = Source(path.name, path, named=True)
    if source.head().startswith(ZIP):
        verdicts = read_verdicts(source)
        if verdicts is not None:
            return FilledFile(Input(path.name, source.digest(), "checklists", len(verdicts)), None, verdicts)
    sheet = read_companion(source, "sheets", settings)
    return FilledFile(Input(path.name, source.digest(), "sheets", len(sheet)), sheet, None)


def read_verdicts(source: Source) -> pd.DataFrame | None:
    """Return the verdicts of a checklists workbook, None where it is none.

    Raises:
        Faults: every bad cell, by sheet, cell and reason.
    """
    rows: list[dict[str, Any]] = []
    faults: list[Fault] = []
    known, rater = False, "supervisor"
    for name, grid in workbook_grids(source).items():
        columns: dict[str, int] | None = None
        for number, cells in enumerate(grid, start=1):
            header = _header(cells)
            if header is not None:
                columns, known = header, True
            elif columns is not None:
                rows += _row(source.name, name, number, cells, columns, rater, faults)
            else:
                rater = _cover_rater(cells) or rater
    if faults:
        raise Faults(faults)
    return pd.DataFrame(rows, columns=[*KEYS, "file", "row"]) if known else None


def _header(cells: list[Any]) -> dict[str, int] | None:
    said = {str(cell).strip().lower(): at for at, cell in enumerate(cells) if cell not in (None, "")}
    found = {key: said[word] for key, words in KEYS.items() for word in words if word in said}
    return found if {"card", "session_id", "item", "outcome"} <= found.keys() else None


def _cover_rater(cells: list[Any]) -> str:
    """Return the name beside the cover's label (a spot-check workbook has one rater for all)."""
    said = [str(cell if cell is not None else "").strip() for cell in cells[:2]]
    return GUARD.sub("", said[1]) if len(said) == 2 and said[0].lower() in KEYS["rater"] else ""


def _row(
    file: str, sheet: str, number: int, cells: list[Any], columns: dict[str, int], rater: str, faults: list[Fault]
) -> Iterator[dict[str, Any]]:
    def cell(key: str) -> str:
        at = columns.get(key, len(cells))
        value = cells[at] if at < len(cells) else ""
        value = int(value) if isinstance(value, float) and value.is_integer() else value
        return GUARD.sub("", str(value if value is not None else "")).strip()

    if not cell("card") or not (cell("outcome") or cell("points")):
        return
    place = f"{file} [{sheet}]"
    outcome = next((key for key, words in VERDICTS.items() if cell("outcome").lower() in words), None)
    if cell("outcome") and outcome is None:
        allowed = " ".join(words[0] for words in VERDICTS.values())
        faults.append(_bad(place, number, columns["outcome"], cell("outcome"), allowed))
        return
    try:
        points = float(cell("points")) if cell("points") else None
    except ValueError:
        faults.append(_bad(place, number, columns["points"], cell("points"), "0, 1.5, 3 …"))
        return
    yield {
        "card": cell("card"),
        "session_id": cell("session_id"),
        "agent": cell("agent") or None,
        "item": cell("item"),
        "outcome": outcome,
        "points": points,
        "rater": cell("rater") or rater,
        "remark": cell("remark") or None,
        "file": place,
        "row": number,
    }


def _bad(place: str, number: int, column: int, value: str, allowed: str) -> Fault:
    return Fault(
        Words(f"“{value}” 填得不对。", f"{value!r} is wrong here."),
        place,
        number,
        column + 1,
        Words(f"可填：{allowed}", f"Allowed: {allowed}"),
    )


__all__ = ["KEYS", "VERDICTS", "FilledFile", "Grid", "read_sheet_file", "read_verdicts"]

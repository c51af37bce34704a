"""A table as text: what every kind of table file is read to.

A `Sheet` is the table below its header: the header's cells, a text frame with one column per header cell, and the row
number of each line as a spreadsheet shows it (the header of a plain CSV is row 1). What is no row of the table is a
reject.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.errors import Words


@dataclass(frozen=True)
class Sheet:
    """A table as text (see the module)."""

    header: list[str]
    frame: pd.DataFrame
    rows: np.ndarray
    rejects: pd.DataFrame
    notes: tuple[Words, ...] = ()
    titles: np.ndarray | None = None
    """Of a workbook the worksheet of each row."""


def without_blank(sheet: Sheet) -> Sheet:
    """Leave out rows in which every cell is empty: they hold nothing that could be lost."""
    blank = np.ones(len(sheet.frame), dtype=bool)
    for column in sheet.frame:
        if not blank.any():
            break
        blank &= sheet.frame[column].isna().to_numpy()
    if not blank.any():
        return sheet
    frame = sheet.frame[~blank].reset_index(drop=True)
    titles = None if sheet.titles is None else sheet.titles[~blank]
    return Sheet(sheet.header, frame, sheet.rows[~blank], sheet.rejects, sheet.notes, titles)


def cell_name(row: int, column: int) -> str:
    """Return a cell's name in a spreadsheet; rows count from 1, columns from 0.

    >>> cell_name(12, 5), cell_name(1, 27)
    ('F12', 'AB1')
    """
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"

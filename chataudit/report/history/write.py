"""A period's report written to a folder: a page, and its figures as a table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from chataudit import tables
from chataudit.arrays import as_code, text
from chataudit.history import Standing
from chataudit.report.csvs import write_table
from chataudit.report.folder import written_whole
from chataudit.report.history.page import render_standing


def write_standing(standing: Standing, out: Path, *, lang: str = "zh") -> None:
    """Write ``index.html`` and ``tables/changes.csv`` into ``out``.

    Raises:
        Faults: the folder can't be written.
    """
    with written_whole(out) as made:
        (made / "tables").mkdir()
        write_table(_table(standing), tables.CHANGES, made / "tables" / "changes.csv")
        (made / "index.html").write_text(render_standing(standing, lang), encoding="utf-8")


def _table(standing: Standing) -> pd.DataFrame:
    rows = [
        (standing.period.name, standing.before.name, line.subject or None, one.figure.name, one.value, one.before)
        for line in standing.lines
        for one in line.changes
    ]
    names = tables.CHANGES.names
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {name: () for name in names}
    frame = pd.DataFrame({name: as_code(text(list(columns[name]))) for name in names[:4]})
    for name in names[4:]:
        frame[name] = pd.Series([None if one is None else float(one) for one in columns[name]], dtype=float)
    return frame

"""Labels of conversations in a plain table: ``session_id, label``; a number, lower is worse."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.columns import LABELS, understand
from chataudit.ingest.inputs import Input
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import Sheet, read_sheet


def read_labels(path: Path) -> tuple[dict[str, float], Input]:
    """Return the label of each session named in a table, and the trace of its file; rows without a label count nothing.

    Raises:
        Faults: no such file, columns that are missing, no numbers, two labels for one session; all at once.
    """
    if not path.is_file():
        raise Faults([Fault(Words("没有这个文件。", "No such file."), str(path))])
    source = Source(path.name, path, named=True)
    sheet = read_sheet(source, LABELS, {})
    columns = understand(sheet.header, LABELS) if sheet is not None else {}
    if sheet is None or set(columns) < set(LABELS):
        lacks = "、".join(name for name in LABELS if name not in columns)
        what = Words(f"缺少列：{lacks}。", f"Columns missing: {', '.join(set(LABELS) - set(columns))}.")
        hint = Words(
            "要有两列：session_id,label（数字，越低越差）。", "Two columns: session_id,label (lower is worse)."
        )
        raise Faults([Fault(what, source.name, 1, hint=hint)])
    labels: dict[str, float] = {}
    faults: list[Fault] = []
    for row, name, cell in _cells(sheet, columns):
        value = _number(cell)
        if value is None:
            what = Words(f"标签要写数字，而不是 {cell[:40]!r}。", f"A label is a number, not {cell[:40]!r}.")
            faults.append(Fault(what, source.name, row, columns["label"] + 1))
        elif labels.setdefault(name, value) != value:
            what = Words(f"会话 {name!r} 有两个不同的标签。", f"Session {name!r} has two different labels.")
            faults.append(Fault(what, source.name, row, columns["session_id"] + 1))
    if faults:
        raise Faults(faults)
    return labels, Input(path.name, source.digest(), "labels", len(labels))


def _cells(sheet: Sheet, columns: dict[str, int]) -> Iterator[tuple[int, str, str]]:
    """Yield the row, session and label of each row that has both."""
    named, given = (sheet.frame[columns[name]].astype(object) for name in ("session_id", "label"))
    for row, name, cell in zip(sheet.rows, named, given, strict=True):
        if isinstance(name, str) and isinstance(cell, str) and name.strip() and cell.strip():
            yield int(row), name.strip(), cell.strip()


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None

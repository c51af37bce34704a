"""An audit written to a folder: page, workbook, tables, run; all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chataudit.audit import Audit, Progress, quiet
from chataudit.report.apart import Apart
from chataudit.report.basis import Basis
from chataudit.report.book import book_of
from chataudit.report.csvs import write_tables
from chataudit.report.folder import written_whole
from chataudit.report.page import draw_page
from chataudit.report.wording import Speech
from chataudit.report.workbook import draw_workbook

LARGE = 50_000  # messages from which on a second process saves more than it takes to start


def write(
    audit: Audit,
    out: Path,
    *,
    sample: int = 10,
    masked: bool = True,
    lang: str = "zh",
    jobs: int = 2,
    progress: Progress = quiet,
    before: Callable[[], object] = lambda: None,
) -> None:
    """Write ``index.html``, ``checklists.xlsx``, ``run.json`` and ``tables/*.csv`` into ``out``.

    They are made in a folder beside it and moved in one after the other only when all are whole; files of an earlier
    audit are replaced, other files stay. With more than one of ``jobs`` a large audit's workbook is drawn by a process of
    its own; the files are the same. ``before`` is called when they are whole and not yet moved: what it raises leaves the
    folder as it was.

    Raises:
        Faults: the folder can't be written.
    """
    wanted = jobs > 1 and len(audit.messages) >= LARGE
    with written_whole(out) as made, Apart(wanted=wanted) as apart:
        progress("write", 0, 3)
        with ThreadPoolExecutor(1) as beside:  # Arrow writes the tables outside Python's lock
            tables = beside.submit(write_tables, audit.tables(), made / "tables", masked=masked, jobs=jobs)
            basis = Basis.of(audit, sample, Speech(lang, masked))
            workbook = apart.begin(draw_workbook, book_of(basis), made / "checklists.xlsx")
            (made / "index.html").write_text(draw_page(basis), encoding="utf-8")
            progress("write", 1, 3)
            workbook()
            progress("write", 2, 3)
            tables.result()
        run = {**audit.run, "report": {"sample": sample, "masked": masked}}
        text = json.dumps(run, ensure_ascii=False, indent=1, sort_keys=True)
        (made / "run.json").write_text(text + "\n", encoding="utf-8")
        before()
    progress("write", 3, 3)

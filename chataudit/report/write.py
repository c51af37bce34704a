"""An audit written to a folder: page, workbook, tables, run; all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chataudit.audit import Audit, Progress, quiet
from chataudit.report.csvs import write_tables
from chataudit.report.folder import written_whole
from chataudit.report.page import render_page
from chataudit.report.workbook import write_workbook


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
    audit are replaced, other files stay. ``before`` is called when they are whole and not yet moved: what it raises
    leaves the folder as it was.

    Raises:
        Faults: the folder can't be written.
    """
    with written_whole(out) as made:
        progress("write", 0, 3)
        with ThreadPoolExecutor(1) as beside:  # Arrow writes the tables outside Python's lock
            tables = beside.submit(write_tables, audit.tables(), made / "tables", masked=masked, jobs=jobs)
            page = render_page(audit, sample=sample, masked=masked, lang=lang)
            (made / "index.html").write_text(page, encoding="utf-8")
            progress("write", 1, 3)
            write_workbook(audit, made / "checklists.xlsx", sample=sample, masked=masked, lang=lang)
            progress("write", 2, 3)
            tables.result()
        run = {**audit.run, "report": {"sample": sample, "masked": masked}}
        text = json.dumps(run, ensure_ascii=False, indent=1, sort_keys=True)
        (made / "run.json").write_text(text + "\n", encoding="utf-8")
        before()
    progress("write", 3, 3)

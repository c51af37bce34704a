"""An audit written to a folder: page, workbook, tables, run; all of it or nothing."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chataudit.audit import Audit, Progress, quiet
from chataudit.errors import Fault, Faults, Words
from chataudit.report.csvs import write_tables
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
) -> None:
    """Write ``index.html``, ``checklists.xlsx``, ``run.json`` and ``tables/*.csv`` into ``out``.

    They are made in a folder beside it and moved in one after the other only when all are whole; files of an earlier
    audit are replaced, other files stay.

    Raises:
        Faults: the folder can't be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
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
            _move_in(made, out)
            progress("write", 3, 3)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        what = Words(f"写不进去：{error.strerror or error}", f"Can't be written: {error.strerror or error}")
        hint = Words(
            "检查磁盘空间和权限，或用 --out 换一个文件夹。",
            "Check space and rights, or choose another folder with --out.",
        )
        raise Faults([Fault(what, str(out), hint=hint)]) from error


def _move_in(made: Path, out: Path) -> None:
    if not out.exists():
        made.chmod(0o777 & ~_umask())
        made.rename(out)
        return
    (out / "tables").mkdir(exist_ok=True)
    for file in sorted(one for one in made.rglob("*") if one.is_file()):
        file.replace(out / file.relative_to(made))


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current

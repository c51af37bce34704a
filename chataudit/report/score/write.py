"""A filled card written to a folder: page, workbook, tables, run; all of it or nothing."""

from __future__ import annotations

import json
from pathlib import Path

from chataudit import tables
from chataudit.report.csvs import write_table
from chataudit.report.folder import written_whole
from chataudit.report.score.page import render_score
from chataudit.report.score.tables import score_tables
from chataudit.report.score.views import view_of
from chataudit.report.score.workbook import write_score_workbook
from chataudit.scoring import Scored


def write_score(scored: Scored, out: Path, *, lang: str = "zh") -> None:
    """Write ``index.html``, ``score.xlsx``, ``run.json`` and ``tables/*.csv`` into ``out``.

    Raises:
        Faults: the folder can't be written.
    """
    frames = score_tables(scored, lang)
    with written_whole(out) as made:
        (made / "tables").mkdir()
        for name, frame in frames.items():
            write_table(frame, getattr(tables, name.upper()), made / "tables" / f"{name}.csv")
        view = view_of(scored, lang)
        (made / "index.html").write_text(render_score(scored, view, lang), encoding="utf-8")
        write_score_workbook(scored, view, made / "score.xlsx", lang)
        text = json.dumps(scored.run, ensure_ascii=False, indent=1, sort_keys=True)
        (made / "run.json").write_text(text + "\n", encoding="utf-8")

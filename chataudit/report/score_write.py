"""A filled card written to a folder: page, workbook, tables, run; all of it or nothing."""

from __future__ import annotations

import json
from pathlib import Path

from chataudit import tables
from chataudit.report.csvs import write_table
from chataudit.report.folder import written_whole
from chataudit.report.score_tables import score_tables
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
        text = json.dumps(scored.run, ensure_ascii=False, indent=1, sort_keys=True)
        (made / "run.json").write_text(text + "\n", encoding="utf-8")

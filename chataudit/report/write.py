"""An audit written to a folder: page, workbook, tables, run; all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from chataudit.apart import HERE, Apart
from chataudit.audit import Audit, Progress, quiet
from chataudit.privacy import Masks
from chataudit.report.basis import Basis
from chataudit.report.book import book_of
from chataudit.report.csvs import with_masked_spans, write_named
from chataudit.report.folder import moved_in, told
from chataudit.report.page import Charts, Figures, begin_times, draw_page
from chataudit.report.wording import Speech
from chataudit.report.workbook import draw_workbook
from chataudit.settings import Settings

LARGE = 50_000  # messages from which on charts and workbook alone are worth a second interpreter


class Report:
    """A report on its way into a folder: tables as soon as they are final, the rest when the audit is done."""

    def __init__(
        self,
        out: Path,
        folder: Path,
        settings: Settings,
        beside: ThreadPoolExecutor,
        apart: Apart,
        sample: int,
        speech: Speech,
        progress: Progress,
    ) -> None:
        self._out, self._folder, self._settings, self._beside, self._apart = out, folder, settings, beside, apart
        self._sample, self._speech, self._progress = sample, speech, progress
        self._tables: dict[str, Future[dict[str, Masks]]] = {}
        self._times: Charts | None = None

    def take(self, name: str, table: pd.DataFrame) -> None:
        """Begin to write a table that will not change any more, and charts that need no other.

        Arrow writes outside Python's lock, beside other work.
        """
        self._tables[name] = self._beside.submit(self._write, name, table)
        if name == "rounds":
            self._times = begin_times(table, self._settings, self._speech, self._apart)

    def _write(self, name: str, table: pd.DataFrame) -> dict[str, Masks]:
        return write_named(name, table, self._folder / "tables", masked=self._speech.masked)

    def _write_hits(self, hits: pd.DataFrame, messages: pd.DataFrame) -> dict[str, Masks]:
        masks = self._tables["messages"].result()  # begun before these
        return self._write("hits", with_masked_spans(hits, messages, masks["text"]))

    def finish(self, audit: Audit) -> None:
        """Write everything else that there is of an audit.

        Raises:
            Faults: it can't be written.
        """
        with told(self._out):
            self._write_all(audit)

    def _write_all(self, audit: Audit) -> None:
        speech = self._speech
        self._progress("write", 0, 3)
        self._take_rest(audit)
        basis = Basis.of(audit, self._sample, speech)
        figures = Figures.of(basis, self._times, self._apart)
        workbook = self._apart.begin(draw_workbook, book_of(basis), self._folder / "checklists.xlsx")
        (self._folder / "index.html").write_text(draw_page(basis, figures), encoding="utf-8")
        self._progress("write", 1, 3)
        workbook()
        self._progress("write", 2, 3)
        for table in self._tables.values():
            table.result()
        run = {**audit.run, "report": {"sample": self._sample, "masked": speech.masked}}
        text = json.dumps(run, ensure_ascii=False, indent=1, sort_keys=True)
        (self._folder / "run.json").write_text(text + "\n", encoding="utf-8")

    def _take_rest(self, audit: Audit) -> None:
        frames = audit.tables()
        for name, table in frames.items():
            if name == "hits" and self._speech.masked:
                self._tables[name] = self._beside.submit(self._write_hits, table, frames["messages"])
            elif name not in self._tables:
                self.take(name, table)


@contextmanager
def writing(
    out: Path,
    settings: Settings,
    *,
    sample: int = 10,
    masked: bool = True,
    lang: str = "zh",
    jobs: int = 2,
    apart: Apart = HERE,
    progress: Progress = quiet,
) -> Iterator[Report]:
    """Give a report that is to become ``index.html``, ``checklists.xlsx``, ``run.json`` and ``tables/*.csv`` in ``out``.

    The files are made in a folder beside it and moved in one after the other at the end, only when all are whole; files
    of an earlier audit are replaced, other files stay. ``jobs`` tables are written at the same time, and what can be
    done ``apart`` is; the files are the same.

    Raises:
        Faults: the folder can't be written.
    """
    with moved_in(out) as made, ThreadPoolExecutor(max(1, jobs)) as beside:
        with told(out):
            (made / "tables").mkdir()
        yield Report(out, made, settings, beside, apart, sample, Speech(lang, masked), progress)
    progress("write", 3, 3)


def write(audit: Audit, out: Path, *, sample: int = 10, masked: bool = True, lang: str = "zh") -> None:
    """Write the report of a finished audit into ``out``, as `writing` does; that of a large one with a second interpreter.

    Raises:
        Faults: the folder can't be written.
    """
    with (
        Apart(wanted=len(audit.messages) >= LARGE) as apart,
        writing(out, audit.settings, sample=sample, masked=masked, lang=lang, apart=apart) as report,
    ):
        report.finish(audit)

"""A draw written: the workbook (one for each rater), the page, the tables, what it is traced by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from chataudit.report.spotcheck.chats import Chat, Lexicon, read_chats
from chataudit.report.spotcheck.page import about_draw, question, render_draw
from chataudit.report.spotcheck.workbook import Cover, write_spotcheck_book
from chataudit.report.spotcheck.write import book_names, refuse_filled, write_files, write_frames, write_run
from chataudit.report.wording import Speech
from chataudit.spotcheck.coverage import cover
from chataudit.spotcheck.drawn import Draw
from chataudit.spotcheck.population import Population
from chataudit.spotcheck.reasons import draw_id, drawn_table, why


def write_draw(
    population: Population,
    draw: Draw,
    lexicon: Lexicon,
    out: Path,
    run: Mapping[str, Any],
    *,
    raters: Sequence[str] = (),
    blind: bool = False,
    lang: str = "zh",
) -> list[str]:
    """Write ``spotcheck.xlsx`` (or one for each rater), ``index.html``, ``spotcheck.json`` and ``tables/*.csv``.

    Return the workbooks' names.

    Raises:
        Faults: the folder can't be written, or holds a workbook that someone filled in.
    """
    speech = Speech(lang)
    books = book_names(raters)
    refuse_filled(out, books)
    chats = drawn_chats(population, draw, lexicon, speech, blind=blind)
    coverage = cover(population, draw, lang)
    about = Cover(draw_id(population, draw), draw.plan.title(lang), (question(draw, speech), *about_draw(speech)))

    def make(folder: Path) -> None:
        for name, rater in zip(books, raters or ("",), strict=True):
            write_spotcheck_book(folder / name, about, chats, speech, rater=rater, blind=blind)
        page = render_draw(population, draw, coverage, chats, speech, blind=blind)
        (folder / "index.html").write_text(page, encoding="utf-8", newline="\n")
        frames = {"drawn": drawn_table(population, draw, set(), lang), "coverage": coverage}
        write_frames(folder / "tables", frames)
        write_run(folder, run, books)

    write_files(out, make)
    return books


def drawn_chats(
    population: Population, draw: Draw, lexicon: Lexicon, speech: Speech, *, blind: bool = False
) -> list[Chat]:
    """Return the drawn conversations, by agent and time."""
    at = np.flatnonzero(draw.taken)
    units = population.units.iloc[at]
    order = units.assign(at=at).sort_values(["agent", "day", "started_at", "session_id"], kind="stable")["at"].tolist()
    # Why a conversation was drawn would tell a blind rater what the machine found in it.
    hidden = speech.t("抽检", "drawn")
    whys = [hidden if blind else why(population, draw, number, speech.lang) for number in order]
    return read_chats(population, order, whys, lexicon, speech, blind=blind)

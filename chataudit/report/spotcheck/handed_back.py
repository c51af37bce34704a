"""A spot-check handed back, written: settled marks and scores, estimates, agreement, precision, cases, verdicts, a page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from chataudit.cards.model import Card
from chataudit.report.spotcheck.chats import Lexicon, read_chats
from chataudit.report.spotcheck.results import Results, render_results
from chataudit.report.spotcheck.write import write_files, write_frames
from chataudit.report.wording import Speech
from chataudit.spotcheck.comparing import agree, disagreements
from chataudit.spotcheck.drawn import Draw
from chataudit.spotcheck.estimating import estimate
from chataudit.spotcheck.population import Population, place_of
from chataudit.spotcheck.precision import precision, verdicts
from chataudit.spotcheck.reasons import drawn_table, why
from chataudit.spotcheck.reviews import Reviews
from chataudit.spotcheck.settling import settled_marks, settled_scores
from chataudit.spotcheck.teaching import cases

MOST_SHOWN = 60


def write_results(
    population: Population,
    draw: Draw,
    lexicon: Lexicon,
    reviews: Reviews,
    sheets: Sequence[Path],
    out: Path,
    run: Mapping[str, Any],
    *,
    lang: str = "zh",
) -> Results:
    """Write ``results.html``, ``results.json`` and ``tables/*.csv``; the workbooks stay as they are.

    Raises:
        Faults: the folder can't be written.
    """
    speech = Speech(lang)
    cards: Mapping[str, Card] = lexicon.cards
    scores = settled_scores(population, reviews, cards)
    differ = disagreements(population, reviews, lang)
    results = Results(
        reviews,
        estimate(population, draw, reviews, cards, lang),
        agree(population, draw, reviews, cards, lang),
        precision(draw, reviews),
        differ,
        cases(population, reviews, cards, scores, differ, lang),
    )
    frames = {
        "drawn": drawn_table(population, draw, set(reviews.done), lang),
        "marks": settled_marks(population, reviews, cards),
        "scores": scores,
        "estimates": results.estimates,
        "agreement": results.agreement,
        "precision": results.precision,
        "verdicts": verdicts(reviews),
        "disagreements": differ,
        "cases": results.cases,
    }
    units = _named(population, results)
    whys = [why(population, draw, one, lang) if draw.taken[one] else speech.t("手工挑的", "by hand") for one in units]
    chats = read_chats(population, units, whys, lexicon, speech)
    files = [{"name": one.name, "sha256": hashlib.sha256(one.read_bytes()).hexdigest()} for one in sheets]
    said = json.dumps({**run, "sheets": files}, ensure_ascii=False, indent=1, sort_keys=True)

    def make(folder: Path) -> None:
        page = render_results(population, draw, lexicon, results, chats, speech)
        (folder / "results.html").write_text(page, encoding="utf-8", newline="\n")
        (folder / "results.json").write_text(said + "\n", encoding="utf-8", newline="\n")
        write_frames(folder / "tables", frames)

    write_files(out, make)
    return results


def _named(population: Population, results: Results) -> list[int]:
    """Return the conversations that cases and disagreements name, cases first."""
    units: list[int] = []
    for table in (results.cases, results.disagreements):
        if len(table):
            place = place_of(population.units, table["session_id"], table["agent"])
            units += place[place >= 0].tolist()
    return [int(one) for one in dict.fromkeys(np.array(units, dtype=np.int64).tolist())][:MOST_SHOWN]

"""Filled sample sheets: every one gives the scores that are kept, and nothing in it goes unread."""

from __future__ import annotations

import difflib

import pytest

from cards.samples import KEPT, NAMES, filled, said
from chataudit.settings import lexicons_folder


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_gives_the_scores_that_are_kept(name: str) -> None:
    kept = (KEPT / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    changed = list(difflib.unified_diff(kept, said(name).splitlines(), "kept", "now", lineterm="", n=0))
    shown = "\n".join(changed[:40])
    assert not changed, f"If this is meant, run python tests/cards/samples.py and read the difference.\n{shown}"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_sample_goes_unread_and_somebody_is_scored_in_full(name: str) -> None:
    for period, done in filled(name).items():
        assert done.notes == (), period
        assert any(one.score is not None and not one.waits for one in done.last.values()), period


def test_every_card_has_a_filled_sample_but_that_of_conversations() -> None:
    cards = {path.stem for path in (lexicons_folder() / "cards").glob("*.yaml")}
    assert cards - {"presales-checklist"} == set(NAMES) == {path.stem for path in KEPT.glob("*.txt")}

"""Where the signs that a plan names occur."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from chataudit.arrays import Flags, arrow
from chataudit.spotcheck.plans import When
from chataudit.spotcheck.population import Population


def where(population: Population, when: When) -> Flags:
    """Return the conversations with all the signs of ``when``; what is not known is no sign."""
    units = population.units
    found = np.ones(len(units), dtype=bool)
    hits = population.tables["hits"]
    if when.rules:
        names = tuple(f"{name}/" for name in when.rules)
        asked = hits["rule"].isin(list(when.rules)) | hits["rule"].astype(str).str.startswith(names)
        found &= population.of_rows(hits[asked.to_numpy(dtype=bool)])
    if when.levels:
        found &= population.of_rows(hits[hits["level"].isin(list(when.levels)).to_numpy(dtype=bool)])
    if when.buyer_says:
        found &= _said(population, when.buyer_says)
    return found & _of_units(units, when)


def _of_units(units: pd.DataFrame, when: When) -> Flags:
    """Return where the conversations' own columns have the signs."""
    found = np.ones(len(units), dtype=bool)
    if when.red_items:
        found &= units["red"].to_numpy(dtype=bool)
    if when.outcome is not None:
        found &= (units["outcome"] == when.outcome).fillna(False).to_numpy(dtype=bool)
    if when.platforms:
        found &= units["platform"].isin(list(when.platforms)).to_numpy(dtype=bool)
    for column, at_least in (("amount", when.amount_from), ("risk", when.risk_from)):
        if at_least is not None:
            found &= units[column].to_numpy(dtype=float) >= at_least
    for column, under in (("score", when.score_below), ("new_days", when.new_within_days)):
        if under is not None:
            found &= units[column].to_numpy(dtype=float) < under
    return found


def _said(population: Population, phrases: tuple[str, ...]) -> Flags:
    messages = population.tables["messages"]
    theirs = messages[(messages["sender"] == "buyer").to_numpy(dtype=bool)]
    pattern = "|".join(re.escape(phrase) for phrase in phrases)
    said = pc.match_substring_regex(arrow(theirs["text"]), pattern).fill_null(False)
    return population.of_rows(theirs[said.to_numpy(zero_copy_only=False)])

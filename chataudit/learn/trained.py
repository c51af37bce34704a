"""The risk of conversations by a trained model, explained by the words and facts that counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from chataudit.errors import Fault, Faults, Words, one_of
from chataudit.learn import facts as fact_table
from chataudit.learn.blocks import speak
from chataudit.learn.facts import NAMES, Facts
from chataudit.learn.model import AGAIN, ModelFile
from chataudit.learn.reasons import Pieces, joined
from chataudit.learn.signs import Sign
from chataudit.learn.untrained import asked, table
from chataudit.learn.words import told
from chataudit.log import Log
from chataudit.rulings import Rulings

LEAST_SHOWN = 0.05
MOST_SHOWN = 8


def check(file: ModelFile, rules: Iterable[str]) -> list[Sign]:
    """Return the signs that a model reads.

    Raises:
        Faults: a rule that the lexicons do not have.
    """
    known = set(rules)
    signs = [Sign(rule=one.name, weight=0, most=one.most or 1) for one in file.model.facts[len(NAMES) :]]
    faults = [
        Fault(
            Words(
                f"模型要用规则 “{sign.rule}”，词库里没有。", f"The model reads the rule {sign.rule!r}; there is none."
            ),
            file.name,
            hint=Words(one_of(sign.rule, known).zh + AGAIN.zh, f"{one_of(sign.rule, known).en} {AGAIN.en}"),
        )
        for sign in signs
        if sign.rule not in known
    ]
    if faults:
        raise Faults(faults)
    return signs


def judge(log: Log, rulings: Rulings, file: ModelFile, signs: Sequence[Sign], lang: str) -> pd.DataFrame:
    """Return the risk table of a log by a model; ``reasons`` are in log odds, over 0 speaks for risk.

    Shown are the `MOST_SHOWN` weightiest words and facts of at least `LEAST_SHOWN`; they are the difference to a
    conversation of average facts that says nothing the model knows. Sessions without a buyer's talk have no risk.
    """
    weights, curve = file.model.weights, file.model.curve
    spoken, facts = speak(log), fact_table.gather(log, rulings, signs)
    known = asked(log)
    risk = np.where(known, curve.risk(weights.score(spoken, facts)), np.nan)
    pieces = [*_facts(facts, weights.mean, curve.slope * weights.fact, rulings, lang)]
    pieces += told(spoken, weights, curve.slope, LEAST_SHOWN, lang)
    return table(log, risk, file.label, joined(pieces, known, MOST_SHOWN))


def _facts(facts: Facts, mean: np.ndarray, weight: np.ndarray, rulings: Rulings, lang: str) -> Iterator[Pieces]:
    """Yield what each fact says of the sessions where it counts."""
    for at, name in enumerate(facts.names):
        value = (facts.values[:, at] - mean[at]) * weight[at]
        session = np.flatnonzero(np.abs(value) >= LEAST_SHOWN)
        label = np.zeros(len(session), dtype=np.int64)
        yield Pieces(session, value[session], label, [fact_table.title(name, rulings, lang)])

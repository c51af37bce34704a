"""What a rule must know to judge: without it a session is not judged, which is never a pass."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from chataudit.arrays import Flags
from chataudit.rules.condition import Condition
from chataudit.rules.facts import Known
from chataudit.rules.model import Rule
from chataudit.rules.resolve import conditions

TIMED = ("wait", "elapsed", "remaining", "gap")


def rules_named(rule: Rule) -> list[str]:
    """Return the rules whose hits a rule asks for, each once."""
    return list(dict.fromkeys(part.rule for _, part in conditions(rule) if part.rule is not None))


def judgeable(rule: Rule, known: Known, named: Iterable[Flags]) -> Flags:
    """Return the sessions in which a rule can be judged; ``named``: the same of the rules that it asks for."""
    every = [part for _, part in conditions(rule)]
    mask = np.ones(len(known.log.sessions), dtype=bool)
    dated = rule.from_ is not None or rule.until is not None
    if _timed(rule, every) or dated or rule.across is not None:
        mask &= known.timed
    for facts in (rule.only, *(part.facts for part in every)):
        if facts is not None:
            mask &= known.known(facts)
    for other in named:
        mask &= other
    return mask


def _timed(rule: Rule, every: list[Condition]) -> bool:
    windows = [rule.window, *(getattr(part, "window", None) for part in every)]
    return any(window is not None and window.seconds is not None for window in windows) or any(
        getattr(part, name) is not None for part in every for name in TIMED
    )

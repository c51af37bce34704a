"""The risk that an audit writes: by a trained model where one is asked for, else by signs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from chataudit.errors import Words
from chataudit.learn import model, trained, untrained
from chataudit.learn.signs import Sign, SignFile
from chataudit.log import Log
from chataudit.rulings import Rulings

NO_SIGNS = Words(
    "词库里没有 risk/signs.yaml：risk.csv 的风险留空。", "The lexicons have no risk/signs.yaml: risk.csv is left empty."
)


@dataclass(frozen=True)
class Learnt:
    """The trained model that was asked for, if any, and the signs that it reads."""

    file: model.ModelFile | None = None
    signs: tuple[Sign, ...] = ()

    @property
    def trace(self) -> dict[str, dict[str, str]]:
        """Return what `run.json` says of the model."""
        return {"model": {"name": self.file.name, "sha256": self.file.sha256}} if self.file else {}


def read_learnt(path: Path | None, rules: Iterable[str]) -> Learnt:
    """Return the model of a file, ready for the rules that there are.

    Raises:
        Faults: the file is no model, or reads rules that there are not.
    """
    if path is None:
        return Learnt()
    file = model.read(path)
    return Learnt(file, tuple(trained.check(file, rules)))


def risk_of(log: Log, rulings: Rulings, learnt: Learnt, known: SignFile | None, lang: str) -> pd.DataFrame:
    """Return the risk table; of nothing known where there is neither a model nor a file of signs."""
    if learnt.file is not None:
        return trained.judge(log, rulings, learnt.file, learnt.signs, lang)
    return untrained.judge(log, rulings, known.signs, lang) if known else untrained.unknown(log)

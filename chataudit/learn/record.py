"""What was learnt, written down as a model: coefficients, settings, what it was learnt from, how it measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import chataudit
from chataudit.learn import facts, fit, grams, vocabulary, weigh
from chataudit.learn.blocks import BLOCKS
from chataudit.learn.model import FEATURES, CalibrationPart, FactWeight, Model
from chataudit.learn.signs import Signs
from chataudit.learn.train import Learnt


@dataclass(frozen=True)
class Origin:
    """Where labels came from; the SHA-256 of the tables of labels, and of the tables of each audit folder; the seed."""

    labels: str
    label_tables: Mapping[str, str]
    folders: Sequence[Mapping[str, str]]
    seed: int


def record(learnt: Learnt, signs: Signs, rule_hashes: Mapping[str, str], origin: Origin) -> Model:
    """Return the model of what was learnt (and not refused)."""
    weights, comparison, calibration = learnt.weights, learnt.comparison, learnt.calibration
    assert weights is not None and comparison is not None and calibration is not None
    most = {sign.rule: sign.most for sign in signs.signs}
    columns = zip(weights.fact_names, weights.mean.tolist(), weights.fact.tolist(), strict=True)
    return Model(
        chataudit_model=1,
        features=FEATURES,
        start=weights.start,
        calibration=CalibrationPart(
            slope=calibration.slope,
            start=calibration.start,
            bad_limit=learnt.bad.limit,
            bad_at_limit=learnt.bad.inclusive,
        ),
        facts=tuple(
            FactWeight(name=name, mean=mean, weight=weight, most=most.get(name)) for name, mean, weight in columns
        ),
        grams=weights.grams,
        words={block: tuple(weights.words[:, at].tolist()) for at, block in enumerate(BLOCKS)},
        rules={rule: rule_hashes[f"rules/{rule}"] for rule in most},
        settings=_settings(),
        trained_on={
            "version": chataudit.__version__,
            "conversations": learnt.sessions,
            "buyers": learnt.buyers,
            "labels": origin.labels,
            "label_tables": dict(sorted(origin.label_tables.items())),
            "folders": sorted((dict(one) for one in origin.folders), key=lambda one: sorted(one.items())),
        },
        measured={"seed": origin.seed, **asdict(comparison)},
    )


def _settings() -> dict[str, float]:
    """Return the numbers that shaped the features and the fit."""
    return {
        "penalty": fit.PENALTY,
        "word_scale": fit.WORD_SCALE,
        "fact_scale": fit.FACT_SCALE,
        "tolerance": fit.TOLERANCE,
        "longest_gram": float(grams.LONGEST),
        "least_buyers": float(vocabulary.LEAST_BUYERS),
        "most_grams": float(vocabulary.MOST_GRAMS),
        "short": weigh.SHORT,
        "most_marks": float(facts.MOST_MARKS),
    }

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from chataudit.learn.calibrate import Calibration, calibrate
from chataudit.learn.folds import folds_of
from chataudit.learn.labels import bad_of
from chataudit.learn.measures import area, precision_at_top, rank_correlation

PAIRS = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30)


@given(PAIRS)
def test_the_area_is_scikit_learns(pairs: list[tuple[int, bool]]) -> None:
    risk, bad = np.array([one for one, _ in pairs], dtype=float), np.array([other for _, other in pairs])
    if bad.all() or not bad.any():
        assert area(risk, bad) is None
    else:
        assert area(risk, bad) == pytest.approx(roc_auc_score(bad, risk))


def test_rank_correlation_by_hand() -> None:
    """Ranks of -risk 3 1 2 and of labels 3 2 1: 1 - 6 * (0 + 1 + 1) / (3 * 8) = 0.5."""
    assert rank_correlation(np.array([0.1, 0.9, 0.5]), np.array([9.0, 5.0, 1.0])) == 0.5
    assert rank_correlation(np.array([0.1, 0.1]), np.array([1.0, 2.0])) is None


def test_precision_at_the_top_by_hand() -> None:
    risk = np.linspace(1, 0, 20)
    bad = np.zeros(20, dtype=bool)
    bad[[0, 5]] = True
    assert precision_at_top(risk, bad) == 0.5


@given(st.lists(st.integers(0, 8), min_size=1, max_size=60), st.integers(2, 5), st.integers(0, 3))
def test_no_buyer_is_in_two_folds_and_folds_are_even(who: list[int], count: int, seed: int) -> None:
    _, person = np.unique(np.array(who), return_inverse=True)
    fold = folds_of(person, [f"s{at}" for at in range(len(who))], count, seed)
    by_person = [set(fold[person == one].tolist()) for one in range(int(person.max()) + 1)]
    assert all(len(one) == 1 for one in by_person)
    sizes = [sum(one == {number} for one in by_person) for number in range(count)]
    assert max(sizes) - min(sizes) <= 1


def test_what_is_bad() -> None:
    labels = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
    assert bad_of(labels, None).of(labels).sum() == 2
    assert bad_of(labels, 4).of(labels).sum() == 3
    rare = np.array([0.0] + [1.0] * 9)
    assert bad_of(rare, None).of(rare).sum() == 1
    assert bad_of(np.ones(4), None).of(np.ones(4)).sum() == 0


def test_the_calibrated_risk_of_a_score_is_its_share_of_bad() -> None:
    score = np.repeat([0.0, 1.0], 100)
    bad = np.concatenate([np.arange(100) < 80, np.arange(100) < 10])
    made = calibrate(score, bad)
    assert made.slope < 0
    assert made.risk(np.array([0.0, 1.0])) == pytest.approx([0.8, 0.1], abs=0.01)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, -1e-3), st.floats(-1e6, 1e6))
def test_a_risk_lies_between_0_and_1(score: float, slope: float, start: float) -> None:
    assert 0 <= Calibration(slope, start).risk(np.array([score]))[0] <= 1

"""What a spot-check infers: by hand, against other libraries, and by simulation of whole draws."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chataudit.spotcheck.agreement import alpha, kappa
from chataudit.spotcheck.drawing import draw, keys_of, probabilities, shared_out
from chataudit.spotcheck.intervals import clopper_pearson, wilson
from chataudit.spotcheck.planning import acceptance, accepted, expected, needed_for, needed_to_settle
from chataudit.spotcheck.rates import Checked, Rate, rate


def checked(fault: list[int], probability: list[float], group: list[int] | None = None) -> Checked:
    size = len(fault)
    groups = np.zeros(size, dtype=np.int64) if group is None else np.array(group)
    return Checked(np.array(fault) > 0, np.ones(size, dtype=bool), np.array(probability), groups)


def test_intervals_are_those_of_the_books() -> None:
    """Clopper–Pearson and Wilson of 7/50: R's binom.test gives 0.0582–0.2674; Wilson 0.0695–0.2619 by its formula."""
    exact, score = clopper_pearson(7, 50), wilson(7, 50)
    assert exact is not None and score is not None
    assert np.round(exact, 4).tolist() == [0.0582, 0.2674]
    assert np.round(score, 4).tolist() == [0.0695, 0.2619]
    assert wilson(0, 0) is None and clopper_pearson(0, 0) is None


@given(n=st.integers(1, 400), share=st.floats(0, 1), confidence=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_intervals_hold_the_share_and_nothing_outside_0_and_1(n: int, share: float, confidence: float) -> None:
    faults = round(share * n)
    for interval in (clopper_pearson(faults, n, confidence), wilson(faults, n, confidence)):
        assert interval is not None
        assert 0 <= interval.low <= faults / n + 1e-12 and faults / n - 1e-12 <= interval.high <= 1


def test_a_simple_random_draw_has_the_exact_interval() -> None:
    """3 faults in 30 of very many: R's binom.test(3, 30) gives 0.0211–0.2653."""
    found = rate(checked([1] * 3 + [0] * 27, [1e-9] * 30), np.array([3e10]))
    assert found.value == pytest.approx(0.1)
    assert [round(found.low or 0, 4), round(found.high or 0, 4)] == [0.0211, 0.2653]
    assert (found.random_n, found.certain_n, found.fault_n) == (30, 0, 3)


def test_weights_by_hand() -> None:
    """Stratum A: 900, 9 drawn, 1 faulty; stratum B: 100, 10 drawn, 5 faulty: (100 + 50) / 1000."""
    found = rate(
        checked([1] + [0] * 8 + [1] * 5 + [0] * 5, [0.01] * 9 + [0.1] * 10, [0] * 9 + [1] * 10),
        np.array([900.0, 100.0]),
    )
    assert found.value == pytest.approx(0.15)


def test_what_was_certain_counts_once_and_never_stands_for_others() -> None:
    """20 events, all faulty; 2 faulty of 40 drawn from 380: (20 + 19) / 400, not 22 / 60."""
    fault, chance = [1] * 20 + [1] * 2 + [0] * 38, [1.0] * 20 + [40 / 380] * 40
    found = rate(checked(fault, chance), np.array([380.0]))
    assert found.value == pytest.approx(39 / 400)
    assert found.low is not None and found.low >= 20 / 400
    alone = rate(checked([1] * 20, [1.0] * 20), np.array([380.0]))
    assert alone.value is None and alone.why is not None and alone.certain_n == 20
    whole = rate(checked([1] * 20 + [0] * 20, [1.0] * 40), np.array([0.0]))
    assert (whole.value, whole.low, whole.high) == (0.5, 0.5, 0.5)


def test_a_finite_lot_has_at_least_what_was_seen() -> None:
    """8 of 10 checked, 3 faulty: at least 3 of 10 are, at most 5."""
    found = rate(checked([1] * 3 + [0] * 5, [0.8] * 8), np.array([10.0]))
    assert found.low is not None and found.high is not None
    assert 0.3 <= found.low <= 0.375 <= found.high <= 0.5


def test_a_group_that_nobody_checked_widens_the_interval() -> None:
    seen = rate(checked([1] * 3 + [0] * 27, [0.03] * 30), np.array([1000.0]))
    unseen = rate(checked([1] * 3 + [0] * 27, [0.03] * 30), np.array([800.0, 200.0]))
    assert unseen.value == pytest.approx(seen.value)
    assert (unseen.high or 0) > (seen.high or 0)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from([0.1, 0.5, 1.0])), min_size=1, max_size=30))
def test_a_rate_is_a_share_between_its_bounds_or_says_why_not(rows: list[tuple[bool, bool, float]]) -> None:
    fault, judged, chance = (np.array(column) for column in zip(*rows, strict=True))
    total = float((1 / chance[chance < 1]).sum())
    found = rate(Checked(fault, judged, chance, np.zeros(len(rows), dtype=np.int64)), np.array([total]))
    if found.value is None:
        assert found.why is not None and found.low is None
    else:
        assert found.low is not None and found.high is not None
        assert -1e-9 <= found.low <= found.value + 1e-9 and found.value - 1e-9 <= found.high <= 1 + 1e-9


def covered(fault: np.ndarray, stratum: np.ndarray, chance: np.ndarray, cell: np.ndarray | None = None) -> float:
    """Return how often the interval holds the truth over 400 draws."""
    random, truth, held = np.random.default_rng(20260302), fault.mean(), 0
    group = stratum if cell is None else cell
    totals = np.bincount(group[chance < 1], minlength=int(group.max()) + 1).astype(float)
    for _ in range(400):
        taken = np.zeros(len(fault), dtype=bool)
        for one in np.unique(stratum):
            at = np.flatnonzero(stratum == one)
            taken[at] = draw(chance[at], random.random(len(at)), random.random())
        found = rate(Checked(fault[taken], np.ones(int(taken.sum()), dtype=bool), chance[taken], group[taken]), totals)
        assert found.low is not None and found.high is not None
        held += found.low - 1e-9 <= truth <= found.high + 1e-9
    return held / 400


def test_intervals_cover_the_truth_over_many_draws() -> None:
    """At 95 % asked, 93 % of 400 draws is more than two standard errors below."""
    random = np.random.default_rng(7)
    one = np.zeros(1000, dtype=np.int64)
    rare = np.arange(1000) < 50
    two = np.repeat([0, 1], [900, 100])
    unequal = np.concatenate([np.arange(900) < 45, np.arange(100) < 40])
    risk = random.beta(1, 4, 1000)
    risky = random.random(1000) < np.clip(0.02 + risk, 0, 1)
    agents = np.repeat(np.arange(20), 50)
    by_agent = random.random(1000) < np.linspace(0, 0.4, 20)[agents]
    events = np.concatenate([np.zeros(60, dtype=np.int64), np.ones(940, dtype=np.int64)])
    with_events = np.concatenate([np.arange(60) < 50, np.arange(940) < 60])
    cases = {
        "simple": (rare, one, np.full(1000, 0.03)),
        "two strata, unequal": (unequal, two, np.repeat([5 / 900, 25 / 100], [900, 100])),
        "by risk": (risky, one, probabilities(1 + 9 * risk, 40)),
        "a few of each agent": (by_agent, agents, np.full(1000, 0.04)),
        "events for certain": (with_events, events, np.repeat([1.0, 40 / 940], [60, 940])),
    }
    shares = {name: covered(*case) for name, case in cases.items()}
    assert all(share >= 0.93 for share in shares.values()), shares
    machine = np.where(risky, random.random(1000) < 0.9, random.random(1000) < 0.05).astype(np.int64)
    assert covered(risky, one, np.full(1000, 0.04), machine) >= 0.93


def test_the_machines_marks_make_the_estimate_sharper() -> None:
    random = np.random.default_rng(3)
    fault = random.random(2000) < 0.1
    machine = np.where(fault, random.random(2000) < 0.95, random.random(2000) < 0.01).astype(np.int64)
    plain, corrected = [], []
    for _ in range(60):
        at = random.choice(2000, 60, replace=False)
        for widths, group in ((plain, np.zeros(2000, dtype=np.int64)), (corrected, machine)):
            drawn = Checked(fault[at], np.ones(60, dtype=bool), np.full(60, 0.03), group[at])
            found = rate(drawn, np.bincount(group).astype(float))
            widths.append((found.high or 0) - (found.low or 0))
    assert np.mean(corrected) < 0.85 * np.mean(plain)


def test_each_is_drawn_as_often_as_its_probability_says() -> None:
    random = np.random.default_rng(11)
    weight = np.array([1.0, 1, 2, 3, 5, 8, 1, 1, 1, 1])
    chance = probabilities(weight, 4)
    assert chance.sum() == pytest.approx(4) and chance.max() <= 1
    counts = np.zeros(10)
    for _ in range(4000):
        taken = draw(chance, random.random(10), random.random())
        assert taken.sum() == 4
        counts += taken
    assert np.abs(counts / 4000 - chance).max() < 0.03


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=40), st.integers(1, 50), st.floats(0, 0.999), st.booleans())
def test_a_draw_has_the_size_asked_for(weights: list[float], n: int, start: float, ordered: bool) -> None:
    weight = np.array(weights)
    chance = probabilities(weight, n)
    order = np.arange(len(weight)) % 3 if ordered else None
    key = np.random.default_rng(1).random(len(weight))
    assert draw(chance, key, start, order).sum() == min(n, len(weight))
    assert (chance > 0).all() and (chance <= 1).all()


@given(st.lists(st.integers(1, 60), min_size=1, max_size=15), st.integers(0, 200), st.booleans())
def test_sharing_out_uses_all_and_leaves_none_out(sizes: list[int], more: int, equal: bool) -> None:
    n = len(sizes) + more
    given_ = shared_out(np.array(sizes), n, equal=equal)
    assert given_.sum() == min(n, sum(sizes))
    assert (given_ >= 1).all() and (given_ <= np.array(sizes)).all()


def test_a_longer_simple_draw_keeps_the_shorter_one() -> None:
    import pandas as pd

    ids = pd.Series([f"s{number}" for number in range(50)], dtype="str")
    key = keys_of(ids, ids, "seed")
    few, many = (draw(np.full(50, n / 50), key, 0.5) for n in (10, 20))
    assert (many | ~few).all()
    assert (keys_of(ids, ids, "other") != key).all()


def brute(population: int, bad: int, n: int, c: int) -> float:
    lots = list(itertools.combinations(range(population), n))
    return sum(sum(one < bad for one in lot) <= c for lot in lots) / len(lots)


def test_acceptance_by_counting_all_draws() -> None:
    for case in ((8, 2, 3, 0), (8, 3, 4, 1), (9, 0, 4, 0), (9, 9, 2, 1)):
        assert accepted(*case) == pytest.approx(brute(*case)), case


def test_acceptance_plans_keep_their_risks_and_are_smallest() -> None:
    from scipy.stats import hypergeom

    for population, limit, good in ((1000, 0.1, 0.02), (200, 0.05, 0.0), (50, 0.1, 0.02), (5000, 0.03, 0.01)):
        plan = acceptance(population, limit, good, 0.1, 0.05)
        bad, fine = int(np.ceil(limit * population)), int(np.floor(good * population))
        assert hypergeom.cdf(plan.c, population, bad, plan.n) <= 0.1
        assert hypergeom.cdf(plan.c, population, fine, plan.n) >= 0.95
        assert hypergeom.cdf(plan.c, population, bad, plan.n - 1) > 0.1
        if plan.c:
            one_less = next(
                n for n in range(plan.c, population) if hypergeom.cdf(plan.c - 1, population, bad, n) <= 0.1
            )
            assert hypergeom.cdf(plan.c - 1, population, fine, one_less) < 0.95


def test_a_lot_too_small_for_a_sample_is_checked_whole() -> None:
    plan = acceptance(10, 0.1, 0.02, 0.05, 0.05)
    assert (plan.n, plan.c) == (10, 0)


def test_needed_sizes_are_the_least_that_do() -> None:
    n = needed_for(0.2, 0.1, 500)
    assert np.diff(expected(0.2, n, 500))[0] <= 0.2 < np.diff(expected(0.2, n - 1, 500))[0]
    m = needed_to_settle(0.3, 0.1, 500)
    assert expected(0.3, m, 500).low > 0.1 >= expected(0.3, m - 1, 500).low
    assert needed_to_settle(0.1, 0.1, 80) == 80, "a rate at the limit is never settled by a sample"


def test_kappa_by_hand() -> None:
    """Cohen (1960): 20 both yes, 15 both no, 5 and 10 apart of 50: (0.7 − 0.5) / 0.5."""
    first = np.repeat([1, 1, 0, 0], [20, 5, 10, 15])
    second = np.repeat([1, 0, 1, 0], [20, 5, 10, 15])
    found = kappa(first, second)
    assert found.observed == pytest.approx(0.7) and found.value == pytest.approx(0.4)
    assert found.low is not None and found.high is not None and found.low < 0.4 < found.high


def test_alpha_by_hand() -> None:
    """Krippendorff, Computing alpha (2011), section C: four observers, twelve units, nominal: 0.743."""
    said = """
        1 2 3 3 2 1 4 1 2 . . .
        1 2 3 3 2 2 4 1 2 5 . 3
        . 3 3 3 2 3 4 2 2 5 1 .
        1 2 3 3 2 4 4 1 2 5 1 .
    """
    rows = [[-1 if word == "." else int(word) for word in line.split()] for line in said.strip().splitlines()]
    found = alpha(np.array(rows).T)
    assert found.value == pytest.approx(0.743, abs=0.0005)
    assert found.n == 11


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=60))
def test_kappa_is_scikit_learns(pairs: list[tuple[int, int]]) -> None:
    from sklearn.metrics import cohen_kappa_score

    first, second = (np.array(column) for column in zip(*pairs, strict=True))
    found = kappa(first, second)
    if found.value is None:
        assert found.why is not None and len({*first.tolist(), *second.tolist()}) == 1
    else:
        assert found.value == pytest.approx(cohen_kappa_score(first, second))


def test_agreement_that_is_undefined_says_so() -> None:
    same = kappa(np.ones(20, dtype=np.int64), np.ones(20, dtype=np.int64))
    assert same.value is None and same.observed == 1 and same.why is not None
    none = kappa(np.array([-1, 0]), np.array([0, -1]))
    assert none.value is None and none.n == 0
    assert alpha(np.array([[1, -1], [-1, 2]])).value is None
    assert alpha(np.array([[1, 1], [1, 1]])).value is None


def test_perfect_agreement_of_a_few_is_no_proof() -> None:
    few = kappa(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1]))
    many = kappa(np.tile([0, 1], 100), np.tile([0, 1], 100))
    assert few.value == many.value == 1
    assert few.low is not None and many.low is not None and few.low < 0.1 < 0.9 < many.low


def test_intervals_of_kappa_cover_the_truth() -> None:
    random, held = np.random.default_rng(5), 0
    truth = (0.85 - 0.58) / (1 - 0.58)  # 70 % : 30 %, each judge errs so that 85 % agree; chance 0.7² + 0.3²
    cells = np.array([0.625, 0.075, 0.075, 0.225])
    for _ in range(500):
        drawn = random.choice(4, 60, p=cells)
        found = kappa(drawn // 2, drawn % 2)
        held += (found.low or 0) <= truth <= (found.high or 0)
    assert held / 500 >= 0.93


def test_a_rate_without_anything_says_why() -> None:
    found = rate(Checked(*(np.array([], dtype=kind) for kind in (bool, bool, float, np.int64))), np.array([5.0]))
    assert found == Rate(None, None, None, 0, 0, 0, why=found.why) and found.why is not None

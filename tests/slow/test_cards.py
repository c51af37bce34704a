"""The card engine against the slow one: random cards, facts and sheets give the same marks, scores and pay."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from cards.cases import facts_of, sheets_of
from hypothesis import given, settings

from chataudit.cards.book import Book, Sources
from chataudit.cards.model import Card
from chataudit.cards.periods import read_period
from chataudit.cards.results import Result

from .card_strategies import FACTS, as_file, worlds
from .cards import Score, Value, World, pay_lines

PERIODS = {2: "2026-02", 3: "2026-03"}
CLOSE = {"rel": 1e-9, "abs": 2e-6}


def book_of(world: World) -> Book:
    """The engine's book of a world."""
    names = ("session_n", *FACTS)
    facts = [f"周期 姓名 {' '.join(names)}"]
    for (period, person), known in world.facts.items():
        facts.append(f"{PERIODS[period]} {person} {' '.join(cell(known.get(name)) for name in names)}")
    said = ["周期 姓名 评分人 单评 多评 全店数 等级"]
    for (period, person, name), by in sorted(world.said.items()):
        for rater, text in by.items():
            cells = [text if name == one else "-" for one in ("单评", "多评", "全店数", "等级")]
            said.append(f"{PERIODS[period]} {'全店' if name == '全店数' else person} {rater} {' '.join(cells)}")
    sheets = sheets_of("\n".join(said)) if len(said) > 1 else None
    card = Card.model_validate(as_file(world.card))
    return Book.of("card", card, Sources(facts_of("\n".join(facts)), None, sheets))


def cell(value: Value) -> str:
    return "-" if value is None else str(float(value))


def number(value: Value) -> Any:
    return None if value is None else pytest.approx(float(value), **CLOSE)


def compare(made: Result, slow: Score) -> None:
    for mark in made.marks:
        own = slow.marks[mark.line.id]
        if own.outcome != "adjusted":
            assert (mark.line.id, mark.outcome) == (mark.line.id, own.outcome)
        assert (mark.line.id, mark.points) == (mark.line.id, number(own.points))
        assert (mark.line.id, mark.low, mark.high) == (mark.line.id, number(own.low), number(own.high))
    assert (made.score, made.low, made.high) == (number(slow.score), number(slow.low), number(slow.high))
    assert made.applicable == number(slow.applicable)
    assert (made.waits, made.grade, made.sample_n) == (slow.waits, slow.grade, slow.sample_n)
    assert [one.split()[0] for one in made.red_lines] == slow.reds
    assert made.place == number(slow.place)


@settings(max_examples=150)
@given(worlds())
def test_a_random_card_is_filled_as_the_slow_engine_fills_it(world: World) -> None:
    book = book_of(world)
    for period in sorted({one for one, _ in world.facts}):
        results = book.results(read_period(PERIODS[period]))
        assert sorted(results) == world.subjects(period)
        for subject, slow in world.results(period).items():
            compare(results[subject], slow)


@settings(max_examples=50)
@given(worlds())
def test_a_random_pay_slip_is_the_slow_one(world: World) -> None:
    book = book_of(world)
    for subject in world.subjects(3):
        made = {one.line.id: one.value for one in book.slip(read_period(PERIODS[3]), subject)}
        for name, value in pay_lines(world, 3, subject).items():
            own = made[name]
            assert (own is None) == (value is None), name
            if own is not None and value is not None:
                # A score that lies on the half of its last digit may be cut to either side.
                assert abs(Fraction(Decimal(own)) - value) <= abs(value) / 10**6 + Fraction(1, 10**6), name

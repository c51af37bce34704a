"""Formulas: what they say, what they refuse, and the same values as a second, plain evaluation."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chataudit.cards.formulas import FormulaError, evaluate, parse, written
from chataudit.cards.formulas.evaluate import Value
from chataudit.cards.formulas.parse import Binary, Name, Node, Number, Unary

FIGURES: dict[str, Value] = {"a": Decimal(3), "b": Decimal("0.5"), "零": Decimal(0), "等级": "A", "缺": None}


class Given:
    """Reads the figures above."""

    def figure(self, name: str) -> Value:
        return FIGURES[name]

    def asked(self, function: str, arguments: tuple[Node, ...]) -> Value:
        raise AssertionError(function)


def value(formula: str) -> Value:
    return evaluate(parse(formula), Given())


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("2 - 3 - 4", "-5"),
        ("-a + 1", "-2"),
        ("12 / 4 / 3", "1"),
        ("15%", "0.15"),
        ("a / b", "6"),
        ("0.1 + 0.2", "0.3"),
        ("a > 2 and b < 1", "1"),
        ("not a", "0"),
        ("not 零", "1"),
        ("if(a >= 3, 10, 20)", "10"),
        ('等级 == "A"', "1"),
        ('等级 != "A"', "0"),
        ("min(a, b, 7)", "0.5"),
        ("max(a, b)", "3"),
        ("round(2.675, 2)", "2.68"),
        ("round(-2.5)", "-3"),
        ("floor(2.9)", "2"),
        ("ceil(2.1)", "3"),
        ("abs(0 - a)", "3"),
        ("coalesce(缺, a)", "3"),
        ("known(缺)", "0"),
        ("known(a)", "1"),
        ("pick(2, 20%, 25%, 30%)", "0.25"),
        ("缺 and 零", "0"),  # decided by the side that is known
        ("缺 or a", "1"),
    ],
)
def test_formulas_say_what_they_seem_to(formula: str, expected: str) -> None:
    assert value(formula) == Decimal(expected)


@pytest.mark.parametrize(
    "formula",
    [
        "缺",
        "缺 + 1",
        "a / 零",
        "a / 缺",
        "if(缺, 1, 2)",
        "缺 and a",
        "min(a, 缺)",
        "pick(9, 1, 2)",
        "pick(1.5, 1, 2)",
        "等级 + 1",
    ],
)
def test_what_is_not_known_makes_no_number(formula: str) -> None:
    assert value(formula) is None


@pytest.mark.parametrize(
    ("formula", "at", "said"),
    [
        ("", 0, "too early"),
        ("1 +", 3, "too early"),
        ("1 2", 2, "one too many"),
        ("(1 + 2", 6, "character 1 is not closed"),
        ("a ? b", 2, "not understood"),
        ("rond(1)", 0, "did you mean round"),
        ("if(1, 2)", 0, "takes 3 arguments, not 2"),
        ("tally(greeting)", 6, "text in quotes"),
        ("* 2", 0, "can't stand here"),
        ("__import__('os')", 0, "no function"),
        ("a.b", 1, "not understood"),
        ("a[0]", 1, "not understood"),
        ("lambda: 1", 6, "not understood"),
        ("(" * 60 + "1" + ")" * 60, 41, "deeper"),
        ("1+" * 1500 + "1", 2000, "longer"),
        ("'open", 0, "not understood"),
    ],
)
def test_a_wrong_formula_says_where_and_what(formula: str, at: int, said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(formula)
    assert caught.value.at == at and said in caught.value.what.en


def test_numbers_beyond_all_money_are_not_known() -> None:
    assert value(" * ".join(["999999999999999999999999999999"] * 3)) is None


def test_a_worked_formula_shows_its_figures() -> None:
    tree = parse("round((a - b) * 15%, 2) / max(a, 1)")
    assert written(tree) == "round((a − b) × 0.15, 2) ÷ max(a, 1)"
    assert written(tree, FIGURES) == "round((3 − 0.5) × 0.15, 2) ÷ max(3, 1)"
    assert written(parse("a - b"), {"a": Decimal(-1), "b": Decimal(-2)}) == "(-1) − (-2)"


NUMBERS = st.integers(0, 50).map(lambda number: Number(0, Decimal(number) / 4))
TREES = st.recursive(
    st.one_of(NUMBERS, st.sampled_from([Name(0, "a"), Name(0, "b"), Name(0, "零")])),
    lambda inner: st.one_of(
        st.builds(Binary, st.just(0), st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.builds(Unary, st.just(0), st.just("-"), inner),
    ),
    max_leaves=8,
)


def plain(node: Node) -> Fraction | None:
    """Evaluate with fractions, the obvious way."""
    if isinstance(node, Number):
        return Fraction(node.value)
    if isinstance(node, Name):
        return Fraction(FIGURES[node.name])  # type: ignore[arg-type]
    if isinstance(node, Unary):
        inner = plain(node.of)
        return None if inner is None else -inner
    assert isinstance(node, Binary)
    left, right = plain(node.left), plain(node.right)
    if left is None or right is None or (node.sign == "/" and right == 0):
        return None
    return {"+": left + right, "-": left - right, "*": left * right}[node.sign] if node.sign != "/" else left / right


@given(TREES)
def test_values_are_those_of_fractions(tree: Node) -> None:
    made, expected = evaluate(tree, Given()), plain(tree)
    assert (made is None) == (expected is None)
    if isinstance(made, Decimal) and expected is not None:
        assert abs(Fraction(made) - expected) <= abs(expected) * Fraction(1, 10**30) + Fraction(1, 10**30)


@given(TREES)
def test_a_written_formula_reads_back_as_the_same(tree: Node) -> None:
    text = written(tree).replace("×", "*").replace("÷", "/").replace("−", "-")
    assert plain(parse(text)) == plain(tree)


@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_a_fault_with_a_place(text: str) -> None:
    try:
        parse(text)
    except FormulaError as error:
        assert 0 <= error.at <= len(text)

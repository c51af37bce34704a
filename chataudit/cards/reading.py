"""What a card's formulas read: the log, sheets, other cards; by looking at their names only."""

from __future__ import annotations

from collections.abc import Iterator

from chataudit.cards.facts import NAMES
from chataudit.cards.formulas import Call, Name, Node, Text, names_in, parse
from chataudit.cards.model import Card

OF_LOG = ("tally", "hits", "metric", "card_score")


def formulas_of(card: Card) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every formula of a card with its key path in the file."""
    for kind in ("items", "adjustments"):
        for at, line in enumerate(getattr(card, kind)):
            for key in ("value", "applies"):
                formula = getattr(line, key)
                if formula is not None:
                    yield (kind, at, key), formula
    for name, derived in card.derived.items():
        yield ("derived", name, "formula"), derived.formula
    for at, consequence in enumerate(card.consequences):
        if consequence.when is not None and consequence.when.test is not None:
            yield ("consequences", at, "when", "test"), consequence.when.test
    for at, line in enumerate(card.pay.lines if card.pay is not None else ()):
        yield ("pay", "lines", at, "formula"), line.formula


def nodes_of(card: Card) -> Iterator[Node]:
    """Yield every name and call of all formulas."""
    for _, formula in formulas_of(card):
        yield from names_in(parse(formula))


def reads_log(card: Card) -> bool:
    """Return whether the card reads figures of the log."""
    if card.subject == "conversation":
        return True
    own = {*card.inputs, *card.params, *card.derived}
    log = set(NAMES) - {"period_number", "period_days", "head_count", "tenure_days"} - own
    return any(
        (isinstance(node, Name) and node.name in log) or (isinstance(node, Call) and node.function in OF_LOG)
        for node in nodes_of(card)
    )


def cards_read(card: Card) -> set[str]:
    """Return the other cards whose scores a card reads."""
    return {
        argument.value
        for node in nodes_of(card)
        if isinstance(node, Call) and node.function == "card_score"
        for argument in node.arguments[:1]
        if isinstance(argument, Text)
    }


def inputs_read(card: Card) -> list[str]:
    """Return the inputs of a card that some formula reads, in the order of the file."""
    named = {node.name for node in nodes_of(card) if isinstance(node, Name)}
    return [name for name in card.inputs if name in named]

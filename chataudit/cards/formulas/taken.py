"""The part of a formula that a value came from: of ``if`` the branch taken, of ``coalesce`` what was known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from chataudit.cards.formulas.evaluate import PLAIN, Reader, evaluate
from chataudit.cards.formulas.parse import Binary, Call, Node, Unary


def taken(node: Node, reader: Reader) -> Node:
    """Return a formula without the branches that were not taken; what can't be decided stays as it is."""
    if isinstance(node, Unary):
        return replace(node, of=taken(node.of, reader))
    if isinstance(node, Binary):
        return replace(node, left=taken(node.left, reader), right=taken(node.right, reader))
    if not isinstance(node, Call):
        return node
    if node.function == "if":
        test = evaluate(node.arguments[0], reader)
        return node if not isinstance(test, Decimal) else taken(node.arguments[1 if test else 2], reader)
    if node.function == "coalesce":
        known = next((one for one in node.arguments if evaluate(one, reader) is not None), None)
        return node if known is None else taken(known, reader)
    if node.function in PLAIN:
        return replace(node, arguments=tuple(taken(one, reader) for one in node.arguments))
    return node

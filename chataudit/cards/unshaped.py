"""What can be said of the names in a card file whose shape is wrong, so that its author hears of all faults at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chataudit.cards.facts import NAMES
from chataudit.cards.formulas import Call, FormulaError, Name, Text, names_in, parse
from chataudit.errors import Fault, Words, one_of
from chataudit.settings import Document

Place = tuple[str | int, ...]
LATER = ("score", "score_rank", "grade")


def unshaped_faults(document: Document, rules: frozenset[str]) -> Iterator[Fault]:
    """Yield a fault for each name that no figure and no rule has, wherever the file holds formulas and checklists."""
    data = document.data
    if not isinstance(data, dict):
        return
    own = {name for kind in ("params", "inputs", "derived") for name in _keys(data.get(kind))}
    pay: Any = data.get("pay")
    lines = _listed(pay.get("lines")) if isinstance(pay, dict) else []
    own |= {str(line.get("id")) for _, line in lines}
    names = {*NAMES, *LATER, *own}
    for path, text in _formulas(data, lines):
        yield from _formula_faults(document, path, text, names, rules)
    for at, item in _listed(data.get("items")):
        checklist: Any = item.get("checklist")
        for key in ("must", "must_not", "signs") if isinstance(checklist, dict) else ():
            yield from _rule_faults(document, ("items", at, "checklist", key), checklist.get(key), rules)


def _keys(part: Any) -> list[str]:
    return [str(name) for name in part] if isinstance(part, dict) else []


def _listed(part: Any) -> list[tuple[int, dict[str, Any]]]:
    return [(at, one) for at, one in enumerate(part) if isinstance(one, dict)] if isinstance(part, list) else []


def _formulas(data: dict[str, Any], lines: list[tuple[int, dict[str, Any]]]) -> Iterator[tuple[Place, str]]:
    """Yield every formula that is text, with its key path."""
    for kind in ("items", "adjustments"):
        for at, line in _listed(data.get(kind)):
            for key in ("value", "applies"):
                if isinstance(line.get(key), str):
                    yield (kind, at, key), line[key]
    derived = data.get("derived")
    for name, one in derived.items() if isinstance(derived, dict) else ():
        if isinstance(one, dict) and isinstance(one.get("formula"), str):
            yield ("derived", name, "formula"), one["formula"]
    for at, line in lines:
        if isinstance(line.get("formula"), str):
            yield ("pay", "lines", at, "formula"), line["formula"]


def _formula_faults(
    document: Document, path: Place, text: str, names: set[str], rules: frozenset[str]
) -> Iterator[Fault]:
    try:
        tree = parse(text)
    except FormulaError:
        return  # said with the file's shape
    for node in names_in(tree):
        if isinstance(node, Name) and node.name not in names:
            what = Words(f"没有 “{node.name}” 这个数。", f"There is no figure {node.name!r}.")
            yield document.fault(path, what, one_of(node.name, names))
        elif isinstance(node, Call) and node.function in ("tally", "hits") and isinstance(node.arguments[0], Text):
            yield from _rule_faults(document, path, node.arguments[0].value, rules)


def _rule_faults(document: Document, path: Place, given: Any, rules: frozenset[str]) -> Iterator[Fault]:
    for name in given if isinstance(given, list) else [given]:
        if isinstance(name, str) and name not in rules:
            what = Words(f"没有规则 “{name}”。", f"There is no rule {name!r}.")
            yield document.fault(path, what, one_of(name, rules))

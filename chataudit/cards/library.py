"""Card files in, checked cards out: every fault of every file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chataudit.cards.facts import NAMES
from chataudit.cards.model import Card, Fact
from chataudit.errors import Fault, Faults, Words, one_of
from chataudit.settings import Document, read_document, validate

RuleIds = Iterable[str]


@dataclass(frozen=True)
class Cards:
    """Cards by id, with the SHA-256 of each file."""

    cards: dict[str, Card]
    hashes: dict[str, str] = field(default_factory=dict)


def load(folder: Path, rules: RuleIds) -> Cards:
    """Return the cards of a lexicons folder (``cards/`` inside), whose items may read ``rules``.

    Raises:
        Faults: all that is wrong in all files, with file, line and column.
    """
    known = set(rules)
    cards: dict[str, Card] = {}
    hashes: dict[str, str] = {}
    faults: list[Fault] = []
    root = folder / "cards"
    for path in sorted(root.rglob("*.yaml")):
        name = path.relative_to(root).with_suffix("").as_posix()
        try:
            document = read_document(path.read_bytes(), str(path))
            cards[name] = validate(document, Card)
            hashes[f"cards/{name}"] = document.digest
            faults += _cross_faults(document, cards[name], known)
        except Faults as error:
            faults += error.faults
    if faults:
        raise Faults(sorted(faults, key=lambda fault: (fault.file, fault.line or 0, fault.column or 0)))
    return Cards(cards, hashes)


def _cross_faults(document: Document, card: Card, rules: set[str]) -> Iterator[Fault]:
    for at, item in enumerate(card.items):
        if item.checklist is not None:
            for key in ("must", "must_not", "signs"):
                for number, name in enumerate(getattr(item.checklist, key)):
                    if name not in rules:
                        what = Words(f"没有规则 “{name}”。", f"There is no rule {name!r}.")
                        yield document.fault(("items", at, "checklist", key, number), what, one_of(name, rules))
        if item.fact is not None:
            yield from _fact_faults(document, ("items", at, "fact"), item.fact, rules)


def _fact_faults(document: Document, path: tuple[str | int, ...], fact: Fact, rules: set[str]) -> Iterator[Fault]:
    if fact.name is not None and fact.name not in NAMES:
        what = Words(f"没有指标 “{fact.name}”。", f"There is no fact {fact.name!r}.")
        yield document.fault((*path, "name"), what, one_of(fact.name, NAMES))
    if fact.tally is not None and fact.tally not in rules:
        what = Words(f"没有规则 “{fact.tally}”。", f"There is no rule {fact.tally!r}.")
        yield document.fault((*path, "tally"), what, one_of(fact.tally, rules))
    for key in ("over", "growth_on"):
        part = getattr(fact, key)
        if part is not None:
            yield from _fact_faults(document, (*path, key), part, rules)


def chosen(cards: Cards, ids: Iterable[str]) -> dict[str, Card]:
    """Return the named cards in the order named; all where none is named.

    Raises:
        Faults: a name that is no card.
    """
    wanted = list(ids) or list(cards.cards)
    faults = [
        Fault(Words(f"没有评分表 “{name}”。", f"There is no card {name!r}."), hint=one_of(name, cards.cards))
        for name in wanted
        if name not in cards.cards
    ]
    if faults:
        raise Faults(faults)
    return {name: cards.cards[name] for name in wanted}

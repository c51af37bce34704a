"""Card files in, checked cards out: every fault of every file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chataudit.cards.facts import NAMES
from chataudit.cards.formulas import Call, Name, Node, Text, names_in, parse
from chataudit.cards.model import Card
from chataudit.cards.reading import formulas_of
from chataudit.cards.unshaped import unshaped_faults
from chataudit.errors import Fault, Faults, Words, one_of
from chataudit.settings import Document, read_document, validate

Place = tuple[str | int, ...]
AFTER = ("score", "score_rank", "grade")
BACK = ("prev", "periods_ago")
DEEPEST_CHAIN = 30


@dataclass(frozen=True)
class Known:
    """What formulas and items may name: rules, platform metrics, other cards."""

    rules: frozenset[str]
    metrics: frozenset[str] | None = None


@dataclass(frozen=True)
class Cards:
    """Cards by id, with the SHA-256 of each file."""

    cards: dict[str, Card]
    hashes: dict[str, str] = field(default_factory=dict)


def load(folder: Path, rules: Iterable[str], metrics: Iterable[str] | None = None) -> Cards:
    """Return the cards of a lexicons folder (``cards/`` inside), whose items may read ``rules`` and ``metrics``.

    Raises:
        Faults: all that is wrong in all files, with file, line and column.
    """
    known = Known(frozenset(rules), None if metrics is None else frozenset(metrics))
    root = folder / "cards"
    paths = sorted(root.rglob("*.yaml"))
    names = frozenset(path.relative_to(root).with_suffix("").as_posix() for path in paths)
    cards: dict[str, Card] = {}
    hashes: dict[str, str] = {}
    faults: list[Fault] = []
    for path in paths:
        name = path.relative_to(root).with_suffix("").as_posix()
        try:
            cards[name], hashes[f"cards/{name}"] = read_card(path, known, names)
        except Faults as error:
            faults += error.faults
    if faults:
        raise Faults(sorted(faults, key=lambda fault: (fault.file, fault.line or 0, fault.column or 0)))
    return Cards(cards, hashes)


def read_card(path: Path, known: Known, cards: Iterable[str] | None = None) -> tuple[Card, str]:
    """Return one card file's card and its SHA-256; ``cards`` are the ids that it may read (None: any).

    Raises:
        Faults: all that is wrong in it, with line and column.
    """
    if not path.is_file():
        raise Faults([Fault(Words("没有这个评分表文件。", "No such card file."), str(path))])
    document = read_document(path.read_bytes(), str(path))
    try:
        card = validate(document, Card)
    except Faults as error:
        every = dict.fromkeys((*error.faults, *unshaped_faults(document, known.rules)))
        raise Faults(sorted(every, key=lambda fault: (fault.line or 0, fault.column or 0))) from error
    faults = list(_cross_faults(document, card, known, None if cards is None else frozenset(cards)))
    if faults:
        raise Faults(sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0)))
    return card, document.digest


def _cross_faults(document: Document, card: Card, known: Known, cards: frozenset[str] | None) -> Iterator[Fault]:
    yield from _item_faults(document, card, known)
    yield from _name_faults(document, card)
    checker = _Checker(document, card, known, cards)
    for path, formula in formulas_of(card):
        yield from checker.faults(path, parse(formula))
    circles = list(_circles(document, card))
    yield from circles or _too_deep(document, card)


def _item_faults(document: Document, card: Card, known: Known) -> Iterator[Fault]:
    for at, item in enumerate(card.items):
        if item.checklist is not None:
            for key in ("must", "must_not", "signs"):
                for number, name in enumerate(getattr(item.checklist, key)):
                    if name not in known.rules:
                        what = Words(f"没有规则 “{name}”。", f"There is no rule {name!r}.")
                        yield document.fault(("items", at, "checklist", key, number), what, one_of(name, known.rules))
        if item.group is not None and item.group not in card.groups:
            what = Words(f"没有分组 “{item.group}”。", f"There is no group {item.group!r}.")
            yield document.fault(("items", at, "group"), what, one_of(item.group, card.groups))
    for kind in ("items", "adjustments"):
        for at, line in enumerate(getattr(card, kind)):
            if line.levels and line.value not in card.inputs:
                what = Words(
                    "levels 的 value 要是一个 inputs 里的名字。", "The value of levels must be one of the inputs."
                )
                yield document.fault((kind, at, "value"), what, one_of(str(line.value), card.inputs))


def _name_faults(document: Document, card: Card) -> Iterator[Fault]:
    """Yield a fault for each name that means two things, or can't be written in a formula."""
    seen: dict[str, str] = dict.fromkeys((*NAMES, *AFTER), "facts")
    for kind in ("params", "inputs", "derived"):
        for name in getattr(card, kind):
            path: Place = (kind, name)
            try:
                plain = isinstance(parse(name), Name)
            except Exception:  # noqa: BLE001 - whatever can't be parsed is no name
                plain = False
            if not plain:
                what = Words(
                    f"“{name}” 不能作名字：只用文字、数字和下划线。", f"{name!r} is no name: letters, digits, _ only."
                )
                yield document.fault(path, what)
            if name in seen:
                what = Words(f"“{name}” 已是 {seen[name]} 的名字。", f"{name!r} is a name of {seen[name]} already.")
                yield document.fault(path, what)
            seen[name] = kind


@dataclass(frozen=True)
class _Checker:
    """Checks the names and texts of formulas."""

    document: Document
    card: Card
    known: Known
    cards: frozenset[str] | None

    def faults(self, path: Place, tree: Node) -> Iterator[Fault]:
        names = self._names(path)
        for node in names_in(tree):
            if isinstance(node, Call):
                yield from self._call_faults(path, node)
            elif isinstance(node, Name) and node.name not in names and not self._earlier(node, tree, path):
                what = Words(f"没有 “{node.name}” 这个数。", f"There is no figure {node.name!r}.")
                yield self.document.fault(path, what, one_of(node.name, names))

    def _names(self, path: Place) -> set[str]:
        own = {*NAMES, *self.card.params, *self.card.inputs, *self.card.derived}
        if path[0] == "consequences":
            return {*own, *AFTER, *self._pay_lines()}
        if path[0] == "pay":
            return {*own, *AFTER, *self._pay_lines()[: int(path[2])]}
        return own

    def _pay_lines(self) -> list[str]:
        return [line.id for line in self.card.pay.lines] if self.card.pay is not None else []

    def _earlier(self, name: Name, tree: Node, path: Place) -> bool:
        """Return whether a name stands inside prev or periods_ago, where results of earlier periods may be read."""
        if name.name not in {*AFTER, *self._pay_lines()}:
            return False
        return any(
            isinstance(call, Call) and call.function in BACK and name in list(names_in(call.arguments[0]))
            for call in names_in(tree)
        )

    def _call_faults(self, path: Place, node: Call) -> Iterator[Fault]:
        first = node.arguments[0]
        if not isinstance(first, Text):
            return
        allowed = {
            "tally": self.known.rules,
            "hits": self.known.rules,
            "metric": self.known.metrics,
            "card_score": self.cards,
            "points": frozenset(line.id for line in (*self.card.items, *self.card.adjustments)),
            "grade_count": frozenset(grade.name for grade in self.card.grades),
        }.get(node.function)
        if allowed is not None and first.value not in allowed:
            what = Words(f"{node.function}：没有 “{first.value}”。", f"{node.function}: there is no {first.value!r}.")
            yield self.document.fault(path, what, one_of(first.value, allowed))
        if node.function in ("points", "grade_count") and path[0] in ("items", "adjustments", "derived"):
            what = Words(
                f"{node.function} 只能用在 pay 和 consequences 里。", f"{node.function} goes into pay and consequences."
            )
            yield self.document.fault(path, what)


def _circles(document: Document, card: Card) -> Iterator[Fault]:
    """Yield a fault for each derived figure that needs itself in the same period."""
    needs = {name: set(_same_period(parse(one.formula))) & card.derived.keys() for name, one in card.derived.items()}
    for name in needs:
        seen: set[str] = set()
        waiting = set(needs[name])
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting |= needs[one]
        if name in seen:
            what = Words(f"“{name}” 绕了一圈又用到自己。", f"{name!r} needs itself.")
            yield document.fault(("derived", name, "formula"), what)


def _too_deep(document: Document, card: Card) -> Iterator[Fault]:
    """Yield a fault for each derived figure that stands on too long a chain of others."""
    needs = {name: set(_same_period(parse(one.formula))) & card.derived.keys() for name, one in card.derived.items()}
    depth = dict.fromkeys(needs, 1)
    for _ in range(DEEPEST_CHAIN):
        depth = {name: 1 + max((depth[one] for one in own), default=0) for name, own in needs.items()}
    for name, reached in depth.items():
        if reached > DEEPEST_CHAIN:
            what = Words(
                f"“{name}” 一个套一个，超过 {DEEPEST_CHAIN} 层。",
                f"{name!r} stands on more than {DEEPEST_CHAIN} others.",
            )
            yield document.fault(("derived", name, "formula"), what)


def _same_period(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    elif isinstance(node, Call):
        for argument in node.arguments[1 if node.function in BACK else 0 :]:
            yield from _same_period(argument)
    else:
        for side in ("of", "left", "right"):
            inner = getattr(node, side, None)
            if inner is not None:
                yield from _same_period(inner)


def chosen(cards: Cards, ids: Iterable[str]) -> dict[str, Card]:
    """Return the named cards in the order named; those of every audit where none is named.

    Raises:
        Faults: a name that is no card.
    """
    wanted = list(ids) or [name for name, card in cards.cards.items() if card.audit]
    faults = [
        Fault(Words(f"没有评分表 “{name}”。", f"There is no card {name!r}."), hint=one_of(name, cards.cards))
        for name in wanted
        if name not in cards.cards
    ]
    if faults:
        raise Faults(faults)
    return {name: cards.cards[name] for name in wanted}

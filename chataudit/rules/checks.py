"""What can be wrong between the parts of a library: names that are not there, rings, patterns and phrases that can't hit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from chataudit.errors import Fault, Words, one_of
from chataudit.rules.condition import Condition
from chataudit.rules.fold import fold_phrase
from chataudit.rules.lists import WordList
from chataudit.rules.model import Rule
from chataudit.rules.patterns import pattern_fault
from chataudit.rules.population import FIGURES, Facts
from chataudit.rules.resolve import Path, conditions, inside
from chataudit.rules.slots import SLOT
from chataudit.settings import Document

OF_ONE_SESSION = ("transferred", "ended_by", "order", *FIGURES)
LISTED = ("phrases", "exempt", "not_after", "not_before")


def list_faults(document: Document, words: WordList) -> Iterator[Fault]:
    """Yield a fault for each phrase of which folding leaves nothing, and for each that stands twice."""
    for key in LISTED:
        yield from _phrase_faults(document, (key,), getattr(words, key))


def _phrase_faults(document: Document, path: Path, phrases: tuple[str, ...]) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, phrase in enumerate(phrases):
        folded = fold_phrase(phrase)
        if not folded:
            what = Words(f"“{phrase}” 只有符号，匹配不到文字。", f"{phrase!r} is only marks and can't be found.")
            yield document.fault((*path, at), what)
        elif folded in seen and not SLOT.search(phrase):
            yield document.fault((*path, at), Words(f"“{phrase}” 写了两次。", f"{phrase!r} stands twice."))
        seen.add(folded)


def shared_faults(shared: Mapping[str, tuple[Document, Condition]], words: Mapping[str, WordList]) -> Iterator[Fault]:
    """Yield the faults of shared conditions: their own, and rings of use."""
    for name, (document, condition) in shared.items():
        for path, part in inside((), condition):
            yield from _part_faults(document, path, part, words, shared)
            if part.rule is not None:
                what = Words("共享条件里不能用 rule。", "A shared condition can't use rule.")
                yield document.fault((*path, "rule"), what)
        ring = _ring(name, lambda one: [part.use for _, part in inside((), shared[one][1]) if part.use in shared])
        if ring:
            yield document.fault(("use",), _round(ring))


def cross_faults(
    document: Document,
    rule: Rule,
    words: Mapping[str, WordList],
    shared: Mapping[str, tuple[Document, Condition]],
    rules: Mapping[str, Rule],
) -> Iterator[Fault]:
    """Yield what a rule names that is not there, what can't be found, and rings of rules."""
    for path, part in conditions(rule):
        yield from _part_faults(document, path, part, words, shared)
        if part.rule is None:
            continue
        if part.rule not in rules:
            what = Words(f"没有规则 “{part.rule}”。", f"There is no rule {part.rule!r}.")
            yield document.fault((*path, "rule"), what, one_of(part.rule, rules))
            continue
        ring = _ring(part.rule, lambda one: _rules_of(rules[one], rules))
        if ring:
            yield document.fault((*path, "rule"), _round(ring))
        elif rules[part.rule].across != rule.across:
            what = Words(
                f"规则 “{part.rule}” 的 across 和本规则不同，不能引用。",
                f"Rule {part.rule!r} has another across than this one, so its hits can't be asked for.",
            )
            yield document.fault((*path, "rule"), what)
    if rule.across is not None:
        yield from _across_faults(document, rule, shared)


def _across_faults(document: Document, rule: Rule, shared: Mapping[str, tuple[Document, Condition]]) -> Iterator[Fault]:
    """Yield a fault for each fact of one session that is asked of several."""
    asked: list[tuple[Path, Facts | None]] = [(("only",), rule.only)]
    asked += [((*path, "facts"), part.facts) for path, part in conditions(rule)]
    for path, facts in asked:
        for name in _of_one_session(facts):
            yield document.fault((*path, name), _one_session(name))
    for path, part in conditions(rule):
        for name in sorted({name for one in _used(part.use, shared) for name in _of_one_session(one.facts)}):
            yield document.fault((*path, "use"), _one_session(name))


def _of_one_session(facts: Facts | None) -> list[str]:
    return [] if facts is None else [name for name in OF_ONE_SESSION if name in facts.model_fields_set]


def _one_session(name: str) -> Words:
    return Words(
        f"{name} 是单个会话的事实，不能和 across 一起用。", f"{name} is a fact of one session and can't go with across."
    )


def _used(name: str | None, shared: Mapping[str, tuple[Document, Condition]]) -> Iterator[Condition]:
    """Yield all conditions that the use of a shared condition brings in, each shared one once."""
    seen: set[str] = set()
    open_ = [name]
    while open_:
        one = open_.pop()
        if one is None or one in seen or one not in shared:
            continue
        seen.add(one)
        for _, part in inside((), shared[one][1]):
            yield part
            open_.append(part.use)


def _rules_of(rule: Rule, rules: Mapping[str, Rule]) -> list[str]:
    return [part.rule for _, part in conditions(rule) if part.rule is not None and part.rule in rules]


def _part_faults(
    document: Document,
    path: Path,
    part: Condition,
    words: Mapping[str, WordList],
    shared: Mapping[str, tuple[Document, Condition]],
) -> Iterator[Fault]:
    """Yield the faults of one condition by itself."""
    for at, name in enumerate(part.words):
        if name not in words:
            what = Words(f"没有词表 “{name}”。", f"There is no word list {name!r}.")
            yield document.fault((*path, "words", at), what, one_of(name, words))
    if part.use is not None and part.use not in shared:
        what = Words(f"没有共享条件 “{part.use}”。", f"There is no shared condition {part.use!r}.")
        yield document.fault((*path, "use"), what, one_of(part.use, shared))
    for key in LISTED:
        for at, phrase in enumerate(getattr(part, key)):
            if not fold_phrase(phrase):
                what = Words(f"“{phrase}” 只有符号，匹配不到文字。", f"{phrase!r} is only marks and can't be found.")
                yield document.fault((*path, key, at), what)
    patterns: list[tuple[Path, str]] = [((*path, "except", at), one) for at, one in enumerate(part.except_)]
    if part.pattern is not None:
        patterns.append(((*path, "pattern"), part.pattern))
    for place, pattern in patterns:
        problem = pattern_fault(SLOT.sub("x", pattern))
        if problem:
            what = Words(f"正则写错了：{problem}。", f"The pattern is wrong: {problem}.")
            yield document.fault(place, what)


def _ring(start: str, next_of: Callable[[str], Iterable[str | None]]) -> list[str] | None:
    """Return the way from ``start`` back to it, if there is one; each name is looked at once."""
    seen: set[str] = set()
    open_: list[list[str]] = [[start]]
    while open_:
        way = open_.pop()
        for name in next_of(way[-1]):
            if name is None:
                continue
            if name == start:
                return [*way, start]
            if name not in seen:
                seen.add(name)
                open_.append([*way, name])
    return None


def _round(ring: list[str]) -> Words:
    shown = " → ".join(ring)
    return Words(f"绕成了圈：{shown}。", f"This goes round in a ring: {shown}.")

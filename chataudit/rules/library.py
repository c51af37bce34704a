"""Rule files and word lists in, one checked library out: every fault of every file at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chataudit.errors import Fault, Faults, Words, one_of
from chataudit.rules.fold import fold_phrase
from chataudit.rules.model import Condition, Rule, WordList
from chataudit.rules.patterns import pattern_fault
from chataudit.settings import Document, read_document, validate

SUFFIXES = (".yaml", ".txt")


@dataclass(frozen=True)
class Library:
    """Rules and word lists by id, with the SHA-256 of each file."""

    rules: dict[str, Rule]
    words: dict[str, WordList]
    hashes: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None


def load(folder: Path) -> Library:
    """Return the library of a lexicons folder (``rules/`` and ``words/`` inside).

    Raises:
        Faults: all that is wrong in all files, with file, line and column.
    """
    faults: list[Fault] = []
    hashes: dict[str, str] = {}
    words: dict[str, WordList] = {}
    for path, name in _files(folder / "words"):
        try:
            document = _word_document(path)
            words[name] = _checked_list(document, validate(document, WordList), faults)
            hashes[f"words/{name}"] = document.digest
        except Faults as error:
            faults += error.faults
    rules: dict[str, Rule] = {}
    for path, name in _files(folder / "rules"):
        try:
            document = read_document(path.read_bytes(), str(path))
            rules[name] = validate(document, Rule)
            faults += _cross_faults(document, rules[name], words)
            hashes[f"rules/{name}"] = document.digest
        except Faults as error:
            faults += error.faults
    if faults:
        raise Faults(sorted(faults, key=lambda fault: (fault.file, fault.line or 0, fault.column or 0)))
    return Library(rules, words, hashes, folder)


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in SUFFIXES and path.is_file():
            yield path, path.relative_to(folder).with_suffix("").as_posix()


def _word_document(path: Path) -> Document:
    content = path.read_bytes()
    if path.suffix == ".yaml":
        return read_document(content, str(path))
    lines = content.decode("utf-8-sig", errors="replace").splitlines()
    phrases = [
        (number, line.strip())
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith("#")
    ]
    places: dict[tuple[str | int, ...], tuple[int, int]] = {
        ("phrases", at): (number, 1) for at, (number, _) in enumerate(phrases)
    }
    digest = hashlib.sha256(content).hexdigest()
    return Document(str(path), {"phrases": [phrase for _, phrase in phrases]}, {(): (1, 1), **places}, digest)


def _checked_list(document: Document, words: WordList, faults: list[Fault]) -> WordList:
    """Note phrases of which folding leaves nothing, and phrases that stand twice."""
    for key in ("phrases", "exempt", "not_after", "not_before"):
        seen: set[str] = set()
        for at, phrase in enumerate(getattr(words, key)):
            folded = fold_phrase(phrase)
            if not folded:
                what = Words(f"“{phrase}” 只有符号，匹配不到文字。", f"{phrase!r} is only marks and can't be found.")
                faults.append(document.fault((key, at), what))
            elif folded in seen:
                faults.append(document.fault((key, at), Words(f"“{phrase}” 写了两次。", f"{phrase!r} stands twice.")))
            seen.add(folded)
    return words


def _cross_faults(document: Document, rule: Rule, words: dict[str, WordList]) -> Iterator[Fault]:
    """Yield a fault for each unknown word list and each pattern that RE2 does not take."""
    for path, condition in conditions(rule):
        for at, name in enumerate(condition.words):
            if name not in words:
                what = Words(f"没有词表 “{name}”。", f"There is no word list {name!r}.")
                yield document.fault((*path, "words", at), what, one_of(name, words))
        for at, phrase in enumerate(condition.phrases):
            if not fold_phrase(phrase):
                what = Words(f"“{phrase}” 只有符号，匹配不到文字。", f"{phrase!r} is only marks and can't be found.")
                yield document.fault((*path, "phrases", at), what)
        if condition.pattern is not None:
            problem = pattern_fault(condition.pattern)
            if problem:
                what = Words(f"正则写错了：{problem}。", f"The pattern is wrong: {problem}.")
                yield document.fault((*path, "pattern"), what)


def conditions(rule: Rule) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
    """Yield every condition of a rule, with its key path in the file."""
    for key in ("anchor", "find", "unless"):
        part = getattr(rule, key)
        if part is not None:
            yield from _inside((key,), part)


def _inside(path: tuple[str | int, ...], condition: Condition) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
    yield path, condition
    for key in ("any", "all"):
        for at, part in enumerate(getattr(condition, key)):
            yield from _inside((*path, key, at), part)
    if condition.not_ is not None:
        yield from _inside((*path, "not"), condition.not_)

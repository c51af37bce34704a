"""Rule files, shared conditions and word lists in, one checked library out: every fault of every file at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from chataudit.errors import Fault, Faults, Words
from chataudit.rules.checks import cross_faults, list_faults, shared_faults
from chataudit.rules.condition import Condition
from chataudit.rules.lists import SUFFIXES, WordList, read_list
from chataudit.rules.model import Rule
from chataudit.rules.patterns import pattern_fault
from chataudit.rules.resolve import conditions, resolved
from chataudit.rules.slots import Values, fill, slots_in
from chataudit.settings import Document, read_document, validate

MOST_FILES, MOST_PATTERN = 5_000, 1_000


@dataclass(frozen=True)
class Library:
    """Rules and word lists by id, with the SHA-256 of each file; ``unfilled``: rules with slots that have no value."""

    rules: dict[str, Rule]
    words: dict[str, WordList]
    hashes: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None
    unfilled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def filled(self, values: Values) -> Library:
        """Return the library with the shop's values in its slots; a rule that lacks some is noted as ``unfilled``.

        Raises:
            Faults: so many values that a pattern becomes too large.
        """
        if not values and not any(slots_in(one) for one in (*self.words.values(), *self.rules.values())):
            return self
        words = {name: fill(one, values) for name, one in self.words.items()}
        open_words = {name: slots_in(one) for name, one in words.items()}
        rules = {name: fill(one, values) for name, one in self.rules.items()}
        unfilled = {}
        for name, rule in rules.items():
            missing = slots_in(rule)
            for _, condition in conditions(rule):
                missing = missing.union(*(open_words.get(one, set()) for one in condition.words))
            if missing:
                unfilled[name] = tuple(sorted(missing))
        _check_filled(rules, values)
        return replace(self, rules=rules, words=words, unfilled=unfilled)


def load(folder: Path) -> Library:
    """Return the library of a lexicons folder (``rules/``, ``words/`` and ``conditions/`` inside).

    Raises:
        Faults: all that is wrong in all files, with file, line and column.
    """
    reading = _Reading(folder)
    reading.words()
    reading.conditions()
    reading.rules()
    if reading.faults:
        raise Faults(sorted(reading.faults, key=lambda fault: (fault.file, fault.line or 0, fault.column or 0)))
    return Library(reading.done, reading.lists, reading.hashes, folder)


class _Reading:
    """Reads kind after kind of files, keeping faults."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self.hashes: dict[str, str] = {}
        self.lists: dict[str, WordList] = {}
        self.shared: dict[str, tuple[Document, Condition]] = {}
        self.done: dict[str, Rule] = {}

    def words(self) -> None:
        seen: dict[str, Path] = {}
        for path, name in self._files("words", SUFFIXES):
            if name in seen:
                what = Words(f"词表 “{name}” 有两个文件。", f"The word list {name!r} has two files.")
                self.faults.append(Fault(what, str(path), hint=Words(f"另一个是 {seen[name]}。", f"See {seen[name]}.")))
                continue
            seen[name] = path
            try:
                document = read_list(path)
                self.lists[name] = validate(document, WordList)
                self.faults += list_faults(document, self.lists[name])
                self.hashes[f"words/{name}"] = document.digest
            except Faults as error:
                self.faults += error.faults

    def conditions(self) -> None:
        for path, name in self._files("conditions", (".yaml",)):
            try:
                document = read_document(path.read_bytes(), str(path))
                self.shared[name] = document, validate(document, Condition)
                self.hashes[f"conditions/{name}"] = document.digest
            except Faults as error:
                self.faults += error.faults
        self.faults += shared_faults(self.shared, self.lists)

    def rules(self) -> None:
        raw: dict[str, tuple[Document, Rule]] = {}
        for path, name in self._files("rules", (".yaml",)):
            try:
                document = read_document(path.read_bytes(), str(path))
                raw[name] = document, validate(document, Rule)
                self.hashes[f"rules/{name}"] = document.digest
            except Faults as error:
                self.faults += error.faults
        for document, rule in raw.values():
            self.faults += cross_faults(
                document, rule, self.lists, self.shared, {name: one for name, (_, one) in raw.items()}
            )
        if not self.faults:
            shared = {name: condition for name, (_, condition) in self.shared.items()}
            for name, (document, rule) in raw.items():
                try:
                    self.done[name] = resolved(document, rule, shared)
                except Faults as error:
                    self.faults += error.faults

    def _files(self, kind: str, suffixes: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
        folder = self.folder / kind
        paths = [path for path in sorted(folder.rglob("*")) if path.suffix in suffixes and path.is_file()]
        if len(paths) > MOST_FILES:
            what = Words(f"超过 {MOST_FILES} 个文件。", f"More than {MOST_FILES} files.")
            raise Faults([Fault(what, str(folder))])
        for path in paths:
            yield path, path.relative_to(folder).with_suffix("").as_posix()


def _check_filled(rules: Mapping[str, Rule], values: Values) -> None:
    """Raise Faults for patterns that their slots have made too large."""
    faults = []
    for name, rule in rules.items():
        for pattern in {text for _, part in conditions(rule) for text in (part.pattern, *part.except_) if text}:
            if values and len(pattern) > MOST_PATTERN and pattern_fault(pattern):
                what = Words("槽位的值太多，正则编译不了。", "Too many slot values: the pattern can't be compiled.")
                faults.append(Fault(what, f"rules/{name}"))
    if faults:
        raise Faults(faults)

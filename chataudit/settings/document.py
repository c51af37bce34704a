"""YAML documents whose every value knows its line and column.

Built from the parser's events, not by recursion, so that a hostile file can neither run code, expand aliases nor
overflow the stack. Plain scalars follow YAML 1.2's core schema: only ``true``/``false`` are booleans, ``10:30`` and
dates stay text, ``1.10`` is a number (item ids must be quoted).
"""

from __future__ import annotations

import hashlib
import re
import types
import typing
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from chataudit.errors import Fault, Faults, Words, one_of

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_DIGITS = 300
INT = re.compile(r"[-+]?[0-9]+")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
BOUNDS = {
    "greater_than": Words("要大于 ", "must be greater than "),
    "greater_than_equal": Words("不能小于 ", "must be at least "),
    "less_than": Words("要小于 ", "must be less than "),
    "less_than_equal": Words("不能大于 ", "must be at most "),
    "int_type": Words("要写整数", "must be a whole number"),
    "int_parsing": Words("要写整数", "must be a whole number"),
    "int_from_float": Words("要写整数", "must be a whole number"),
    "float_type": Words("要写数", "must be a number"),
    "float_parsing": Words("要写数", "must be a number"),
    "bool_type": Words("要写 true 或 false", "must be true or false"),
    "bool_parsing": Words("要写 true 或 false", "must be true or false"),
    "tuple_type": Words("要写成列表", "must be a list"),
    "dict_type": Words("要写成键: 值", "must be keys with values"),
    "model_type": Words("要写成键: 值", "must be keys with values"),
    "string_too_short": Words("字数不能少于 ", "must have characters: at least "),
    "string_too_long": Words("字数不能多于 ", "must have characters: at most "),
    "too_short": Words("项数不能少于 ", "must have entries: at least "),
}
Path = tuple[str | int, ...]
Place = tuple[int, int]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """Plain data with the place (line, column; 1-based) of every key path, and the text's SHA-256."""

    name: str
    data: Any
    places: dict[Path, Place]
    digest: str

    def place(self, path: Path) -> Place:
        """Return the place of ``path`` or of its nearest known parent."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def fault(self, path: Path, what: Words, hint: Words | None = None) -> Fault:
        """Return a fault at ``path``."""
        if not self.places:
            return Fault(what, self.name, hint=hint)
        line, column = self.place(path)
        return Fault(what, self.name, line, column, hint)


def read_document(content: bytes, name: str) -> Document:
    """Parse one YAML document from UTF-8 ``content``.

    Raises:
        Faults: not UTF-8, no YAML, more than one document, an alias, a key twice, too deep or too large.
    """
    digest = hashlib.sha256(content).hexdigest()
    if len(content) > MAX_BYTES:
        raise Faults(
            [Fault(Words(f"文件超过 {MAX_BYTES} 字节。", f"The file is larger than {MAX_BYTES} bytes."), name)]
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Faults([Fault(Words("不是 UTF-8 编码。", "Not UTF-8 text."), name, line)]) from error
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = Words(f"YAML 语法错误：{error.problem}。", f"YAML syntax: {error.problem}.")
        line_column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Faults([*builder.faults, Fault(what, name, *line_column)]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Faults([Fault(Words(f"YAML 读不出来：{error}", f"Unreadable YAML: {error}"), name)]) from error
    if builder.faults:
        raise Faults(builder.faults)
    return Document(name, builder.data, builder.places or {(): (1, 1)}, digest)


class _Builder:
    """Collects the parser's events into plain data."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.data: Any = None
        self.places: dict[Path, Place] = {}
        self.faults: list[Fault] = []
        self._open: list[_Level] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._fault(event, Words("一个文件只能有一份文档。", "One file holds one document."))
        elif isinstance(event, yaml.AliasEvent):
            self._fault(event, Words("不支持别名（*名称）。", "Aliases (*name) are not supported."))
            self._add(None, event)
        elif isinstance(event, yaml.ScalarEvent):
            self._add(self._scalar(event), event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._start({} if isinstance(event, yaml.MappingStartEvent) else [], event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()

    def _fault(self, event: yaml.Event, what: Words) -> None:
        self.faults.append(Fault(what, self.name, *_place(event)))

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        text = event.value
        if not event.implicit[0]:
            return text
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if len(text) > MAX_DIGITS:
            return text
        if INT.fullmatch(text):
            return int(text)
        return float(text) if FLOAT.fullmatch(text) else text

    def _start(self, container: Any, event: yaml.Event) -> None:
        if len(self._open) == MAX_DEPTH:
            raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
        path = self._add(container, event)
        self._open.append(_Level(container, path))

    def _add(self, value: Any, event: yaml.Event) -> Path:
        place = _place(event)
        if not self._open:
            if self._documents == 1:
                self.data = value
            self.places[()] = place
            return ()
        level = self._open[-1]
        if isinstance(level.container, list):
            path: Path = (*level.path, len(level.container))
            level.container.append(value)
        elif level.key is None:
            return self._take_key(level, value, event, place)
        else:
            path = (*level.path, level.key)
            level.container[level.key] = value
            level.key = None
            self.places.setdefault(path, place)
            return path
        self.places[path] = place
        return path

    def _take_key(self, level: _Level, value: Any, event: yaml.Event, place: Place) -> Path:
        if isinstance(value, dict | list):
            self._fault(event, Words("键必须是文字。", "A key must be text."))
        key = event.value if isinstance(event, yaml.ScalarEvent) else str(len(level.container))
        if key in level.container:
            self._fault(event, Words(f"“{key}” 写了两次。", f"{key!r} stands twice."))
        level.key = key
        self.places[(*level.path, key)] = place
        return (*level.path, key)


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


@dataclass
class _Level:
    """An open mapping or list, and in a mapping the key that waits for its value."""

    container: Any
    path: Path
    key: str | None = None


def validate(document: Document, model: type[Model]) -> Model:
    """Return the document's data as ``model``.

    Raises:
        Faults: one for each thing that the model refuses, at its line and column.
    """
    data = document.data if document.data is not None else {}
    if not isinstance(data, dict):
        raise Faults([document.fault((), Words("最外层要写成“键: 值”。", "The document must be keys with values."))])
    try:
        return model.model_validate(data)
    except ValidationError as error:
        items = [dict(item) for item in error.errors(include_url=False)]
        faults = [_fault(document, model, item) for item in items if not _follows(item, items)]
        raise Faults(sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0))) from error


def _follows(item: dict[str, Any], items: list[dict[str, Any]]) -> bool:
    """Return whether a list is only found too short because its entries are wrong, which is said of these."""
    path = item["loc"]
    inside = (other["loc"] for other in items if len(other["loc"]) > len(path))
    return item["type"] == "too_short" and any(other[: len(path)] == path for other in inside)


def _fault(document: Document, model: type[BaseModel], item: dict[str, Any]) -> Fault:
    path = tuple(item["loc"])
    last = path[-1] if path else ""
    context = item.get("ctx", {})
    if item["type"] == "extra_forbidden":
        return document.fault(
            path,
            Words(f"不认识的键 “{last}”。", f"Unknown key {last!r}."),
            one_of(str(last), _fields_at(model, path[:-1])),
        )
    if item["type"] == "missing":
        return document.fault(path[:-1], Words(f"缺少 “{last}”。", f"{last!r} is missing."))
    if item["type"] == "string_type" and isinstance(item["input"], int | float):
        what = Words(f"“{last}” 要写成文字：请加引号。", f"{last!r} must be text: put it in quotes.")
        return document.fault(path, what)
    if item["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        value = str(item["input"])[:80]
        return document.fault(
            path, Words(f"“{last}” 不能是 {value!r}。", f"{last!r} can't be {value!r}."), one_of(value, allowed)
        )
    bound = BOUNDS.get(item["type"])
    if bound is not None:
        limit = next(
            (context[key] for key in ("gt", "ge", "lt", "le", "min_length", "max_length") if key in context), ""
        )
        return document.fault(path, Words(f"“{last}” {bound.zh}{limit}。", f"{last!r} {bound.en}{limit}."))
    said = context.get("error")
    if said is not None and said.args and isinstance(said.args[0], Words):
        return document.fault(path, said.args[0])
    return document.fault(path, Words(f"“{last}” 有误：{item['msg']}。", f"{last!r}: {item['msg']}."))


def _fields_at(model: type[BaseModel], path: Path) -> set[str]:
    """Return the keys allowed at ``path`` inside ``model``."""
    models = {model}
    for step in path:
        found = set()
        for one in models:
            field = one.model_fields.get(str(step)) or _by_alias(one, str(step))
            if field is not None:
                found |= _models_in(field.annotation)
        models = found or models
    return {field.alias or name for one in models for name, field in one.model_fields.items()}


def _by_alias(model: type[BaseModel], name: str) -> Any:
    return next((field for field in model.model_fields.values() if field.alias == name), None)


def _models_in(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return {annotation} if issubclass(annotation, BaseModel) else set()
    return {model for part in typing.get_args(annotation) for model in _models_in(part)}

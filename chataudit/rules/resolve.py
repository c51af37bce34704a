"""Rules made ready to run: shared conditions put in where they are used, speakers handed down to parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chataudit.errors import Faults, Words
from chataudit.rules.condition import Condition, Window
from chataudit.rules.model import Rule
from chataudit.settings import Document

MOST_CONDITIONS = 500
Path = tuple[str | int, ...]
TOP = ("anchor", "find", "unless")


def conditions(rule: Rule) -> Iterator[tuple[Path, Condition]]:
    """Yield every condition of a rule, at any depth, with its key path in the file."""
    for key in TOP:
        part = getattr(rule, key)
        if part is not None:
            yield from inside((key,), part)
    yield from _of_window(("window",), rule.window)


def inside(path: Path, condition: Condition) -> Iterator[tuple[Path, Condition]]:
    """Yield a condition and all that stand in it."""
    yield path, condition
    for key in ("any", "all", "near"):
        for at, part in enumerate(getattr(condition, key)):
            yield from inside((*path, key, at), part)
    if condition.not_ is not None:
        yield from inside((*path, "not"), condition.not_)
    yield from _of_window((*path, "window"), getattr(condition, "window", None))


def _of_window(path: Path, window: Window | None) -> Iterator[tuple[Path, Condition]]:
    if window is not None and window.until is not None:
        yield from inside((*path, "until"), window.until)


def resolved(document: Document, rule: Rule, shared: Mapping[str, Condition]) -> Rule:
    """Return a rule whose conditions stand for themselves.

    Raises:
        Faults: the shared conditions make it larger than `MOST_CONDITIONS`.
    """
    resolver = _Resolver(shared)
    try:
        changed = {key: resolver.condition(part) for key in TOP if (part := getattr(rule, key)) is not None}
        changed["window"] = resolver.window(rule.window)  # type: ignore[assignment]
    except OverflowError as error:
        what = Words(
            f"规则展开后超过 {MOST_CONDITIONS} 个条件。", f"The rule has more than {MOST_CONDITIONS} conditions in all."
        )
        raise Faults([document.fault((), what)]) from error
    return rule.model_copy(update=changed)


class _Resolver:
    """Puts shared conditions in, counting, so that a few lines can't grow without end."""

    def __init__(self, shared: Mapping[str, Condition]) -> None:
        self.shared, self.left = shared, MOST_CONDITIONS

    def condition(self, part: Condition, who: tuple[str, ...] | None = None) -> Condition:
        self.left -= 1
        if self.left < 0:
            raise OverflowError
        used = None if part.use is None else self.condition(self.shared[part.use], None)
        own = "who" in part.model_fields_set
        speakers = part.who if own or (who is None and used is None) else used.who if used is not None else who
        changed: dict[str, object] = {"who": speakers, "use": None}
        every = [self.condition(one, speakers) for one in part.all]
        changed["all"] = (used, *every) if used is not None else tuple(every)
        changed["any"] = tuple(self.condition(one, speakers) for one in part.any)
        changed["near"] = tuple(self.condition(one) for one in part.near)
        if part.not_ is not None:
            changed["not_"] = self.condition(part.not_, speakers)
        window = getattr(part, "window", None)
        if window is not None:
            changed["window"] = self.window(window)
        return part.model_copy(update=changed)

    def window(self, window: Window) -> Window:
        if window.until is None:
            return window
        return window.model_copy(update={"until": self.condition(window.until)})

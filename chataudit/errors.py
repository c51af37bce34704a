"""What can be wrong with the user's input, said so that the next step is clear.

A `Fault` is one thing that is wrong, in one place. `Faults` is the exception that carries all of them at once:
a stage collects every fault it can find before it gives up. Words for people exist in Chinese and English.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

Result = TypeVar("Result")


class Words(NamedTuple):
    """One text in the two languages that people read."""

    zh: str
    en: str

    def said(self, lang: str) -> str:
        """Return the text in ``lang`` (``zh`` or ``en``)."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, what, what is allowed and what to do next."""

    what: Words
    file: str = ""
    line: int | None = None
    column: int | None = None
    hint: Words | None = None

    def said(self, lang: str) -> str:
        """Return ``file:line:column: what. hint`` in ``lang``."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part not in ("", None))
        text = self.what.said(lang)
        if self.hint is not None:
            text += (" " if lang == "en" else "") + self.hint.said(lang)
        return f"{place}: {text}" if place else text


class Faults(Exception):  # noqa: N818 - it is the plural of Fault, which is what it carries
    """Raised once with every fault found; caught once, in the command line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.said("en") for fault in self.faults))

    def said(self, lang: str) -> str:
        """Return one line per fault in ``lang``."""
        return "\n".join(fault.said(lang) for fault in self.faults)


class Together:
    """Tries several things, so that the faults of all of them are said at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def get(self, work: Callable[[], Result]) -> Result | None:
        """Return what ``work`` returns; None where it raises Faults, which are kept."""
        try:
            return work()
        except Faults as error:
            self.faults += error.faults
            return None

    def settle(self) -> None:
        """Raise all faults that were kept."""
        if self.faults:
            raise Faults(self.faults)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like ``word``, or None where nothing is close."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def one_of(word: str, known: Iterable[str]) -> Words:
    """Say which words are allowed, and which of them was probably meant."""
    allowed = sorted(known)
    listed = ", ".join(allowed)
    close = nearest(word, allowed)
    if close is None:
        return Words(f"可用：{listed}。", f"Allowed: {listed}.")
    return Words(f"是否想写 {close}？可用：{listed}。", f"Did you mean {close}? Allowed: {listed}.")

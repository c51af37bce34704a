"""RE2 patterns as users write them, made fit for Arrow: nameless groups do not capture, the hit is a named group."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def hit_pattern(pattern: str) -> str:
    """Return the pattern with its whole match as group ``hit`` and all nameless groups not capturing.

    >>> hit_pattern(r"(a|b)\\(c[(]")
    '(?P<hit>(?:a|b)\\\\(c[(])'
    """
    if "(?P<hit>" in pattern:
        return _uncaptured(pattern)
    return f"(?P<hit>{_uncaptured(pattern)})"


def _uncaptured(pattern: str) -> str:
    parts, at, in_class = [], 0, False
    while at < len(pattern):
        mark = pattern[at]
        if mark == "\\":
            parts.append(pattern[at : at + 2])
            at += 2
            continue
        if mark == "[" and not in_class:
            in_class = True
            literal = 2 if pattern[at + 1 : at + 2] == "]" else 3 if pattern[at + 1 : at + 3] == "^]" else 1
            parts.append(pattern[at : at + literal])
            at += literal
            continue
        if mark == "]":
            in_class = False
        opens = mark == "(" and not in_class and pattern[at + 1 : at + 2] != "?"
        parts.append("(?:" if opens else mark)
        at += 1
    return "".join(parts)


def pattern_fault(pattern: str) -> str | None:
    """Return what RE2 says of a pattern that it does not take, else None; a pattern must not match an empty text."""
    try:
        empty = pc.match_substring_regex(pa.array([""]), pattern)
        pc.extract_regex_span(pa.array([""]), hit_pattern(pattern))
    except pa.ArrowInvalid as error:
        return str(error).splitlines()[0].removeprefix("Invalid regular expression: ").strip(". ")
    return "it matches an empty text" if empty[0].as_py() else None

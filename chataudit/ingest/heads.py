"""The first lines of a source: what a look at it needs, without reading it to its end."""

from __future__ import annotations

import re

from chataudit.ingest.decode import clean, decode
from chataudit.ingest.sources import Source

KEY = re.compile(r'"([^"\\]{1,60})"\s*:')


def head_text(source: Source) -> str:
    """Return the text of the first 64 KiB, cleaned."""
    return source.once(_head_text)


def head_lines(source: Source) -> list[str]:
    """Return the lines of the first 64 KiB; the last may be cut."""
    return source.once(_head_lines)


def head_keys(source: Source) -> frozenset[str]:
    """Return the keys of JSON objects in the first 64 KiB, nested ones too."""
    return source.once(_head_keys)


def _head_text(source: Source) -> str:
    return clean(decode(source.head()).text)


def _head_lines(source: Source) -> list[str]:
    return head_text(source).split("\n")


def _head_keys(source: Source) -> frozenset[str]:
    return frozenset(KEY.findall(head_text(source)))

"""Bytes to text: the encodings that chat exports really have, and the characters that never belong to talk."""

from __future__ import annotations

import re
from typing import NamedTuple

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff]")
CONTROL_RE2 = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FEFF}\x{A0}]"
NBSP = "\u00a0"


class Decoded(NamedTuple):
    """Text, the encoding it was in, and how many characters could not be decoded."""

    text: str
    encoding: str
    lost: int


def decode(data: bytes) -> Decoded:
    """Decode by BOM, then strict UTF-8, then GB18030; what fits none is UTF-8 or GB18030 with replacements."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _replaced(data, "utf-16")
    if data.startswith(b"\xef\xbb\xbf"):
        return _replaced(data[3:], "utf-8")
    try:
        return Decoded(data.decode("utf-8"), "utf-8", 0)
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:
            return _replaced(data, "utf-8")
    try:
        return Decoded(data.decode("gb18030"), "gb18030", 0)
    except UnicodeDecodeError:
        utf8, gbk = _replaced(data, "utf-8"), _replaced(data, "gb18030")
        return utf8 if utf8.lost <= gbk.lost else gbk


def _replaced(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, text.count("\ufffd"))


def clean(text: str) -> str:
    """Drop control characters and stray BOMs, turn no-break spaces into spaces and line ends into ``\\n``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(NBSP, " ")
    return CONTROL.sub("", text)

"""Bytes to text: the encodings that chat exports really have, and the characters that never belong to talk."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from chataudit.errors import Words

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff]")
CONTROL_RE2 = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FEFF}\x{A0}]"
CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32)])
LINE_BYTES = b"\t\n\r"
BLOCK = 1 << 18  # bytes looked at in one go: they stay in the processor's cache
NBSP = "\u00a0"
NO_BREAK = NBSP.encode()
BOM = b"\xef\xbb\xbf"
HALF_PAIR = re.compile("[\ud800-\udfff]")
LOST = "\ufffd"


class Decoded(NamedTuple):
    """Text, the encoding it was in, and how many characters could not be decoded."""

    text: str
    encoding: str
    lost: int


def decode(data: bytes) -> Decoded:
    """Decode by BOM, then strict UTF-8, then GB18030; what fits none is UTF-8 or GB18030 with replacements.

    UTF-8 that ends in the middle of a character is UTF-8 that was cut.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _replaced(data, "utf-16")
    if data.startswith(b"\xef\xbb\xbf"):
        return _replaced(data[3:], "utf-8")
    try:
        return Decoded(data.decode("utf-8"), "utf-8", 0)
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and not data[: error.start].isascii():
            return _replaced(data, "utf-8")
    try:
        return Decoded(data.decode("gb18030"), "gb18030", 0)
    except UnicodeDecodeError:
        utf8, gbk = _replaced(data, "utf-8"), _replaced(data, "gb18030")
        return utf8 if utf8.lost <= gbk.lost else gbk


class Encoded(NamedTuple):
    """Text as UTF-8, the encoding it was in, and how many characters could not be decoded."""

    data: bytes
    encoding: str
    lost: int


def as_utf8(data: bytes) -> Encoded:
    """Do what `decode` does, and give bytes: what is UTF-8 already is not decoded and encoded again."""
    bare = data.removeprefix(BOM)
    if _is_utf8(bare):
        return Encoded(bare, "utf-8", bare.count(LOST.encode()) if len(bare) < len(data) else 0)
    decoded = decode(data)
    return Encoded(decoded.text.encode(errors="replace"), decoded.encoding, decoded.lost)


def _is_utf8(data: bytes) -> bool:
    """Return whether the bytes are UTF-8, by Arrow's check, which is much quicker than to decode them."""
    ends = pa.py_buffer(np.array([0, len(data)], dtype=np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, ends, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _replaced(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, text.count(LOST))


def clean(text: str) -> str:
    """Drop control characters and stray BOMs, turn no-break spaces into spaces and all line ends into line feeds."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(NBSP, " ")
    return CONTROL.sub("", text)


def clean_bytes(data: bytes) -> bytes:
    """Do what `clean` does on UTF-8, at the speed of memory: what is not there is not replaced."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if NO_BREAK[:1] in data:
        data = data.replace(NO_BREAK, b" ")
    data = data.replace(BOM, b"")
    return data.translate(None, CONTROL_BYTES) if has_controls(data) else data


def has_controls(data: bytes) -> bool:
    """Return whether there are control characters other than line ends and tabs."""
    whole = np.frombuffer(data, dtype=np.uint8)
    return any(_has_controls(whole[start : start + BLOCK]) for start in range(0, len(whole), BLOCK))


def _has_controls(block: np.ndarray) -> bool:
    low = np.count_nonzero(block < 32)
    return bool(low) and bool(low > sum(np.count_nonzero(block == byte) for byte in LINE_BYTES))


def clean_escaped(text: str) -> str:
    """Clean a text that stood in escapes (JSON), where half of a surrogate pair may be left alone.

    >>> clean_escaped("好" + chr(0xD83D))
    '好�'
    """
    return HALF_PAIR.sub(LOST, clean(text))


def lost_notes(name: str, decoded: Decoded | Encoded) -> tuple[Words, ...]:
    """Say how many characters could not be decoded, if any."""
    if not decoded.lost:
        return ()
    return (
        Words(
            f"{name}：{decoded.lost} 个字符无法按 {decoded.encoding} 解码，以 � 代替。",
            f"{name}: {decoded.lost} characters are no {decoded.encoding}; they stand as �.",
        ),
    )

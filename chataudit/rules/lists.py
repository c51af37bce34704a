"""Word lists: phrases with how they may be written and when they do not count; YAML, TXT or XLSX, one phrase a line."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Literal

from pydantic import Field
from python_calamine import CalamineError, CalamineWorkbook

from chataudit.errors import Fault, Faults, Words
from chataudit.rules.fold import fold_phrase
from chataudit.rules.parts import Names, Part
from chataudit.settings import Document, read_document

SUFFIXES = (".yaml", ".txt", ".xlsx")
MOST_BYTES, MOST_UNPACKED, MOST_CELLS = 1_000_000, 20_000_000, 500_000
ENCODINGS = ("utf-8-sig", "gb18030")


class Fold(Part):
    """What counts as the same writing: each may be switched.

    ``width``, ``case``, ``traditional``: full width, capitals, traditional characters. ``sound``: characters of one sound
    (反现 for 返现; two-character phrases only with the tone too), unless the written character belongs to a word of its own.
    ``look``: the table of look-alikes and stand-ins (v, 薇, 威, ❤, 卫星…). ``digits``: number words and marked digits (幺, 叁, ③).
    """

    width: bool = True
    case: bool = True
    traditional: bool = True
    sound: bool = False
    look: bool = False
    digits: bool = False

    @property
    def loud(self) -> tuple[bool, bool, bool]:
        """Return which of sound, look and digits are on: they make a buffer of their own."""
        return self.sound, self.look, self.digits

    @property
    def strict(self) -> bool:
        """Return whether a difference that is folded for everybody must not count here."""
        return not (self.width and self.case and self.traditional)


class WordList(Part):
    """A list of phrases with how they may be written and when they do not count.

    ``border``: both ends of a hit must be word borders (jieba); ``marks``: what may stand between a phrase's
    characters: ``none``, ``soft`` (spaces, symbols, emoji codes) or ``any`` (sentence marks too); ``fold``: what counts as the
    same writing; ``exempt``: longer phrases inside which a hit does not count; ``not_after`` / ``not_before``: phrases that,
    at most ``reach`` characters before / after the hit, make it innocent.
    """

    phrases: Names = Field(min_length=1)
    border: bool = True
    marks: Literal["none", "soft", "any"] = "soft"
    fold: Fold = Fold()
    exempt: Names = ()
    not_after: Names = ()
    not_before: Names = ()
    reach: int = Field(6, ge=0, le=50)


def read_list(path: Path) -> Document:
    """Return a word file as a document: YAML as it is, TXT and XLSX as a list of ``phrases``, each once.

    Raises:
        Faults: not readable, or too large.
    """
    content = read_small(path)
    if path.suffix == ".yaml":
        return read_document(content, str(path))
    if path.suffix == ".xlsx":
        lines = [(number, row[0]) for number, row in enumerate(first_sheet(content, path), start=1) if row]
    else:
        lines = list(enumerate(text_of(content, path).splitlines(), start=1))
    known: dict[str, int] = {}
    for number, line in lines:
        if line.strip() and not line.strip().startswith("#"):
            known.setdefault(fold_phrase(line) or line.strip(), number)
    by_number = dict(lines)
    places: dict[tuple[str | int, ...], tuple[int, int]] = {
        ("phrases", at): (number, 1) for at, number in enumerate(known.values())
    }
    data = {"phrases": [by_number[number].strip() for number in known.values()]}
    return Document(str(path), data, {(): (1, 1), **places}, hashlib.sha256(content).hexdigest())


def read_small(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        Faults: it is larger than `MOST_BYTES`.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Faults([Fault(Words(f"文件超过 {MOST_BYTES} 字节。", f"Larger than {MOST_BYTES} bytes."), str(path))])
    return path.read_bytes()


def text_of(content: bytes, path: Path) -> str:
    """Return text in UTF-8 or GBK.

    Raises:
        Faults: it is neither.
    """
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Faults([Fault(Words("不是文字（UTF-8 或 GBK）。", "Not text (UTF-8 or GBK)."), str(path))])


def first_sheet(content: bytes, path: Path) -> list[list[str]]:
    """Return the cells of a workbook's first sheet as text.

    Raises:
        Faults: it can't be read, or unpacks to more than `MOST_UNPACKED` bytes.
    """
    unreadable = Fault(Words("读不了这个表格。", "This workbook can't be read."), str(path))
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                    raise Faults([unreadable])
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        if sheet.total_height * max(sheet.total_width, 1) > MOST_CELLS:
            raise Faults([unreadable])
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError, IndexError) as error:
        raise Faults([unreadable]) from error
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

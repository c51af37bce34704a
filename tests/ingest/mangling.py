"""Twins of an export: the same talk in other bytes, which must read the same; and broken ones, which must end well."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
LINE_ENDS = ("\r\n", "\r", "mixed")


def text_of(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise AssertionError("a fixture is UTF-8 or GB18030")


def encoded(data: bytes) -> Iterator[bytes]:
    """Yield the text in each encoding."""
    yield from (text_of(data).encode(encoding) for encoding in ENCODINGS)


def with_line_ends(data: bytes) -> Iterator[bytes]:
    """Yield the text with other line ends, one of them a mixture."""
    lines = text_of(data).split("\n")
    for end in LINE_ENDS:
        ends = [_end(at, lines) if end == "mixed" else end for at in range(len(lines) - 1)]
        yield "".join(line + after for line, after in zip(lines, [*ends, ""], strict=True)).encode()


def _end(at: int, lines: list[str]) -> str:
    """Return one of three ends in turn; a lone carriage return before an empty line would become one with its end."""
    return ("\n", "\r\n", "\r")[at % 3] if lines[at + 1] else "\r\n"


def truncated(data: bytes) -> Iterator[bytes]:
    """Yield what is left when the file ends too early."""
    yield from (data[: len(data) * part // 23] for part in range(1, 23))


def garbled(data: bytes) -> Iterator[bytes]:
    """Yield the bytes in the wrong encoding, and with bytes that are none."""
    chance = random.Random(20260302)
    yield text_of(data).encode("utf-8").decode("latin-1").encode("utf-8")
    yield text_of(data).encode("big5", errors="replace")
    for _ in range(10):
        made = bytearray(data)
        for _ in range(8):
            made[chance.randrange(len(made))] = chance.choice((0xFF, 0x00, 0x80, 0xE4))
        yield bytes(made)


def other_columns(data: bytes) -> Iterator[bytes]:
    """Yield a CSV with its columns shuffled, and with columns put in that nobody asked for."""
    for rows in _other_columns(list(csv.reader(io.StringIO(text_of(data), newline="")))):
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
        yield out.getvalue().encode("utf-8-sig")


def other_sheets(path: Path, folder: Path) -> Iterator[bytes]:
    """Yield a workbook with the columns of each sheet shuffled, and with columns put in."""
    book = CalamineWorkbook.from_path(str(path))
    sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    for at in range(2):
        out = folder / f"{at}.xlsx"
        made = xlsxwriter.Workbook(str(out), {"strings_to_urls": False, "strings_to_formulas": False})
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(list(_other_columns(rows))[at]):
                sheet.write_row(number, 0, [str(cell) if isinstance(cell, str) else cell for cell in row])
        made.close()
        yield out.read_bytes()


def _other_columns(rows: list[list[object]]) -> Iterator[list[list[object]]]:
    order = list(range(len(rows[0])))
    random.Random(7).shuffle(order)
    yield [[row[at] if at < len(row) else "" for at in order] for row in rows]
    yield [["附注" if not at else "", *row, "多出来的列" if not at else f"x{at}"] for at, row in enumerate(rows)]


SAME: dict[str, tuple[Callable[[bytes], Iterator[bytes]], ...]] = {
    "text": (encoded, with_line_ends),
    "json": (encoded, with_line_ends),
    "csv": (encoded, with_line_ends, other_columns),
    "workbook": (),
}
BROKEN: dict[str, tuple[Callable[[bytes], Iterator[bytes]], ...]] = {
    "text": (truncated, garbled),
    "json": (truncated, garbled),
    "csv": (truncated, garbled),
    "workbook": (truncated,),
}

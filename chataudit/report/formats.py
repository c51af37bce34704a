"""How the workbook's cells look, and what may stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from chataudit.report.wording import Speech, clip

INK, FAINT, LINE, TINT, WASH, SAND, WAIT = "#22292D", "#68747A", "#C9D2D2", "#E8F2F1", "#F6F8F8", "#FBF4E4", "#EAF1F6"
ACCENT, RED, OCHRE = "#0F6B6F", "#B3261E", "#7D5408"
FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "font_color": INK, "valign": "top", "text_wrap": True}
FORMULA = frozenset("=+-@\t\r")
BROAD, BROADER = 1.8, re.compile("[^\x00-\u2e7f]")  # Chinese, in widths of a Latin letter
BOX = {"border": 1, "border_color": LINE}
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"font_size": 15, "bold": True, "text_wrap": False, "valign": "vcenter"},
    "hint": {"font_color": FAINT, "text_wrap": True},
    "head": {"bold": True, "bg_color": ACCENT, "font_color": "#FFFFFF", "valign": "vcenter", **BOX},
    "block": {"bold": True, "bg_color": TINT, "valign": "vcenter", "top": 2, "top_color": ACCENT},
    "block_red": {
        "bold": True,
        "bg_color": "#FDECEA",
        "font_color": RED,
        "valign": "vcenter",
        "top": 2,
        "top_color": RED,
    },
    "cell": BOX,
    "number": {**BOX, "align": "center", "num_format": "General"},
    "score": {**BOX, "align": "center", "num_format": "0.0", "bold": True},
    "bound": {**BOX, "align": "center", "num_format": "0.0"},
    "fine": {**BOX, "align": "center", "num_format": "0.00", "bold": True},
    "fine_bound": {**BOX, "align": "center", "num_format": "0.00"},
    "count": {**BOX, "align": "center", "num_format": "#,##0"},
    "share": {"align": "left", "num_format": "0.0%", "bold": True, "font_size": 15, "font_color": ACCENT},
    "faint": {**BOX, "font_color": FAINT},
    "lost": {**BOX, "bg_color": SAND, "font_color": OCHRE},
    "lost_number": {**BOX, "bg_color": SAND, "font_color": OCHRE, "align": "center", "num_format": "General"},
    "wait": {**BOX, "bg_color": WAIT, "bold": True},
    "red": {**BOX, "font_color": RED},
    "fill": {**BOX, "locked": False, "bg_color": "#FFFFFF"},
    "fill_wait": {**BOX, "locked": False, "bg_color": "#FFF9C4"},
    "fill_points": {**BOX, "locked": False, "align": "center", "num_format": "General"},
    "sign": {"locked": False, "bottom": 1, "bottom_color": FAINT, "valign": "bottom", "font_color": FAINT},
    "remark": {"locked": False, **BOX, "font_color": FAINT},
    "plain": {"text_wrap": False},
    "plain_bold": {"text_wrap": False, "bold": True},
    "link": {"text_wrap": False, "font_color": ACCENT, "underline": 1},
    "hidden": {"font_color": FAINT},
}


def formats_of(book: Any) -> dict[str, Any]:
    """Return the workbook's formats by name."""
    return {name: book.add_format({**FONT, **look}) for name, look in LOOKS.items()}


def guarded(text: str) -> str:
    """Return text that no spreadsheet runs as a formula.

    >>> guarded("=1+1"), guarded("好的")
    ("'=1+1", '好的')
    """
    return f"'{text}" if text[:1] in FORMULA else text


def fit_row(sheet: Any, row: int, cells: Iterable[tuple[str, float]]) -> None:
    """Make a row high enough for its wrapped texts, each with its column's width: not every program does it itself."""
    lines = max(sum(_lines(line, int(width)) for line in text.split("\n")) for text, width in cells)
    if lines > 1:
        sheet.set_row(row, 15 * min(lines, 20))


def _lines(text: str, width: int) -> int:
    if len(text) * BROAD <= width:
        return 1
    return -(-round(len(text) + (BROAD - 1) * len(BROADER.findall(text))) // width)


def sheet_names(wanted: Iterable[str], speech: Speech) -> list[str]:
    """Return names that a spreadsheet takes: at most 31 characters, none forbidden, no two alike.

    >>> sheet_names(["店:小雯", "店:小雯", "History"], Speech())
    ['店：小雯', '店：小雯 (2)', 'History_']
    """
    used: set[str] = set()
    names = []
    for name in wanted:
        clean = re.sub(r"[\x00-\x1f\[\]*?/\\]", "_", name.replace(":", "：")).strip(" '") or speech.t("无名", "unnamed")
        clean = f"{clean}_" if clean.lower() == "history" else clean
        number, unique = 1, clip(clean, 31)
        while unique.lower() in used:
            number += 1
            unique = clip(clean, 31 - len(f" ({number})")) + f" ({number})"
        used.add(unique.lower())
        names.append(unique)
    return names

"""Empty sheets for what only people know: a long table with the people, the items and what may be filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from chataudit.cards.model import Card, Item
from chataudit.cards.sheets import names_of
from chataudit.errors import Fault, Faults, Words

HEADER = (("周期", 12), ("姓名", 14), ("考核项", 24), ("数值", 12), ("评分人", 14), ("备注", 40), ("填写说明", 60))


def sheet_items(card: Card) -> Iterator[tuple[str, Item]]:
    """Yield each figure that a card takes from a sheet, with the item that needs it."""
    for item in card.items:
        for name in names_of(item.fact):
            yield name, item


def write_sheet(card: Card, path: Path, *, period: str, people: Sequence[str]) -> int:
    """Write an XLSX to fill in and return how many cells wait; locked but for value, rater and remark.

    Raises:
        Faults: the file can't be written.
    """
    try:
        return _write(card, path, period, people)
    except (OSError, FileCreateError) as error:
        what = Words(f"写不进去：{error}", f"Can't be written: {error}")
        raise Faults([Fault(what, str(path))]) from error


def _write(card: Card, path: Path, period: str, people: Sequence[str]) -> int:
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})
        page = book.add_worksheet("填报表")
        head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True})
        locked = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        open_ = book.add_format({"border": 1, "locked": False, "bg_color": "#FFFBE6", "valign": "top"})
        for column, (name, width) in enumerate(HEADER):
            page.write_string(0, column, name, head)
            page.set_column(column, column, width)
        row = 0
        for person in people:
            for name, item in sheet_items(card):
                row += 1
                for column, cell in ((0, period), (1, person), (2, name), (6, note(name, item))):
                    page.write_string(row, column, cell, locked)
                for column in (3, 4, 5):
                    page.write_blank(row, column, None, open_)
                if item.rating is not None and item.fact is not None and item.fact.sheet == name:
                    page.data_validation(
                        row,
                        3,
                        row,
                        3,
                        {
                            "validate": "decimal",
                            "criteria": "between",
                            "minimum": item.rating.low,
                            "maximum": item.rating.high,
                            "error_title": name,
                            "error_message": note(name, item)[:250],
                        },
                    )
        page.freeze_panes(1, 3)
        page.autofilter(0, 0, max(row, 1), len(HEADER) - 1)
        page.protect("", {"autofilter": True, "sort": True, "format_columns": True})
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
    return row


def note(name: str, item: Item) -> str:
    """Say what may be filled in."""
    if item.rating is not None and item.fact is not None and item.fact.sheet == name:
        return f"{item.name}：填 {item.rating.low:g} 到 {item.rating.high:g} 的数；满分 {item.points:g} 分。"
    return f"用于“{item.name}”：填数字，没有数据请留空（留空不算 0）。"

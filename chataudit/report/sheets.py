"""Empty sheets for what only people know: a long table with the people, the figures and what may be filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from chataudit.cards.filled_in import ALL, SELF, is_self
from chataudit.cards.model import Card, Input, Scoring
from chataudit.cards.reading import inputs_read
from chataudit.cards.sheets import input_lines
from chataudit.errors import Fault, Faults, Words

HEADER = (("周期", 12), ("姓名", 14), ("考核项", 24), ("数值", 14), ("评分人", 14), ("备注", 40), ("填写说明", 60))
LONGEST_LIST = 255
BLANK_ROWS = 50


@dataclass(frozen=True)
class Asked:
    """A figure that a card takes from a sheet: its id, what it may be, the lines whose value it is."""

    id: str
    input: Input
    lines: tuple[Scoring, ...]

    @property
    def label(self) -> str:
        """Return what stands in the sheet."""
        return self.input.name or self.id

    @property
    def choices(self) -> list[str]:
        """Return the words that may be picked; nothing where it is a number."""
        levels = [level.key for line in self.lines for level in line.levels]
        return levels or list(self.input.choices)

    @property
    def ranged(self) -> bool:
        """Return whether a level leaves points to be picked, which a list can't offer."""
        return any(level.points is None for line in self.lines for level in line.levels)

    @property
    def span(self) -> tuple[float | None, float | None]:
        """Return the lowest and highest number that may be filled in."""
        low, high = self.input.low, self.input.high
        for line in self.lines:
            if line.rating is not None:
                return line.rating.low, line.rating.high
            if line.direct is not None:
                return line.direct.from_, line.direct.to
        return low, high


def asked(card: Card) -> Iterator[Asked]:
    """Yield each figure that a card takes from a sheet."""
    for name in inputs_read(card):
        yield Asked(name, card.inputs[name], tuple(input_lines(card, name)))


def write_sheet(card: Card, path: Path, *, period: str, people: Sequence[str]) -> int:
    """Write an XLSX to fill in and return how many cells wait; locked but for value, rater and remark.

    Figures of the whole shop have one row (姓名: 全店); a figure with named raters a row for each of them, and one for
    the person's own mark where the card asks for it (not counted among those that wait). Blank rows at the end are for
    further raters, trainings, projects.

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
        rows = list(_rows(card, people))
        for row, (person, one, rater) in enumerate(rows, start=1):
            said = ("自评只对照，不计分；" if _beside(one, rater) else "") + note(one)
            for column, cell in ((0, period), (1, person), (2, one.label), (6, said)):
                page.write_string(row, column, cell, locked)
            for column in (3, 4, 5):
                page.write_blank(row, column, None, open_)
            if rater:
                page.write_string(row, 4, rater, open_)
            _bound(page, row, one)
        last = len(rows) + BLANK_ROWS
        for row in range(len(rows) + 1, last + 1):
            for column in range(len(HEADER)):
                page.write_blank(row, column, None, open_)
        for column, words in enumerate(([period], [ALL[0], *people], [one.label for one in asked(card)])):
            _offer(page, (len(rows) + 1, column, last, column), list(dict.fromkeys(words)), len(rows))
        page.freeze_panes(1, 3)
        page.autofilter(0, 0, last, len(HEADER) - 1)
        page.protect("", {"autofilter": True, "sort": True, "format_columns": True})
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
    return sum(not _beside(one, rater) for _, one, rater in rows)


def _beside(one: Asked, rater: str) -> bool:
    """Return whether a row is for the person's own mark, which stands beside and does not count."""
    return is_self(rater) and rater not in [named.name for named in one.input.raters]


def _rows(card: Card, people: Sequence[str]) -> Iterator[tuple[str, Asked, str]]:
    """Yield person, figure and rater of every row: the shop's own figures first."""
    figures = list(asked(card))
    for who, per in ((ALL[:1], "all"), (people, "person")):
        for person in who:
            for one in figures:
                if one.input.per == per:
                    for rater in _raters(one.input):
                        yield person, one, rater


def _raters(one: Input) -> list[str]:
    """Return whose rows a figure has: of the named raters (else of anybody), of the person assessed where asked for."""
    names = [rater.name for rater in one.raters] or [""]
    return names + [SELF[0]] * (one.self_too and not any(map(is_self, names)))


def _offer(page: Worksheet, cells: tuple[int, int, int, int], words: list[str], filled: int) -> None:
    """Let blank cells be picked from words; where these are too long for a list, from the rows above."""
    source: object = words
    if len(",".join(words)) > LONGEST_LIST or any(mark in word for word in words for mark in ',"'):
        source = f"={xl_range_abs(1, cells[1], filled, cells[1])}"
    page.data_validation(*cells, {"validate": "list", "source": source, "error_type": "warning"})


def _bound(page: Worksheet, row: int, one: Asked) -> None:
    """Let a cell take only what may be filled in."""
    message = {"error_title": one.label[:32], "error_message": note(one)[:250]}
    if one.choices and not one.ranged and len(",".join(one.choices)) <= LONGEST_LIST:
        page.data_validation(row, 3, row, 3, {"validate": "list", "source": one.choices, **message})
        return
    low, high = one.span
    if one.choices or (low is None and high is None):
        return
    rule: dict[str, object] = {"validate": "decimal", **message}
    if low is not None and high is not None:
        rule |= {"criteria": "between", "minimum": low, "maximum": high}
    elif low is not None:
        rule |= {"criteria": ">=", "value": low}
    else:
        rule |= {"criteria": "<=", "value": high}
    page.data_validation(row, 3, row, 3, rule)


def note(one: Asked) -> str:
    """Say what may be filled in."""
    said = [one.input.note.rstrip("。.")] if one.input.note else []
    levels = [level for line in one.lines for level in line.levels]
    if levels:
        said.append(
            "等级：" + "；".join(_level(level.key, level.points, level.from_, level.to, level.says) for level in levels)
        )
        if one.ranged:
            said.append("可写等级和分数，如“A 19”，或只写分数")
    elif one.choices:
        said.append(f"填其中之一：{'、'.join(one.choices)}")
    else:
        low, high = one.span
        unit = f"（{one.input.unit}）" if one.input.unit else ""
        if low is not None and high is not None:
            said.append(f"填 {low:g} 到 {high:g} 的数{unit}")
        elif low is not None or high is not None:
            said.append(
                f"填{'不小于' if low is not None else '不大于'} {low if low is not None else high:g} 的数{unit}"
            )
        else:
            said.append(f"填数字{unit}")
    said.append("没有数据请留空（留空不算 0）")
    return "；".join(said) + "。"


def _level(key: str, points: float | None, low: float | None, high: float | None, says: str | None) -> str:
    given = f"{points:g}" if points is not None else f"{low:g}–{high:g}"
    return f"{key} = {given} 分" + (f"（{says}）" if says else "")

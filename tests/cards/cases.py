"""Small tables to books: facts and sheets as a supervisor would write them on paper, so that a case can be counted by hand.

A table's first line names its columns, blanks part the cells, ``-`` is an empty cell; a blank line parts tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pandas as pd

from chataudit.arrays import TEXT, as_code
from chataudit.cards.book import Book, Sources
from chataudit.cards.consequences import happened
from chataudit.cards.course import Course
from chataudit.cards.library import Known, read_card
from chataudit.cards.model import Card
from chataudit.cards.periods import read_period
from chataudit.cards.results import Result
from chataudit.cards.slips import total_of
from chataudit.settings import lexicons_folder

RATER = "示例主管"
Row = dict[str, str]


@cache
def shipped(name: str) -> Card:
    """Return a shipped card by its id."""
    return card_of(lexicons_folder() / "cards" / f"{name}.yaml")


@cache
def card_of(path: Path) -> Card:
    """Return the card of a file; it may name any rule that is shipped."""
    root = lexicons_folder() / "rules"
    rules = frozenset(one.relative_to(root).with_suffix("").as_posix() for one in root.rglob("*.yaml"))
    return read_card(path, Known(rules))[0]


def book(
    card: str | Card,
    *,
    facts: str = "",
    sheets: str = "",
    rater: str = RATER,
    people: str = "",
    rules: tuple[str, ...] = (),
) -> Book:
    """Return the book of a card (or of the shipped card of this id) filled from tables.

    ``facts``: 周期 姓名, then a column per fact; every day of a row's period counts as covered by the log. ``sheets``:
    周期 姓名, 评分人 where it matters, then a column per item, or long ones turned: 考核项, then a column for each
    ``周期/姓名/评分人``; ``rater``: who filled in where none is named; ``people``: 姓名 小组 入职日期.
    """
    name, made = (card, shipped(card)) if isinstance(card, str) else ("card", card)
    known = people_of(people) if people else None
    sources = Sources(facts_of(facts), known, sheets_of(sheets, rater) if sheets else None, frozenset(rules))
    return Book.of(name, made, sources)


def result(filled: Book, period: str, person: str) -> Result:
    """Return what a book says of a person in a period."""
    return filled.results(read_period(period))[person]


def points(of: Result) -> dict[str, float | None]:
    """Return the points of every line by id."""
    return {mark.line.id: mark.points for mark in of.marks}


def paid(filled: Book, period: str, person: str) -> dict[str, str | None]:
    """Return a slip's lines by id as printed, and their ``total``."""
    slip = filled.slip(read_period(period), person)
    lines = {one.line.id: one.value for one in slip} | {"total": total_of(slip)}
    return {name: None if value is None else str(value) for name, value in lines.items()}


def course(filled: Book) -> Course:
    """Return a book's results over its own and longer periods."""
    known = filled.periods()
    return Course(filled.card, filled.results, known[0] if known else None)


def follows(filled: Book, period: str) -> set[tuple[str, str]]:
    """Return what is due in a period: (person, first word of the consequence)."""
    found = happened(course(filled), filled.ledger, read_period(period))
    return {(one.subject, one.consequence.says.split("：")[0]) for one in found if one.due}


def rows(table: str) -> list[Row]:
    """Return a table's rows by column; empty cells are left out. A blank line parts tables of other columns.

    >>> rows("姓名 分\\n甲 8\\n乙 -\\n\\n姓名 级\\n甲 A")
    [{'姓名': '甲', '分': '8'}, {'姓名': '乙'}, {'姓名': '甲', '级': 'A'}]
    """
    return [row for one in table.strip().split("\n\n") for row in _rows(one)]


def _rows(table: str) -> list[Row]:
    lines = [line.split() for line in table.strip().splitlines()]
    for line in lines[1:]:
        assert len(line) == len(lines[0]), f"{len(lines[0])} columns, but {line}"
    return [{name: cell for name, cell in zip(lines[0], line, strict=True) if cell != "-"} for line in lines[1:]]


def facts_of(table: str) -> pd.DataFrame:
    """Return a facts table; a row's figures stand on the first day of its period."""
    found = list(_facts(table))
    return pd.DataFrame(
        {
            "day": pd.Series([day for day, _, _, _ in found], dtype=TEXT),
            "person": as_code(pd.Series([person for _, person, _, _ in found], dtype=TEXT)),
            "fact": as_code(pd.Series([fact for _, _, fact, _ in found], dtype=TEXT)),
            "value": pd.Series([value for _, _, _, value in found], dtype=float),
        }
    )


def _facts(table: str) -> Iterator[tuple[str, str | None, str, float]]:
    given = rows(table)
    for name in dict.fromkeys(row["周期"] for row in given):
        period = read_period(name)
        for day in range(period.days):
            yield str(period.start + timedelta(days=day)), None, "session_n", 1.0
    for row in given:
        day = str(read_period(row["周期"]).start)
        for fact, cell in row.items():
            if fact not in ("周期", "姓名"):
                yield day, row["姓名"], fact, float(cell)


def sheets_of(table: str, rater: str = RATER) -> pd.DataFrame:
    """Return a sheets table in long form."""
    found = list((_tall if table.lstrip().startswith("考核项") else _wide)(table, rater))
    columns = [pd.Series(cells, dtype=TEXT) for cells in zip(*found, strict=True)]
    period, person, item, value, rater = columns
    return pd.DataFrame(
        {
            "period": as_code(period),
            "person": as_code(person),
            "item": as_code(item),
            "value": value,
            "rater": as_code(rater),
            "remark": pd.Series([None] * len(found), dtype=TEXT),
        }
    )


def _wide(table: str, default: str) -> Iterator[tuple[str, str, str, str, str]]:
    for row in rows(table):
        for item, cell in row.items():
            if item not in ("周期", "姓名", "评分人"):
                yield row["周期"], row["姓名"], item, cell, row.get("评分人", default)


def _tall(table: str, default: str) -> Iterator[tuple[str, str, str, str, str]]:
    for row in rows(table):
        for title, cell in row.items():
            if title != "考核项":
                period, person, *rater = title.split("/")
                yield period, person, row["考核项"], cell, rater[0] if rater else default


def people_of(table: str) -> pd.DataFrame:
    """Return a people table, an account a person."""
    given = rows(table)
    return pd.DataFrame(
        {
            "account": as_code(pd.Series([row["姓名"] for row in given], dtype=TEXT)),
            "person": as_code(pd.Series([row["姓名"] for row in given], dtype=TEXT)),
            "team": as_code(pd.Series([row.get("小组") for row in given], dtype=TEXT)),
            "since": pd.Series([row.get("入职日期") for row in given], dtype=TEXT),
        }
    )

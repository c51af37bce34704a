"""Filled sheets, one per card: what no log knows of the shop's people, as supervisors would have written it down."""

from collections.abc import Iterator
from pathlib import Path

from companions import month_sheet
from filled_agents import AGENTS
from filled_bonus import BONUS
from filled_staff import STAFF
from writers import Row, write_table

SHEETS = {**AGENTS, **BONUS, **STAFF}
RATER = "示例主管"
OWN = ("周期", "姓名", "评分人")


def write_sheets(folder: Path) -> None:
    """Write a sheet in long form for every card."""
    folder.mkdir(parents=True, exist_ok=True)
    for card, tables in SHEETS.items():
        write_table(folder / f"{card}.csv", list(long_form(tables)))
    write_table(folder / "presales-standard.csv", month_sheet())


def long_form(tables: str) -> Iterator[Row]:
    """Yield the rows of a sheet: a blank line parts tables, each names its columns first, ``-`` is an empty cell."""
    for table in tables.strip().split("\n\n"):
        header, *lines = [line.split() for line in table.splitlines()]
        for line in lines:
            row = dict(zip(header, line, strict=True))
            for item in header:
                if item not in OWN:
                    yield {
                        "周期": row["周期"],
                        "姓名": row["姓名"],
                        "考核项": item,
                        "数值": "" if row[item] == "-" else row[item],
                        "评分人": row.get("评分人", RATER),
                        "备注": "",
                    }

"""One order export read: told, typed, settled, packed; with what was left out and what was guessed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from chataudit.arrays import as_code
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.columns import PLATFORM_WORDS, aliases, fold_name
from chataudit.ingest.orders import cells
from chataudit.ingest.orders.parcels import CODES, packed, returned, settled
from chataudit.ingest.orders.rows import Bad, Typed, placed, typed
from chataudit.ingest.orders.telling import Told, heading_words, settle_tie, tell
from chataudit.ingest.rejected import rejects
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import Sheet, read_sheet
from chataudit.settings import Settings
from chataudit.tables import ORDERS, REJECTS

MOST_SAID = 50
MONEY = [column.name for column in ORDERS.columns if column.kind == "money"]


@dataclass(frozen=True)
class Orders:
    """An export of orders: what it was told to be, the table (`chataudit.tables.ORDERS`), its rejects, notes.

    ``columns``: how each heading was understood (our column, or None: not read).
    """

    told: Told
    table: pd.DataFrame
    rejects: pd.DataFrame
    notes: tuple[Words, ...]
    columns: tuple[tuple[str, str | None], ...]


def told_sheet(source: Source, settings: Settings, wanted: str | None = None) -> tuple[Sheet, Told] | None:
    """Return the sheet of a source and its dialect; None where it holds no orders."""
    sheet = read_sheet(source, heading_words(), settings.columns)
    told = tell(sheet.header, settings, wanted) if sheet is not None else None
    return (sheet, told) if sheet is not None and told is not None else None


def read_orders(source: Source, settings: Settings, wanted: str | None = None) -> Orders | None:
    """Return the orders of a source; None where it holds none.

    A row with a cell that can't be read is a reject; a file without a row that can be read is faulty.

    Raises:
        Faults: two dialects are as likely, or every row is wrong.
    """
    found = told_sheet(source, settings, wanted)
    if found is None:
        return None
    sheet, told = found
    settle_tie(told, source.name)
    dialect = told.dialect
    places = placed(sheet.header, dialect, settings)
    read = typed(sheet, places, dialect, settings)
    if read.bad and not len(read.rows):
        raise Faults(_said(read.bad, source.name))
    rows, notes = dialect.complete(settled(read.rows, dialect))
    orders = packed(returned(rows, dialect), dialect)
    table = _finished(orders)
    said = tuple(Words(f"{source.name}：{note.zh}", f"{source.name}: {note.en}") for note in notes)
    names = {at: name for name, several in places.items() for at in several}
    columns = tuple((cell, names.get(at)) for at, cell in enumerate(sheet.header))
    notes = (*sheet.notes, *said, *_counted(source.name, read, rows, table))
    return Orders(told, table, _rejects(sheet, read.bad, source.name), notes, columns)


def _finished(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the orders table: amounts as decimals, platforms in our words, codes as categoricals."""
    known = aliases(PLATFORM_WORDS)
    table = orders.copy(deep=False)
    words = {word: known.get(fold_name(word), word) for word in table["platform"].dropna().unique()}
    table["platform"] = table["platform"].map(words)
    for name in MONEY:
        table[name] = cells.yuan(table[name])
    for name in CODES:
        table[name] = as_code(table[name].astype(orders["order_id"].dtype))
    return table[ORDERS.names].reset_index(drop=True)


def _counted(name: str, read: Typed, rows: pd.DataFrame, table: pd.DataFrame) -> list[Words]:
    """Say what became of rows that are no orders of their own, and how exact the times are."""
    notes = []
    if read.totals:
        notes.append(
            Words(f"{name}：{read.totals} 行合计没有算作订单。", f"{name}: {read.totals} rows of totals are no orders.")
        )
    if len(rows) > len(table):
        notes.append(
            Words(f"{name}：{len(rows)} 行合为 {len(table)} 单。", f"{name}: {len(rows)} rows are {len(table)} orders.")
        )
    undated = int((table["ordered_at"].isna() & table["paid_at"].isna()).sum())
    if undated:
        notes.append(
            Words(
                f"{name}：{undated} 单没有时间；若没有别的文件补上，不参与订单归属。",
                f"{name}: {undated} orders have no time; unless another file tells it, nobody is credited with them.",
            )
        )
    return notes


def _rejects(sheet: Sheet, bad: list[Bad], file: str) -> pd.DataFrame:
    tables = [sheet.rejects] if len(sheet.rejects) else []
    for heading in dict.fromkeys(one.heading for one in bad):
        tables.append(
            rejects(file, [(one.row, one.reason, one.value) for one in bad if one.heading == heading], heading)
        )
    if not tables:
        return REJECTS.empty()
    return pd.concat(tables, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)


def _said(bad: list[Bad], file: str) -> list[Fault]:
    """Return the faults of a file without a good row, not more than a person reads."""
    faults = [one.fault(file) for one in bad[:MOST_SAID]]
    if len(bad) > MOST_SAID:
        faults.append(
            Fault(Words(f"……还有 {len(bad) - MOST_SAID} 行。", f"… and {len(bad) - MOST_SAID} more rows."), file)
        )
    return faults

"""The tables that come beside the chats: orders, people, sheets of figures that only people know."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, text
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.columns import PEOPLE, SHEETS, understand, understood
from chataudit.ingest.orders import DIALECTS, read_orders
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import Sheet, read_sheet
from chataudit.ingest.tabular.sheet import cell_name
from chataudit.ingest.times import read_times
from chataudit.ingest.valueless import valueless
from chataudit.settings import Settings
from chataudit.tables import ORDERS as ORDERS_TABLE
from chataudit.tables import PEOPLE as PEOPLE_TABLE
from chataudit.tables import SHEETS as SHEETS_TABLE
from chataudit.tables import Table

NEEDED = {
    "people": ({"account"}, {"person"}),
    "sheets": ({"person"}, {"item"}, {"value"}),
}
TITLES = {"people": Words("人员表", "table of people"), "sheets": Words("人工填报表", "sheet of figures")}
COLUMNS = {"people": PEOPLE, "sheets": SHEETS}
TABLES: dict[str, Table] = {"orders": ORDERS_TABLE, "people": PEOPLE_TABLE, "sheets": SHEETS_TABLE}
NOTHING = re.compile(r"(?i)^['\s]*(?:null|nan|none|-|--|无)?\s*$")
ID_MARKS = re.compile(r'^=?"?\'?\s*(.*?)\s*"?$', re.DOTALL)


@dataclass(frozen=True)
class Companion:
    """A table beside the chats: ``orders``, ``people`` or ``sheets``.

    ``layout``: what people call it; ``why``: what told it; ``columns``: how each heading was understood (None: not read).
    """

    name: str
    layout: Words
    why: Words
    table: pd.DataFrame
    rejects: pd.DataFrame
    notes: tuple[Words, ...]
    columns: tuple[tuple[str, str | None], ...]


def found_companion(source: Source, settings: Settings, layout: str | None = None) -> Companion | None:
    """Return the table of orders, people or figures that a source holds, told by its header; None where it is none.

    Raises:
        Faults: it is one, and can't be read.
    """
    orders = _orders(source, settings, layout)
    if orders is not None:
        return orders
    for name, needed in NEEDED.items():
        sheet = read_sheet(source, COLUMNS[name], {})
        if sheet is not None and _has(understand(sheet.header, COLUMNS[name]), needed):
            return named_companion(source, name, settings)
    return None


def describe_companion(source: Source, settings: Settings, unknown: Fault, layout: str | None = None) -> list[Words]:
    """Return what a table beside the chats is, why, how each column was understood, and what was guessed.

    Raises:
        Faults: ``unknown``, where it is no such table; what is wrong in it.
    """
    found = found_companion(source, settings, layout)
    if found is None:
        raise Faults([unknown])
    return [
        Words(
            f"附带的表：{found.layout.zh}（{found.why.zh}），{len(found.table)} 行",
            f"Companion table: {found.layout.en} ({found.why.en}), {len(found.table)} rows",
        ),
        *(
            Words(f"列：“{cell}” → {of or '不读'}", f"Column: {cell!r} → {of or 'not read'}")
            for cell, of in found.columns
        ),
        *(Words(f"说明：{note.zh}", f"Note: {note.en}") for note in found.notes),
        *(
            [Words(f"拒收 {len(found.rejects)} 行", f"{len(found.rejects)} rows rejected")]
            if len(found.rejects)
            else []
        ),
    ]


def named_companion(source: Source, name: str, settings: Settings, layout: str | None = None) -> Companion:
    """Return the table ``name`` that the user says a source is.

    Raises:
        Faults: columns that are missing, and every cell that can't be read, with its row and column.
    """
    if name != "orders":
        sheet = _understood(source, name, settings)
        columns = understood(sheet.header, understand(sheet.header, COLUMNS[name], settings.columns))
        known = [cell for cell, of in columns if of]
        why = Words(f"表头有 {'、'.join(known)}", f"its headings are {', '.join(known)}")
        table = _Cells(source.name, sheet, settings, name).table()
        if name == "sheets":
            table["unreadable"] = _unreadable(source, table)
        return Companion(name, TITLES[name], why, table, sheet.rejects, sheet.notes, columns)
    orders = _orders(source, settings, layout)
    if orders is not None:
        return orders
    titles = [dialect.title for dialect in DIALECTS]
    hint = Words(
        f"至少要有订单编号和下单时间（或付款时间）；认得：{'、'.join(title.zh for title in titles)}。其他列名写在设置 columns 里。",
        "At least order_id and ordered_at (or paid_at) are needed; known: "
        f"{', '.join(title.en for title in titles)}. Name other headings in the setting `columns`.",
    )
    what = Words("看不出是哪种订单表：缺少列。", "No table of orders: columns missing.")
    raise Faults([Fault(what, source.name, 1, hint=hint)])


def _unreadable(source: Source, table: pd.DataFrame) -> pd.Series:
    """Return what the value cells of a workbook hold in place of a value (``=``: a formula; ``#N/A``); else null."""
    empty = (table["value"].isna() & table["cell"].notna()).to_numpy()
    held = valueless(source) if empty.any() else {}
    return text([held.get(cell) if lacks else None for cell, lacks in zip(table["cell"], empty, strict=True)])


def _orders(source: Source, settings: Settings, layout: str | None) -> Companion | None:
    wanted = layout if layout in {dialect.name for dialect in DIALECTS} else None
    read = read_orders(source, settings, wanted)
    if read is None:
        return None
    return Companion(
        "orders", read.told.dialect.title, read.told.reason, read.table, read.rejects, read.notes, read.columns
    )


def _has(columns: dict[str, int], needed: tuple[set[str], ...]) -> bool:
    return all(columns.keys() & one for one in needed)


def read_companion(source: Source, name: str, settings: Settings) -> pd.DataFrame:
    """Return the ``people`` or ``sheets`` table of a source.

    Raises:
        Faults: columns that are missing, and every cell that can't be read, with its row and column.
    """
    return named_companion(source, name, settings).table


def _understood(source: Source, name: str, settings: Settings) -> Sheet:
    """Return the sheet of a source that has the columns that ``name`` needs."""
    sheet = read_sheet(source, COLUMNS[name], settings.columns)
    columns = understand(sheet.header, COLUMNS[name], settings.columns) if sheet is not None else {}
    if sheet is not None and _has(columns, NEEDED[name]):
        return sheet
    lacks = [" / ".join(sorted(one)) for one in NEEDED[name] if not columns.keys() & one]
    hint = Words(
        f"可用的列：{' '.join(words.split()[0] for words in COLUMNS[name].values())}。",
        f"Columns: {' '.join(COLUMNS[name])}.",
    )
    what = Words(f"缺少列：{', '.join(lacks)}。", f"Columns missing: {', '.join(lacks)}.")
    raise Faults([Fault(what, source.name, 1, hint=hint)])


class _Cells:
    """Turns a sheet's text into a table's types, and collects the cells that can't be turned."""

    def __init__(self, file: str, sheet: Sheet, settings: Settings, name: str) -> None:
        self.file, self.sheet, self.settings, self.name = file, sheet, settings, name
        self.columns = understand(sheet.header, COLUMNS[name], settings.columns)
        self.faults: list[Fault] = []

    def table(self) -> pd.DataFrame:
        """Return the table, or raise what is wrong in it."""
        table = TABLES[self.name]
        frame = pd.DataFrame({column.name: self._column(column.name, column.kind) for column in table.columns})
        if self.faults:
            raise Faults(self.faults)
        if self.name == "sheets":
            frame["file"], frame["row"] = self.file, self.sheet.rows
            frame["column"], frame["cell"] = self.columns["value"] + 1, self._cells_named()
        return frame.reset_index(drop=True)

    def _cells_named(self) -> pd.Series:
        """Return the worksheet and cell of each value; null where the table is no workbook."""
        if self.sheet.titles is None:
            return text([None] * len(self.sheet.rows))
        names = zip(self.sheet.titles, self.sheet.rows.tolist(), strict=True)
        return text([f"{title}!{cell_name(row, self.columns['value'])}" for title, row in names])

    def _column(self, name: str, kind: str) -> pd.Series:
        if name not in self.columns:
            dtype = pd.DatetimeTZDtype("ms", self.settings.timezone) if kind == "time" else TEXT
            return pd.Series(pd.array([None] * len(self.sheet.frame), dtype=dtype))
        raw = self.sheet.frame[self.columns[name]].astype(object)
        cells = [None if pd.isna(cell) or NOTHING.match(str(cell)) else ID_MARKS.sub(r"\1", str(cell)) for cell in raw]
        given = np.array([cell is not None for cell in cells], dtype=bool)
        if kind in ("time", "date"):
            times = read_times(text(cells), self.settings.timezone)
            self._fault_where(times.isna().to_numpy() & given, name, raw)
            return times if kind == "time" else text(times.dt.strftime("%Y-%m-%d").tolist())
        return text(cells)

    def _fault_where(self, wrong: np.ndarray, name: str, raw: pd.Series) -> None:
        header = self.sheet.header[self.columns[name]]
        for at in np.flatnonzero(wrong):
            what = Words(f"“{header}” 读不懂：{raw.iloc[at]!r}。", f"{header!r} can't be read: {raw.iloc[at]!r}.")
            self.faults.append(Fault(what, self.file, int(self.sheet.rows[at]), self.columns[name] + 1))

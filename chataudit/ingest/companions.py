"""The tables that come beside the chats: orders, people, sheets of figures that only people know."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, as_code, text
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.columns import ORDERS, PEOPLE, PLATFORM_WORDS, SHEETS, aliases, fold_name, understand, understood
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import Sheet, read_sheet
from chataudit.ingest.times import read_times
from chataudit.settings import Settings
from chataudit.tables import ORDERS as ORDERS_TABLE
from chataudit.tables import PEOPLE as PEOPLE_TABLE
from chataudit.tables import SHEETS as SHEETS_TABLE
from chataudit.tables import Table

NEEDED = {
    "orders": ({"order_id"}, {"ordered_at", "paid_at"}),
    "people": ({"account"}, {"person"}),
    "sheets": ({"person"}, {"item"}, {"value"}),
}
COLUMNS = {"orders": ORDERS, "people": PEOPLE, "sheets": SHEETS}
TABLES: dict[str, Table] = {"orders": ORDERS_TABLE, "people": PEOPLE_TABLE, "sheets": SHEETS_TABLE}
NOTHING = re.compile(r"(?i)^['\s]*(?:null|nan|none|-|--|无|无退款申请)?\s*$")
MONEY_MARKS = re.compile(r"[￥¥元,，\s']")
ID_MARKS = re.compile(r'^=?"?\'?\s*(.*?)\s*"?$', re.DOTALL)
REFUSED = re.compile(r"退款成功|全额退款")


def what_is(source: Source) -> str | None:
    """Return ``orders``, ``people`` or ``sheets`` where the table's header says so, else None."""
    for name, needed in NEEDED.items():
        sheet = read_sheet(source, COLUMNS[name], {})
        if sheet is not None and _has(understand(sheet.header, COLUMNS[name]), needed):
            return name
    return None


def describe_companion(source: Source, settings: Settings, unknown: Fault) -> list[Words]:
    """Return what a table beside the chats is and how each column was understood.

    Raises:
        Faults: ``unknown``, where it is no such table.
    """
    name = what_is(source)
    if name is None:
        raise Faults([unknown])
    table = read_companion(source, name, settings)
    sheet = read_sheet(source, COLUMNS[name], settings.columns)
    header = sheet.header if sheet is not None else []
    columns = understood(header, understand(header, COLUMNS[name], settings.columns))
    return [
        Words(f"附带的表：{name}，{len(table)} 行", f"Companion table: {name}, {len(table)} rows"),
        *(Words(f"列：“{cell}” → {of or '不读'}", f"Column: {cell!r} → {of or 'not read'}") for cell, of in columns),
    ]


def _has(columns: dict[str, int], needed: tuple[set[str], ...]) -> bool:
    return all(columns.keys() & one for one in needed)


def read_companion(source: Source, name: str, settings: Settings) -> pd.DataFrame:
    """Return the ``orders``, ``people`` or ``sheets`` table of a source.

    Raises:
        Faults: columns that are missing, and every cell that can't be read, with its row and column.
    """
    sheet = read_sheet(source, COLUMNS[name], settings.columns)
    columns = understand(sheet.header, COLUMNS[name], settings.columns) if sheet is not None else {}
    if sheet is None or not _has(columns, NEEDED[name]):
        lacks = [" / ".join(sorted(one)) for one in NEEDED[name] if not columns.keys() & one]
        hint = Words(
            f"可用的列：{' '.join(words.split()[0] for words in COLUMNS[name].values())}。",
            f"Columns: {' '.join(COLUMNS[name])}.",
        )
        what = Words(f"缺少列：{', '.join(lacks)}。", f"Columns missing: {', '.join(lacks)}.")
        raise Faults([Fault(what, source.name, 1, hint=hint)])
    return _Cells(source.name, sheet, columns, settings).table(name)


class _Cells:
    """Turns a sheet's text into a table's types, and collects the cells that can't be turned."""

    def __init__(self, file: str, sheet: Sheet, columns: dict[str, int], settings: Settings) -> None:
        self.file, self.sheet, self.columns, self.settings = file, sheet, columns, settings
        self.faults: list[Fault] = []

    def table(self, name: str) -> pd.DataFrame:
        table = TABLES[name]
        frame = pd.DataFrame({column.name: self._column(column.name, column.kind) for column in table.columns})
        if self.faults:
            raise Faults(self.faults)
        if name == "orders":
            frame = _orders(frame)
        if name == "sheets":
            frame["file"], frame["row"] = self.file, self.sheet.rows
        return frame.reset_index(drop=True)

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
        if kind == "money":
            amounts = [_money(cell) for cell in cells]
            self._fault_where(np.array([amount is None for amount in amounts], dtype=bool) & given, name, raw)
            return pd.Series(amounts, dtype=object)
        return text(cells)

    def _fault_where(self, wrong: np.ndarray, name: str, raw: pd.Series) -> None:
        header = self.sheet.header[self.columns[name]]
        for at in np.flatnonzero(wrong):
            what = Words(f"“{header}” 读不懂：{raw.iloc[at]!r}。", f"{header!r} can't be read: {raw.iloc[at]!r}.")
            self.faults.append(Fault(what, self.file, int(self.sheet.rows[at]), self.columns[name] + 1))


def _money(cell: str | None) -> Decimal | None:
    if cell is None:
        return None
    try:
        amount = Decimal(MONEY_MARKS.sub("", cell))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _orders(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out total rows, tell platforms in our words, and take a refused order's refund from what was paid."""
    frame = frame[frame["order_id"].notna() & ~frame["order_id"].fillna("").str.contains("合计|总计|汇总")].copy()
    known = aliases(PLATFORM_WORDS)
    frame["platform"] = text(
        [known.get(fold_name(word), word) if isinstance(word, str) else None for word in frame["platform"]]
    ).to_numpy()
    empty = frame["refund"].isna() & frame["status"].fillna("").str.contains(REFUSED.pattern)
    frame.loc[empty, "refund"] = frame.loc[empty, "amount"]
    for name in ("platform", "shop", "buyer"):
        frame[name] = as_code(text(frame[name].tolist())).to_numpy()
    return frame.drop_duplicates("order_id").reset_index(drop=True)

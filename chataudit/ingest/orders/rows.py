"""From a sheet to typed rows: each understood column read by its kind, and the rows that are no orders told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import TEXT, Flags, arrow, text
from chataudit.errors import Fault, Words
from chataudit.ingest.columns import fold_name, understand
from chataudit.ingest.orders import cells
from chataudit.ingest.orders.dialect import Dialect
from chataudit.ingest.reasons import translated
from chataudit.ingest.tabular import Sheet
from chataudit.settings import Settings
from chataudit.tables import ORDERS

TOTAL = r"^\s*['\"]?(?:合计|总计|汇总|小计|共计)"
FOREMOST = 3  # a total stands in one of the first columns
NO_NUMBER = "no order number"
ROUNDED = "an order number that a spreadsheet rounded"
NO_TIME = "no time that can be read"
NO_AMOUNT = "no amount that can be read"
ALLOWED = {
    NO_NUMBER: Words("每行要有订单编号。", "Each row needs an order number."),
    ROUNDED: Words(
        "请用平台导出的原文件；若要另存，先把这一列设为文本。",
        "Use the platform's own file; before saving it anew, make the column text.",
    ),
    NO_TIME: Words("可用：2026-03-02 10:01:05、2026/3/2 10:01 等。", "Allowed: 2026-03-02 10:01:05, 2026/3/2 10:01 …"),
    NO_AMOUNT: Words("可用：89、89.00、1,234.50、0元。", "Allowed: 89, 89.00, 1,234.50, 0元."),
}
KINDS = {**{column.name: column.kind for column in ORDERS.columns}, "part_id": "str", "after_sales": "str"}
WRONG = {"time": NO_TIME, "money": NO_AMOUNT, "str": ROUNDED, "code": ROUNDED}


@dataclass(frozen=True)
class Bad:
    """A row that is no order: its row in the sheet, what is wrong, in which column (from 1), its heading, its cell."""

    row: int
    reason: str
    column: int | None
    heading: str | None
    value: str

    def fault(self, file: str) -> Fault:
        """Return it as a fault of its file."""
        zh = f"“{self.heading}” {translated(self.reason)}：{self.value!r}。"
        en = f"{self.heading!r}: {self.reason}: {self.value!r}."
        if self.heading is None:
            zh, en = f"{translated(self.reason)}。", f"{self.reason}."
        return Fault(Words(zh, en), file, self.row, self.column, ALLOWED.get(self.reason))


@dataclass(frozen=True)
class Typed:
    """Rows of orders, the rows that are none, how many were totals.

    ``rows``: the columns of the orders table, amounts as millionths of a yuan, and ``part_id``, ``after_sales``, ``row``.
    """

    rows: pd.DataFrame
    bad: list[Bad]
    totals: int


def placed(header: list[str], dialect: Dialect, settings: Settings) -> dict[str, list[int]]:
    """Return column of ours → positions of the headings that mean it (several: they are added up)."""
    words = {column: said.replace("+", " ") for column, said in dialect.columns.items()}
    found = {column: [at] for column, at in understand(header, words, settings.columns).items()}
    folded = [fold_name(heading) for heading in header]
    for column, said in dialect.columns.items():
        parts = [fold_name(part) for part in said.split("+")]
        if len(parts) > 1 and column in found and folded[found[column][0]] in parts:
            found[column] = [folded.index(part) for part in parts if part in folded]
    return found


def typed(sheet: Sheet, places: dict[str, list[int]], dialect: Dialect, settings: Settings) -> Typed:
    """Return a sheet's rows with the types of the orders table."""
    size = len(sheet.frame)
    frame, wrong = {}, _Wrong(sheet, size)
    for name, kind in KINDS.items():
        read = [_read(sheet.frame[at], name, kind, settings.timezone) for at in places.get(name, [])]
        for at, one in zip(places.get(name, []), read, strict=True):
            wrong.add(at, one.wrong, WRONG[kind])
        frame[name] = _added(read) if read else _nothing(size, kind, settings.timezone)
    rows = pd.DataFrame(frame).assign(row=sheet.rows)
    total = _totals(sheet) & rows["order_id"].isna().to_numpy() | _totals_in(rows["order_id"])
    if dialect.filled_down:
        rows["order_id"] = rows["order_id"].mask(total, "").ffill().replace("", None).astype(TEXT)
    wrong.add(places["order_id"][0], rows["order_id"].isna().to_numpy(), NO_NUMBER)
    bad = wrong.rows(~total)
    return Typed(rows[~total & ~wrong.any].reset_index(drop=True), bad, int(total.sum()))


def _read(column: pd.Series, name: str, kind: str, zone: str) -> cells.Read:
    if kind == "time":
        return cells.times(column, zone)
    if kind == "money":
        return cells.amounts(column)
    if name in ("order_id", "part_id"):
        return cells.numbers(column)
    if name == "item_ids":
        return cells.items(column)
    return cells.names(column, cells.NULLS if name == "after_sales" else cells.NO_NAME)


def _nothing(size: int, kind: str, zone: str) -> pd.Series:
    if kind == "time":
        return pd.Series(np.full(size, np.datetime64("NaT", "ms"))).dt.tz_localize(zone)
    if kind == "money":
        return pd.Series(pd.arrays.IntegerArray(np.zeros(size, np.int64), np.ones(size, bool)))
    return text(pa.nulls(size, pa.large_string()))


def _added(read: list[cells.Read]) -> pd.Series:
    """Return the sum of columns; null where all are."""
    total = read[0].cells
    for one in read[1:]:
        total = total.add(one.cells, fill_value=0)
    return total


def _totals_in(column: pd.Series) -> Flags:
    found: Flags = pc.match_substring_regex(arrow(column), TOTAL).fill_null(False).to_numpy(zero_copy_only=False)
    return found


def _totals(sheet: Sheet) -> Flags:
    """Return the rows with a word for a total in one of the first columns."""
    found = np.zeros(len(sheet.frame), dtype=bool)
    for at in range(min(FOREMOST, len(sheet.header))):
        found |= _totals_in(sheet.frame[at])
    return found


class _Wrong:
    """Gathers the cells that can't be read; a row is told by the leftmost of them."""

    def __init__(self, sheet: Sheet, size: int) -> None:
        self.sheet = sheet
        self.any = np.zeros(size, dtype=bool)
        self._found: list[tuple[int, Flags, str]] = []

    def add(self, at: int, wrong: Flags, reason: str) -> None:
        """Take the cells of a column that can't be read."""
        if wrong.any():
            self._found.append((at, wrong, reason))
            self.any |= wrong

    def rows(self, wanted: Flags) -> list[Bad]:
        """Return the wanted rows that are bad, in the sheet's order."""
        first: dict[int, Bad] = {}
        for at, wrong, reason in sorted(self._found, key=lambda one: one[0]):
            column = self.sheet.frame[at]
            for place in np.flatnonzero(wrong & wanted).tolist():
                cell = column.iloc[place]
                value = "" if pd.isna(cell) else str(cell)
                heading = self.sheet.header[at].strip()
                first.setdefault(place, Bad(int(self.sheet.rows[place]), reason, at + 1, heading, value))
        return [first[place] for place in sorted(first)]

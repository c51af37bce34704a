"""From rows to orders: a row per item becomes a row per order, and exports that overlap become one table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import TEXT, Ints, as_code, text
from chataudit.ingest.orders.dialect import CLOSED, Dialect
from chataudit.log import instants
from chataudit.tables import ORDERS

RETURNED = r"退款成功|退款完成|全额退款"
TIMES = [column.name for column in ORDERS.columns if column.kind == "time"]
CODES = [column.name for column in ORDERS.columns if column.kind == "code"]


def settled(rows: pd.DataFrame, dialect: Dialect) -> pd.DataFrame:
    """Say in our words what a dialect's words mean: platform, status, what was paid."""
    rows = rows.copy(deep=False)
    if dialect.platform is not None:
        rows["platform"] = text([dialect.platform] * len(rows))
    if dialect.statuses:
        rows["status"] = rows["status"].map(dialect.statuses).astype(TEXT).fillna(rows["status"])
    if dialect.payable:
        rows["amount"] = rows["amount"].mask(rows["paid_at"].isna() & rows["amount"].notna(), 0)
    return rows


def returned(rows: pd.DataFrame, dialect: Dialect) -> pd.DataFrame:
    """Take the refund that an export names in words only: all that was paid, or nothing."""
    state = rows["after_sales"].fillna(rows["status"]).fillna("")
    unknown = rows["refund"].isna()
    nothing = unknown & state.isin(dialect.unreturned)
    refund = rows["refund"].mask(nothing, 0)
    return rows.assign(refund=refund.mask(unknown & state.str.contains(RETURNED), rows["amount"]))


def packed(rows: pd.DataFrame, dialect: Dialect) -> pd.DataFrame:
    """Return a row per order, in the order of their first rows.

    An order's cell is that of its first row that has one; ``dialect.summed`` amounts are added up, each item's row
    (``part_id``) once; items are joined by ``|``; an order is closed only if all its items are.
    """
    if rows["part_id"].notna().any():
        rows = rows[~(rows["part_id"].notna() & rows.duplicated(["order_id", "part_id"]))]
    number, ids = pd.factorize(rows["order_id"])
    if len(ids) == len(rows):
        return rows[ORDERS.names].reset_index(drop=True)
    orders = first_of_each(rows, number, len(ids))
    for name in dialect.summed:
        orders[name] = rows[name].groupby(number, sort=False).sum(min_count=1)
    orders["item_ids"] = _joined(rows["item_ids"], number, len(ids))
    of_open = rows["status"].notna().to_numpy() & (rows["status"] != CLOSED).to_numpy()
    still_open = first_of_each(rows[of_open], number[of_open], len(ids))["status"]
    orders["status"] = still_open.fillna(orders["status"])
    return orders


def merged(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return one table of orders from several exports, a row per order, in the order of their first rows.

    Where exports tell an order differently the one that knows the latest event wins, then the later one; what it leaves
    empty is taken from the others: a list of orders and their items make whole orders together.
    """
    filled = [table for table in tables if len(table)]
    if not filled:
        return ORDERS.empty()
    rows = pd.concat(filled, ignore_index=True)
    number, ids = pd.factorize(rows["order_id"])
    if len(ids) < len(rows):
        latest = np.max([instants(rows[name]) for name in TIMES], axis=0)
        newest = np.lexsort((-np.arange(len(rows)), ~latest))  # ~: null, the least of numbers, comes last
        rows = first_of_each(rows.iloc[newest], number[newest], len(ids))
    for name in CODES:
        rows[name] = as_code(rows[name].astype(TEXT))
    return rows


def first_of_each(rows: pd.DataFrame, number: Ints, size: int) -> pd.DataFrame:
    """Return for each of ``size`` orders, by their ``number``, the first cell of each column that is not empty."""
    first = {}
    for name in ORDERS.names:
        known = np.flatnonzero(rows[name].notna().to_numpy())[::-1]
        at = np.full(size, -1)
        at[number[known]] = known
        cells = rows[name].array
        first[name] = pd.Series(cells.take(at, allow_fill=True))
    return pd.DataFrame(first)


def _joined(cells: pd.Series, number: Ints, size: int) -> pd.Series:
    """Return each order's distinct items, joined by ``|`` in their rows' order."""
    pairs = pd.DataFrame({"number": number, "item": cells.to_numpy(dtype=object)}).dropna().drop_duplicates()
    told = pa.table({"number": pairs["number"], "item": pa.array(pairs["item"], pa.large_string())})
    lists = told.group_by("number", use_threads=False).aggregate([("item", "list")])
    joined = pd.Series(
        text(pc.binary_join(lists["item_list"].combine_chunks(), pa.scalar("|", pa.large_string()))).array,
        lists["number"].to_numpy(),
    )
    return joined.reindex(range(size))

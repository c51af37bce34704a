"""Orders of every platform, one table: `chataudit.tables.ORDERS`.

An export is told by its headings, its rows are typed, settled into our words and packed into a row per order. A dialect
is one module with a `Dialect`; adding one is a file, a word in `DIALECTS` and a case in the tests.
"""

from __future__ import annotations

from chataudit.ingest.orders.dialect import Dialect
from chataudit.ingest.orders.dialects import DIALECTS
from chataudit.ingest.orders.parcels import merged
from chataudit.ingest.orders.reading import Orders, read_orders, told_sheet
from chataudit.ingest.orders.telling import Told

__all__ = ["DIALECTS", "Dialect", "Orders", "Told", "merged", "read_orders", "told_sheet"]

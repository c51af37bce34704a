"""What of a file the database holds already: the same message of an overlapping export, the same order told again."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import sqlalchemy as sa

from chataudit.arrays import Flags
from chataudit.log import instants
from chataudit.store.schema import ROWS, files

NONE: Flags = np.array([], dtype=bool)
Held = dict[str, dict[str, tuple[int, tuple[str, str]]]]


@dataclass(frozen=True)
class Known:
    """``new``: rows of the file to be written; ``replaced``: ids of rows that stand in a later file and give way to them;
    ``moved``: by member of the file the ids of rows that say the same and stand in it from now on; ``stirred``: rows that
    may change results: new ones, and those that are believed from now on.
    """

    new: Flags
    stirred: Flags
    replaced: list[int] = field(default_factory=list)
    moved: dict[str, list[int]] = field(default_factory=dict)


def known_messages(connection: sa.Connection, frame: pd.DataFrame | None, name: str) -> Known | None:
    """Return which messages are new; of one that two files hold, that of the first by file name stays.

    So it does not matter in which order the files came.
    """
    if frame is None or not len(frame):
        return None if frame is None else Known(NONE, NONE)
    rows, at = ROWS["chat_rows"], instants(frame["sent_at"])
    query = (
        sa.select(rows.c.id, rows.c.message_id, files.c.name, rows.c.member)
        .join(files, files.c.id == rows.c.file)
        .where(rows.c.sent_at >= int(at.min()), rows.c.sent_at <= int(at.max()))
    )
    held = {str(one): (int(key), (str(file), str(member))) for key, one, file, member in connection.execute(query)}
    found = [held.get(str(one)) for one in frame["message_id"]] if held else [None] * len(frame)
    places = [(name, str(member)) for member in frame["member"]]
    first = [other is None or place < other[1] for other, place in zip(found, places, strict=True)]
    replaced = [other[0] for other, mine in zip(found, first, strict=True) if mine and other is not None]
    return Known(np.array(first, dtype=bool), np.array(first, dtype=bool), replaced)


def known_orders(connection: sa.Connection, frame: pd.DataFrame | None, name: str) -> Known | None:
    """Return which orders say anything new; of two rows that say the same, that of the last file by name stays.

    The last, because where exports contradict each other the later one is believed (`chataudit.ingest.orders.merged`).
    """
    if frame is None or not len(frame):
        return None if frame is None else Known(NONE, NONE)
    held = _orders_held(connection, [str(one) for one in frame["order_id"].unique()])
    moved: dict[str, list[int]] = {}
    new, stirred = [], []
    for order, said, member in zip(frame["order_id"], frame["sha256"], frame["member"], strict=True):
        others = held.get(str(order), {})
        known = others.get(str(said))
        later = known is not None and (name, str(member)) > known[1]
        if known is not None and later:
            moved.setdefault(str(member), []).append(known[0])
        new.append(known is None)
        stirred.append(known is None or (later and len(others) > 1))
    return Known(np.array(new, dtype=bool), np.array(stirred, dtype=bool), moved=moved)


def _orders_held(connection: sa.Connection, orders: list[str]) -> Held:
    """Return what is held of orders: by order number and hash the id of the row and its place."""
    rows, held = ROWS["order_rows"], Held()
    for start in range(0, len(orders), 500):
        query = (
            sa.select(rows.c.id, rows.c.order_id, rows.c.sha256, files.c.name, rows.c.member)
            .join(files, files.c.id == rows.c.file)
            .where(rows.c.order_id.in_(orders[start : start + 500]))
        )
        for key, order, said, file, member in connection.execute(query):
            held.setdefault(str(order), {})[str(said)] = int(key), (str(file), str(member))
    return held

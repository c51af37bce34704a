"""What of a file the database holds already: the same message of an overlapping export, the same order told again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np
import pandas as pd
import sqlalchemy as sa

from chataudit.arrays import Flags
from chataudit.log import instants
from chataudit.store.schema import ROWS, files

NONE: Flags = np.array([], dtype=bool)
Place = tuple[tuple[str, ...], str]
Held = dict[str, dict[str, tuple[int, Place]]]


@dataclass(frozen=True)
class KnownMessages:
    """``new``: rows of the file to be written; ``replaced``: ids of rows that stand in a later file and give way to them."""

    new: Flags
    replaced: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class KnownOrders:
    """``new``: rows of the file to be written; ``stirred``: rows that may change results, new or believed from now on;
    ``moved``: by member of the file the ids of rows that say the same and stand in it from now on.
    """

    new: Flags
    stirred: Flags
    moved: dict[str, list[int]] = field(default_factory=dict)


def place_of(name: str, member: str) -> Place:
    """Return a place of the inbox as it sorts: by folders and names, as a folder is read.

    >>> place_of("a/x.csv", "x.csv") < place_of("a-b/x.csv", "x.csv")
    True
    """
    return PurePosixPath(name).parts, member


def known_messages(connection: sa.Connection, frame: pd.DataFrame | None, name: str) -> KnownMessages | None:
    """Return which messages are new; of one that two files hold, that of the first by file name stays.

    So it does not matter in which order the files came.
    """
    if frame is None or not len(frame):
        return None if frame is None else KnownMessages(NONE)
    rows, at = ROWS["chat_rows"], instants(frame["sent_at"])
    query = (
        sa.select(rows.c.id, rows.c.message_id, files.c.name, rows.c.member)
        .join(files, files.c.id == rows.c.file)
        .where(rows.c.sent_at >= int(at.min()), rows.c.sent_at <= int(at.max()))
    )
    held = {str(one): (int(key), place_of(file, member)) for key, one, file, member in connection.execute(query)}
    found = [held.get(str(one)) for one in frame["message_id"]] if held else [None] * len(frame)
    places = [place_of(name, str(member)) for member in frame["member"]]
    first = [other is None or place < other[1] for other, place in zip(found, places, strict=True)]
    replaced = [other[0] for other, mine in zip(found, first, strict=True) if mine and other is not None]
    return KnownMessages(np.array(first, dtype=bool), replaced)


def known_orders(connection: sa.Connection, frame: pd.DataFrame | None, name: str) -> KnownOrders | None:
    """Return which orders say anything new; of two rows that say the same, that of the last file by name stays.

    The last, because where exports contradict each other the later one is believed (`chataudit.ingest.orders.merged`).
    """
    if frame is None or not len(frame):
        return None if frame is None else KnownOrders(NONE, NONE)
    held = _orders_held(connection, [str(one) for one in frame["order_id"].unique()])
    moved: dict[str, list[int]] = {}
    new, stirred = [], []
    for order, said, member in zip(frame["order_id"], frame["sha256"], frame["member"], strict=True):
        others = held.get(str(order), {})
        known = others.get(str(said))
        later = known is not None and place_of(name, str(member)) > known[1]
        if known is not None and later:
            moved.setdefault(str(member), []).append(known[0])
        new.append(known is None)
        stirred.append(known is None or (later and len(others) > 1))
    return KnownOrders(np.array(new, dtype=bool), np.array(stirred, dtype=bool), moved)


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
            held.setdefault(str(order), {})[str(said)] = int(key), place_of(file, member)
    return held

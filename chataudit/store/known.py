"""What of a file the database holds already: the same message of an overlapping export, the same order told again."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import sqlalchemy as sa

from chataudit.arrays import Flags
from chataudit.log import instants
from chataudit.store.schema import ROWS, files


@dataclass(frozen=True)
class Known:
    """``new``: rows of the file to be written; ``replaced``: ids of rows that stand in a later file and give way to them;
    ``moved``: by member of the file the ids of rows that say the same and stand in it from now on.
    """

    new: Flags
    replaced: list[int] = field(default_factory=list)
    moved: dict[str, list[int]] = field(default_factory=dict)


def known_messages(connection: sa.Connection, frame: pd.DataFrame | None, name: str) -> Known | None:
    """Return which messages are new; of one that two files hold, that of the first by file name stays.

    So it does not matter in which order the files came.
    """
    if frame is None or not len(frame):
        return None if frame is None else Known(np.array([], dtype=bool))
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
    return Known(np.array(first, dtype=bool), replaced)


def known_orders(connection: sa.Connection, frame: pd.DataFrame | None, name: str) -> Known | None:
    """Return which orders say anything new; of two rows that say the same, that of the last file by name stays.

    The last, because where exports contradict each other the later one is believed (`chataudit.ingest.orders.merged`).
    """
    if frame is None or not len(frame):
        return None if frame is None else Known(np.array([], dtype=bool))
    rows = ROWS["order_rows"]
    wanted = [str(one) for one in frame["sha256"]]
    held: dict[str, tuple[int, tuple[str, str]]] = {}
    for start in range(0, len(wanted), 500):
        query = (
            sa.select(rows.c.id, rows.c.sha256, files.c.name, rows.c.member)
            .join(files, files.c.id == rows.c.file)
            .where(rows.c.sha256.in_(wanted[start : start + 500]))
        )
        held |= {str(one): (int(key), (str(file), str(member))) for key, one, file, member in connection.execute(query)}
    moved: dict[str, list[int]] = {}
    for one, member in zip(wanted, frame["member"], strict=True):
        if one in held and (name, str(member)) > held[one][1]:
            moved.setdefault(str(member), []).append(held[one][0])
    return Known(np.array([one not in held for one in wanted], dtype=bool), moved=moved)

"""Everything that a day is audited from: its messages and what stands around them, orders, people, sheets, marks of people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from chataudit import tables
from chataudit.arrays import as_code, text
from chataudit.settings import Settings
from chataudit.store.database import Database
from chataudit.store.days import MASKED_DAYS, reach_of, start_of
from chataudit.store.frames import columns_of, times
from chataudit.store.known import place_of
from chataudit.store.schema import INBOX, ROWS, files
from chataudit.tables import Column


@dataclass(frozen=True)
class Window:
    """The raw rows of a day's surroundings as frames; ``inputs``: the exports that its own rows came from.

    ``messages`` has ``nth`` and ``file`` below the inbox; ``books``: 京东 sessions; ``counts``: of the files whose last
    day this is, what was no message.
    """

    messages: pd.DataFrame
    orders: pd.DataFrame
    people: pd.DataFrame
    sheets: pd.DataFrame
    verdicts: pd.DataFrame | None
    books: pd.DataFrame | None
    rejects: pd.DataFrame
    inputs: tuple[Mapping[str, Any], ...]
    counts: Mapping[str, int]


def window_of(database: Database, day: str, periods: Sequence[str], settings: Settings) -> Window:
    """Return what a day is audited from; ``periods``: those that sheets may name and the day lies in."""
    with database.reading() as connection:
        names = {int(key): (str(name), str(sha)) for key, name, sha in connection.execute(_named())}
        orders = _orders(connection, day, settings, names)
        back, ahead = _reach(orders, settings)
        messages = _messages(connection, day, back, ahead, settings, names)
        used = sorted({int(one) for one in messages["of"][messages["own"]]} if len(messages) else set())
        last = sa.select(files).where(files.c.last_day == day, files.c.state == "read")
        ended = connection.execute(last).mappings().all()
        verdicts = _frame(connection, "verdict_rows", ROWS["verdict_rows"].c.day == day)
        return Window(
            messages.drop(columns=["of", "own"]),
            orders,
            people_of(connection),
            sheets_of(connection, periods),
            _verdicts(verdicts) if len(verdicts) else None,
            _books(connection, day, settings),
            _rejects(connection, [int(one["id"]) for one in ended], names),
            tuple(_inputs(connection, used)),
            {name: sum(int(one[name]) for one in ended) for name in ("duplicates", "rejects")},
        )


def _named() -> sa.Select[Any]:
    return sa.select(files.c.id, files.c.name, files.c.sha256)


def _reach(orders: pd.DataFrame, settings: Settings) -> tuple[int, int]:
    """Return how many days before and after must be seen, too: for sessions over midnight, and for whom orders credit."""
    if not len(orders):
        return 1, 1
    masked = orders["buyer"].astype(object).str.contains("*", regex=False).fillna(False).any()
    return max(reach_of(settings), MASKED_DAYS if masked else 0), reach_of(settings)


def _frame(connection: sa.Connection, name: str, *where: sa.ColumnElement[bool]) -> pd.DataFrame:
    """Return rows of the inbox, in the order in which they were taken in, with ``id``."""
    table = ROWS[name]
    columns = (Column("id", "int"), *INBOX[name])
    query = sa.select(*(table.c[column.name] for column in columns)).where(*where).order_by(table.c.id)
    held = columns_of(connection.execute(query).fetchall(), columns)
    return pd.DataFrame({column.name: _cells(held[column.name], column.kind) for column in columns})


def _cells(cells: pa.Array, kind: str) -> pd.Series:
    if kind == "time":
        return times(cells, "UTC")
    if kind == "money":
        return pd.Series([None if one is None else Decimal(one) for one in cells.to_pylist()], dtype=object)
    if kind == "int":
        return pd.Series(pd.array(cells.to_pylist(), dtype="Int64")) if cells.null_count else cells.to_pandas()
    if kind == "real":
        return cells.to_pandas().astype(float)
    return as_code(text(cells)) if kind == "code" else text(cells)


def _messages(
    connection: sa.Connection,
    day: str,
    back: int,
    ahead: int,
    settings: Settings,
    names: Mapping[int, tuple[str, str]],
) -> pd.DataFrame:
    """Return the messages around a day, and all of the sessions that the export says go on on it.

    In the order of all exports read together: by file name, then as in the file. ``of``: the file, ``own``: on the day.
    """
    rows = ROWS["chat_rows"]
    begin, end = start_of(day, settings), start_of(day, settings, 1)
    near = (rows.c.sent_at >= start_of(day, settings, -back)) & (rows.c.sent_at < start_of(day, settings, ahead + 1))
    key = sa.tuple_(rows.c.platform, rows.c.shop, rows.c.session_id)
    on_day = sa.select(rows.c.platform, rows.c.shop, rows.c.session_id).where(
        rows.c.sent_at >= begin, rows.c.sent_at < end, rows.c.session_id.is_not(None)
    )
    frame = _frame(connection, "chat_rows", near | key.in_(on_day))
    places = [_place(names[int(file)][0], str(member)) for file, member in _pairs(frame)]
    sources = [(place_of(place, ""), names[int(file)][1]) for place, file in zip(places, frame["file"], strict=True)]
    number = {one: at for at, one in enumerate(sorted(set(sources)))}
    source = np.array([number[one] for one in sources], dtype=np.int64)
    frame["own"] = ((frame["sent_at"] >= _at(begin)) & (frame["sent_at"] < _at(end))).to_numpy(dtype=bool)
    frame["of"], frame["source"], frame["file"] = frame["file"].to_numpy(), source, as_code(text(places))
    frame["sent_at"] = frame["sent_at"].dt.tz_convert(settings.timezone)
    frame = frame.iloc[np.lexsort((frame["id"].to_numpy(), source))]
    return frame.drop(columns=["id", "member"]).reset_index(drop=True)


def _pairs(frame: pd.DataFrame) -> Sequence[tuple[int, str]]:
    return list(zip(frame["file"].tolist(), frame["member"].tolist(), strict=True))


def _at(milliseconds: int) -> pd.Timestamp:
    return pd.Timestamp(milliseconds, unit="ms", tz="UTC")


def _place(name: str, member: str) -> str:
    """Return the name that an export has when the whole inbox is read at once.

    >>> _place("三月/导出.zip", "导出.zip/1.txt")
    '三月/导出.zip/1.txt'
    """
    return (PurePosixPath(name).parent / member).as_posix()


def _orders(
    connection: sa.Connection, day: str, settings: Settings, names: Mapping[int, tuple[str, str]]
) -> pd.DataFrame:
    """Return the orders that may matter to a day, one row each said, in the order of all exports read together."""
    rows, reach = ROWS["order_rows"], reach_of(settings)
    after = max(reach, settings.payment_delay_days) + 1
    frame = _frame(
        connection,
        "order_rows",
        rows.c.until_at >= start_of(day, settings, -settings.after_sales_days - MASKED_DAYS),
        rows.c.from_at < start_of(day, settings, after),
    )
    places = [place_of(names[int(file)][0], member) for file, member in _pairs(frame)]
    order = sorted(range(len(frame)), key=lambda at: (places[at], int(frame["id"].iloc[at])))
    frame = frame.iloc[order].reset_index(drop=True)
    for column in tables.ORDERS.columns:
        if column.kind == "time":
            frame[column.name] = frame[column.name].dt.tz_convert(settings.timezone)
    return frame[tables.ORDERS.names]


def _in_order(connection: sa.Connection, frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows in the order of all files read together: by file name, files of one name as they came."""
    names = {int(key): str(name) for key, name, _ in connection.execute(_named())}
    places = [(place_of(names[int(file)], member), int(key)) for file, member, key in _keyed(frame)]
    return frame.iloc[sorted(range(len(frame)), key=places.__getitem__)]


def _keyed(frame: pd.DataFrame) -> Sequence[tuple[int, str, int]]:
    return list(zip(frame["file"].tolist(), frame["member"].tolist(), frame["id"].tolist(), strict=True))


def people_of(connection: sa.Connection) -> pd.DataFrame:
    """Return the people table: what the last file by name says of each account."""
    frame = _in_order(connection, _frame(connection, "people_rows"))
    return frame.drop_duplicates("account", keep="last")[tables.PEOPLE.names].reset_index(drop=True)


def sheets_of(connection: sa.Connection, periods: Sequence[str]) -> pd.DataFrame:
    """Return the figures that people wrote for some periods: of one figure by one rater what the last file by name says."""
    table = ROWS["sheet_rows"]
    frame = _frame(connection, "sheet_rows", table.c.period.in_(list(periods)) | table.c.period.is_(None))
    frame = _in_order(connection, frame).drop_duplicates(["period", "person", "item", "rater", "remark"], keep="last")
    frame["file"] = frame["member"]
    more = ["file", "row", "column", "cell", "unreadable"]
    return frame[[*tables.SHEETS.names, *more]].reset_index(drop=True)


def _verdicts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return marks that people gave on the day's conversations: the last on each item of each."""
    kept = frame.drop_duplicates(["card", "session_id", "agent", "item"], keep="last")
    kept = kept.assign(file=kept["member"]).drop(columns=["id", "day", "member"])
    return kept.astype({name: object for name in kept.columns if name not in ("points", "row")}).where(
        kept.notna(), None
    )


def _books(connection: sa.Connection, day: str, settings: Settings) -> pd.DataFrame | None:
    rows = ROWS["jd_session_rows"]
    near = (rows.c.asked_at >= start_of(day, settings, -1)) & (rows.c.asked_at < start_of(day, settings, 2))
    frame = _frame(connection, "jd_session_rows", near)
    if not len(frame):
        return None
    for name in ("asked_at", "replied_at"):
        frame[name] = frame[name].dt.tz_convert(settings.timezone)
    return frame.assign(file=frame["member"]).drop(columns=["id", "member"])


def _rejects(connection: sa.Connection, ended: Sequence[int], names: Mapping[int, tuple[str, str]]) -> pd.DataFrame:
    """Return the rejected rows of files."""
    frame = _frame(connection, "reject_rows", ROWS["reject_rows"].c.file.in_(list(ended)))
    frame["file"] = text([_place(names[int(file)][0], member) for file, member in _pairs(frame)])
    frame["row"] = frame["row"].astype("Int64")
    return frame[tables.REJECTS.names]


def _inputs(connection: sa.Connection, used: Sequence[int]) -> list[Mapping[str, Any]]:
    found = connection.execute(
        sa.select(files.c.name, files.c.sha256, files.c.inputs).where(files.c.id.in_(list(used)))
    )
    ordered = sorted(found, key=lambda one: (place_of(one.name, ""), one.sha256))
    return [one for file in ordered for one in json.loads(file.inputs)]

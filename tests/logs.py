"""Logs for tests: from plain dicts, and from dialogues written as text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from slow.settings import SlowSettings

from chataudit.arrays import TEXT, as_code
from chataudit.log import Log
from chataudit.sessions import split
from chataudit.settings import Settings

CODES = ("platform", "shop", "session_id", "buyer", "agent", "sender", "kind", "file")


def frame_of(messages: list[dict[str, Any]], zone: str = "Asia/Shanghai") -> pd.DataFrame:
    """Return messages as the ingest stage hands them over: in (file, row) order, categoricals, milliseconds."""
    ordered = sorted(messages, key=lambda message: (message["file"], message["row"]))
    files = sorted({message["file"] for message in messages})
    columns: dict[str, Any] = {name: as_code(pd.Series([one[name] for one in ordered], dtype=TEXT)) for name in CODES}
    times = pd.Series(pd.to_datetime([one["sent_at"] for one in ordered], utc=True)).dt.as_unit("ms")
    return pd.DataFrame(
        {
            **columns,
            "message_id": pd.Series([one["message_id"] for one in ordered], dtype=TEXT),
            "sent_at": times.dt.tz_convert(zone),
            "text": pd.Series([one["text"] for one in ordered], dtype=TEXT),
            "refs": pd.Series([one["refs"] for one in ordered], dtype=TEXT),
            "row": np.array([one["row"] for one in ordered], dtype=np.int64),
            "source": np.array([files.index(one["file"]) for one in ordered], dtype=np.int64),
            "masked": np.array([bool(one["masked"]) for one in ordered]),
        }
    )


def split_of(messages: list[dict[str, Any]], **changes: Any) -> Log:
    """Return the log of plain dicts under the default settings with ``changes``."""
    settings = Settings(**changes)
    return split(frame_of(messages, settings.timezone), settings)


def slow_settings(settings: Settings) -> SlowSettings:
    """Return the same settings for the slow implementation."""
    hours: Any = settings.service_hours
    if hours != "all":
        hours = tuple(tuple(part.split("-")) for part in hours.split(";"))
    names = (
        "timezone",
        "session_gap",
        "late_reply",
        "closing_lines",
        "slow_after",
        "long_after",
        "cut_hour",
        "after_sales_days",
        "credit_days",
    )
    return SlowSettings(service_hours=hours, **{name: getattr(settings, name) for name in names})


def plain(value: Any) -> Any:
    """Return a cell as plain Python: null as None, numbers as float, instants as UTC datetimes."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)) or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        return value.tz_convert("UTC").to_pydatetime()
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | float | np.number):
        return round(float(value), 6)
    return value


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows as plain dicts."""
    return [{name: plain(cell) for name, cell in row.items()} for row in frame.astype(object).to_dict("records")]

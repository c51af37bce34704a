"""Times as exports write them: ISO with and without zone, slashes, 年月日, epoch seconds and milliseconds, Excel days."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import arrow

FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S.%f",
    "%Y.%m.%d %H:%M:%S", "%Y-%m-%d", "%Y/%m/%d",
)
OFFSET = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})$"
SECONDS, MILLISECONDS = r"^1\d{9}(\.0)?$", r"^1\d{12}(\.0)?$"
EXCEL = r"^[34]\d{4}\.\d+$"


def read_times(cells: pd.Series, zone: str) -> pd.Series:
    """Return instants (milliseconds, in ``zone``) of text cells; what can't be read, and null, is NaT.

    A cell without an offset is local time of ``zone``. Fractions are rounded to the millisecond.
    """
    texts = pc.utf8_trim_whitespace(arrow(cells))
    try:
        naive = texts.cast(pa.timestamp("ms"))
        if not pc.any(pc.match_substring_regex(texts, OFFSET)).as_py():
            return _local(pd.Series(naive.to_pandas(), index=cells.index), zone)
    except pa.ArrowInvalid:
        pass
    return _mixed(pd.Series(texts.to_pandas(), index=cells.index), zone)


def _mixed(texts: pd.Series, zone: str) -> pd.Series:
    found = pd.Series(pd.NaT, index=texts.index, dtype=pd.DatetimeTZDtype("ms", zone))

    def fill(mask: pd.Series, instants: pd.Series) -> None:
        found.loc[mask.index[mask]] = instants.dt.as_unit("ms").dt.tz_convert(zone)

    left = texts.notna() & (texts != "")
    for pattern, unit in ((SECONDS, "s"), (MILLISECONDS, "ms")):
        mask = left & texts.str.match(pattern).fillna(False).astype(bool)
        if mask.any():
            fill(mask, pd.to_datetime(texts[mask].astype("float64").astype("int64"), unit=unit, utc=True))
            left &= ~mask
    mask = left & texts.str.match(OFFSET).fillna(False).astype(bool)
    if mask.any():
        fill(mask, pd.to_datetime(texts[mask], format="ISO8601", utc=True, errors="coerce").dt.round("ms"))
        left &= ~mask
    mask = left & texts.str.match(EXCEL).fillna(False).astype(bool)
    if mask.any():
        days = pd.to_timedelta(texts[mask].astype("float64"), unit="D")
        fill(mask, _local((pd.Timestamp("1899-12-30") + days).dt.round("s"), zone))
        left &= ~mask
    for pattern in FORMATS:
        if not left.any():
            break
        naive = pd.to_datetime(texts[left], format=pattern, errors="coerce")
        mask = left & naive.notna().reindex(texts.index, fill_value=False)
        if mask.any():
            fill(mask, _local(naive.dropna().dt.round("ms"), zone))
            left &= ~mask
    return found


def _local(naive: pd.Series, zone: str) -> pd.Series:
    """Take wall-clock times as times of ``zone``; an hour that happens twice is its second, one skipped moves on."""
    naive = naive.dt.as_unit("ms")
    second = np.zeros(len(naive), dtype=bool)
    return naive.dt.tz_localize(zone, ambiguous=second, nonexistent="shift_forward")

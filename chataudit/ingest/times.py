"""Times as exports write them: ISO with and without zone, slashes, 年月日, seconds since 1970, Excel's days."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Ints, arrow

Instants = np.ndarray[tuple[int], np.dtype[np.datetime64]]

FORMS = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M")
NO_DAY = r"^\d{4}\D(?:0?2\D(?:29|3)|(?:0?[469]|11)\D31)"  # what `strptime` takes as a day of the next month
DAY = r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
TIGHT_DAY = r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
CLOCK = r"(?:[T\s]*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>\.\d+)?)?)?"
ZONE = r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
CLOCKS = (
    f"^{DAY}{CLOCK}{ZONE}$",
    f"^{TIGHT_DAY}{CLOCK}{ZONE}$",
    f"^{TIGHT_DAY}(?P<hour>\\d{{2}})(?P<minute>\\d{{2}})(?P<second>\\d{{2}})(?P<fraction>)(?P<zone>)$",
)
SECONDS, MILLISECONDS = r"^1\d{9}(\.\d+)?$", r"^1\d{12}(\.\d+)?$"
EXCEL = r"^[34]\d{4}(\.\d+)?$"
# No chat is older; what lies outside is a slip of the pen or of the exporter.
EARLIEST, LATEST = pd.Timestamp("1970-01-01"), pd.Timestamp("2200-01-01")
MARKED = r"^(?:=\")?'?\s*(.*?)\s*\"?$"


def read_times(cells: pd.Series, zone: str) -> pd.Series:
    """Return instants (milliseconds, in ``zone``) of text cells; what can't be read, and null, is NaT.

    A cell without an offset is local time of ``zone``. Fractions are rounded to the millisecond.
    """
    times = same_times(cells, zone)
    return mixed_times(cells, zone) if times is None else times


def same_times(cells: pd.Series, zone: str) -> pd.Series | None:
    """Return what `read_times` gives for cells that all have one usual form with a day (the quick way), else None."""
    same = _of_one_form(pc.utf8_trim_whitespace(arrow(cells)))
    if same is None:
        return None
    times = pd.Series(same.to_pandas(), index=cells.index)
    return local_times(times, zone) if same.type.tz is None else _sane(times.dt.as_unit("ms")).dt.tz_convert(zone)


def mixed_times(cells: pd.Series, zone: str) -> pd.Series:
    """Return what `read_times` gives, each cell told by itself."""
    texts = pc.utf8_trim_whitespace(arrow(cells))
    once = pc.replace_substring_regex(texts, MARKED, r"\1").dictionary_encode()
    instants = np.append(_mixed(once.dictionary, zone), np.datetime64("NaT", "ms"))
    at = once.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return pd.Series(instants[at], index=cells.index).dt.tz_localize("UTC").dt.tz_convert(zone)


def _of_one_form(texts: pa.Array) -> pa.Array | None:
    """Return the timestamps of texts that all have one usual form, else None."""
    first = texts.drop_null()[:1]
    for kind in (pa.timestamp("ms"), pa.timestamp("ms", "UTC")):
        try:
            first.cast(kind)  # a whole column that fails is slow to say so
            return texts.cast(kind)
        except pa.ArrowInvalid:
            continue
    for form in FORMS:
        if pc.strptime(first, format=form, unit="ms", error_is_null=True).null_count:
            continue
        times = pc.strptime(texts, format=form, unit="ms", error_is_null=True)
        if times.null_count == texts.null_count and not pc.any(pc.match_substring_regex(texts, NO_DAY)).as_py():
            return times
    return None


def _mixed(texts: pa.Array, zone: str) -> Instants:
    """Return UTC instants of texts, each by the first form that it has."""
    found = np.full(len(texts), np.datetime64("NaT", "ms"))
    for pattern in CLOCKS:
        at = _fitting(texts, pattern, found)
        if len(at):
            found[at] = _clock(pc.extract_regex(texts.take(pa.array(at)), pattern), zone)
    for pattern, scale in ((SECONDS, 1000), (MILLISECONDS, 1)):
        at = _fitting(texts, pattern, found)
        numbers = texts.take(pa.array(at)).cast(pa.float64()).to_numpy()
        found[at] = (numbers * scale).round().astype(np.int64).view("datetime64[ms]")
    at = _fitting(texts, EXCEL, found)
    if len(at):
        days = texts.take(pa.array(at)).cast(pa.float64()).to_numpy()
        found[at] = _utc(np.datetime64("1899-12-30", "ms") + (days * 86_400).round().astype("timedelta64[s]"), zone)
    return found


def _fitting(texts: pa.Array, pattern: str, found: Instants) -> Ints:
    fits = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    return np.flatnonzero(fits.astype(bool) & np.isnat(found))


def _clock(parts: pa.StructArray, zone: str) -> Instants:
    """Return UTC instants of the parts of wall clocks; NaT where a part is out of its range."""

    def number(name: str) -> Ints:
        cells = parts.field(name)
        return pc.if_else(pc.equal(cells, ""), "0", cells).cast(pa.int64()).to_numpy()

    year, month, day = number("year"), number("month"), number("day")
    hour, minute, second = number("hour"), number("minute"), number("second")
    fraction = parts.field("fraction")
    thousandths = (pc.if_else(pc.equal(fraction, ""), "0", fraction).cast(pa.float64()).to_numpy() * 1000).round()
    months = ((year - 1970) * 12 + np.clip(month, 1, 12) - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    good = (
        (year >= EARLIEST.year)
        & (year < LATEST.year)
        & (month >= 1)
        & (month <= 12)
        & (day >= 1)
        & (days.astype("datetime64[M]") == months)
        & (hour < 24)
        & (minute < 60)
        & (second < 60)
    )
    clock = ((hour * 60 + minute) * 60 + second) * 1000 + thousandths.astype(np.int64)
    wall = np.where(good, days.astype("datetime64[ms]") + clock.astype("timedelta64[ms]"), np.datetime64("NaT", "ms"))
    told = parts.field("zone").dictionary_encode()
    words = told.dictionary.to_pylist()
    local = np.array([word == "" for word in words])[told.indices.to_numpy()]
    offset = np.array([_offset(word) for word in words], dtype="timedelta64[m]")[told.indices.to_numpy()]
    return wall - offset if not local.any() else np.where(local, _utc(wall, zone), wall - offset)


def _offset(told: str) -> int:
    """Return the minutes east of UTC that an offset says."""
    if told in ("", "Z"):
        return 0
    return (int(told[1:3]) * 60 + int(told[-2:])) * (-1 if told[0] == "-" else 1)


def _utc(wall: Instants, zone: str) -> Instants:
    utc = local_times(pd.Series(wall), zone).dt.tz_convert("UTC").dt.tz_localize(None)
    return utc.to_numpy("datetime64[ms]")


def local_times(naive: pd.Series, zone: str) -> pd.Series:
    """Take wall-clock times as times of ``zone``; an hour that happens twice is its second, one skipped moves on."""
    naive = _sane(naive.dt.as_unit("ms"))
    second = np.zeros(len(naive), dtype=bool)
    local: pd.Series = naive.dt.tz_localize(zone, ambiguous=second, nonexistent="shift_forward")
    return local


def _sane(times: pd.Series) -> pd.Series:
    first, end = EARLIEST.tz_localize(times.dt.tz), LATEST.tz_localize(times.dt.tz)
    if times.min() >= first and times.max() < end:
        return times
    return times.where((times >= first) & (times < end))


def wall_time(said: str) -> dt.datetime | None:
    """Return the local time of ``2026-03-02 10:01:05`` (or with a ``T``, a fraction); None where it is none."""
    try:
        whole, _, fraction = said.replace("T", " ").partition(".")
        time = dt.datetime.strptime(whole, "%Y-%m-%d %H:%M:%S") + dt.timedelta(seconds=float(f"0.{fraction or 0}"))
    except (ValueError, OverflowError):
        return None
    return time if EARLIEST <= time < LATEST else None

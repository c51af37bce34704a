"""What points a line may still come to while it waits."""

from __future__ import annotations

from collections.abc import Iterable

from chataudit.cards.model import Item, Scoring

Span = tuple[float | None, float | None]


def open_span(line: Scoring) -> tuple[float, float]:
    """Return the bounds of a waiting line's points: nothing and its full points, or more where its function gives more.

    A function without an end counts up to the line's ``floor`` and ``cap``, or where these are not written to nothing
    and the full points (an adjustment has none).
    """
    low, high = span_of(line)
    full = line.points if isinstance(line, Item) else 0.0
    low = min(low, 0.0) if low is not None else line.floor if line.floor is not None else 0.0
    high = max(high, full) if high is not None else line.cap if line.cap is not None else full
    if line.floor is not None:
        low, high = max(low, line.floor), max(high, line.floor)
    if line.cap is not None:
        low, high = min(low, line.cap), min(high, line.cap)
    return low, high


def span_of(line: Scoring) -> Span:
    """Return the lowest and highest points that a line's function gives; None where it has no end.

    >>> from chataudit.cards.model import Adjustment
    >>> line = {"id": "a", "name": "a", "name_en": "a", "value": "x"}
    >>> span_of(Adjustment(**line, each={"points": -3, "floor": -9})), span_of(Adjustment(**line, direct={"to": 5}))
    ((-9.0, None), (None, 5.0))
    """
    low, high = _plain(line)
    if isinstance(line, Item) and line.out_of is not None:
        scale = line.points / line.out_of
        return None if low is None else low * scale, None if high is None else high * scale
    return low, high


def _plain(line: Scoring) -> Span:
    listed = _listed(line)
    if listed:
        return min(listed), max(listed)
    if line.per_count is not None:
        return line.per_count.floor, max(line.per_count.full, line.per_count.floor)
    ended = line.each or line.per_step
    if ended is not None:
        return ended.floor, ended.cap
    return (None, None) if line.direct is None else (line.direct.from_, line.direct.to)


def _listed(line: Scoring) -> list[float]:
    """Return the points that a function names, between which (or at which) it stays."""
    if line.rating is not None and isinstance(line, Item):
        full = line.out_of or line.points
        return [line.rating.at_low * full, full]
    found: Iterable[float | None] = [band.points for band in line.bands]
    if line.rank is not None:
        found = [*(place.points for place in line.rank.places), line.rank.last]
    elif line.to_mean is not None:
        found = line.to_mean.points
    elif line.linear is not None:
        found = [points for _, points in line.linear.pairs]
    elif line.levels:
        found = [end for level in line.levels for end in (level.points, level.from_, level.to)]
    return [points for points in found if points is not None]

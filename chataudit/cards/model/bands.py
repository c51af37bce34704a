"""Half-open bands: every value lies in exactly one, or the file is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from chataudit.cards.model.functions import Band
from chataudit.errors import Words

Closed = Literal["from", "to"]
Ranged = tuple[float | None, float | None, float]


def check_bands(bands: Sequence[Band], closed: Closed) -> None:
    """Raise ValueError (`Words`) where bands leave a gap, overlap, or leave out the lowest or highest values."""
    if not bands:
        return
    ranges = ranges_of(bands)
    for low, high, _ in ranges:
        if low is not None and high is not None and low >= high:
            raise ValueError(Words(f"这一档是空的：{low:g} 到 {high:g}。", f"A band is empty: {low:g} to {high:g}."))
    for (_, high, _), (low, _, _) in zip(ranges, ranges[1:], strict=False):
        if high is None or low is None or low < high:
            here = next((one for one in (low, high) if one is not None), 0)
            raise ValueError(Words(f"两档在 {here:g} 处重叠。", f"Two bands overlap at {here:g}."))
        if low > high:
            raise ValueError(
                Words(f"{high:g} 到 {low:g} 之间没有档。", f"No band holds the values from {high:g} to {low:g}.")
            )
    lowest, highest = ranges[0][0], ranges[-1][1]
    if lowest is not None:
        raise ValueError(Words(f"{lowest:g} 以下没有档。", f"No band holds the values below {lowest:g}."))
    if highest is not None:
        raise ValueError(Words(f"{highest:g} 以上没有档。", f"No band holds the values above {highest:g}."))


def ranges_of(bands: Sequence[Band]) -> list[Ranged]:
    """Return bands as (low, high, points) from the lowest on; an end not written is the neighbour's, or open.

    >>> ranges_of([Band(**{"from": 90, "points": 10}), Band(points=0)])
    [(None, 90.0, 0.0), (90.0, None, 10.0)]
    """
    ordered = list(bands)
    if _falls(bands):
        ordered.reverse()
    result: list[Ranged] = []
    for at, band in enumerate(ordered):
        low, high = band.from_, band.to
        if low is None and at > 0:
            low = ordered[at - 1].to
        if high is None and at + 1 < len(ordered):
            high = ordered[at + 1].from_
        result.append((low, high, band.points))
    return result


def _falls(bands: Sequence[Band]) -> bool:
    """Return whether the bands are written from the highest down."""
    marks = [next((edge for edge in (band.from_, band.to) if edge is not None), None) for band in bands]
    known = [mark for mark in marks if mark is not None]
    if len(known) > 1 and known[0] != known[-1]:
        return known[0] > known[-1]
    return bands[0].from_ is not None or bands[-1].to is not None

"""The scoring functions: a value to points. Pure, one value at a time; people are few."""

from __future__ import annotations

import math

from chataudit.cards.model import Bands, Item, PerCount, PerStep, Rating

EXACT = 9


def points_of(item: Item, value: float) -> float:
    """Return the points that an item gives for a value, by its one function.

    Raises:
        ValueError: a rating outside its range.
    """
    if item.bands is not None:
        return banded(item.bands, value)
    if item.per_step is not None:
        return stepped(item.per_step, value)
    if item.per_count is not None:
        return counted(item.per_count, value)
    assert item.rating is not None
    return rated(item.rating, value, item.points)


def banded(bands: Bands, value: float) -> float:
    """Return the points of the band that holds ``value``.

    >>> from chataudit.cards.model import Band
    >>> banded(Bands(bands=(Band(from_=90, points=10), Band(points=0))), 90)
    10.0
    """
    value = round(value, EXACT)
    for band in bands.bands:
        if band.from_ is None or (value >= band.from_ if bands.closed == "from" else value <= band.from_):
            return band.points
    raise AssertionError("the last band takes all")


def stepped(rule: PerStep, value: float) -> float:
    """Return ``start`` plus ``points`` for every whole step, inside floor and cap.

    >>> stepped(PerStep(step=0.1, points=1), 0.35)
    3.0
    """
    points = rule.start + rule.points * math.floor(round(value / rule.step, EXACT))
    if rule.floor is not None:
        points = max(points, rule.floor)
    return float(points if rule.cap is None else min(points, rule.cap))


def counted(rule: PerCount, value: float) -> float:
    """Return ``full`` less ``minus`` for each counted thing, not under the floor.

    >>> counted(PerCount(full=15, minus=5), 2)
    5.0
    """
    return float(max(rule.full - rule.minus * value, rule.floor))


def rated(rule: Rating, value: float, points: float) -> float:
    """Return points in proportion to where ``value`` lies between low and high.

    >>> rated(Rating(low=0, high=100), 80, 15)
    12.0
    """
    if not rule.low <= value <= rule.high:
        raise ValueError(f"{value:g} is outside {rule.low:g}..{rule.high:g}")
    share = (value - rule.low) / (rule.high - rule.low)
    return round(points * (rule.at_low + (1 - rule.at_low) * share), EXACT)

"""The scoring functions: a value (and those of the others) to points. Pure, one value at a time; people are few."""

from __future__ import annotations

import math
from collections.abc import Sequence

from chataudit.cards.model import Each, Item, Level, Linear, PerCount, PerStep, Rank, Rating, Scoring, Span, ToMean
from chataudit.cards.model.bands import Ranged, ranges_of
from chataudit.errors import Words

EXACT = 9


def points_of(line: Scoring, value: float, peers: Sequence[float] = ()) -> float:
    """Return the points that a line gives for a value, by its one function, within its own floor and cap.

    ``peers``: the values of all subjects of the period, this one's among them (for `Rank` and `ToMean`).

    Raises:
        ValueError: (`Words`) a value outside its range, or too few others to compare with.
    """
    return settled(line, _plain(line, value, peers))


def settled(line: Scoring, points: float) -> float:
    """Return a function's points as the line's: out of so many, within its own floor and cap."""
    if isinstance(line, Item) and line.out_of is not None:
        points = points * line.points / line.out_of
    if line.floor is not None:
        points = max(points, line.floor)
    return points if line.cap is None else min(points, line.cap)


def _plain(line: Scoring, value: float, peers: Sequence[float]) -> float:
    if line.bands:
        return banded(ranges_of(line.bands), line.closed, value)
    if line.per_step is not None:
        return stepped(line.per_step, value)
    if line.per_count is not None:
        return counted(line.per_count, value)
    if line.each is not None:
        return eached(line.each, value)
    if line.linear is not None:
        return drawn(line.linear, value)
    if line.rank is not None:
        return ranked(line.rank, value, peers)
    if line.to_mean is not None:
        return compared(line.to_mean, value, peers)
    if line.direct is not None:
        return taken(line.direct, value)
    assert line.rating is not None and isinstance(line, Item)
    return rated(line.rating, value, line.out_of or line.points)


def banded(ranges: Sequence[Ranged], closed: str, value: float) -> float:
    """Return the points of the band that holds ``value``.

    >>> banded([(None, 90, 0), (90, None, 10)], "from", 90), banded([(None, 90, 0), (90, None, 10)], "to", 90)
    (10, 0)
    """
    value = round(value, EXACT)
    for low, high, points in ranges:
        above = low is None or (value >= low if closed == "from" else value > low)
        below = high is None or (value < high if closed == "from" else value <= high)
        if above and below:
            return points
    raise AssertionError("bands leave no gap")


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
    """Return ``full`` less ``minus`` for each thing beyond those that are free, not under the floor.

    >>> counted(PerCount(full=15, minus=5), 2), counted(PerCount(full=100, minus=1, beyond=2), 3)
    (5.0, 99.0)
    """
    return float(max(rule.full - rule.minus * max(value - rule.beyond, 0), rule.floor))


def eached(rule: Each, value: float) -> float:
    """Return ``points`` for each, between floor and cap.

    >>> eached(Each(points=-4), 2), eached(Each(points=2, cap=5), 3)
    (-8.0, 5.0)
    """
    points = rule.points * value
    if rule.floor is not None:
        points = max(points, rule.floor)
    return float(points if rule.cap is None else min(points, rule.cap))


def drawn(rule: Linear, value: float) -> float:
    """Return the points on the line between the two pairs around ``value``.

    >>> drawn(Linear(pairs=((0, 0), (100, 20))), 85)
    17.0
    """
    pairs = rule.pairs
    if value <= pairs[0][0]:
        return float(pairs[0][1])
    for (low, low_points), (high, high_points) in zip(pairs, pairs[1:], strict=False):
        if value <= high:
            return low_points + (high_points - low_points) * (value - low) / (high - low)
    return float(pairs[-1][1])


def place_of(value: float, peers: Sequence[float], best: str, ties: str) -> float:
    """Return the place (1 is first) of ``value`` among ``peers``.

    >>> [place_of(8, [9, 8, 8, 7], "high", ties) for ties in ("min", "mean", "dense")]
    [2, 2.5, 2]
    """
    value, others = round(value, EXACT), [round(one, EXACT) for one in peers]
    better = [one for one in others if (one > value if best == "high" else one < value)]
    if ties == "dense":
        return len(set(better)) + 1
    same = others.count(value)
    return len(better) + 1 + ((same - 1) / 2 if ties == "mean" and same > 1 else 0)


def ranked(rule: Rank, value: float, peers: Sequence[float]) -> float:
    """Return the points of the place that ``value`` takes among ``peers``.

    Raises:
        ValueError: fewer than ``least`` subjects.
    """
    if len(peers) < rule.least:
        raise ValueError(
            Words(
                f"只有 {len(peers)} 人有数，少于 {rule.least} 人不排名",
                f"{len(peers)} have a value; ranked from {rule.least} on",
            )
        )
    if rule.last is not None and len(peers) >= rule.last_from:
        worst = min(peers) if rule.best == "high" else max(peers)
        top = max(peers) if rule.best == "high" else min(peers)
        if round(value, EXACT) == round(worst, EXACT) != round(top, EXACT):
            return rule.last
    place = place_of(value, peers, rule.best, rule.ties)
    return next(one.points for one in rule.places if one.to is None or place <= one.to)


def compared(rule: ToMean, value: float, peers: Sequence[float]) -> float:
    """Return the points of how ``value`` stands to the mean of ``peers``.

    >>> rule = ToMean(points=(5, 10, 15))
    >>> [compared(rule, value, [80, 100, 120]) for value in (79, 80, 120, 121)]
    [5.0, 10.0, 10.0, 15.0]

    Raises:
        ValueError: fewer than ``least`` subjects, or a mean that is not above 0 (a share of it says nothing).
    """
    mean = sum(peers) / len(peers) if peers else 0
    if len(peers) < rule.least or round(mean, EXACT) <= 0:
        raise ValueError(Words("没有可比的平均值", "there is no mean to compare with"))
    share = round(value / mean, EXACT)
    worse, better = (
        (share < rule.low, share > rule.high) if rule.best == "high" else (share > rule.high, share < rule.low)
    )
    return rule.points[0] if worse else rule.points[2] if better else rule.points[1]


def taken(rule: Span, value: float) -> float:
    """Return the value as points.

    Raises:
        ValueError: it is outside the range.
    """
    if (rule.from_ is not None and value < rule.from_) or (rule.to is not None and value > rule.to):
        raise ValueError(_outside(value, rule.from_, rule.to))
    return value


def rated(rule: Rating, value: float, points: float) -> float:
    """Return points in proportion to where ``value`` lies between low and high.

    >>> rated(Rating(low=0, high=100), 80, 15)
    12.0

    Raises:
        ValueError: it is outside the range.
    """
    if not rule.low <= value <= rule.high:
        raise ValueError(_outside(value, rule.low, rule.high))
    share = (value - rule.low) / (rule.high - rule.low)
    return points * (rule.at_low + (1 - rule.at_low) * share)


def _outside(value: float, low: float | None, high: float | None) -> Words:
    span = f"{'…' if low is None else format(low, 'g')}–{'…' if high is None else format(high, 'g')}"
    return Words(f"{value:g} 不在 {span} 之内", f"{value:g} is outside {span}")


def level_points(levels: Sequence[Level], text: str) -> tuple[float | None, float, float]:
    """Return points (None: still to be picked) and the range they may have, of a level as a person writes it.

    ``A`` is a level; ``A 19`` and ``19`` pick points from its range.

    >>> made = (Level(**{"key": "A", "from": 18, "to": 20}), Level(**{"key": "B", "from": 15, "to": 18}))
    >>> level_points(made, "A"), level_points(made, "18"), level_points(made, "B 15.5")
    ((None, 18.0, 20.0), (18.0, 18.0, 18.0), (15.5, 15.5, 15.5))

    Raises:
        ValueError: (`Words`) no such level, or points that it does not hold.
    """
    said = text.strip()
    for level in sorted(levels, key=lambda one: -len(one.key)):
        if said.upper() == level.key.upper():
            if level.points is not None:
                return level.points, level.points, level.points
            assert level.from_ is not None and level.to is not None
            return None, level.from_, level.to
    for level in sorted(levels, key=lambda one: -len(one.key)):
        if said.upper().startswith(level.key.upper()):
            number = _number(said[len(level.key) :].lstrip(" :：/、,，-"))
            if number is not None:
                return _picked([level], levels, number, said)
    number = _number(said)
    if number is None:
        raise ValueError(_no_level(levels, said))
    return _picked(levels, levels, number, said)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _picked(own: Sequence[Level], levels: Sequence[Level], number: float, said: str) -> tuple[float, float, float]:
    top = max((edge for level in levels for edge in (level.to, level.points) if edge is not None), default=None)
    for level in own:
        if level.points is not None and number == level.points:
            return number, number, number
        if level.from_ is None or level.to is None:
            continue
        own_end = number == level.to and level.closed and (number == top or len(own) == 1)
        if level.from_ <= number < level.to or own_end:
            return number, number, number
    raise ValueError(_no_level(levels, said))


def _no_level(levels: Sequence[Level], said: str) -> Words:
    parts = [level.key if level.points is not None else f"{level.key} {level.from_:g}–{level.to:g}" for level in levels]
    return Words(f"“{said}” 不是可填的等级：{'、'.join(parts)}", f"{said!r} is no level of {', '.join(parts)}")

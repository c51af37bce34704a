"""The scoring functions' own keys: how a value becomes points."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from chataudit.cards.model.part import Part
from chataudit.errors import Words


class Span(Part):
    """A range of values; an end that is not written is open."""

    from_: float | None = Field(None, alias="from")
    to: float | None = None


class Band(Span):
    """Points of the values of a range."""

    points: float


class Place(Part):
    """Points of the places up to ``to`` (included); the last place of a list takes all further ones."""

    to: int | None = Field(None, ge=1)
    points: float


class Rank(Part):
    """Points by the place among all subjects of the period.

    ``best``: whether the ``high`` or the ``low`` value is first; ``ties``: subjects with the same value all take the
    best of their places (``min``), the mean (``mean``), or the next value follows without a gap (``dense``); ``last``:
    points of the last place (all in a tie for it), once there are ``last_from`` subjects; fewer than ``least``
    subjects with a value: no ranking.
    """

    places: tuple[Place, ...] = Field(min_length=1)
    best: Literal["high", "low"] = "high"
    ties: Literal["min", "mean", "dense"] = "min"
    last: float | None = None
    last_from: int = Field(2, ge=2)
    least: int = Field(1, ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> Rank:
        edges = [place.to for place in self.places]
        known = [edge for edge in edges if edge is not None]
        if edges[-1] is not None or len(known) < len(edges) - 1 or known != sorted(set(known)):
            raise ValueError(
                Words(
                    "名次从前到后写，只有最后一档不写 to，它接住其余名次。",
                    "Places go from the first on; only the last one has no to: it takes all further places.",
                )
            )
        return self


class ToMean(Part):
    """Points by how the value stands to the mean of all subjects.

    Under ``low`` times the mean, from there to ``high`` times it (both included), above it: the three ``points``, from
    worst to best where the ``best`` value is ``high``; the other way where it is ``low``. Fewer than ``least``
    subjects with a value, or a mean that is not above 0: not known.
    """

    low: float = Field(0.8, gt=0)
    high: float = Field(1.2, gt=0)
    points: tuple[float, float, float]
    best: Literal["high", "low"] = "high"
    least: int = Field(2, ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> ToMean:
        if self.low >= self.high:
            raise ValueError(Words("low 要小于 high。", "low must be less than high."))
        return self


class Level(Span):
    """A level that a person gives: fixed ``points``, or a range of points within which the person picks.

    Ranges hold their lower end and not the upper one, but where no level gives more. A level given without a number from its
    range waits for it.
    """

    key: str = Field(min_length=1, max_length=20)
    says: str | None = None
    points: float | None = None
    closed: bool = True
    inferred: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Level:
        ranged = self.from_ is not None and self.to is not None
        if (self.points is not None) == (self.from_ is not None or self.to is not None) or not (
            ranged or self.points is not None
        ):
            raise ValueError(Words("写 points，或写 from 和 to。", "Give points, or from and to."))
        if self.from_ is not None and self.to is not None and self.from_ >= self.to:
            raise ValueError(Words("from 要小于 to。", "from must be less than to."))
        return self


class PerStep(Part):
    """``points`` for every whole ``step`` of the value, from ``start``; ``cap`` null means no upper limit."""

    step: float = Field(gt=0)
    points: float
    start: float = 0
    floor: float | None = 0
    cap: float | None = None


class PerCount(Part):
    """``full`` points less ``minus`` for each beyond ``beyond``, not under ``floor``."""

    full: float
    minus: float = Field(gt=0)
    beyond: float = Field(0, ge=0)
    floor: float = 0


class Each(Part):
    """``points`` (plus or minus) for each, between ``floor`` and ``cap`` where these are written."""

    points: float
    floor: float | None = None
    cap: float | None = None


class Linear(Part):
    """Points on straight lines between (value, points) pairs; outside the pairs those of the nearest one."""

    pairs: tuple[tuple[float, float], ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _ordered(self) -> Linear:
        values = [value for value, _ in self.pairs]
        if values != sorted(set(values)):
            raise ValueError(Words("pairs 的数值要从小到大且不重复。", "The values of pairs must rise."))
        return self


class Rating(Part):
    """A rating between ``low`` and ``high`` (included), given points in proportion; outside it is refused.

    ``at_low`` is the share of the item's points at ``low``.
    """

    low: float
    high: float
    at_low: float = 0

    @model_validator(mode="after")
    def _ordered(self) -> Rating:
        if self.low >= self.high:
            raise ValueError(Words("low 要小于 high。", "low must be less than high."))
        return self

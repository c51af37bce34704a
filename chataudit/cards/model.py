"""What a card file may say: items, what each reads, how it gives points, grades, red lines."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from chataudit.errors import Words


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Part(BaseModel):
    """A part of a card file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Checklist(Part):
    """Rules that an item stands on, for conversations.

    ``judge`` is the kind of judgement: a *prohibition* is met when nothing is found in all talk of the agent, a
    *duty* is met by a span and not met where it was due and missing, else not applicable, a *judgement* waits for a
    person only where a stated sign of trouble occurs. ``must``: duties; ``must_not``: prohibitions; ``signs``: signs
    of trouble; ``at``: an opening item goes to a session's first agent, a closing item to its last; ``any``: one kept
    duty is enough.
    """

    judge: Literal["prohibition", "duty", "judgement"]
    must: Names = ()
    must_not: Names = ()
    signs: Names = ()
    any: bool = False
    at: Literal["anywhere", "opening", "closing"] = "anywhere"

    @model_validator(mode="after")
    def _fits(self) -> Checklist:
        if not (self.must or self.must_not or self.signs):
            raise ValueError(Words("must、must_not、signs 至少写一个。", "Give must, must_not or signs."))
        if self.judge == "duty" and not self.must:
            raise ValueError(Words("duty 要写 must。", "A duty needs must."))
        if self.any and not self.must:
            raise ValueError(Words("any 用于 must。", "any goes with must."))
        return self


class Fact(Part):
    """A figure of a person in a period: a name of `chataudit.cards.facts`, of the sheet, or how often a rule counts.

    ``over``: divided by this fact; ``per_day``: divided by the days covered; ``complement``: one minus it;
    ``growth_on``: growth on this fact (value / it − 1).
    """

    name: str | None = None
    sheet: str | None = None
    tally: str | None = None
    over: Fact | None = None
    growth_on: Fact | None = None
    per_day: bool = False
    complement: bool = False

    @model_validator(mode="after")
    def _one(self) -> Fact:
        if sum(one is not None for one in (self.name, self.sheet, self.tally)) != 1:
            raise ValueError(Words("写且只写 name、sheet、tally 之一。", "Give exactly one of name, sheet, tally."))
        return self


class Band(Part):
    """Points of values from ``from_`` on (included), up to the next band's edge."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    from_: float | None = Field(None, alias="from")
    points: float


class Bands(Part):
    """Half-open bands, each closed at its lower edge, from the highest edge down; the last takes all below.

    With ``lower_is_better`` the edges are upper ones and closed there: a value up to and including the edge.
    """

    bands: tuple[Band, ...] = Field(min_length=1)
    closed: Literal["from", "to"] = "from"

    @model_validator(mode="after")
    def _ordered(self) -> Bands:
        edges = [band.from_ for band in self.bands]
        if edges[-1] is not None or any(edge is None for edge in edges[:-1]):
            raise ValueError(
                Words(
                    "只有最后一档不写 from，它接住其余的值。",
                    "Only the last band has no from: it takes all other values.",
                )
            )
        known = [edge for edge in edges if edge is not None]
        if known != sorted(known, reverse=self.closed == "from") or len(set(known)) < len(known):
            raise ValueError(
                Words(
                    "各档的边要依次排列且不重复（closed: from 从高到低，closed: to 从低到高）。",
                    "Edges must be in order and differ (closed: from descending, closed: to ascending).",
                )
            )
        return self


class PerStep(Part):
    """``points`` for every whole ``step`` of the value, from ``start``; ``cap`` null means no upper limit."""

    step: float = Field(gt=0)
    points: float
    start: float = 0
    floor: float | None = 0
    cap: float | None = None


class PerCount(Part):
    """``full`` points less ``minus`` for each, not under ``floor``."""

    full: float
    minus: float = Field(gt=0)
    floor: float = 0


class Rating(Part):
    """A rating between ``low`` and ``high`` (included), given points in proportion; outside it is refused.

    ``of`` is the share of the item's points at ``low`` (0 by default).
    """

    low: float
    high: float
    at_low: float = 0

    @model_validator(mode="after")
    def _ordered(self) -> Rating:
        if self.low >= self.high:
            raise ValueError(Words("low 要小于 high。", "low must be less than high."))
        return self


class Item(Part):
    """One line of a card. ``some`` are the points where exactly one thing is unmet (null: nothing between all and none).

    ``inferred`` says what the source does not state, ``default`` what the shop is meant to set.
    """

    id: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    points: float = Field(ge=0)
    some: float | None = None
    red: bool = False
    inferred: str | None = None
    default: str | None = None
    note: str | None = None
    checklist: Checklist | None = None
    fact: Fact | None = None
    bands: Bands | None = None
    per_step: PerStep | None = None
    per_count: PerCount | None = None
    rating: Rating | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Item:
        ways = [self.bands, self.per_step, self.per_count, self.rating]
        if self.checklist is not None:
            if self.fact is not None or any(way is not None for way in ways):
                raise ValueError(Words("checklist 不和 fact 一起用。", "checklist does not go with fact."))
        elif self.fact is None or sum(way is not None for way in ways) != 1:
            raise ValueError(
                Words(
                    "写 checklist，或写 fact 和 bands、per_step、per_count、rating 之一。",
                    "Give checklist, or fact with one of bands, per_step, per_count, rating.",
                )
            )
        if self.some is not None and not 0 <= self.some <= self.points:
            raise ValueError(Words("some 要在 0 和 points 之间。", "some must lie between 0 and points."))
        return self


class Grade(Part):
    """A grade for scores from ``from_`` on (included)."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    name: str = Field(min_length=1, max_length=20)
    from_: float | None = Field(None, alias="from")
    inferred: str | None = None


class Card(Part):
    """A card file; its id is its path under ``cards/`` without the extension.

    ``subject``: ``conversation`` (each conversation, averaged per person and month) or ``person`` (per person and
    month). ``scale``: the score of full marks; points that did not apply are left out and the rest scaled to it
    (``na: leave_out``) or count as zero (``na: zero``).
    """

    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    source: str = Field(min_length=1)
    subject: Literal["conversation", "person"]
    scale: float = Field(100, gt=0)
    na: Literal["leave_out", "zero"] = "leave_out"
    inferred: str | None = None
    items: tuple[Item, ...] = Field(min_length=1)
    grades: tuple[Grade, ...] = ()
    consequences: Names = ()

    @model_validator(mode="after")
    def _fits(self) -> Card:
        ids = [item.id for item in self.items]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(
                Words(f"考核项编号重复：{', '.join(twice)}。", f"Item ids stand twice: {', '.join(twice)}.")
            )
        wrong = [item.id for item in self.items if (item.checklist is not None) != (self.subject == "conversation")]
        if wrong:
            raise ValueError(
                Words(
                    f"subject: {self.subject} 的评分表里，这些项的写法不对：{', '.join(wrong)}。",
                    f"Items that do not fit subject: {self.subject}: {', '.join(wrong)}.",
                )
            )
        edges = [grade.from_ for grade in self.grades]
        known = [edge for edge in edges if edge is not None]
        if edges and (edges[-1] is not None or len(known) < len(edges) - 1 or known != sorted(known, reverse=True)):
            raise ValueError(
                Words(
                    "等级从高到低写，最后一级不写 from。", "Grades go from high to low, and the last one has no from."
                )
            )
        return self

    def title(self, lang: str) -> str:
        """Return the card's name in ``lang``."""
        return self.name_en if lang == "en" else self.name


def grade_of(card: Card, score: float | None) -> str | None:
    """Return the grade of a score; null without a score or grades."""
    if score is None or not card.grades:
        return None
    for grade in card.grades:
        if grade.from_ is None or round(score, 6) >= grade.from_:
            return grade.name
    return None

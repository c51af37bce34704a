"""What a plan file may say: how many to draw and from where, what is always reviewed, whom to draw more of."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from chataudit.errors import Words


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Key = Literal["agent", "shift", "platform", "outcome"]
Outcome = Literal["ordered", "lost", "after_sales"]
Share = Annotated[float, Field(gt=0, lt=1)]


class Part(BaseModel):
    """A part of a plan file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class When(Part):
    """Signs of a conversation; those given must all be there.

    ``rules``: a hit of one of these rules (a folder of rules stands for all in it); ``levels``: a hit of such a level;
    ``red_items``: a red item of a card is broken; ``buyer_says``: one of these phrases in the buyer's words;
    ``outcome``: what became of the enquiry; ``amount_from``: of the buyer's order that was not paid, in yuan;
    ``risk_from``: the risk score; ``score_below``: the lowest score of a card; ``new_within_days``: the agent began so
    many days before; ``platforms``.
    """

    rules: Names = ()
    levels: Names = ()
    red_items: bool = False
    buyer_says: Names = ()
    outcome: Outcome | None = None
    amount_from: float | None = Field(None, gt=0)
    risk_from: float | None = Field(None, ge=0, le=1)
    score_below: float | None = Field(None, gt=0)
    new_within_days: int | None = Field(None, gt=0)
    platforms: Names = ()

    @model_validator(mode="after")
    def _something(self) -> When:
        if not self.model_fields_set:
            raise ValueError(Words("至少写一个条件。", "Give at least one sign."))
        return self


class Named(Part):
    """Conversations with these signs, under a name."""

    name: str = Field(min_length=1, max_length=30)
    name_en: str = Field(min_length=1, max_length=60)
    when: When


class Event(Named):
    """Conversations that are always reviewed; with ``most`` only so many, drawn at random from them."""

    most: int | None = Field(None, gt=0, le=5000)


class Quota(Named):
    """``n`` conversations drawn at random from those with these signs, besides the rest of the draw."""

    n: int = Field(gt=0, le=5000)


class NewAgents(Part):
    """Agents who began less than ``within_days`` days before are drawn ``times`` as often."""

    within_days: int = Field(90, gt=0)
    times: float = Field(2, ge=1, le=100)


class More(Part):
    """Whom to draw more of, all others still being drawn: ``risk``: a risk of 1 so many times as often as one of 0."""

    risk: float = Field(1, ge=1, le=100)
    new_agents: NewAgents | None = None


class Question(Part):
    """What the sample is to prove: that fewer than ``limit`` of the conversations are faulty.

    ``faulty``: any item lost points, or a red item did; ``margin``: how close a rate is wanted, to either side;
    ``good``: a share of faults that is still good work; ``buyer_risk``: how likely work at the limit may pass;
    ``shop_risk``: how likely good work may not.
    """

    faulty: Literal["any", "red"] = "any"
    limit: Share = 0.1
    margin: Share = 0.1
    confidence: Share = 0.95
    good: Share = 0.02
    buyer_risk: Share = 0.1
    shop_risk: Share = 0.05

    @model_validator(mode="after")
    def _ordered(self) -> Question:
        if self.good >= self.limit:
            raise ValueError(Words("good 要小于 limit。", "good must be less than limit."))
        return self


class Plan(Part):
    """A plan file; its id is its path under ``plans/`` without the extension.

    ``n``: conversations drawn at random in all, or ``per_agent``: from each agent; events come on top. ``strata``: the
    draw is shared out over agents, shifts, platforms, outcomes, in proportion or alike (``shares``).
    """

    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    source: str = Field(min_length=1)
    n: int | None = Field(None, gt=0, le=5000)
    per_agent: int | None = Field(None, gt=0, le=1000)
    strata: tuple[Key, ...] = ()
    shares: Literal["proportional", "equal"] = "proportional"
    always: tuple[Event, ...] = ()
    quotas: tuple[Quota, ...] = ()
    more: More = More()
    question: Question = Question()

    @model_validator(mode="after")
    def _fits(self) -> Plan:
        if (self.n is None) == (self.per_agent is None):
            raise ValueError(Words("写且只写 n、per_agent 之一。", "Give exactly one of n, per_agent."))
        names = [part.name for part in self.named]
        if len(set(names)) < len(names):
            raise ValueError(Words("always、quotas 里的名称重复。", "Names in always and quotas stand twice."))
        if len(set(self.strata)) < len(self.strata):
            raise ValueError(Words("strata 里有重复。", "strata stand twice."))
        return self

    @property
    def named(self) -> tuple[Named, ...]:
        """Return the events, then the quotas."""
        return (*self.always, *self.quotas)

    @property
    def asks_risk(self) -> bool:
        """Return whether the plan needs risk scores."""
        return self.more.risk > 1 or any(part.when.risk_from is not None for part in self.named)

    def title(self, lang: str) -> str:
        """Return the plan's name in ``lang``."""
        return self.name_en if lang == "en" else self.name

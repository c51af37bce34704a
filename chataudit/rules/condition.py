"""What a condition may say of one message, and how far a window reaches."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from chataudit.errors import Words
from chataudit.rules.parts import Names, Part, Range, listed
from chataudit.rules.population import Facts

Who = Literal["agent", "buyer", "auto", "bot", "system"]
Kind = Literal["text", "image", "card", "emoji", "file", "recall", "transfer", "event"]
Entity = Literal["phone", "link", "wechat", "qq", "bank_card", "email", "id_card"]
Speakers = Annotated[tuple[Who, ...], BeforeValidator(listed)]
MOST_PARTS = 50
Patterns = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=1000)], ...],
    BeforeValidator(listed),
    Field(max_length=MOST_PARTS),
]


class Repeats(Part):
    """The same text (folded) sent again in a conversation: true of the ``times``-th message and every later one.

    ``similar``: how alike (0..1, character bigrams) two texts must be to be the same; ``within``: only the speaker's so many
    messages before it are looked at (asked for with ``similar``; without it, all).
    """

    times: int = Field(2, ge=2, le=1000)
    min_chars: int = Field(4, ge=1, le=1000)
    similar: float | None = Field(None, ge=0.3, le=1)
    within: int | None = Field(None, ge=1, le=20)

    @model_validator(mode="after")
    def _fits(self) -> Repeats:
        if (self.similar is None) != (self.within is None):
            raise ValueError(Words("similar 和 within 一起用。", "similar goes with within."))
        return self


class Like(Part):
    """Close in wording to a sample sentence: cosine of TF-IDF weighted character n-grams, at least ``score`` (0..1)."""

    samples: Names = Field(min_length=1, max_length=200)
    score: float = Field(0.6, ge=0.1, le=1)


class Nth(Part):
    """Which of the speakers' messages in the session, ``first`` to ``last``; 1 is the first, -1 the last."""

    first: int = 1
    last: int = -1

    @model_validator(mode="after")
    def _fits(self) -> Nth:
        if 0 in (self.first, self.last):
            raise ValueError(
                Words("从 1 或 -1（倒数第一条）数起，没有 0。", "Count from 1, or from -1 (the last); there is no 0.")
            )
        return self


class Gap(Range):
    """Seconds between this message and the nearest one ``since`` (before it) or ``until`` (after it) of these speakers."""

    since: Speakers = ()
    until: Speakers = ()

    @model_validator(mode="after")
    def _fits(self) -> Gap:
        if bool(self.since) == bool(self.until) or not self.model_fields_set - {"since", "until"}:
            raise ValueError(
                Words(
                    "写 since 或 until 之一，并写 over、at_least、under、at_most 之一。",
                    "Write since or until, and one of over, at_least, under, at_most.",
                )
            )
        return self


class Condition(Part):
    """What must hold of one message; all tests that are written must hold together.

    *Who*: ``who: agent`` means the agent and the assistant that answers in its name; parts of ``any``, ``all`` and ``not``
    speak of the same message and take over its speakers. *Words*: ``words`` (lists), ``phrases`` (at word borders, unless
    ``border: false``), ``pattern`` (RE2, on text
    with width, case and traditional characters folded; a match does not count where its text also matches ``except``),
    ``entity``, ``like``. ``exempt`` (longer phrases), ``not_after`` and ``not_before`` (phrases at most ``reach`` characters
    beside it in its sentence) make a place innocent, whichever of these tests found it. ``times`` bounds how many places
    of the message were found, ``different`` how many different phrases (or parts of ``any``). *Place and time*: ``nth``,
    ``elapsed`` and ``remaining`` (seconds from the session's first, to its last message), ``gap``, ``wait`` (seconds that
    the reply of a round took), ``opens`` a round, ``pending``. *Elsewhere*: ``facts`` of the session, ``near`` (other
    messages around it), ``use`` (a shared condition), ``rule`` (the message is a hit of that rule).
    """

    who: Speakers = ("agent",)
    kind: Annotated[tuple[Kind, ...], BeforeValidator(listed)] = ()
    use: str | None = None
    rule: str | None = None
    words: Names = ()
    phrases: Names = ()
    border: bool = True
    pattern: str | None = Field(None, min_length=1, max_length=1000)
    except_: Patterns = Field((), alias="except")
    entity: Annotated[tuple[Entity, ...], BeforeValidator(listed)] = ()
    like: Like | None = None
    exempt: Names = ()
    not_after: Names = ()
    not_before: Names = ()
    reach: int = Field(6, ge=0, le=50)
    times: Range | None = None
    different: Range | None = None
    length: Range | None = None
    repeats: Repeats | None = None
    nth: Nth | None = None
    elapsed: Range | None = None
    remaining: Range | None = None
    gap: Gap | None = None
    wait: Range | None = None
    opens: bool | None = None
    pending: bool | None = None
    facts: Facts | None = None
    near: Annotated[tuple[Near, ...], BeforeValidator(listed)] = Field((), max_length=MOST_PARTS)
    any: tuple[Condition, ...] = Field((), max_length=MOST_PARTS)
    all: tuple[Condition, ...] = Field((), max_length=MOST_PARTS)
    not_: Condition | None = Field(None, alias="not")

    @property
    def worded(self) -> bool:
        """Return whether a test finds places inside the message."""
        return bool(self.words or self.phrases or self.pattern is not None or self.entity)

    @model_validator(mode="after")
    def _fits(self) -> Condition:
        if (self.exempt or self.not_after or self.not_before or self.times) and not self.worded:
            raise ValueError(
                Words(
                    "exempt、not_after、not_before、times 要和 words、phrases、pattern 或 entity 一起用。",
                    "exempt, not_after, not_before and times go with words, phrases, pattern or entity.",
                )
            )
        if self.except_ and self.pattern is None and not self.entity:
            raise ValueError(Words("except 要和 pattern 或 entity 一起用。", "except goes with pattern or entity."))
        if self.different and not (self.words or self.phrases or self.any):
            raise ValueError(
                Words("different 要和 words、phrases 或 any 一起用。", "different goes with words, phrases or any.")
            )
        return self


class Window(Part):
    """How far to look.

    From a place: ``side`` says in which direction (``from`` is the message itself and after, ``at`` the message alone),
    ``messages`` how many messages of the speakers looked for, ``seconds`` how long, ``until`` where it ends: before the
    first message, after the place, of which that condition holds. Without a place: ``first`` or ``last`` so many
    messages of these speakers in the session.
    """

    side: Literal["after", "from", "before", "around", "at"] = "after"
    messages: int | None = Field(None, ge=1, le=10_000)
    seconds: float | None = Field(None, gt=0)
    until: Condition | None = None
    first: int | None = Field(None, ge=1, le=10_000)
    last: int | None = Field(None, ge=1, le=10_000)

    @property
    def edge(self) -> bool:
        """Return whether the window lies at a session's start or end."""
        return self.first is not None or self.last is not None

    @model_validator(mode="after")
    def _fits(self) -> Window:
        if self.first and self.last:
            raise ValueError(Words("first 和 last 只能写一个。", "Write first or last, not both."))
        if self.edge and (self.messages or self.seconds or self.until):
            raise ValueError(
                Words(
                    "first/last 不和 messages、seconds、until 一起用。",
                    "first/last do not go with messages, seconds, until.",
                )
            )
        return self


class Near(Condition):
    """A condition on other messages around this one; ``at_least`` so many of them in the window."""

    window: Window = Field(default_factory=lambda: Window())
    at_least: int = Field(1, ge=1, le=1000)


class Anchor(Condition):
    """The condition whose hits are the places to start from: every one, the first, the last, or the n-th of a session."""

    which: Literal["every", "first", "last"] | Annotated[int, Field(ge=-1000, le=1000)] = "every"


class Unless(Condition):
    """What excuses a window: found in the same window, or in a ``window`` of its own."""

    window: Window | None = None


for _model in (Condition, Window, Near, Anchor, Unless):
    _model.model_rebuild()

"""Items that stand on rules, for conversations."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from chataudit.cards.model.part import Names, Part
from chataudit.errors import Words


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

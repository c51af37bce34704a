"""What page and workbook both stand on, worked out once."""

from __future__ import annotations

from dataclasses import dataclass

from chataudit.audit import Audit
from chataudit.report.marks import ConversationMarks
from chataudit.report.views import Chosen, chosen_conversations
from chataudit.report.wording import Speech


@dataclass(frozen=True)
class Basis:
    """An audit, the marks of its conversations, ``sample`` and more of them chosen for every agent, and how to speak."""

    audit: Audit
    marks: ConversationMarks
    chosen: tuple[Chosen, ...]
    sample: int
    speech: Speech

    @classmethod
    def of(cls, audit: Audit, sample: int, speech: Speech) -> Basis:
        """Return the basis of an audit's report."""
        return cls(audit, ConversationMarks.of(audit), chosen_conversations(audit, sample), sample, speech)

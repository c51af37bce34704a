"""What every channel has: a kind, when it wants a notice, and a way to deliver one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from chataudit.errors import Words
from chataudit.notices.notice import Notice

LOCAL_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts that are reached without a network, so that a secret may go there in clear."""


class Channel(BaseModel, ABC):
    """One entry of the channels file; it is named by its kind, its number in the file and its host, never by a secret.

    ``when``: ``always``; on ``failure``, if something was not done; on ``red``, if a red line was crossed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    title: ClassVar[Words]

    kind: str
    when: Literal["always", "failure", "red"] = "always"

    @property
    @abstractmethod
    def address(self) -> str:
        """The host that the notice goes to."""

    @abstractmethod
    def deliver(self, notice: Notice, lang: str) -> None:
        """Hand the notice over, once.

        Raises:
            NotSent: it was not taken, or nobody knows.
        """

    def wants(self, notice: Notice) -> bool:
        """Return whether ``when`` fits the notice."""
        return {"always": True, "failure": bool(notice.failed), "red": bool(notice.red_lines)}[self.when]

    def name(self, number: int) -> Words:
        """Return how the ``number``-th channel of the file (from 1) is called in messages."""
        return Words(f"{self.title.zh} #{number}（{self.address}）", f"{self.title.en} #{number} ({self.address})")

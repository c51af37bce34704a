"""What a reader had to guess, and how the settings settle it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from chataudit.errors import Words


class Guess(NamedTuple):
    """What was guessed, and what to write where so that nothing is."""

    what: Words
    fix: Words

    def note(self, name: str) -> Words:
        """Return the sentence about the file ``name``."""
        return Words(f"{name}：{self.what.zh}；{self.fix.zh}。", f"{name}: {self.what.en}; {self.fix.en}.")


def guessed_roles(guessed: Iterable[str]) -> tuple[Guess, ...]:
    """Say which roles (``account=sender``) were guessed; nothing where none was."""
    names = sorted(guessed)
    if not names:
        return ()
    shown = ", ".join(names[:10]) + (" …" if len(names) > 10 else "")
    what = Words(f"角色是猜的（{shown}）", f"roles were guessed ({shown})")
    return (Guess(what, Words("可在设置 agents / bots 里写明", "name them in the settings agents / bots")),)

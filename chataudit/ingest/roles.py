"""Who speaks: the rules by which an account's role is told where the export does not say it."""

from __future__ import annotations

import re
from typing import NamedTuple

from chataudit.settings import Settings

ROBOT = re.compile(r"^jimi_|@im\.jd\.com$|机器人$")
MASK = "*"
SELLER = re.compile(r"客服|自营|旗舰店|专营店|专卖店")


class Role(NamedTuple):
    """A sender word, and whether it is a guess."""

    sender: str
    guessed: bool = False


def is_masked(name: str) -> bool:
    """Return whether the export masked the name (``j****db``)."""
    return MASK in name


def role_of(account: str, *, buyer: str | None, shop: str | None, settings: Settings) -> Role:
    """Tell the role of ``account``, whose counterpart or own name as a buyer is ``buyer``.

    Settings come first; then robots' names; the buyer's own name; an ASCII colon or the shop's name is an agent;
    a masked name is a buyer. What is left is a guess: an agent where the buyer is somebody else, else a buyer.
    """
    if account in settings.bots or ROBOT.search(account):
        return Role("bot")
    if account in settings.agents or account in settings.assists:
        return Role("assist" if account in settings.assists else "agent")
    if buyer is not None and account == buyer:
        return Role("buyer")
    if ":" in account or (shop and account == shop):
        return Role("agent")
    if is_masked(account):
        return Role("buyer")
    if SELLER.search(account):
        return Role("agent", guessed=True)
    return Role("buyer" if buyer is None else "agent", guessed=True)

"""Who is who in a 京东 log, session by session: one buyer, robots by name, everybody else the shop's."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

import numpy as np
import pandas as pd

from chataudit.arrays import Flags, Ints, codes_of
from chataudit.ingest.reading import in_words
from chataudit.ingest.roles import ROBOT, SELLER, is_masked
from chataudit.settings import Settings
from chataudit.tables import SENDERS

BUYER, AGENT, BOT, SYSTEM = (SENDERS.index(word) for word in ("buyer", "agent", "bot", "system"))


class Roles(NamedTuple):
    """The columns that the accounts tell (``sender`` as codes), the rows without account, and what was guessed."""

    sender: Ints
    buyer: pd.Series
    agent: pd.Series
    shop: pd.Series | str | None
    nameless: Flags
    guessed: set[str]


def tell_roles(account: pd.Series, part: Ints, times: pd.Series, settings: Settings) -> Roles:
    """Tell the roles: the masked, else the first person of a session who is no agent by name is its buyer.

    Who stands beside a known buyer in one session is an agent in all. A session without a buyer has one named after
    its first time.
    """
    names = list(account.cat.categories)
    codes = codes_of(account)
    of_session = _accounts(codes, part, names)
    told = [_buyer(accounts, settings, set()) for accounts in of_session]
    pairs = zip(of_session, told, strict=True)
    agents = {name for accounts, (buyer, sure) in pairs if sure for name in accounts if name != buyer}
    guessed: set[str] = set()
    buyers: list[str | None] = []
    for accounts in of_session:
        buyer, sure = _buyer(accounts, settings, agents)
        buyers.append(buyer)
        if not sure:
            guessed.add(f"{buyer}=buyer" if buyer is not None else "|".join(accounts) + "=agent")
    first = np.flatnonzero(np.append(True, np.diff(part) != 0)) if len(part) else part
    nobody = [f"?{times.iloc[at]:%Y%m%d%H%M%S}" for at in first]
    place = {name: at for at, name in enumerate(names)}
    mine = np.array([place.get(buyer or "", -2) for buyer in buyers], dtype=np.int64)[part]
    robots = np.array([*(bool(ROBOT.search(name)) or name in settings.bots for name in names), False])[codes]
    sender = np.where(codes < 0, SYSTEM, np.where(codes == mine, BUYER, np.where(robots, BOT, AGENT)))
    agent = np.where((sender == AGENT) | (sender == BOT), codes, -1)
    whose = [buyer or other for buyer, other in zip(buyers, nobody, strict=True)]
    shop = _shops(np.where(sender == AGENT, codes, -1), part, names)
    return Roles(sender, in_words(part, whose), in_words(agent, names), shop, codes < 0, guessed)


def _accounts(codes: Ints, part: Ints, names: list[str]) -> list[list[str]]:
    """Return the accounts of each session in the order in which they appear."""
    once = pd.DataFrame({"part": part, "code": codes}).drop_duplicates()
    rows = zip(once["part"].tolist(), once["code"].tolist(), strict=True)
    return [[names[code] for _, code in group if code >= 0] for _, group in groupby(rows, key=lambda row: row[0])]


def _buyer(accounts: list[str], settings: Settings, agents: set[str]) -> tuple[str | None, bool]:
    """Return a session's buyer, None where all accounts are sellers', and whether that is sure."""
    people = [name for name in accounts if not ROBOT.search(name) and name not in settings.bots]
    masked = [name for name in people if is_masked(name)]
    if masked:
        return masked[0], True
    unknown = [name for name in people if name not in (*settings.agents, *settings.assists, *agents)]
    others = [name for name in unknown if not SELLER.search(name) and "-" not in name]
    if others:
        return others[0], len(others) == 1 and len(people) > 1
    return (unknown[0], False) if unknown and not SELLER.search(unknown[0]) else (None, not unknown)


def _shops(agents: Ints, part: Ints, names: list[str]) -> pd.Series | str | None:
    """Return each session's shop, the front of its first agent's account; in a file of one shop all is that shop's."""
    fronts = [name.split("-")[0] if "-" in name else None for name in names]
    shops = sorted({fronts[code] or "" for code in np.unique(agents[agents >= 0])} - {""})
    if len(shops) < 2:
        return shops[0] if shops else None
    mine = np.array([*(shops.index(front) if front in shops else -1 for front in fronts), -1])[agents]
    of_part = np.full(int(part.max()) + 1, -1)
    at = np.flatnonzero(mine >= 0)[::-1]
    of_part[part[at]] = mine[at]
    return in_words(of_part[part], shops)

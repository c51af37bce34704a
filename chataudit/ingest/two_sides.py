"""Chats of two in which nothing but names says who is who: 微信 and QQ exports, some help desks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Ints
from chataudit.ingest.guesses import Guess, guessed_roles
from chataudit.ingest.roles import ROBOT, SELLER
from chataudit.settings import Settings

MYSELF = "我"


class Sides(NamedTuple):
    """Who speaks, with which buyer, and which agent; and what was guessed."""

    sender: pd.Series
    buyer: pd.Series
    agent: pd.Series
    guesses: tuple[Guess, ...]


def two_sides(
    account: pd.Series, part: Ints, settings: Settings, *, peer: pd.Series | None = None, order: Ints | None = None
) -> Sides:
    """Return the sides of each chat (``part``).

    The peer that the export names is the buyer; agents are those of the settings, 我, and names like 客服小雨. Where no
    buyer is left to be told in that way, it is a guess: who spoke first (by ``order``, else the file's).
    """
    size = len(account)
    time = np.arange(size, dtype=float) if order is None else np.asarray(order, dtype=float)
    who, names = pd.factorize(account)
    wide = len(names) + 1
    key = np.asarray(part) * wide + who + 1
    frame = pd.DataFrame({"key": key, "part": part, "account": account, "time": time})
    frame["peer"] = pd.Series(pd.array([None] * size, dtype=TEXT)) if peer is None else peer
    pairs = frame.sort_values("time", kind="stable").drop_duplicates("key").dropna(subset=["account"])
    told: dict[int, str] = {}
    guessed: set[str] = set()
    buyers: dict[int, str] = {}
    for number, group in pairs.groupby("part", sort=False):
        known, keys = group["peer"].iloc[0], group["key"].tolist()
        roles = _roles([str(name) for name in group["account"]], known, settings, guessed)
        told |= {at: str(role) for at, role in zip(keys, roles.values(), strict=True)}
        first = next((name for name, role in roles.items() if role == "buyer"), None)
        buyers[int(number)] = str(known) if isinstance(known, str) else first or f"?{number}"
    sender = _looked_up(key, told)
    of_seller = sender.isin(["agent", "bot", "assist"])
    return Sides(sender, _looked_up(np.asarray(part), buyers), account.where(of_seller), guessed_roles(guessed))


def _roles(names: list[str], peer: object, settings: Settings, guessed: set[str]) -> dict[str, str | None]:
    """Return the role of each name of a chat, in the order in which they spoke; what was guessed is added."""
    roles = {name: _role(name, peer, settings) for name in names}
    unsaid = [name for name in names if roles[name] is None]
    lacks_buyer = "buyer" not in roles.values()
    for at, name in enumerate(unsaid):
        roles[name] = "buyer" if lacks_buyer and at == 0 else "agent"
        if not _certain(roles, unsaid):
            guessed.add(f"{name}={roles[name]}")
    return roles


def _looked_up(keys: Ints, words: dict[int, str]) -> pd.Series:
    """Return the word of each key, null where there is none."""
    known = np.array(sorted(words), dtype=np.int64)
    cells = pd.array([*(words[int(one)] for one in known), None], dtype=TEXT)
    at = np.searchsorted(known, keys)
    found = np.append(known, -1)[np.minimum(at, len(known))] == keys
    return pd.Series(cells.take(np.where(found, at, len(known))))


def _role(name: str, peer: object, settings: Settings) -> str | None:
    if name == peer:
        return "buyer"
    if name in settings.bots or ROBOT.search(name):
        return "bot"
    if name in settings.agents or name in settings.assists:
        return "assist" if name in settings.assists else "agent"
    return "agent" if name == MYSELF or SELLER.search(name) or ":" in name else None


def _certain(roles: dict[str, str | None], unsaid: list[str]) -> bool:
    """Return whether a name that nothing told is certain because the other side is told, and no third speaks."""
    return len(unsaid) == 1 and len(roles) > 1 and len({role for role in roles.values() if role}) > 1

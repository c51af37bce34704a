"""Chats of two in which nothing but names says who is who: 微信 and QQ exports, some help desks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Ints, nothing, starts_of
from chataudit.ingest.guesses import Guess, guessed_roles
from chataudit.ingest.reading import in_words
from chataudit.ingest.roles import ROBOT, SELLER
from chataudit.settings import Settings

MYSELF = "我"
WORDS = ["buyer", "agent", "assist", "bot"]


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
    part = np.asarray(part, dtype=np.int64)
    time = np.arange(len(account)) if order is None else order
    who, names = pd.factorize(account)
    of = np.unique(part, return_inverse=True)[1]
    key = of * (len(names) + 1) + who
    known = _peers(of, peer)
    speakers = _Speakers(key, of, who, time, known, [str(name) for name in names], settings)
    sender = in_words(np.where(who >= 0, speakers.of(key), -1), WORDS).astype(TEXT)
    buyer = known.where(known.notna(), speakers.buyers(int(of.max(initial=-1)) + 1)).take(of).reset_index(drop=True)
    return Sides(sender, buyer, account.where(sender.isin(WORDS[1:])), guessed_roles(speakers.guessed()))


def _peers(of: Ints, peer: pd.Series | None) -> pd.Series:
    """Return the name that the export gives to the other side of each chat, null where it gives none."""
    size = int(of.max(initial=-1)) + 1
    if peer is None:
        return nothing(size)
    first = np.unique(of, return_index=True)[1]
    return pd.Series(peer.array.take(first))


class _Speakers:
    """Each name in each chat, in the order in which they spoke first, with a role (a place in `WORDS`)."""

    def __init__(
        self, key: Ints, of: Ints, who: Ints, time: Ints, peers: pd.Series, names: list[str], settings: Settings
    ) -> None:
        ranked = np.lexsort((time, of))
        spoken = ranked[who[ranked] >= 0]
        first = np.sort(np.unique(key[spoken], return_index=True)[1])
        at = spoken[first]
        self.key, self.chat, self.who, self.names = key[at], of[at], who[at], names
        by_name = np.array([WORDS.index(role) if role else -1 for role in (_role(n, settings) for n in names)])
        place = {name: number for number, name in enumerate(names)}
        peer = np.array([place.get(name, -1) if isinstance(name, str) else -1 for name in peers], dtype=np.int64)
        told = np.where(peer[self.chat] == self.who, 0, by_name[self.who] if len(names) else self.who)
        self.role = self._completed(told, len(peers))

    def _completed(self, told: Ints, size: int) -> Ints:
        """Give a role to who is left: a buyer where there is none yet and nobody spoke before, else an agent."""
        left = told < 0
        lacks = np.bincount(self.chat[told == 0], minlength=size)[self.chat] == 0
        before: Ints = np.cumsum(left) - left
        opening = (
            before == before[starts_of(self.chat)][np.cumsum(np.append(False, np.diff(self.chat) != 0))]
            if len(left)
            else left
        )
        role = np.where(left, np.where(lacks & opening, 0, 1), told)
        alone = np.bincount(self.chat[left], minlength=size)[self.chat] == 1
        both = (np.bincount(self.chat[role == 0], minlength=size) > 0) & (
            np.bincount(self.chat[role > 0], minlength=size) > 0
        )
        self._sure = ~left | (alone & both[self.chat])
        return role

    def of(self, key: Ints) -> Ints:
        """Return the role of each key."""
        order = np.argsort(self.key, kind="stable")
        at = np.minimum(np.searchsorted(self.key[order], key), max(len(order) - 1, 0))
        return self.role[order][at] if len(order) else np.full(len(key), -1)

    def buyers(self, size: int) -> pd.Series:
        """Return the name of each chat's first buyer; a chat without one has a number for a name."""
        at = np.flatnonzero(self.role == 0)[::-1]
        found = np.full(size, -1)
        found[self.chat[at]] = self.who[at]
        names = pd.array([*self.names, None], dtype=TEXT)
        numbers = pd.Series([f"?{number}" for number in range(size)], dtype=TEXT)
        made = pd.Series(names.take(np.where(found < 0, len(self.names), found)))
        return made.where(made.notna(), numbers)

    def guessed(self) -> set[str]:
        """Return who was given a role on no better ground than who spoke first."""
        doubtful = np.flatnonzero(~self._sure)
        pairs = np.unique(np.stack([self.who[doubtful], self.role[doubtful]]), axis=1).T.tolist()
        return {f"{self.names[who]}={WORDS[role]}" for who, role in pairs}


def _role(name: str, settings: Settings) -> str | None:
    if name in settings.bots or ROBOT.search(name):
        return "bot"
    if name in settings.agents or name in settings.assists:
        return "assist" if name in settings.assists else "agent"
    return "agent" if name == MYSELF or SELLER.search(name) or ":" in name else None

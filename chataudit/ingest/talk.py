"""Talk in which only accounts say who speaks: roles, buyers, agents and shop by the rules of 淘宝.

An account with an ASCII colon (``店铺:子账号``), or named exactly as the shop, is a seller's; any other is a buyer's. A
line of a seller belongs to the buyer who spoke last before it in the same talk, else to the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from chataudit.arrays import Flags, Ints, coded, codes_of, is_in
from chataudit.errors import Words
from chataudit.ingest.guesses import Guess, guessed_roles
from chataudit.ingest.lines import last_at
from chataudit.ingest.reading import Reading, from_columns, in_words, oldest_first
from chataudit.ingest.rejected import rejects
from chataudit.ingest.roles import Role, role_of
from chataudit.settings import Settings
from chataudit.tables import SENDERS

SYSTEM = SENDERS.index("system")
BUYER = SENDERS.index("buyer")
WHOSE = Words("说明每段话是和哪个买家的：一个买家导出一个文件", "export one file for each buyer")


@dataclass(frozen=True)
class Said:
    """What was said in an export of 淘宝, row by row: ``row`` in the file, ``account`` (null: nobody's), time, text.

    ``clocks`` marks times that could not be instants for want of a day; ``kind`` is null where the text shall tell.
    """

    row: Ints
    account: pd.Series
    sent_at: pd.Series
    text: pd.Series | pa.Array
    clocks: Flags
    kind: pd.Series | None = None
    part: Ints | None = None
    buyer: pd.Series | None = None
    agent: pd.Series | None = None
    nobody: str = "?"
    columns: tuple[tuple[str, str | None], ...] = ()


def read_said(name: str, said: Said, settings: Settings) -> Reading:
    """Return the reading of an export of 淘宝; a row whose time can't be read is a reject."""
    talk = tell_talk(said.account, settings, buyer=said.buyer, part=said.part, nobody=said.nobody)
    agent = talk.agent
    if said.agent is not None:
        mine, other = codes_of(agent), codes_of(said.agent)
        names = [*agent.cat.categories, *said.agent.cat.categories]
        of_buyer = is_in(talk.sender, ["buyer"]) & (other >= 0)
        agent = in_words(np.where(of_buyer, other + len(agent.cat.categories), mine), names)
    frame = from_columns(
        len(said.row),
        settings.timezone,
        row=said.row,
        platform="taobao",
        shop=talk.shop,
        buyer=talk.buyer,
        agent=agent,
        sender=talk.sender,
        kind=said.kind,
        sent_at=said.sent_at,
        text=said.text,
    )
    wrong = frame["sent_at"].isna().to_numpy() & ~said.clocks
    texts = frame["text"]
    bad = [(int(said.row[at]), "a time that can't be read", str(texts.iloc[at])) for at in np.flatnonzero(wrong)]
    kept = oldest_first(frame[~wrong].reset_index(drop=True)) if wrong.any() else oldest_first(frame)
    return Reading(kept, rejects(name, bad), (), talk.guesses, said.columns)


class Talk(NamedTuple):
    """The columns that accounts tell, and what had to be guessed."""

    sender: pd.Series
    buyer: pd.Series
    agent: pd.Series
    shop: pd.Series | str | None
    guesses: tuple[Guess, ...]


def tell_talk(
    account: pd.Series,
    settings: Settings,
    *,
    buyer: pd.Series | None = None,
    part: Ints | None = None,
    nobody: str = "?",
) -> Talk:
    """Return who speaks to whom; a row without account is the system's.

    ``account`` and ``buyer`` are categoricals; ``buyer`` is null where the export does not say it; ``part`` numbers
    talks that do not mix; ``nobody`` names the buyer of a talk in which none speaks.
    """
    part = np.zeros(len(account), dtype=np.int64) if part is None else part
    names = list(account.cat.categories)
    shops = {name.split(":")[0] for name in names if ":" in name}
    roles = [_role(name, shops, settings) for name in names]
    told = np.array([*(SENDERS.index(role.sender) for role in roles), SYSTEM])[codes_of(account)]
    if buyer is not None:
        told[_same(account, buyer)] = BUYER
    used = np.bincount(codes_of(account)[codes_of(account) >= 0], minlength=len(names)) > 0
    guesses = guessed_roles(
        f"{name}={role.sender}"
        for name, role, is_used in zip(names, roles, used, strict=True)
        if role.guessed and is_used
    )
    whose, several = _whose(account, told == BUYER, part, buyer, nobody)
    if several:
        what = Words(
            "一份导出里有几个买家，客服的话算给前一个说话的买家", "an agent's line went to the buyer before it"
        )
        guesses = (*guesses, Guess(what, WHOSE))
    sender = coded(told, list(SENDERS))
    of_seller = is_in(sender, ["agent", "assist", "auto", "bot"])
    agent = in_words(np.where(of_seller, codes_of(account), -1), names)
    return Talk(sender, whose, agent, _shop(agent, whose), guesses)


def _role(name: str, shops: set[str], settings: Settings) -> Role:
    if name in shops:
        return Role("agent")
    role = role_of(name, buyer=None, shop=None, settings=settings)
    return Role("buyer") if role.sender == "buyer" else role


def _same(account: pd.Series, buyer: pd.Series) -> Flags:
    place = {name: number for number, name in enumerate(account.cat.categories)}
    mine = np.array([*(place.get(name, -2) for name in buyer.cat.categories), -2])[codes_of(buyer)]
    return mine == codes_of(account)


def _whose(
    account: pd.Series, spoke: Flags, part: Ints, known: pd.Series | None, nobody: str
) -> tuple[pd.Series, bool]:
    """Return each row's buyer, and whether some talk has several, so that a line's was guessed."""
    marks = np.flatnonzero(spoke)
    codes = codes_of(account)
    found = np.full(len(account), -1)
    several = False
    if len(marks):
        at = last_at(marks, np.arange(len(account)))
        before, after = marks[np.maximum(at, 0)], marks[np.minimum(at + 1, len(marks) - 1)]
        found = np.where((part[after] == part) & (after > np.arange(len(account))), codes[after], found)
        found = np.where((at >= 0) & (part[before] == part), codes[before], found)
    names = list(account.cat.categories)
    if known is not None:
        found = np.where(codes_of(known) >= 0, codes_of(known) + len(names), found)
        names += list(known.cat.categories)
    elif len(marks):
        pairs = np.unique(np.stack([part[marks], codes[marks]]), axis=1)
        several = bool((np.bincount(np.unique(pairs[0], return_inverse=True)[1]) > 1).any()) and not spoke.all()
    return in_words(np.where(found < 0, len(names), found), [*names, nobody]), several


def _shop(agent: pd.Series, buyer: pd.Series) -> pd.Series | str | None:
    """Return the one shop of the sellers' accounts; of several, each buyer's first."""
    of_account = [name.split(":")[0] if ":" in name else None for name in agent.cat.categories]
    shops = sorted({shop for shop in of_account if shop})
    if len(shops) < 2:
        return shops[0] if shops else None
    mine = np.array([*(shops.index(shop) if shop else -1 for shop in of_account), -1])[codes_of(agent)]
    first = np.full(len(buyer.cat.categories), -1)
    at = np.flatnonzero(mine >= 0)[::-1]
    first[codes_of(buyer)[at]] = mine[at]
    return in_words(np.where(mine >= 0, mine, first[codes_of(buyer)]), shops)

"""Who speaks in a 旺旺 text: the peer of the block is the buyer, an account with a colon the shop's."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, codes_of, group_ids, text
from chataudit.ingest.reading import trimmed_code
from chataudit.ingest.roles import role_of
from chataudit.ingest.sections import PREFIX, Sections
from chataudit.settings import Settings
from chataudit.tables import SENDERS

BUYER, AGENT, AUTO, SYSTEM = (SENDERS.index(word) for word in ("buyer", "agent", "auto", "system"))
SYSTEM_NAME = r"^(?:系统提示|系统提醒|系统消息)$"
SYSTEM_TEXT = r"^(?:系统提示|系统提醒|系统消息)"


class Spoken(NamedTuple):
    """Of each message: sender (code), buyer and agent (positions in ``names``, -1: none); what was guessed."""

    sender: Ints
    buyer: Ints
    agent: Ints
    names: list[str]
    guessed: Flags
    account: pd.Series


def tell_spoken(
    senders: pa.Array, bodies: pa.Array, sections: Sections, at: Ints, shop: str | None, settings: Settings
) -> Spoken:
    """Tell who said the messages in the lines ``at``."""
    trimmed = pc.utf8_trim_whitespace(senders)
    account = trimmed_code(text(pc.replace_substring_regex(trimmed, f"^{PREFIX}", "")))
    codes, peer = codes_of(account), sections.peer[at]
    names = [*account.cat.categories]
    sender, guessed = _roles(codes, peer, names, sections.peers, shop, settings)
    auto = pa.array([line.strip() for line in settings.auto_replies], pa.large_string())
    same = pc.is_in(pc.utf8_trim_whitespace(bodies), auto).to_numpy(zero_copy_only=False).astype(bool)
    sender = np.where((sender == AGENT) & same, AUTO, sender)
    nameless = (codes < 0) & _fits(bodies, SYSTEM_TEXT)
    known = np.append(_fits(pa.array(names, pa.large_string()), SYSTEM_NAME), False)[codes]
    system = nameless | known
    sender = np.where(system, SYSTEM, sender)
    offset = len(names)
    whose = np.where(peer >= 0, peer + offset, np.where((sender == BUYER) & ~system, codes, -1))
    agent = np.where((sender != BUYER) & ~system, codes, -1)
    return Spoken(sender, whose, agent, [*names, *sections.peers], guessed & ~system, account)


def _fits(texts: pa.Array, pattern: str) -> Flags:
    return pc.match_substring_regex(texts, pattern).fill_null(False).to_numpy(zero_copy_only=False).astype(bool)


def _roles(
    codes: Ints, peer: Ints, names: list[str], peers: list[str], shop: str | None, settings: Settings
) -> tuple[Ints, Flags]:
    """Return the sender of each message by its account and peer, each pair told once, and which were guessed.

    An account without a colon beside the peer's nick is the buyer's other name.
    """
    if not len(codes):
        return codes, np.zeros(0, dtype=bool)
    pair, first = group_ids(codes, peer)
    told, guessed = [], []
    for at in first:
        name, whose = (names[codes[at]] if codes[at] >= 0 else ""), (peers[peer[at]] if peer[at] >= 0 else None)
        role = role_of(name, buyer=whose, shop=shop, settings=settings)
        other_name = role.guessed and whose is not None and ":" not in name
        told.append(BUYER if other_name else SENDERS.index(role.sender))
        guessed.append(role.guessed)
    return np.array(told, dtype=np.int64)[pair], np.array(guessed, dtype=bool)[pair]

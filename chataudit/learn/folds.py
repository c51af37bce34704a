"""Which conversations are tried on which: folds in which no buyer is on both sides."""

from __future__ import annotations

import hashlib

import numpy as np

from chataudit.arrays import Ints, codes_of
from chataudit.log import Log

MOST_OF_ONE = 0.05
LEAST_OF_ONE = 10


def persons(log: Log) -> Ints:
    """Return for each session the number of its buyer.

    A name that stands over more than a twentieth of the sessions (and over ten) is a placeholder and nobody's: each of
    its sessions counts as another buyer, as do those of masked buyers.
    """
    unit = log.buyer_unit.copy()
    _, place, counts = np.unique(unit, return_inverse=True, return_counts=True)
    mine = counts[place.reshape(-1)]
    alone = (mine > max(LEAST_OF_ONE, MOST_OF_ONE * len(unit))) | (codes_of(log.sessions["buyer"]) < 0)
    unit[alone] = int(unit.max(initial=0)) + 1 + np.flatnonzero(alone)
    return np.unique(unit, return_inverse=True)[1].reshape(-1).astype(np.int64)


def folds_of(person: Ints, names: list[str], count: int, seed: int) -> Ints:
    """Return for each session its fold (0 … count - 1): whole buyers, by a hash of the buyer's first session's name.

    Buyers go round the folds in the order of their hashes, so that folds are of about one size whatever the names.
    """
    first: dict[int, str] = {}
    for who, name in zip(person.tolist(), names, strict=True):
        first[who] = min(name, first.get(who, name))
    order = sorted(first, key=lambda who: hashlib.sha256(f"{seed}\n{first[who]}".encode()).digest())
    fold = {who: place % count for place, who in enumerate(order)}
    return np.array([fold[who] for who in person.tolist()], dtype=np.int64)

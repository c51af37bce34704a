"""The grams that a model may know: said to or by enough different buyers, and no name among them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from chataudit.arrays import Flags, Ints, arrow, text
from chataudit.learn.blocks import Spoken
from chataudit.learn.grams import LONGEST, Points, Vocabulary, packed, points_of, unpack
from chataudit.learn.prepare import BREAK
from chataudit.log import Log

LEAST_BUYERS = 5
MOST_GRAMS = 30_000
SHORTEST_NAME = 2


def collect(spoken: Spoken, person: Ints, chosen: Flags) -> Vocabulary:
    """Return the grams in talks with at least `LEAST_BUYERS` buyers, of the chosen sessions; the commonest `MOST_GRAMS`.

    ``person`` numbers each session's buyer. What fewer say may be a name or an address that no pattern knows; it
    cannot tell much of others either.
    """
    points = points_of(spoken.texts)
    entry = np.flatnonzero(chosen[spoken.session])
    pairs = np.unique(person[spoken.session[entry]] * max(len(spoken.texts), 1) + spoken.text[entry])
    who, said = pairs // max(len(spoken.texts), 1), pairs % max(len(spoken.texts), 1)
    counted = [_counted(points, who, said, len(spoken.texts), size) for size in range(1, LONGEST + 1)]
    key, count = (np.concatenate(column) for column in zip(*counted, strict=True))
    best = np.lexsort((key, -count))[:MOST_GRAMS]
    return Vocabulary([unpack(one) for one in np.sort(key[best]).tolist()])


def _counted(points: Points, who: Ints, said: Ints, texts: int, size: int) -> tuple[Ints, Ints]:
    """Return the grams of a size that enough buyers have, as numbers, and how many buyers."""
    from scipy.sparse import csr_array

    key = packed(points.point, size)
    at = np.flatnonzero(key > 0)
    times = np.bincount(said, minlength=texts)
    at = at[times[points.text[at]] > 0]
    known, gram = np.unique(key[at], return_inverse=True)
    often = np.bincount(gram, weights=times[points.text[at]], minlength=len(known)) >= LEAST_BUYERS
    at, gram = at[often[gram]], (np.cumsum(often) - 1)[gram[often[gram]]]
    known = known[often]
    holds = csr_array((np.ones(len(at), dtype=np.int32), (points.text[at], gram)), shape=(texts, len(known)))
    says = csr_array((np.ones(len(who), dtype=np.int32), (who, said)), shape=(int(who.max(initial=0)) + 1, texts))
    buyers = np.bincount((says @ holds).indices, minlength=len(known))
    enough = buyers >= LEAST_BUYERS
    return known[enough], buyers[enough]


def without_names(log: Log) -> Log:
    """Return the log with the names of its own buyer and agents taken out of each session's texts."""
    lines = arrow(log.messages["text"]).to_pylist()
    changed = False
    for column in ("buyer", "agent"):
        for row, name in enumerate(log.messages[column].astype(object)):
            for part in _parts(name):
                if lines[row] and part in lines[row]:
                    lines[row], changed = lines[row].replace(part, BREAK), True
    if not changed:
        return log
    return replace(log, messages=log.messages.assign(text=text(pa.array(lines, pa.large_string()))))


def _parts(name: object) -> list[str]:
    """Return an account and what stands around its colon, the longest first."""
    if not isinstance(name, str):
        return []
    return sorted((one for one in {name, *name.split(":")} if len(one) >= SHORTEST_NAME), key=len, reverse=True)

"""Why a conversation has its risk, as one text a session, put together by column."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, text

Reals = npt.NDArray[np.float64]
SEPARATOR = "; "


class Pieces(NamedTuple):
    """Contributions of one kind: session row, value, number of the label in ``labels``; ``rank`` settles ties."""

    session: Ints
    value: Reals
    label: Ints
    labels: list[str]
    rank: int


def joined(pieces: list[Pieces], known: Flags, most: int | None = None) -> pd.Series:
    """Return for each session its labels, those that weigh most first (``most`` of them); null where there is none."""
    labels: list[str] = []
    numbers = []
    for one in pieces:
        numbers.append(one.label + len(labels))
        labels += one.labels
    session = np.concatenate([one.session for one in pieces])
    value = np.concatenate([one.value for one in pieces])
    rank = np.concatenate([np.full(len(one.session), one.rank) for one in pieces])
    number = np.concatenate(numbers)
    order = np.lexsort((rank, -np.abs(value), session))
    order = order[known[session[order]]]
    if most is not None:
        order = order[_nth(session[order]) < most]
    counts = np.bincount(session[order], minlength=len(known))
    offsets = np.append(0, np.cumsum(counts)).astype(np.int32)
    words = pa.array(labels, pa.large_string()).take(pa.array(number[order]))
    lists = pa.ListArray.from_arrays(pa.array(offsets, mask=np.append(counts == 0, False)), words)
    return text(pc.binary_join(lists, pa.scalar(SEPARATOR, pa.large_string())))


def _nth(groups: Ints) -> Ints:
    """Return for each member of grouped rows which one of its group it is, from 0."""
    new = np.append(True, groups[1:] != groups[:-1])[: len(groups)]
    starts = np.flatnonzero(new)
    return np.arange(len(groups)) - np.repeat(starts, np.diff(np.append(starts, len(groups))))

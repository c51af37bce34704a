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
    """Contributions of one kind in log odds: session row, value, number of the label in ``labels``."""

    session: Ints
    value: Reals
    label: Ints
    labels: list[str]


def joined(pieces: list[Pieces], known: Flags, most: int | None = None) -> pd.Series:
    """Return for each session ``label value; …``, those that weigh most first (of equal ones the earlier piece).

    Sessions that are not ``known``, or have no piece, are null; of the others ``most`` pieces are shown.
    """
    labels: list[str] = []
    numbers = [np.array([], dtype=np.int64)]
    for one in pieces:
        numbers.append(one.label + len(labels))
        labels += one.labels
    session = np.concatenate([np.array([], dtype=np.int64), *(one.session for one in pieces)])
    value = np.concatenate([np.array([]), *(one.value for one in pieces)])
    number = np.concatenate(numbers)
    order = np.lexsort((-np.abs(value), session))
    order = order[known[session[order]]]
    if most is not None:
        order = order[_nth(session[order]) < most]
    counts = np.bincount(session[order], minlength=len(known))
    offsets = pa.array(np.append(0, np.cumsum(counts)).astype(np.int32), mask=np.append(counts == 0, False))
    said = pc.binary_join_element_wise(
        pa.array(labels, pa.large_string()).take(pa.array(number[order])), _signed(value[order]), _text(" ")
    )
    return text(pc.binary_join(pa.ListArray.from_arrays(offsets, said), _text(SEPARATOR)))


def _signed(values: Reals) -> pa.Array:
    """Return values as text with sign and two digits."""
    known, place = np.unique(np.round(values * 100), return_inverse=True)
    return pa.array([f"{one / 100:+.2f}" for one in known.tolist()], pa.large_string()).take(
        pa.array(place.reshape(-1))
    )


def _text(value: str) -> pa.Scalar:
    return pa.scalar(value, pa.large_string())


def _nth(groups: Ints) -> Ints:
    """Return for each member of grouped rows which one of its group it is, from 0."""
    new = np.append(True, groups[1:] != groups[:-1])[: len(groups)]
    starts = np.flatnonzero(new)
    return np.arange(len(groups)) - np.repeat(starts, np.diff(np.append(starts, len(groups))))

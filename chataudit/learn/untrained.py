"""The risk of a conversation without any training: the signs that a person would look for, added up and shown."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from chataudit.arrays import Flags, Ints, constant, distinct
from chataudit.learn.reasons import Pieces, joined
from chataudit.learn.signs import Signs
from chataudit.log import Log
from chataudit.rulings import Judged, Rulings

Reals = npt.NDArray[np.float64]
UNTRAINED = "untrained"


def judge(log: Log, rulings: Rulings, signs: Signs, lang: str) -> pd.DataFrame:
    """Return the risk table of a log, a row per session in their order.

    ``risk`` is ``1 / (1 + exp(-s))`` with ``s`` the file's ``start`` and for each sign its weight times its places (the
    distinct messages where the rule counted something or was broken; a missing sentence counts where it was due), at
    most ``most``. ``reasons`` names every sign found, the weightiest first. A session without a buyer's talk has no
    risk: there is nobody to be dissatisfied.
    """
    odds = np.full(len(log.sessions), signs.start)
    pieces = []
    for sign in signs.signs:
        counts = np.minimum(places(log, rulings.judged[sign.rule]), sign.most)
        odds += sign.weight * counts
        pieces.append(_piece(counts, sign.weight, rulings.title(sign.rule, lang)))
    known = asked(log)
    return table(log, np.where(known, 1 / (1 + np.exp(-odds)), np.nan), UNTRAINED, joined(pieces, known))


def table(log: Log, risk: Reals, model: str, reasons: pd.Series) -> pd.DataFrame:
    """Return the risk table from its columns."""
    return pd.DataFrame(
        {
            "session_id": log.sessions["session_id"],
            "risk": risk,
            "model": constant(model, len(log.sessions)),
            "reasons": reasons,
        }
    )


def unknown(log: Log) -> pd.DataFrame:
    """Return the risk table of a log of which nothing is known: no signs, no model."""
    nothing = np.full(len(log.sessions), np.nan)
    return table(log, nothing, "none", pd.Series([None] * len(log.sessions), dtype=log.messages["text"].dtype))


def places(log: Log, judged: Judged) -> Ints:
    """Return for each session the messages at which a rule counted something or was broken."""
    found = judged.broken.row if judged.missing else np.concatenate([judged.kept.row, judged.broken.row])
    rows = distinct(np.sort(found))
    return np.bincount(log.session[rows], minlength=len(log.sessions)).astype(np.int64)


def asked(log: Log) -> Flags:
    """Return the sessions in which a buyer talks."""
    found = np.zeros(len(log.sessions), dtype=bool)
    found[log.session[log.from_buyer]] = True
    return found


def _piece(counts: Ints, weight: float, title: str) -> Pieces:
    """Return what one sign says of the sessions where it was found."""
    session = np.flatnonzero(counts)
    times = counts[session]
    labels = [f"{title}×{n}" if n > 1 else title for n in range(1, int(counts.max(initial=0)) + 1)]
    return Pieces(session, (weight * times).astype(np.float64), times - 1, labels)

"""How often each rule is right, by people's verdicts on its hits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from chataudit.spotcheck.drawn import Draw
from chataudit.spotcheck.intervals import wilson
from chataudit.spotcheck.reviews import Reviews

HIT = ["unit", "rule", "message_id", "start", "end"]


def precision(draw: Draw, reviews: Reviews) -> pd.DataFrame:
    """Return the precision table: a row for each rule with a verdict.

    ``right_n``, ``wrong_n``, ``unsure_n``: hits by their last verdict; ``precision``: right / (right + wrong) of the hits
    looked at, ``low`` and ``high`` Wilson's interval of it; ``weighted``: the same for all hits, each hit counting for as
    many conversations as its own was drawn for (null where none was drawn).
    """
    last = reviews.verdicts.drop_duplicates(HIT, keep="last")
    rows = []
    for rule, group in last.groupby("rule", sort=True):
        said = group["verdict"].to_numpy(dtype=object)
        right, wrong = int((said == "right").sum()), int((said == "wrong").sum())
        interval = wilson(right, right + wrong)
        units = group["unit"].to_numpy(dtype=np.int64)
        weight = np.where(draw.taken[units], 1 / draw.probability[units], 0.0)
        of = float(weight[(said == "right") | (said == "wrong")].sum())
        rows.append(
            {
                "rule": rule,
                "right_n": right,
                "wrong_n": wrong,
                "unsure_n": int((said == "unsure").sum()),
                "precision": right / (right + wrong) if right + wrong else None,
                "low": interval.low if interval else None,
                "high": interval.high if interval else None,
                "weighted": float(weight[said == "right"].sum()) / of if of else None,
            }
        )
    return pd.DataFrame(rows)


def verdicts(reviews: Reviews) -> pd.DataFrame:
    """Return the verdicts table: rule, message_id, start, end, verdict, rater."""
    names = ["rule", "message_id", "start", "end", "verdict", "rater"]
    return reviews.verdicts[names].sort_values(names, kind="stable").reset_index(drop=True)

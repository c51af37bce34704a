"""Order numbers and item ids that stand in a message, as ``a|b``."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from chataudit.arrays import arrow, text

MAYBE = r"\d{8}|\d{6}-\d{6}"
PATTERNS = (
    re.compile(r"[?&](?:id|goods_id|item_id|itemId|product_id)=(\d{6,20})"),
    re.compile(r"item(?:\.m)?\.jd\.(?:com|hk)/(?:product/)?(\d{5,20})\.html"),
    re.compile(r"detail\.1688\.com/offer/(\d{6,20})\.html"),
    re.compile(r"(?<!\d)(\d{6}-\d{15})(?!\d)"),
    re.compile(r"(?:订单编?号?|商品(?:编号|ID|id)|单号)\s*[:：为是]?\s*(\d{8,20})(?!\d)"),
    re.compile(r"(?<![\d=/-])(\d{16,19})(?![\d.])"),
)


def find_refs(texts: pd.Series, known: pd.Series | None = None) -> pd.Series:
    """Return the references of each text, after those the export itself names (``known``); null where there are none."""
    refs = pd.Series(np.full(len(texts), None, dtype=object)) if known is None else known.astype(object).reset_index(drop=True)
    refs = refs.where(refs.notna(), None)
    maybe = pc.match_substring_regex(arrow(texts), MAYBE).fill_null(False).to_numpy(zero_copy_only=False)
    for at in np.flatnonzero(maybe):
        found = refs_in(texts.iloc[at])
        if found:
            own = str(refs.iloc[at]).split("|") if refs.iloc[at] else []
            refs.iloc[at] = "|".join(dict.fromkeys([*own, *found]))
    return text(refs.tolist())


def refs_in(message: str) -> list[str]:
    """Return the order numbers and item ids of one text, in order of appearance.

    >>> refs_in("https://item.taobao.com/item.htm?id=600000000001")
    ['600000000001']
    """
    found = [(match.start(1), match.group(1)) for pattern in PATTERNS for match in pattern.finditer(message)]
    return list(dict.fromkeys(number for _, number in sorted(found)))

"""Texts as the model sees them: folded, and without what belongs to a person.

Personal data are masked first, whether the log was masked or not, so that a model learnt from an audit folder meets
the same texts in a raw export. Then numbers, what holds a digit or a mask, links, @names and the name before 先生 or
女士 end a word like a space does: nothing of them can get into a vocabulary.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import arrow, text
from chataudit.privacy import mask_column

BREAK = "\x1e"
LEFT_OUT = (
    r"https?://[^\s\p{Han}]+",
    r"@[^\s@,:;!?。、]{1,12}",
    r"[0-9a-z_\-]*[0-9*][0-9a-z_\-*]*",
    r"\p{Han}(?:先生|女士|小姐|太太)",
    r"[\s\p{C}]+",
)


def prepare(texts: pa.Array) -> pa.Array:
    """Return Arrow texts prepared one by one; what was left out is `BREAK`.

    >>> prepare(pa.array(["王女士，订单 8812 ＯＫ了吗？"])).to_pylist()[0].split(BREAK)
    ['', ',订单', 'ok了吗?']
    """
    masked = arrow(mask_column(text(pc.fill_null(texts, "").cast(pa.large_string()))))
    folded = pc.utf8_lower(pc.utf8_normalize(masked, "NFKC"))
    for pattern in LEFT_OUT:
        folded = pc.replace_substring_regex(folded, pattern, BREAK)
    return pc.replace_substring_regex(folded, f"{BREAK}+", BREAK)

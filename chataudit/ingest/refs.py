"""Order numbers and item ids that stand in a message, as ``a|b``."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import arrow, text
from chataudit.ingest.digits import rows_with_digits

MAYBE = r"[0-9]{8}|[0-9]{6}-[0-9]{6}|[?&][a-zA-Z_]{2,10}=[0-9]{6}|/[0-9]{5,7}\.html"
SHORTEST = 5  # digits that each of these has in a row
NUMBER = re.compile(r"[0-9]{6}-[0-9]{15}(?![0-9])|[0-9]{5,}")
ITEM_KEY = r"[?&](?:id|goods_id|item_id|itemId|product_id)="
NAMED = r"(?:订单编?号?|商品(?:编号|ID|id)|单号)\s{0,3}[:：为是]?\s{0,3}"
LINK = re.compile(rf"(?:{ITEM_KEY}|detail\.1688\.com/offer/)$")
JD_LINK = re.compile(r"item(?:\.m)?\.jd\.(?:com|hk)/(?:product/)?$")
SAID = re.compile(rf"{NAMED}$")
# Most texts with a reference, told by RE2: one number that is named, and no other of five digits.
ONE_NAMED = rf"^(?:[0-9]{{0,4}}[^0-9])*[0-9]{{0,4}}(?:{ITEM_KEY}|{NAMED})(?P<ref>[0-9]{{8,15}})(?:[^0-9][0-9]{{0,4}})*$"
ID_CARD = re.compile(r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{4}")
BANK_CARD = re.compile(r"62[0-9]{14,17}")
PRIVATE = re.compile(r"(?:身份证|证件|银行卡|卡号|账号|帐号)\S{0,4}$")
BEFORE = 32


def find_refs(texts: pd.Series, known: pd.Series | None = None) -> pd.Series:
    """Return the references of each text, after those the export itself names (``known``); null where none are."""
    whole = arrow(texts)
    maybe = _candidates(whole)
    once = whole.filter(maybe).dictionary_encode()
    found = _found(once.dictionary).take(once.indices)
    named = arrow(known) if known is not None else pa.nulls(len(whole), pa.large_string())
    if named.null_count < len(named):
        pairs = zip(named.filter(maybe).to_pylist(), found.to_pylist(), strict=True)
        found = pa.array([_joined(own, more) for own, more in pairs], pa.large_string())
    return text(pc.replace_with_mask(named, maybe, found))


def _found(texts: pa.Array) -> pa.Array:
    """Return what `refs_in` finds in each text, joined; null where it finds nothing."""
    named = pc.struct_field(pc.extract_regex(texts, ONE_NAMED), "ref")
    other = named.is_null()
    told = ["|".join(refs_in(message)) or None for message in texts.filter(other).to_pylist()]
    return pc.replace_with_mask(named, other, pa.array(told, pa.large_string()))


def _candidates(texts: pa.Array) -> pa.Array:
    """Return which texts hold what may be a reference; the pattern is looked for only where there are digits."""
    at = rows_with_digits(texts, SHORTEST)
    fits = pc.match_substring_regex(texts.take(pa.array(at)), MAYBE).to_numpy(zero_copy_only=False).astype(bool)
    maybe = np.zeros(len(texts), dtype=bool)
    maybe[at[fits]] = True
    return pa.array(maybe)


def _joined(own: str | None, more: str | None) -> str | None:
    return "|".join(dict.fromkeys(one for refs in (own, more) if refs for one in refs.split("|"))) or None


def refs_in(message: str) -> list[str]:
    """Return the order numbers and item ids of one text, in order of appearance.

    >>> refs_in("https://item.taobao.com/item.htm?id=600000000001")
    ['600000000001']
    """
    found: dict[str, None] = {}
    for match in NUMBER.finditer(message):
        if _is_ref(message, *match.span()):
            found[match.group()] = None
    return list(found)


def _is_private(number: str, before: str) -> bool:
    """Return whether a long number is a bank card's or a person's, by its form or the words before it."""
    return bool(ID_CARD.fullmatch(number) or BANK_CARD.fullmatch(number) or PRIVATE.search(before))


def _is_ref(message: str, start: int, end: int) -> bool:
    """Tell from what stands around a number, and from its length, whether it names an order or item."""
    size, before, after = end - start, message[max(0, start - BEFORE) : start], message[end : end + 5]
    if message[start + 6 : start + 7] == "-":
        return not before[-1:].isdecimal()
    if 16 <= size <= 19 and before[-1:] not in ("=", "/", "-") and after[:1] != ".":
        return bool(SAID.search(before)) or not _is_private(message[start:end], before)
    if size > 20:
        return False
    return bool(
        (size >= 6 and LINK.search(before))
        or (size >= 8 and SAID.search(before))
        or (after == ".html" and JD_LINK.search(before))
    )

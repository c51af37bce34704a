"""Personal data masked in what is exported: phones, account and order numbers, cards, ids, mail, addresses.

A mask keeps a text's length, so that spans into it stay true. The patterns prefer to mask a number too many: a number
of nine digits or more is masked wherever it stands, but not inside an item's link.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import arrow, text

LINK = r"(?:https?://|www\.)[A-Za-z0-9./?=&_%#:+~-]+"
PERSONAL = re.compile(
    rf"(?P<link>{LINK})"
    r"|(?P<date>(?<!\d)20\d\d[-/.年][01]?\d[-/.月][0-3]?\d日?(?:[ T]?[0-2]?\d:[0-5]\d(?::[0-5]\d)?)?(?!\d))"
    r"|(?P<mail>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
    r"|(?P<id>(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z]))"
    r"|(?P<number>(?<![\d.])[+]?\d(?:[ -]?\d){8,24}(?![\d.]))"
    r"|(?P<account>(?i:微信|威信|薇信|v信|vx|wx|wechat|扣扣|qq|企鹅|支付宝)\s*(?:号|是|为|[:：])?\s*[A-Za-z0-9][A-Za-z0-9_-]{4,24})"
    r"|(?P<address>(?:[一-鿿]{2,8}(?:省|自治区))?[一-鿿]{2,7}(?:市|州|盟)[一-鿿]{1,7}(?:区|县|市|旗|镇)[一-鿿A-Za-z0-9（）()#-]{2,40}"
    r"|[一-鿿]{2,12}(?:路|街|大道|巷|弄|小区|花园|村)[A-Za-z0-9一二三四五六七八九十-]{1,8}(?:号|弄|栋|幢|座|单元|室)[A-Za-z0-9一-鿿-]{0,20})"
)
# One look that lets nearly all talk pass.
MAYBE = (
    r"\d(?:[ -]?\d){8}|@[A-Za-z0-9]|(?i:微信|威信|薇信|v信|vx|wx|wechat|扣扣|qq|企鹅|支付宝)\s*(?:号|是|为|[:：])?\s*[A-Za-z0-9]{5}"
    r"|(?:市|州|盟).{1,8}(?:区|县|市|旗|镇)|(?:路|街|大道|巷|弄|小区|花园|村)[A-Za-z0-9一二三四五六七八九十-]{1,8}(?:号|弄|栋|幢|座|单元|室)"
)
KEEP_HEAD = {"number": 3, "id": 3, "mail": 1, "account": 0, "address": 0}
LETTER = re.compile(r"[0-9A-Za-z一-鿿]")


def mask_text(message: str) -> str:
    """Return a text with personal data masked, of the same length.

    >>> mask_text("我的电话 13800138000，今天能发吗")
    '我的电话 138********，今天能发吗'
    """
    return PERSONAL.sub(_masked, message)


def _masked(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    whole = found.group()
    if kind in ("link", "date"):
        return whole
    if kind == "account":
        name = re.match(
            r"(?i:[^0-9A-Za-z]*?(?:微信|威信|薇信|v信|vx|wx|wechat|扣扣|qq|企鹅|支付宝)\s*(?:号|是|为|[:：])?\s*)",
            whole,
        )
        head = name.end() if name else 0
    else:
        head = KEEP_HEAD[kind]
    return whole[:head] + LETTER.sub("*", whole[head:])


def mask_many(messages: list[str]) -> list[str]:
    """Return texts with personal data masked."""
    return [mask_text(message) for message in messages]


def mask_column(cells: pd.Series) -> pd.Series:
    """Return a text column with personal data masked; only texts that may hold any are looked at one by one."""
    array = arrow(cells)
    at = np.flatnonzero(pc.match_substring_regex(array, MAYBE).fill_null(False).to_numpy(zero_copy_only=False))
    if not len(at):
        return cells
    masked = pa.array(mask_many(array.take(pa.array(at)).to_pylist()), pa.large_string())
    mask = np.zeros(len(array), dtype=bool)
    mask[at] = True
    return text(pc.replace_with_mask(array, pa.array(mask), masked))

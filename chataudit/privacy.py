"""Personal data masked in what is exported: phones, account and order numbers, cards, ids, mail, addresses.

A mask keeps a text's length, so that spans into it stay true. The patterns prefer to mask a number too many: a number
of nine digits or more is masked wherever it stands, but not inside an item's link. Full-width signs are signs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Ints, arrow, text

DIGIT = "[0-9０-９]"
WORD = "[A-Za-z0-9Ａ-Ｚａ-ｚ０-９]"
GAP = r"[ \u00a0\u3000－-]"  # between digits of one number
SPACE = r"[\s\u00a0\u3000]*"
NAMED = rf"(?i:微信|威信|薇信|v信|vx|wx|wechat|扣扣|qq|企鹅|支付宝)(?:{SPACE}(?:号码?|账号|[是为:：])){{0,3}}{SPACE}"
# Not a date, and it ends before another marker.
ACCOUNT = rf"(?!20\d\d[-/.年])(?:(?!v信|vx|wx|wechat|qq)(?:{WORD}|[_-])){{5,25}}"
LINK = r"(?:https?://|www\.)[A-Za-z0-9./?=&_%#:+~-]+"
# It begins with a look at one sign, which passes over Chinese: a search that tries every way at every sign takes thrice as long.
BUT_ADDRESSES = (
    rf"(?=[A-Za-z\d._%+＋微威薇扣企支-])(?:(?P<link>{LINK})"
    r"|(?P<date>(?<!\d)20\d\d[-/.年][01]?\d[-/.月][0-3]?\d日?(?:[ T]?[0-2]?\d:[0-5]\d(?::[0-5]\d)?)?(?!\d))"
    rf"|(?P<mail>[A-Za-z0-9._%+-]+[@＠]{WORD}[A-Za-z0-9-]*(?:[.．][A-Za-z0-9-]+)+)"
    r"|(?P<id>(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z]))"
    rf"|(?P<number>(?<![\d.])[+＋]?\d(?:{GAP}?\d){{8,24}}(?![\d.]))"
    rf"|(?P<account>{NAMED}(?={WORD})(?i:{ACCOUNT})))"
)
ADDRESSES = (
    r"(?P<address>(?:[一-鿿]{2,8}(?:省|自治区))?[一-鿿]{2,7}(?:市|州|盟)[一-鿿]{1,7}(?:区|县|市|旗|镇)[一-鿿A-Za-z0-9（）()#-]{2,40}"
    r"|[一-鿿]{2,12}(?:路|街|大道|巷|弄|小区|花园|村)[A-Za-z0-9一二三四五六七八九十-]{1,8}(?:号|弄|栋|幢|座|单元|室)[A-Za-z0-9一-鿿-]{0,20})"
)
PERSONAL = re.compile(f"{BUT_ADDRESSES}|{ADDRESSES}")
PERSONAL_BUT_ADDRESSES = re.compile(BUT_ADDRESSES)
IN_ADDRESSES = re.compile("[市州盟路街道巷弄区园村]")  # there is none without
# One look that lets nearly all talk pass; RE2, whose \d and \s know ASCII only.
MAYBE = (
    (
        rf"{DIGIT}(?:{GAP}?{DIGIT}){{8}}|[@＠]{WORD}|{NAMED}{WORD}(?:{WORD}|[_-]){{4}}"
        r"|(?:市|州|盟).{1,8}(?:区|县|市|旗|镇)|(?:路|街|大道|巷|弄|小区|花园|村)[A-Za-z0-9一二三四五六七八九十-]{1,8}(?:号|弄|栋|幢|座|单元|室)"
    )
    .replace(r"\u00a0", "\u00a0")
    .replace(r"\u3000", "\u3000")
)
KEEP_HEAD = {"number": 3, "id": 3, "mail": 1, "account": 0, "address": 0}
LETTER = re.compile(r"[\dA-Za-zＡ-Ｚａ-ｚ一-鿿]")


def mask_text(message: str) -> str:
    """Return a text with personal data masked, of the same length.

    >>> mask_text("我的电话 13800138000，今天能发吗")
    '我的电话 138********，今天能发吗'
    """
    sought = PERSONAL if IN_ADDRESSES.search(message) else PERSONAL_BUT_ADDRESSES
    return sought.sub(_masked, message)


def _masked(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    whole = found.group()
    if kind in ("link", "date"):
        return whole
    if kind == "account":
        name = re.match(NAMED, whole)
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
    masks = Masks.of(array)
    return text(masks.put(array)) if len(masks.rows) else cells


@dataclass(frozen=True)
class Masks:
    """The texts of a column that look different masked: their rows, in order, and how they look."""

    rows: Ints
    texts: pa.Array

    @classmethod
    def of(cls, cells: pa.Array) -> Masks:
        """Return the masks of a text column."""
        maybe = pc.match_substring_regex(cells, MAYBE).fill_null(False)
        rows = np.flatnonzero(maybe.to_numpy(zero_copy_only=False))
        whole = cells.take(pa.array(rows))
        masked = pa.array(mask_many(whole.to_pylist()), pa.large_string())
        changed = pc.not_equal(whole, masked)
        return cls(rows[changed.to_numpy(zero_copy_only=False)], masked.filter(changed))

    def put(self, cells: pa.Array, start: int = 0) -> pa.Array:
        """Return the column's texts from row ``start`` on, which ``cells`` are, masked."""
        first, last = np.searchsorted(self.rows, (start, start + len(cells))).tolist()
        if first == last:
            return cells
        mask = np.zeros(len(cells), dtype=bool)
        mask[self.rows[first:last] - start] = True
        return pc.replace_with_mask(cells, pa.array(mask), self.texts.slice(first, last - first))

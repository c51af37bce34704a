"""What kind of message a text is: placeholders, bare links, emoji codes, recalls, transfers, system texts."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from chataudit.arrays import Flags, arrow, as_code, codes_of, is_in
from chataudit.emoji import EMOJI_RE2, PICTOGRAPH

ITEM_HOSTS = (
    r"(?:item|detail|h5\.m|m)\.(?:taobao|tmall)\.(?:com|hk)",
    r"chaoshi\.detail\.tmall\.com",
    r"item(?:\.m)?\.jd\.(?:com|hk)",
    r"(?:mobile|m)\.(?:yangkeduo|pinduoduo)\.com",
    r"haohuo\.jinritemai\.com",
    r"detail\.1688\.com",
)
BLANK = r"[\s\x{3000}\x{A0}]"
BARE_LINK = rf"^`?https?://(?:{'|'.join(ITEM_HOSTS)})/\S*`?$"
IMAGE_LINK = r"(?i)^https?://\S+\.(?:jpg|jpeg|png|gif|webp|bmp)(?:\?\S*)?$"
CARD = (
    r"^(?:请在客户端查看原始聊天记录，网页版无法展示|【此消息为欢迎卡片或富文本模板答案，聊天记录中暂不支持展示】"
    r"|仅发送商品链接|目前版本不支持该功能,请升级|\[(?:商品|订单|卡片|链接|商品卡片|订单卡片|优惠券|小程序)\]"
    r"|您选择了一个订单进行咨询（[^）]*）|咨询订单号[:：]\s*\d+.*|\[订单编号:.*\])$"
)
IMAGE = r"^\[(?:图片|image|Image|截图)\]$"
FILE = r"(?:^\[(?:语音|视频|文件|voice|video)\]$|<recognition>|\.amr$)"
RECALL = r"^(?:\[撤回\]|.{0,60}撤回了?一条消息[。.]?)$"
TRANSFER = r"^(?:用户发起转人工|由 .+ 转交给 .+|.{0,30}会话(?:已)?转(?:接|交)给.+)$"
TRANSFER_BY_SELLER = r"^转接给.+$"  # a buyer who writes this asks for it
SYSTEM = r"^(?:系统提示|系统提醒)\s*[:：]|^当前用户来自|^客服.{1,30}已接入会话$|^顾客通过点击web咚咚"
NOTICE = re.compile(r"(?:系统提示|系统提醒)\s*[:：].*|.{0,60}撤回了?一条消息[。.]?")
RECEIVER = re.compile(r"(?:转交给|转接给)\s*(.+?)[。.]?$")


class Shape(NamedTuple):
    """A kind, the RE2 pattern that tells it, the sender where it is never talk, whether a buyer's text may be it."""

    kind: str
    pattern: str
    sender: str | None = None
    by_buyer: bool = True


SHAPES = (
    Shape("recall", RECALL),
    Shape("transfer", TRANSFER, "system"),
    Shape("transfer", TRANSFER_BY_SELLER, "system", by_buyer=False),
    Shape("event", SYSTEM, "system"),
    Shape("card", CARD),
    Shape("card", BARE_LINK),
    Shape("image", IMAGE),
    Shape("image", IMAGE_LINK),
    Shape("file", FILE),
    Shape("emoji", rf"^(?:{BLANK}|{EMOJI_RE2})+$"),
)
# One look that lets nearly all talk pass: what begins like none of the shapes and ends like none is text.
MAYBE = (
    rf"^(?:{BLANK}|`)*(?:(?i:https?)://|[\[【/#<]|仅发送|请在客户端|目前版本|您选择了|咨询订单"
    rf"|{PICTOGRAPH}|用户发起|由 |转接给|系统提|当前用户|顾客通过|客服)"
    r"|撤回了?一条消息|会话(?:已)?转|\.amr|<recognition>"
)


def fill_kinds(messages: pd.DataFrame) -> pd.DataFrame:
    """Return ``messages`` with the kind that each text shows where the export calls it text or nothing.

    Reads and sets kind, sender (a transfer or system text written under a buyer's name is the system's) and
    agent (the receiver that a transfer's text names).
    """
    kind = messages["kind"]
    open_ = np.asarray(kind.isna()) | is_in(kind, ["text"])
    maybe = pc.match_substring_regex(arrow(messages["text"]), MAYBE).fill_null(False).to_numpy(zero_copy_only=False)
    at = np.flatnonzero(open_ & maybe)
    kinds, senders = _shapes(messages["text"].iloc[at], is_in(messages["sender"], ["buyer"])[at])
    result = messages.copy(deep=False)
    result["kind"] = _replaced(kind, at, kinds, default="text")
    at_sender = at[[sender is not None for sender in senders]]
    named = [sender for sender in senders if sender is not None]
    result["sender"] = _replaced(messages["sender"], at_sender, named)
    transfers = at[[one == "transfer" for one in kinds]]
    receivers = [_receiver(text) for text in messages["text"].iloc[transfers]]
    known = [place for place, name in enumerate(receivers) if name]
    result["agent"] = _replaced(messages["agent"], transfers[known], [receivers[place] or "" for place in known])
    return result


def is_notice(line: str) -> bool:
    """Return whether a line of a text export is a notice or recall that stands for itself, without sender and time."""
    return NOTICE.fullmatch(line.strip()) is not None


def _shapes(texts: pd.Series, by_buyer: Flags) -> tuple[list[str], list[str | None]]:
    trimmed = pc.utf8_trim_whitespace(arrow(texts))
    number = np.full(len(texts), -1)
    for place, shape in enumerate(SHAPES):
        match = pc.match_substring_regex(trimmed, shape.pattern).fill_null(False).to_numpy(zero_copy_only=False)
        number[(number < 0) & match & (shape.by_buyer | ~by_buyer)] = place
    kinds = [SHAPES[place].kind if place >= 0 else "text" for place in number]
    return kinds, [SHAPES[place].sender if place >= 0 else None for place in number]


def _receiver(text: str) -> str | None:
    found = RECEIVER.search(text.strip())
    return found.group(1).strip() if found else None


def _replaced(column: pd.Series, at: np.ndarray, values: list[str], default: str | None = None) -> pd.Series:
    """Return a categorical column with ``values`` at the positions ``at`` and ``default`` for its nulls."""
    words = [str(word) for word in column.cat.categories]
    place = {word: number for number, word in enumerate(words)}
    for word in [*values, *([default] if default else [])]:
        if word not in place:
            place[word] = len(words)
            words.append(word)
    codes = codes_of(column).copy()
    if default is not None:
        codes[codes < 0] = place[default]
    if len(at):
        codes[at] = [place[word] for word in values]
    return as_code(
        pd.Series(
            pd.Categorical.from_codes(codes, pd.Index(words, dtype=column.cat.categories.dtype)), index=column.index
        )
    )

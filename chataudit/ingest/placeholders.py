"""What stands in the text of a message that is no text: `[图片]` and the like, so that no message is empty."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from chataudit.arrays import TEXT
from chataudit.ingest.records import in_our_words

# Kind of ours and placeholder for the types of messages that chat services name alike.
TYPES = {
    "text": ("text", None),
    "markdown": ("text", None),
    "image": ("image", "[图片]"),
    "picture": ("image", "[图片]"),
    "emotion": ("emoji", "[表情]"),
    "sticker": ("emoji", "[表情]"),
    "voice": ("file", "[语音]"),
    "audio": ("file", "[语音]"),
    "video": ("file", "[视频]"),
    "file": ("file", "[文件]"),
    "location": ("card", "[位置]"),
    "card": ("card", "[名片]"),
    "business_card": ("card", "[名片]"),
    "link": ("card", "[链接]"),
    "weapp": ("card", "[小程序]"),
    "miniprogram": ("card", "[小程序]"),
    "msgmenu": ("card", "[菜单]"),
    "chatrecord": ("card", "[聊天记录]"),
    "mixed": ("card", "[图文]"),
    "custom": ("card", "[卡片]"),
}
OTHER = "[其他消息]"


def kinds_of(types: pd.Series, words: Mapping[str, tuple[str, str | None]] = TYPES) -> pd.Series:
    """Return kinds in our words; a type that is not known is a card: the export can't show it."""
    kinds = in_our_words(types, {word: kind for word, (kind, _) in words.items()})
    return kinds.where(kinds.notna() | types.isna(), "card").astype(TEXT)


def shown(texts: pd.Series, types: pd.Series, words: Mapping[str, tuple[str, str | None]] = TYPES) -> pd.Series:
    """Return texts, and the placeholder of the type where there is none."""
    stands = in_our_words(types, {word: stand for word, (_, stand) in words.items() if stand})
    unknown = types.notna() & ~types.isin(list(words))
    return texts.where(texts.notna(), stands.where(~unknown, OTHER)).astype(TEXT)

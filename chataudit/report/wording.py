"""How the report speaks: numbers, times and the words of the tables, in both languages."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chataudit.errors import Words
from chataudit.privacy import mask_many, mask_text

NOTHING = "—"
LONGEST = 1_500
LONGEST_NAME = 80
OUTCOMES = {
    "met": Words("符合", "met"),
    "partly": Words("部分符合", "partly"),
    "not_met": Words("不符合", "not met"),
    "not_applicable": Words("不适用", "n/a"),
    "no_data": Words("缺数据", "no data"),
    "needs_review": Words("待人工", "needs a person"),
}
LEVELS = {
    "info": Words("提示", "info"),
    "minor": Words("轻微", "minor"),
    "major": Words("严重", "major"),
    "red": Words("红线", "red line"),
}
SENDERS = {
    "buyer": Words("买家", "buyer"),
    "agent": Words("客服", "agent"),
    "assist": Words("智能辅助", "assistant"),
    "auto": Words("自动回复", "automatic"),
    "bot": Words("机器人", "robot"),
    "system": Words("系统", "system"),
}
KINDS = {
    "image": Words("图片", "image"),
    "card": Words("卡片", "card"),
    "emoji": Words("表情", "emoji"),
    "file": Words("文件", "file"),
    "recall": Words("撤回", "recalled"),
    "transfer": Words("转接", "transfer"),
    "event": Words("事件", "event"),
}
PLATFORMS = {
    "plain": Words("通用表", "plain"),
    "taobao": Words("淘宝/天猫", "Taobao"),
    "jd": Words("京东", "JD"),
    "pdd": Words("拼多多", "Pinduoduo"),
    "douyin": Words("抖店", "Douyin"),
}
WHYS = {
    "red": Words("触及红线", "red line"),
    "lowest": Words("分数最低", "lowest score"),
    "sample": Words("抽样", "sampled"),
}


@dataclass(frozen=True)
class Speech:
    """A language and whether personal data are masked: everything that people read goes through here."""

    lang: str = "zh"
    masked: bool = True

    def t(self, zh: str, en: str) -> str:
        """Return the text of the language."""
        return en if self.lang == "en" else zh

    def word(self, table: dict[str, Words], key: str | None) -> str:
        """Return a table's word for a key; an unknown key says itself."""
        if key is None:
            return NOTHING
        return table[key].said(self.lang) if key in table else clip(key)

    def text(self, cell: object, most: int = LONGEST) -> str:
        """Return free text as it may be shown: masked, not longer than ``most`` characters; null is empty."""
        said = cell if isinstance(cell, str) else ""
        return clip(mask_text(said) if self.masked and said else said, most)

    def texts(self, cells: Iterable[object]) -> list[str]:
        """Return many free texts, each as long as it was (so spans stay true)."""
        said = [cell if isinstance(cell, str) else "" for cell in cells]
        return mask_many(said) if self.masked else said


def clip(text: str, most: int = LONGEST_NAME) -> str:
    """Return text with its end left out where it is too long."""
    return text if len(text) <= most else text[: most - 1] + "…"


def known(value: Any) -> float | None:
    """Return a number, None where it is null."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return None if math.isnan(number) else number


def count(value: Any) -> str:
    """Return a count with thousands separators; null is a dash."""
    number = known(value)
    return NOTHING if number is None else f"{number:,.0f}"


def decimal(value: Any, digits: int = 1) -> str:
    """Return a number with so many decimals; null is a dash, never 0."""
    number = known(value)
    return NOTHING if number is None else f"{number + 0.0:,.{digits}f}"


def points(value: Any) -> str:
    """Return points with the decimals they need, at most two."""
    number = known(value)
    return NOTHING if number is None else f"{number:.2f}".rstrip("0").rstrip(".")


def share(value: Any) -> str:
    """Return a ratio as a percentage; null is a dash."""
    number = known(value)
    return NOTHING if number is None else f"{number * 100:.1f}%"


def short(value: str) -> str:
    """Return a figure in at most four significant digits; other text as it is, not too long."""
    number = known(value)
    return clip(value, 12) if number is None else f"{number:,.4g}" if abs(number) < 10_000 else f"{number:,.0f}"


def plain(value: object) -> str | None:
    """Return a text cell, None where it is null."""
    return value if isinstance(value, str) else None

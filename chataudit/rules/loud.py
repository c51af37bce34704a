"""What sounds or looks alike as one character: tables for word lists that ask for it by their ``fold``.

Each table maps folded code points one to one, so that places keep their positions. *Digits* and *looks* are written down
here; *sound* puts all characters of one sound in one class, by the first reading that pypinyin's data give.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path

import numpy as np

from chataudit.rules.fold import SIZE, Points, tables

LOOKS = {
    "微": "薇威溦徽巍崴葳嶶卫vwⅤｖ",
    "信": "芯星伈xㄒ",
    "加": "➕十伽茄嘉+＋珈",
    "q": "扣抠寇蔻🐧",
    "群": "裙峮",
    "返": "反仮",
    "现": "現仙苋",
    "码": "马玛犸",
    "费": "废",
    "钱": "💰銭",
    "好": "恏",
    "评": "坪",
    "傻": "煞沙",
    "逼": "比笔b币必",
    "低": "氐",
    "最": "醉蕞",
    "第": "弟苐",
    "电": "⚡",
    "话": "☎",
}
DIGITS = (
    "0零〇洞o",
    "1一壹幺么l㊀",
    "2二贰两弍㊁",
    "3三叁弎㊂",
    "4四肆㊃",
    "5五伍㊄",
    "6六陆㊅",
    "7七柒拐㊆",
    "8八捌㊇",
    "9九玖勾㊈",
)
NEAR_SOUNDS = (("ing", "in"), ("eng", "en"), ("zh", "z"), ("ch", "c"), ("sh", "s"))
Loud = tuple[bool, bool, bool]


@cache
def table(loud: Loud) -> Points:
    """Return the table of ``(sound, look, digits)``, from folded code points to their class's representative."""
    sound, look, digits = loud
    result = _digits()[tables()[0]] if digits else np.arange(SIZE, dtype=np.uint32)
    if look:
        result = _looks()[result]
    return _sounds(False)[result] if sound else result


@cache
def written(loud: Loud) -> Points:
    """Return the same without sound: where two characters differ here, only their sound is the same."""
    return table((False, loud[1], loud[2]))


@cache
def toned() -> Points:
    """Return the table of characters that sound the same with the same tone."""
    return _sounds(True)


@cache
def digits_table() -> Points:
    """Return the table of number words and marked digits alone, for patterns of spoken numbers."""
    return _digits()


@cache
def _digits() -> Points:
    result = np.arange(SIZE, dtype=np.uint32)
    for point in range(0x80, 0x3000):
        value = unicodedata.digit(chr(point), None)
        if value is not None:
            result[point] = ord("0") + value
    for start in (0x278A, 0x24F5, 0x2776, 0x2460):  # ➊ ⓵ ❶ ①
        for step in range(9):
            result[start + step] = ord("1") + step
    for row in DIGITS:
        for mark in row[1:]:
            result[ord(mark)] = ord(row[0])
    return result


@cache
def _looks() -> Points:
    fold = tables()[0]
    result = np.arange(SIZE, dtype=np.uint32)
    for one, others in LOOKS.items():
        for mark in others:
            result[ord(mark)] = result[fold[ord(mark)]] = ord(one)
    return result


@cache
def _sounds(tone: bool) -> Points:
    """Return the table of sounds: each character's class is the smallest code point of the class."""
    readings = _readings()
    result = np.arange(SIZE, dtype=np.uint32)
    first, last = 0x4E00, 0x9FFF
    unfolded = np.flatnonzero(tables()[0][first:last] == result[first:last]) + first
    classes: dict[str, int] = {}
    for point in unfolded.tolist():
        if point not in readings:
            continue
        reading = readings[point].split(",")[0]
        key = reading if tone else _plain(reading)
        result[point] = classes.setdefault(key, point)
    return result


@cache
def _readings() -> dict[int, str]:
    """Return pypinyin's readings of characters; the package itself is not imported: it would train a segmenter first."""
    package = find_spec("pypinyin")
    assert package is not None and package.origin is not None
    readings: dict[int, str] = run_path(str(Path(package.origin).with_name("pinyin_dict.py")))["pinyin_dict"]
    return readings


@cache
def _plain(reading: str) -> str:
    """Return a reading without tone, with sounds that people mix up made one."""
    letters = "".join(mark for mark in unicodedata.normalize("NFD", reading) if mark == "\u0308" or mark.isascii())
    for one, other in NEAR_SOUNDS:
        letters = letters.replace(one, other)
    return letters

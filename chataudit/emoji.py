"""Emoji as chats carry them: 旺旺 codes, 京东 codes, bracketed names and Unicode pictographs.

The 旺旺 codes are a table (facts, longest code first), because one wide pattern cuts ``/:-F`` or ``/:(OK)`` wrongly.
"""

from __future__ import annotations

import re

WANGWANG = [
    "^_^",
    "^$^",
    "Q",
    "^O^",
    "H",
    "b",
    "^x^",
    "^W^",
    "?",
    "!",
    '\'""',
    "(Zz...)",
    "*&",
    ">_<",
    ">O<",
    '"',
    ">M<",
    ">@<",
    "O",
    "P",
    ">W<",
    "O=O",
    "girl",
    "man",
    "(OK)",
    "8*8",
    ")-(",
    "lip",
    "-F",
    "-W",
    "Y",
    "qp",
    "$",
    "%",
    "(&)",
    "@",
    "~B",
    "U*U",
    "clock",
    "R",
    "C",
    "plane",
    "<",
]
NAMES = [
    "微笑",
    "愉快",
    "握手",
    "玫瑰",
    "呲牙",
    "强",
    "抱拳",
    "飞吻",
    "OK",
    "ok",
    "爱心",
    "大哭",
    "委屈",
    "发怒",
    "表情",
    "流泪",
    "害羞",
    "偷笑",
    "可爱",
    "再见",
    "谢谢",
    "鼓掌",
    "疑问",
    "捂脸",
    "笑脸",
    "送花",
    "尴尬",
]
CODE = "|".join(
    [
        r"/:\d{3}",
        *(re.escape(f"/:{code}") for code in sorted(WANGWANG, key=len, reverse=True)),
        r"#E-[a-z]\d{0,2}",
        rf"\[(?:{'|'.join(NAMES)})\]",
    ]
)
# Pictographs, dingbats, variation selectors, joiners, skin tones, keycaps, tags. RE2 spelling and Python's.
PICTOGRAPH = (
    r"[\x{1F000}-\x{1FAFF}\x{2600}-\x{27BF}\x{2B50}\x{2B55}\x{FE0E}\x{FE0F}\x{200D}\x{20E3}\x{E0020}-\x{E007F}]"
)
EMOJI_RE2 = rf"(?:{CODE}|{PICTOGRAPH})"

"""Closing lines: a buyer's 好的 or 谢谢 neither opens a round nor waits for a reply."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from chataudit.arrays import Flags, arrow, is_in
from chataudit.emoji import EMOJI_RE2
from chataudit.settings import Settings

MARKS = "。.,，!！~～…、"
LONGEST = 40


def closing_lines(messages: pd.DataFrame, settings: Settings) -> Flags:
    """Return where a message is a closing line: kind emoji, or a text that without spaces, emoji and marks is one."""
    texts = arrow(messages["text"])
    closing = is_in(messages["kind"], ["emoji"])
    short = pc.less_equal(pc.utf8_length(texts), LONGEST).to_numpy(zero_copy_only=False)
    at = np.flatnonzero(short & is_in(messages["kind"], ["text"]) & is_in(messages["sender"], ["buyer"]))
    bare = bare_text(texts.take(at))
    lines = pc.utf8_lower(bare)
    known = {bare_line(line) for line in settings.closing_lines} | {""}
    closing[at] = pd.Series(lines.to_pandas()).isin(known).to_numpy()
    return closing


def bare_text(texts: object) -> object:
    """Return texts without spaces, emoji and the marks that do not change what a line says."""
    return pc.replace_substring_regex(texts, rf"(?:\s|[\x{{3000}}{re.escape(MARKS)}]|{EMOJI_RE2})", "")


def bare_line(line: str) -> str:
    """Return one setting's line in the form that `bare_text` gives."""
    return re.sub(rf"[\s{re.escape(MARKS)}]", "", line).lower()

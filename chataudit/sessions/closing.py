"""Closing lines: a buyer's 好的 or 谢谢 neither opens a round nor waits for a reply."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, arrow, is_in
from chataudit.emoji import EMOJI_RE2
from chataudit.settings import Settings

MARKS = "。.,，!！~～…、"
LONGEST = 40
HAN = ("一", "鿿")  # neither spaces, marks nor emoji; without case


def closing_lines(messages: pd.DataFrame, settings: Settings) -> Flags:
    """Return where a message is a closing line: kind emoji, or a text that without spaces, emoji and marks is one."""
    closing = is_in(messages["kind"], ["emoji"])
    known = sorted({bare_line(line) for line in settings.closing_lines} | {""})
    at = np.flatnonzero(is_in(messages["kind"], ["text"]) & is_in(messages["sender"], ["buyer"]))
    texts = arrow(messages["text"]).take(pa.array(at))
    may_be = np.flatnonzero(_begins_as(texts, known))
    at, texts = at[may_be], texts.take(pa.array(may_be))
    short = pc.less_equal(pc.utf8_length(texts), LONGEST)
    lines = pc.utf8_lower(bare_text(texts))
    closing[at] = pc.and_(short, pc.is_in(lines, pa.array(known, lines.type)))
    return closing


def _begins_as(texts: pa.Array, lines: list[str]) -> pa.Array:
    """Return where a text's first character is one that a line begins with, or may have to be taken off or lowered.

    That most texts begin otherwise is seen much faster than they are laid bare.
    """
    first = pc.utf8_slice_codeunits(texts, 0, 1)
    stays = pc.and_(pc.greater_equal(first, HAN[0]), pc.less_equal(first, HAN[1]))
    return pc.or_(pc.invert(stays), pc.is_in(first, pa.array([line[:1] for line in lines], first.type)))


def bare_text(texts: object) -> object:
    """Return texts without spaces, emoji and the marks that do not change what a line says."""
    return pc.replace_substring_regex(texts, rf"(?:\s|[\x{{3000}}{re.escape(MARKS)}]|{EMOJI_RE2})", "")


def bare_line(line: str) -> str:
    """Return one setting's line in the form that `bare_text` gives."""
    return re.sub(rf"[\s{re.escape(MARKS)}]", "", line).lower()

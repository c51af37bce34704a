"""HTML bodies as the text that a person saw."""

from __future__ import annotations

import html

import pandas as pd
import pyarrow.compute as pc

from chataudit.arrays import TEXT, arrow, text

BREAKS = r"(?i)<\s*(?:br\s*/?|/p|/div|/li|/tr|/h\d)\s*>"
HIDDEN = r"(?is)<(?:script|style)\b.*?</(?:script|style)\s*>"
TAGS = r"(?s)</?[A-Za-z!][^<>]*>"


def plain_text(cells: pd.Series) -> pd.Series:
    """Return HTML as text: breaks as line feeds, tags left out, entities resolved, blanks at the ends trimmed."""
    bare = arrow(cells)
    for pattern, told in ((BREAKS, "\n"), (HIDDEN, ""), (TAGS, "")):
        bare = pc.replace_substring_regex(bare, pattern, told)
    made = text(pc.utf8_trim_whitespace(bare))
    coded = made.str.contains("&", regex=False).fillna(False).astype(bool)
    if coded.any():
        made = made.where(~coded, made[coded].map(html.unescape).reindex(made.index))
    return made.astype(TEXT)

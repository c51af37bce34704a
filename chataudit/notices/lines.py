"""Text of others made fit for one line of a message."""

from __future__ import annotations

import unicodedata


def one_line(text: str, most: int) -> str:
    """Return ``text`` on one line of at most ``most`` characters, without control and invisible characters.

    So a name can neither begin a line, a list or a header of its own, nor turn the writing direction.

    >>> one_line("小雯\\r\\nBcc: x@example.com", 60)
    '小雯 Bcc: x@example.com'
    >>> one_line("一二三四五六", 4)
    '一二三…'
    """
    seen = (" " if one.isspace() else one for one in text if one.isspace() or unicodedata.category(one)[0] != "C")
    line = " ".join("".join(seen).split())
    return line if len(line) <= most else line[: most - 1] + "…"

"""The one door to the syntax tree of a pattern: Python's own parser, which has no public name and no types."""

from __future__ import annotations

import re
import re._parser as parser  # type: ignore[import-not-found]
import warnings
from typing import Any


def parsed(pattern: str) -> Any | None:
    """Return the tree of a pattern; None where Python can't read it, or reads it otherwise than RE2 does.

    >>> parsed("x[[:digit:]]") is None and parsed("(") is None
    True
    """
    if "[:" in pattern:  # a class of its own in RE2, a set of these characters in Python
        return None
    try:
        with warnings.catch_warnings(action="ignore"):  # of what future versions of Python may read otherwise
            return parser.parse(pattern)
    except (re.error, RecursionError, OverflowError):
        return None

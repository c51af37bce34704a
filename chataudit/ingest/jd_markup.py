"""Bodies with HTML in them, as 京东 writes them: breaks as line ends, other tags dropped, entities resolved."""

from __future__ import annotations

import html

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BREAK = r"(?i)<br\s*/?>"
TAG = r"</?[a-zA-Z][^<>]*>"


def without_markup(texts: pa.Array) -> pa.Array:
    """Return texts without HTML; those that hold none are not touched.

    >>> without_markup(pa.array(["您好&amp;谢谢<br/>今天发", "1<2"], pa.large_string())).to_pylist()
    ['您好&谢谢\\n今天发', '1<2']
    """
    marked = pc.match_substring_regex(texts, r"<|&#?\w").to_numpy(zero_copy_only=False).astype(bool)
    if not marked.any():
        return texts
    some = texts.take(pa.array(np.flatnonzero(marked)))
    some = pc.replace_substring_regex(pc.replace_substring_regex(some, BREAK, "\n"), TAG, "")
    once = some.dictionary_encode()
    plain = pa.array([html.unescape(one) for one in once.dictionary.to_pylist()], pa.large_string())
    return pc.replace_with_mask(texts, pa.array(marked), plain.take(once.indices))

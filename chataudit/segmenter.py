"""The one door to jieba: a private tokenizer with its own cache folder and the shop's own words."""

from __future__ import annotations

import logging
import marshal
import os
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

from chataudit.apart import HERE, Apart
from chataudit.arrays import Ints, distinct

CACHE = "jieba.cache"
LONGEST_WORD = 6
PAIR = 1 << 21


class Segmenter:
    """Cuts short pieces of text into words; loads its dictionary only when first asked."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._own = tuple(word for word in words if word.strip())
        self._lock = threading.Lock()
        self._loaded: Any = None

    def __reduce__(self) -> tuple[object, ...]:
        """Go to another process as the words alone: there the same words have one segmenter, and one dictionary."""
        return _one, (self._own,)

    def warm(self, apart: Apart = HERE) -> None:
        """Begin to load the dictionary beside other work: where work is done apart, there."""
        if apart.alone:
            threading.Thread(target=self.load).start()
        else:
            apart.begin(self.load)

    def load(self) -> None:
        """Load the dictionary, if it is not loaded."""
        _ = self.pairs

    @property
    def _tokenizer(self) -> Any:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
        return self._loaded

    def _load(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import jieba
        jieba.setLogLevel(logging.WARNING)
        tokenizer = jieba.Tokenizer()
        tokenizer.tmp_dir, tokenizer.cache_file = str(cache_folder()), CACHE
        _initialize(tokenizer)
        for word in self._own:
            tokenizer.add_word(word)
        return tokenizer

    @cached_property
    def pairs(self) -> Ints:
        """All neighbouring characters inside dictionary words, as ``first * PAIR + second``, sorted."""
        words = [word for word, count in self._tokenizer.FREQ.items() if count and len(word) > 1]
        points = np.frombuffer("\0".join(words).encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
        inside = (points[:-1] != 0) & (points[1:] != 0)
        return distinct(np.sort(points[:-1][inside] * PAIR + points[1:][inside]))

    def is_word(self, text: str) -> bool:
        """Return whether the dictionary has ``text`` as a word."""
        return bool(self._tokenizer.FREQ.get(text))

    def words(self) -> list[str]:
        """Return all words of the dictionary, in its order."""
        return [word for word, count in self._tokenizer.FREQ.items() if count]

    def straddled(self, text: str, border: int) -> bool:
        """Return whether some dictionary word of ``text`` lies across the position ``border``."""
        known = self._tokenizer.FREQ
        return any(
            known.get(text[start:end])
            for start in range(max(0, border - LONGEST_WORD + 1), border)
            for end in range(border + 1, min(len(text), start + LONGEST_WORD) + 1)
        )

    def cut(self, text: str) -> list[str]:
        """Return the words of ``text`` (dictionary only, so that the same text always gives the same words)."""
        return list(self._tokenizer.cut(text, HMM=False))


def _initialize(tokenizer: Any) -> None:
    """Load a tokenizer's dictionary: from its cache in one piece, which jieba would read word by word, else anew."""
    try:
        tokenizer.FREQ, tokenizer.total = marshal.loads((Path(tokenizer.tmp_dir) / tokenizer.cache_file).read_bytes())
        tokenizer.initialized = True
    except (OSError, EOFError, TypeError, ValueError):  # none yet, or broken: jieba writes it
        tokenizer.initialize()


@cache
def _one(words: tuple[str, ...]) -> Segmenter:
    """Return this process's segmenter for these words."""
    return Segmenter(words)


def cache_folder() -> Path:
    """Return this user's own cache folder; the system's shared temporary folder breaks for a second user."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    folder = Path(base or tempfile.gettempdir()) / "chataudit"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="chataudit-"))

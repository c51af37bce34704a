"""The dictionary: what its cache holds, or no longer does, changes no word."""

from __future__ import annotations

from pathlib import Path

import pytest

from chataudit import segmenter
from chataudit.segmenter import CACHE, Segmenter


@pytest.mark.parametrize("broken", [b"", b"no marshal", b"\xe9\x01\x00\x00\x00"])
def test_a_broken_cache_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bytes) -> None:
    whole = Segmenter().words()
    monkeypatch.setattr(segmenter, "cache_folder", lambda: tmp_path)
    (tmp_path / CACHE).write_bytes(broken)
    assert Segmenter().words() == whole
    assert (tmp_path / CACHE).stat().st_size > 1_000_000
    assert Segmenter().words() == whole

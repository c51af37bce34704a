"""Where the shipped lexicons lie, and how a shop's own copy replaces them."""

from __future__ import annotations

from pathlib import Path

from chataudit.errors import Fault, Faults, Words

PACKAGE = Path(__file__).resolve().parent.parent


def lexicons_folder(own: Path | None = None) -> Path:
    """Return the folder that holds ``rules/``, ``words/``, ``cards/`` and ``presets/``.

    In a wheel it lies inside the package; in a source tree or an editable install one folder above it.

    Raises:
        Faults: ``own`` is no such folder.
    """
    if own is not None:
        if not (own / "rules").is_dir() or not (own / "cards").is_dir():
            what = Words("这里没有 rules/ 和 cards/ 文件夹。", "There is no rules/ and cards/ folder here.")
            raise Faults([Fault(what, str(own))])
        return own
    inside = PACKAGE / "lexicons"
    return inside if (inside / "rules").is_dir() else PACKAGE.parent / "lexicons"

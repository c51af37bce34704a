"""The inbox: what lies there, what is still being written, and where files go when they are finished."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.sources import Source, files_below, shown

DONE, QUARANTINE = "done", "quarantine"
UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", ".downloading")
LOOK_S = 0.2


@dataclass(frozen=True)
class Arrived:
    """A file in the inbox: where it is, its name below the inbox, its SHA-256."""

    path: Path
    name: str
    sha256: str


@dataclass(frozen=True)
class Inbox:
    """What lies in an inbox: whole files, and the names of those that are still being written."""

    folder: Path
    whole: tuple[Arrived, ...]
    growing: tuple[str, ...]


def look(folder: Path, *, settle_s: float = 60, apart: tuple[Path, ...] = ()) -> Inbox:
    """Return what lies in an inbox; ``done/``, ``quarantine/`` and what is kept ``apart`` are not looked at.

    A file is still being written where its name says so, where it was changed in the last ``settle_s`` seconds, or where
    it changes while it is read. A time of change in the future says nothing: then only looking twice tells.

    Raises:
        Faults: there is no such folder, or it can't be read.
    """
    _there(folder)
    try:
        _not_within(folder, apart)
        others = {one.resolve() for one in (folder / DONE, folder / QUARANTINE, *apart)}
        files = [one for one in files_below(folder) if others.isdisjoint([one.resolve(), *one.resolve().parents])]
        quiet = [one for one in files if not _named_unfinished(one) and not _young(one, settle_s)]
        before = {one: _state(one) for one in quiet}
        if settle_s and quiet:
            time.sleep(LOOK_S)
        whole = [Arrived(one, shown(one.relative_to(folder)), Source(one.name, one).digest()) for one in quiet]
        still = [one for one in whole if _state(one.path) == before[one.path]]
    except OSError as error:
        what = Words(
            f"读不了收件文件夹：{error.strerror or error}", f"The inbox can't be read: {error.strerror or error}"
        )
        raise Faults([Fault(what, str(folder))]) from error
    known = {one.path for one in still}
    growing = tuple(shown(one.relative_to(folder)) for one in files if one not in known)
    return Inbox(folder, tuple(still), growing)


def _there(folder: Path) -> None:
    if not folder.is_dir():
        raise Faults([Fault(Words("没有这个收件文件夹。", "No such inbox folder."), str(folder))])


def _not_within(folder: Path, apart: tuple[Path, ...]) -> None:
    """Raise Faults where the inbox lies in a folder of ours: then nothing in it would be an export."""
    above = {folder.resolve(), *folder.resolve().parents}
    for one in apart:
        if one.resolve() in above:
            what = Words(f"收件文件夹在报告文件夹 {one} 里面。", f"The inbox lies in the folder of reports {one}.")
            hint = Words("用 --out 写到别处。", "Write somewhere else with --out.")
            raise Faults([Fault(what, str(folder), hint=hint)])


def _named_unfinished(file: Path) -> bool:
    return file.suffix.lower() in UNFINISHED


def _young(file: Path, settle_s: float) -> bool:
    return 0 <= time.time() - file.stat().st_mtime < settle_s


def _state(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_size, found.st_mtime_ns


def check_writable(folder: Path) -> None:
    """Check that finished files can be moved.

    Raises:
        Faults: the inbox is read-only.
    """
    _there(folder)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        what = Words(
            f"收件文件夹不能写，处理完的文件移不走：{error.strerror or error}",
            f"The inbox can't be written, so finished files can't be moved: {error.strerror or error}",
        )
        hint = Words(
            "改权限，或用 --keep-files 让文件留在原处。",
            "Change its permissions, or leave files where they are with --keep-files.",
        )
        raise Faults([Fault(what, str(folder), hint=hint)]) from error


def put_away(inbox: Path, file: Arrived, *, reasons: tuple[Fault, ...] | None = None, lang: str = "zh") -> Path:
    """Move a finished file to ``done/``, or with reasons to ``quarantine/``, the reasons beside it; return its new place.

    Nothing that lies there is overwritten: a file of the same name gets part of its hash behind its own.

    Raises:
        Faults: it can't be moved.
    """
    place = _free(inbox / (DONE if reasons is None else QUARANTINE) / file.name, file.sha256)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if reasons is not None:
            said = "\n".join(fault.said(lang) for fault in reasons)
            place.with_name(f"{place.name}.reasons.txt").write_text(said + "\n", encoding="utf-8")
        file.path.replace(place)
    except OSError as error:
        what = Words(f"移不走：{error.strerror or error}", f"Can't be moved: {error.strerror or error}")
        raise Faults([Fault(what, file.name)]) from error
    return place


def _free(place: Path, sha256: str) -> Path:
    tries = [place, place.with_name(f"{place.stem}~{sha256[:8]}{place.suffix}")]
    tries += [place.with_name(f"{place.stem}~{sha256[:8]}-{number}{place.suffix}") for number in range(2, 1000)]
    return next(one for one in tries if not one.exists())

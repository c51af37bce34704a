"""Paths to sources: files, folders of files, and zips (also with GBK names), capped in what they may unpack to."""

from __future__ import annotations

import hashlib
import io
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from chataudit.errors import Fault, Words

Made = TypeVar("Made")
HEAD = 65_536
ZIP, XLS, PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"
DEEPEST = 3


@dataclass(frozen=True)
class Source:
    """One readable thing: a file, or a member of a zip, with the name it has in the tables.

    ``named`` says that the user named it (an unreadable named file ends the run; one in a folder is rejected).
    """

    name: str
    path: Path | None = None
    content: bytes | None = field(default=None, repr=False)
    named: bool = False
    kept: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, make: Callable[[Source], Made]) -> Made:
        """Return ``make(self)``, made once: the looks that tell the layout and the reading after them share it."""
        if make not in self.kept:
            self.kept[make] = make(self)
        return self.kept[make]

    def whole(self) -> bytes:
        """Return all of it."""
        if self.content is not None:
            return self.content
        assert self.path is not None
        return self.path.read_bytes()

    def head(self) -> bytes:
        """Return its first 64 KiB."""
        if self.content is not None:
            return self.content[:HEAD]
        assert self.path is not None
        with self.path.open("rb") as file:
            return file.read(HEAD)

    def digest(self) -> str:
        """Return its SHA-256."""
        if self.content is not None:
            return hashlib.sha256(self.content).hexdigest()
        assert self.path is not None
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


Found = Source | Fault
BROKEN = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    EOFError,
    ValueError,
    LookupError,
    struct.error,
)
HIDDEN = ("thumbs.db", "desktop.ini", "__macosx")


class Place(NamedTuple):
    """What was found, and whether the user named it: an unreadable named file ends the run."""

    found: Found
    named: bool


def sources(paths: list[Path], max_unpacked: int) -> list[Place]:
    """Return what ``paths`` hold, in sorted order; what can't be opened stands as a Fault in its place.

    ``max_unpacked`` is the number of bytes that all zips together may unpack to.
    """
    budget = _Budget(max_unpacked)
    return _told_apart([(path, list(_of_path(path, budget))) for path in paths])


def _of_path(path: Path, budget: _Budget) -> Iterator[Place]:
    """Yield what a path holds; in a folder our own reports (``run.json`` beside ``tables/``) are no exports."""
    if path.is_dir():
        files = files_below(path)
        if not files:
            yield Place(Fault(Words("文件夹里没有文件。", "There is no file in this folder."), shown(path)), False)
        for file in files:
            yield from _opened(Source(shown(file.relative_to(path)), file), budget, 0)
    elif not path.exists():
        yield Place(Fault(Words("没有这个文件或文件夹。", "No such file or folder."), shown(path)), True)
    else:
        yield from _opened(Source(shown(Path(path.name)), path, named=True), budget, 0)


def files_below(folder: Path) -> list[Path]:
    """Return the files of a folder in sorted order, without hidden ones and our own reports."""
    reports = {run.parent for run in folder.rglob("run.json") if (run.parent / "tables" / "messages.csv").is_file()}
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file() and not _hidden(file.relative_to(folder)) and reports.isdisjoint(file.parents)
    )


def shown(path: Path) -> str:
    """Return a path as text; a name that is no text of this system is read as GBK, as zips of old have it."""
    name = path.as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", errors="replace")
    return name


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$")) and part.strip(".") or part.lower() in HIDDEN for part in path.parts)


def _opened(source: Source, budget: _Budget, depth: int) -> Iterator[Place]:
    try:
        if not source.head().startswith(ZIP) or is_workbook(source):
            yield Place(source, source.named)
            return
        yield from _members(source, budget, depth)
    except BROKEN as error:
        yield Place(_unopened(error, source.name), source.named)


def _unopened(error: Exception, name: str) -> Fault:
    return Fault(
        Words(f"打不开：{error}", f"Can't be opened: {error}"),
        name,
        hint=Words("文件可能没有下载或复制完整。", "It may not have been downloaded or copied to its end."),
    )


def is_workbook(source: Source) -> bool:
    """Return whether a zip is an Office workbook by its members."""
    with zipfile.ZipFile(source.path or io.BytesIO(source.whole())) as archive:
        return "[Content_Types].xml" in archive.namelist()


def _members(source: Source, budget: _Budget, depth: int) -> Iterator[Place]:
    if depth == DEEPEST:
        yield Place(Fault(Words("压缩包套得太深。", "Zips nested too deep."), source.name), False)
        return
    with zipfile.ZipFile(source.path or io.BytesIO(source.whole())) as archive:
        members = [(member_name(info), info) for info in archive.infolist() if not info.is_dir()]
        shown = [(name, info) for name, info in members if not _hidden(Path(name))]
        if not shown:
            yield Place(Fault(Words("压缩包里没有文件。", "There is no file in this zip."), source.name), source.named)
        for name, info in sorted(shown, key=lambda member: member[0]):
            place = f"{source.name}/{name}"
            content = _content(archive, info, place, budget)
            if isinstance(content, Fault):
                yield Place(content, False)
            else:
                yield from _opened(Source(place, content=content), budget, depth + 1)


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str, budget: _Budget) -> bytes | Fault:
    if info.flag_bits & 1:
        return Fault(Words("压缩包有密码：请先解压。", "The zip has a password: unpack it first."), place)
    try:
        content = budget.take(archive, info)
    except BROKEN as error:
        return _unopened(error, place)
    if content is None:
        limit = budget.limit // 1_000_000
        return Fault(
            Words(
                f"解压后超过 {limit} MB 的上限（设置 max_unpacked_mb）。",
                f"Unpacks to more than {limit} MB (setting max_unpacked_mb).",
            ),
            place,
        )
    return content


def member_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; without the UTF-8 flag its bytes are UTF-8 or GBK, not the cp437 that zip assumes."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


class _Budget:
    """How many bytes zips may still unpack to."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.left = limit

    def take(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
        if info.file_size > self.left:
            return None
        with archive.open(info) as member:
            content = member.read(self.left + 1)
        if len(content) > self.left:
            return None
        self.left -= len(content)
        return content


def _told_apart(found: list[tuple[Path, list[Place]]]) -> list[Place]:
    """Give what several paths would give one name the path's own name in front."""
    of_name: dict[str, set[Path]] = {}
    for path, places in found:
        for place in places:
            of_name.setdefault(_name(place), set()).add(path)
    return [
        _renamed(place, path) if len(of_name[_name(place)]) > 1 else place for path, places in found for place in places
    ]


def _name(place: Place) -> str:
    return place.found.name if isinstance(place.found, Source) else place.found.file


def _renamed(place: Place, path: Path) -> Place:
    if isinstance(place.found, Fault):
        return place
    front = shown(path if path.is_dir() else path.parent)
    name = place.found.name if front == "." else f"{front}/{place.found.name}"
    return Place(replace(place.found, name=name), place.named)

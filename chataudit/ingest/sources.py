"""Paths to sources: files, folders of files, and zips (also with GBK names), capped in what they may unpack to."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chataudit.errors import Fault, Words

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

    def bytes(self) -> bytes:
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


def sources(paths: list[Path], max_unpacked: int) -> list[Found]:
    """Return what ``paths`` hold, in sorted order; what can't be opened stands as a Fault in its place.

    ``max_unpacked`` is the number of bytes that all zips together may unpack to.
    """
    budget = _Budget(max_unpacked)
    found: list[Found] = []
    for path in paths:
        found += _of_path(path, budget)
    return _told_apart(found, paths)


def _of_path(path: Path, budget: _Budget) -> list[Found]:
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file() and not _hidden(file.relative_to(path)))
        if not files:
            return [Fault(Words("文件夹里没有文件。", "There is no file in this folder."), str(path))]
        return [one for file in files for one in _opened(Source(file.relative_to(path).as_posix(), file), budget, 0)]
    if not path.exists():
        return [Fault(Words("没有这个文件或文件夹。", "No such file or folder."), str(path))]
    return list(_opened(Source(path.name, path, named=True), budget, 0))


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$", "__MACOSX")) for part in path.parts)


def _opened(source: Source, budget: _Budget, depth: int) -> Iterator[Found]:
    try:
        head = source.head()
        if not head.startswith(ZIP) or is_workbook(source):
            yield source
            return
        yield from _members(source, budget, depth)
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        yield Fault(Words(f"打不开：{error}", f"Can't be opened: {error}"), source.name)


def is_workbook(source: Source) -> bool:
    """Return whether a zip is an Office workbook by its members."""
    with zipfile.ZipFile(source.path or io.BytesIO(source.bytes())) as archive:
        return "[Content_Types].xml" in archive.namelist()


def _members(source: Source, budget: _Budget, depth: int) -> Iterator[Found]:
    if depth == DEEPEST:
        yield Fault(Words("压缩包套得太深。", "Zips nested too deep."), source.name)
        return
    with zipfile.ZipFile(source.path or io.BytesIO(source.bytes())) as archive:
        members = sorted((member_name(info), info) for info in archive.infolist() if not info.is_dir())
        for name, info in members:
            place = f"{source.name}/{name}"
            if _hidden(Path(name)):
                continue
            if info.flag_bits & 1:
                yield Fault(Words("压缩包有密码：请先解压。", "The zip has a password: unpack it first."), place)
                continue
            content = budget.take(archive, info)
            if content is None:
                limit = budget.limit // 1_000_000
                yield Fault(Words(f"解压后超过 {limit} MB 的上限（设置 max_unpacked_mb）。",
                                  f"Unpacks to more than {limit} MB (setting max_unpacked_mb)."), place)
                continue
            yield from _opened(Source(place, content=content), budget, depth + 1)


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
        with archive.open(info) as member:
            content = member.read(self.left + 1)
        if len(content) > self.left:
            return None
        self.left -= len(content)
        return content


def _told_apart(found: list[Found], paths: list[Path]) -> list[Found]:
    """Give sources of several paths that would share a name the path's own name in front."""
    names = [one.name for one in found if isinstance(one, Source)]
    twice = {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()
    result: list[Found] = []
    for one in found:
        if isinstance(one, Source) and one.name in twice and one.path is not None:
            one = Source(one.path.as_posix(), one.path, one.content, one.named)
        result.append(one)
    return result

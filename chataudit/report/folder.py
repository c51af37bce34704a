"""A folder written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chataudit.errors import Fault, Faults, Words


@contextmanager
def written_whole(out: Path) -> Iterator[Path]:
    """Give a folder beside ``out`` to write into; moved in one file after the other only when all are whole.

    Files of an earlier run are replaced, other files stay. Where it does not come to that, nothing is left.

    Raises:
        Faults: the folder can't be written, or what is done with it meets an error of the system.
    """
    with told(out), moved_in(out) as made:
        yield made


@contextmanager
def moved_in(out: Path) -> Iterator[Path]:
    """Do as `written_whole`, but leave errors of what is done with the folder as they are.

    Raises:
        Faults: the folder can't be made or moved.
    """
    new = [folder for folder in out.parents if not folder.exists()]
    with told(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield made
        with told(out):
            _move_in(made, out)
    finally:
        shutil.rmtree(made, ignore_errors=True)
        _remove_empty(new)


@contextmanager
def told(out: Path) -> Iterator[None]:
    """Say an error of the system as one of writing to ``out``.

    Raises:
        Faults: there was one.
    """
    try:
        yield
    except OSError as error:
        what = Words(f"写不进去：{error.strerror or error}", f"Can't be written: {error.strerror or error}")
        hint = Words(
            "检查磁盘空间和权限，或用 --out 换一个文件夹。",
            "Check space and rights, or choose another folder with --out.",
        )
        raise Faults([Fault(what, str(out), hint=hint)]) from error


def _remove_empty(folders: list[Path]) -> None:
    """Remove folders, the innermost first, as far as nothing is in them."""
    with contextlib.suppress(OSError):
        for folder in folders:
            folder.rmdir()


def sweep(parent: Path) -> None:
    """Remove what a program that was killed left of unfinished folders in ``parent``; nobody else may write there now."""
    for left in parent.glob(".*-????????"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


def _move_in(made: Path, out: Path) -> None:
    if not out.exists():
        made.chmod(0o777 & ~_umask())
        made.rename(out)
        return
    for file in sorted(one for one in made.rglob("*") if one.is_file()):
        place = out / file.relative_to(made)
        place.parent.mkdir(parents=True, exist_ok=True)
        file.replace(place)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current

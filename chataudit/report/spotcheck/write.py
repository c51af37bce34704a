"""A spot-check written to its folder: all of it or nothing, and never over a workbook that someone has filled in."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.exceptions import FileCreateError

from chataudit import tables
from chataudit.errors import Fault, Faults, Words
from chataudit.report.csvs import masks_of, write_table
from chataudit.spotcheck.plans import Plan

MASKED = {"marks": ("reason",), "disagreements": ("reason",), "cases": ("why",)}
RUN = "spotcheck.json"
UNFIT = re.compile(r"[^\w.-]")


def write_files(out: Path, make: Callable[[Path], None]) -> None:
    """Let ``make`` write into a folder beside ``out``, and move its files in when all are whole.

    Raises:
        Faults: the folder can't be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            make(made)
            out.mkdir(exist_ok=True)
            for file in sorted(one for one in made.rglob("*") if one.is_file()):
                target = out / file.relative_to(made)
                target.parent.mkdir(parents=True, exist_ok=True)
                file.replace(target)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except (OSError, FileCreateError) as error:
        said = getattr(error, "strerror", None) or error
        hint = Words(
            "关掉打开着的表格，检查磁盘空间和权限，或用 --out 换一个文件夹。",
            "Close open workbooks, check space and rights, or choose another --out.",
        )
        raise Faults([Fault(Words(f"写不进去：{said}", f"Can't be written: {said}"), str(out), hint=hint)]) from error


def write_frames(folder: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    """Write tables as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        table = getattr(tables, name.upper())
        filled = frame if len(frame) else table.empty()
        write_table(filled, table, folder / f"{name}.csv", masks_of(filled, MASKED.get(name, ())))


def write_run(folder: Path, run: Mapping[str, Any], books: Sequence[str]) -> None:
    """Write what the draw is traced by, with the SHA-256 of its workbooks as they were written."""
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in books}
    text = json.dumps({**run, "workbooks": hashes}, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / RUN).write_text(text + "\n", encoding="utf-8", newline="\n")


@dataclass(frozen=True)
class Before:
    """The plan and seed of a draw written before."""

    id: str
    plan: Plan
    digest: str
    seed: str


def read_run(out: Path) -> Before | None:
    """Return how the draw in a folder was made; None where there is none, or its file was changed."""
    try:
        run = json.loads((out / RUN).read_text(encoding="utf-8"))
        plan = Plan.model_validate(run["plan"]["said"])
        return Before(str(run["plan"]["id"]), plan, str(run["plan"]["sha256"]), str(run["seed"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def refuse_filled(out: Path, books: Sequence[str]) -> None:
    """Raise Faults where a workbook of an earlier draw, that would be written over, was changed by someone."""
    try:
        known = json.loads((out / RUN).read_text(encoding="utf-8"))["workbooks"]
    except (OSError, ValueError, KeyError, TypeError):
        known = {}
    faults = [
        Fault(
            Words("这份抽检表已经有人填过，不会覆盖。", "Someone has filled in this workbook; it is not written over."),
            str(out / name),
            hint=Words(
                "用 --sheet 交回它，或用 --out 换一个文件夹。", "Hand it back with --sheet, or choose another --out."
            ),
        )
        for name in books
        if (out / name).is_file() and hashlib.sha256((out / name).read_bytes()).hexdigest() != known.get(name)
    ]
    if faults:
        raise Faults(faults)


def book_names(raters: Sequence[str]) -> list[str]:
    """Return the workbooks' file names: one for all, or one for each rater.

    Raises:
        Faults: names that are alike.

    >>> book_names(["甲", "a/b"])
    ['spotcheck-甲.xlsx', 'spotcheck-a_b.xlsx']
    """
    if not raters:
        return ["spotcheck.xlsx"]
    names = [f"spotcheck-{UNFIT.sub('_', one)[:40]}.xlsx" for one in raters]
    if len(set(names)) < len(names):
        raise Faults([Fault(Words("评分人的名字重复。", "Raters' names stand twice."))])
    return names

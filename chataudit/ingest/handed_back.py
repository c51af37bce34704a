"""A spot-check workbook handed back: a person's marks, verdicts on hits, and which conversations are finished."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.filled import GUARD, KEYS, VERDICTS, read_sheet_file
from chataudit.ingest.sources import ZIP, Source
from chataudit.ingest.tabular import workbook_grids
from chataudit.ingest.tabular.sheet import cell_name
from chataudit.settings import Settings

# Labels on the cover, and headings of the columns beside those of a checklist; the report writes the same.
DRAW = ("抽检编号", "draw id")
RATER = ("评分人", "rater")
COLUMNS = {
    **{key: KEYS[key] for key in ("outcome", "points", "remark", "card", "session_id", "agent", "item")},
    "rule": ("规则编号", "rule id"),
    "message_id": ("消息编号", "message id"),
    "start": ("起", "start"),
    "end": ("止", "end"),
    "line": ("行", "line"),
}
NEEDED = set(COLUMNS) - {"points", "remark"}
HIT_VERDICTS = {"right": ("对", "right"), "wrong": ("错", "wrong"), "unsure": ("拿不准", "unsure")}
YES = {"yes": ("是", "yes"), "no": ("否", "no")}
# What a row is: an item with the machine's mark beside it or (blind) without, a hit, the box for "read to the end".
LINES = ("mark", "blind", "hit", "done")
Key = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """A filled row: conversation (session, agent; empty: unnamed), what it is about, what the person wrote, where."""

    conversation: Key
    about: tuple[str, ...]
    said: str
    points: float | None
    remark: str | None
    sheet: str
    cell: str


@dataclass(frozen=True)
class Judged:
    """One person's workbook. ``marks``: about (card, item); ``verdicts``: about (rule, message, start, end);
    ``finished``: conversations read to the end, with sheet and cell; ``shown``: conversations whose rater saw the machine's marks, so that
    an empty cell of a finished one means agreement.
    """

    file: str
    draw: str
    rater: str
    marks: list[Entry] = field(default_factory=list)
    verdicts: list[Entry] = field(default_factory=list)
    finished: dict[Key, tuple[str, str]] = field(default_factory=dict)
    shown: set[Key] = field(default_factory=set)


def read_judged(path: Path) -> Judged:
    """Return what a person filled in; without a name on the cover the file's name stands for the rater.

    Raises:
        Faults: no spot-check workbook; every bad cell, by sheet and cell.
    """
    if not path.is_file():
        raise Faults([Fault(Words("没有这个文件。", "No such file."), str(path))])
    source = Source(path.name, path, named=True)
    if not source.head().startswith(ZIP):
        raise Faults([_none(path)])
    grids = workbook_grids(source)
    labels = _labels(grids)
    if "draw" not in labels:
        raise Faults([_none(path)])
    judged = Judged(path.name, labels["draw"], labels.get("rater") or path.stem)
    faults: list[Fault] = []
    for name, grid in grids.items():
        columns: Mapping[str, int] | None = None
        for number, cells in enumerate(grid, start=1):
            header = _header(cells)
            columns = header or columns
            if columns is not None and header is None:
                _Row(judged, name, number, cells, columns, faults).take()
    if faults:
        raise Faults(faults)
    return judged


def read_handed_back(path: Path, settings: Settings) -> list[Judged]:
    """Return what people filled in, in a spot-check workbook or in the checklists workbook of an audit.

    The latter's conversations were chosen by hand or by the audit: none of them is ``finished``, so that its marks settle
    scores but are in no estimate.

    Raises:
        Faults: neither of the two; every bad cell.
    """
    if not path.is_file():
        raise Faults([Fault(Words("没有这个文件。", "No such file."), str(path))])
    source = Source(path.name, path, named=True)
    if not source.head().startswith(ZIP) or "draw" in _labels(workbook_grids(source)):
        return [read_judged(path)]
    verdicts = read_sheet_file(path, settings).verdicts
    if verdicts is None:
        raise Faults([_none(path)])
    by_rater: dict[str, Judged] = {}
    for row in verdicts.astype(object).to_dict("records"):
        rater = str(row["rater"])
        points = None if row["points"] is None or row["points"] != row["points"] else float(row["points"])
        said, remark = (row[key] if isinstance(row[key], str) else None for key in ("outcome", "remark"))
        key = (str(row["session_id"]), row["agent"] if isinstance(row["agent"], str) else "")
        sheet = str(row["file"]).rpartition("[")[2].rstrip("]")
        entry = Entry(key, (str(row["card"]), str(row["item"])), said or "", points, remark, sheet, f"{row['row']}")
        by_rater.setdefault(rater, Judged(path.name, "", rater)).marks.append(entry)
    return list(by_rater.values())


def _none(path: Path) -> Fault:
    what = Words("不是 chataudit spotcheck 写的抽检表。", "Not a workbook of chataudit spotcheck.")
    hint = Words("交回 spotcheck.xlsx 本身，不要另存为别的格式。", "Hand back spotcheck.xlsx itself, as a workbook.")
    return Fault(what, str(path), hint=hint)


def _labels(grids: Mapping[str, list[list[Any]]]) -> dict[str, str]:
    """Return what stands beside the cover's labels."""
    found: dict[str, str] = {}
    for grid in list(grids.values())[:1]:
        for cells in grid[:40]:
            for key, words in (("draw", DRAW), ("rater", RATER)):
                if cells and _text(cells[0]).rstrip("：:").lower() in words and len(cells) > 1:
                    found.setdefault(key, _text(cells[1]))
    return found


def _header(cells: list[Any]) -> dict[str, int] | None:
    said = {_text(cell).lower(): at for at, cell in enumerate(cells) if cell not in (None, "")}
    found = {key: said[word] for key, words in COLUMNS.items() for word in words if word in said}
    return found if found.keys() >= NEEDED else None


def _text(value: Any) -> str:
    value = int(value) if isinstance(value, float) and value.is_integer() else value
    return GUARD.sub("", str(value if value is not None else "")).strip()


class _Row:
    """Reads one row into what was judged, or into a fault."""

    def __init__(
        self, judged: Judged, sheet: str, number: int, cells: list[Any], columns: Mapping[str, int], faults: list[Fault]
    ) -> None:
        self.judged, self.sheet, self.number, self.faults = judged, sheet, number, faults
        self.cells, self.columns = cells, columns

    def cell(self, key: str) -> str:
        at = self.columns.get(key, len(self.cells))
        return _text(self.cells[at]) if at < len(self.cells) else ""

    def take(self) -> None:
        line, filled = self.cell("line"), any(self.cell(key) for key in ("outcome", "points", "remark"))
        if line not in LINES:
            if any(self.cell(key) for key in ("outcome", "points")):
                what = Words(
                    "这一行不是要填的行，写的字没有地方算。",
                    "Nothing is to be filled in on this row; it can't be counted.",
                )
                self._fault("outcome" if self.cell("outcome") else "points", what)
            return
        if line == "mark":
            self.judged.shown.add(self.conversation)
        if filled:
            {"mark": self._mark, "blind": self._mark, "hit": self._hit, "done": self._done}[line]()

    @property
    def conversation(self) -> Key:
        return self.cell("session_id"), self.cell("agent")

    def _mark(self) -> None:
        outcome, points = self._word(VERDICTS), self._points()
        if outcome is None or (self.cell("points") and points is None):
            return
        if outcome or points is not None:
            self._add(self.judged.marks, (self.cell("card"), self.cell("item")), outcome, points)

    def _hit(self) -> None:
        verdict = self._word(HIT_VERDICTS)
        about = tuple(self.cell(key) for key in ("rule", "message_id", "start", "end"))
        if not (about[2].isdigit() and about[3].isdigit()):
            self._fault("start", Words("隐藏列被改过。", "A hidden column was changed."))
        elif verdict:
            self._add(self.judged.verdicts, about, verdict, None)

    def _done(self) -> None:
        if self._word(YES) == "yes":
            self.judged.finished[self.conversation] = (self.sheet, cell_name(self.number, self.columns["outcome"]))

    def _add(self, entries: list[Entry], about: tuple[str, ...], said: str, points: float | None) -> None:
        place = cell_name(self.number, self.columns["outcome"])
        entries.append(Entry(self.conversation, about, said, points, self.cell("remark") or None, self.sheet, place))

    def _word(self, words: Mapping[str, tuple[str, str]]) -> str | None:
        """Return the key of the word filled in, empty where none is; None for a wrong one."""
        said = self.cell("outcome")
        found = next((key for key, both in words.items() if said.lower() in both), None)
        if said and found is None:
            what = Words(f"“{said[:40]}” 填得不对。", f"{said[:40]!r} is wrong here.")
            self._fault("outcome", what, " ".join(f"{one[0]}({one[1]})" for one in words.values()))
            return None
        return found or ""

    def _points(self) -> float | None:
        said = self.cell("points")
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", said):
            if said:
                self._fault(
                    "points", Words(f"“{said[:40]}” 不是分数。", f"{said[:40]!r} is no number of points."), "0 1.5 3 …"
                )
            return None
        return float(said)

    def _fault(self, key: str, what: Words, allowed: str = "") -> None:
        hint = Words(f"可填：{allowed}", f"Allowed: {allowed}") if allowed else None
        self.faults.append(
            cell_fault(self.judged.file, self.sheet, cell_name(self.number, self.columns[key]), what, hint)
        )


def cell_fault(file: str, sheet: str, cell: str, what: Words, hint: Words | None = None) -> Fault:
    """Return a fault at a cell of a workbook: ``file [sheet!F12]: …``."""
    return Fault(what, f"{file} [{sheet}!{cell}]", hint=hint)

"""Export files in, one messages table out.

Sources (files, folders, zips) are read by the first layout that knows them; kinds and references are told from the
text; identities make each message count once. What can't be read is a reject or a fault, never lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Hashes, codes_of, constant, filled_code, hash_texts
from chataudit.errors import Fault, Faults, Words, one_of
from chataudit.ingest.columns import CHAT, ORDERS, PEOPLE, SHEETS
from chataudit.ingest.companions import TABLES, Companion, found_companion, named_companion
from chataudit.ingest.detection import detect, read_as, unknown
from chataudit.ingest.identity import identify, joined
from chataudit.ingest.inputs import Input
from chataudit.ingest.jd_join import join_sessions
from chataudit.ingest.jd_sessions import TITLE, read_session_book
from chataudit.ingest.kinds import fill_kinds
from chataudit.ingest.layout import Layout
from chataudit.ingest.layouts import LAYOUTS
from chataudit.ingest.orders import DIALECTS
from chataudit.ingest.reading import from_rows
from chataudit.ingest.refs import find_refs
from chataudit.ingest.rejected import rejects
from chataudit.ingest.roles import MASK
from chataudit.ingest.sources import Source, sources
from chataudit.settings import Settings
from chataudit.tables import REJECTS

BROKEN = (ValueError, TypeError, ArithmeticError, LookupError, RuntimeError, MemoryError, OSError, pa.ArrowException)
Progress = Callable[[str, int, int], None]
Seen = Callable[[pd.Series], None]
Identify = Callable[[pd.DataFrame, list[Hashes]], tuple[pd.DataFrame, int]]

ORDER_FORMATS = [dialect.name for dialect in DIALECTS]


@dataclass(frozen=True)
class Ingested:
    """All that the inputs hold.

    ``messages``: the contract's columns as the export has them (``agent`` and ``session_id`` are completed by the
    sessions stage) and ``masked`` (bool: the export masked the buyer's name); ``counts``: rows = messages +
    duplicates + rejects; ``broken``: faults of files inside a folder or zip, each also a reject (of one row);
    ``jd_sessions``: the platform's own figures of each session (`jd_sessions.COLUMNS`) with the join's ``outcome``.
    """

    messages: pd.DataFrame
    rejects: pd.DataFrame
    counts: dict[str, int]
    inputs: tuple[Input, ...]
    notes: tuple[Words, ...] = ()
    broken: tuple[Fault, ...] = ()
    companions: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    jd_sessions: pd.DataFrame | None = None


def read(
    paths: Iterable[Path],
    settings: Settings,
    *,
    layout: str | None = None,
    own: Iterable[Path] = (),
    progress: Progress = lambda stage, done, total: None,
    seen: Seen = lambda texts: None,
) -> Ingested:
    """Return the messages of ``paths`` (files and folders), read by their content.

    ``seen`` is given the texts of all rows as soon as they are read; ``position`` of a message is its row among them.

    ``own`` are files that the caller reads as something else (orders, people, sheets), left out here. In a folder,
    tables of orders, people and sheets are taken as what they are.

    Raises:
        Faults: a named file that can't be read, or nothing readable at all.
    """
    gathered = _gather(paths, settings, layout, own, progress)
    if gathered.fatal or not gathered.frames:
        raise Faults([*gathered.fatal, *([] if gathered.frames else gathered.broken)] or [_nothing()])
    return gathered.result(seen)


def read_any(path: Path, settings: Settings) -> Ingested:
    """Return what one file holds, be it chats, tables beside them or sessions of 京东; there may be no message in it.

    The messages have ``nth`` (`chataudit.ingest.identity`). 京东 sessions are given as they are, joined to nothing.

    Raises:
        Faults: it can't be read, or nothing in it can.
    """
    gathered = _gather([path], settings, None, (), lambda stage, done, total: None)
    held = [*gathered.frames, *gathered.books, *(one for tables in gathered.companions.values() for one in tables)]
    if gathered.fatal or not held:
        raise Faults([*gathered.fatal, *gathered.broken] or [_nothing()])
    return gathered.unjoined()


def _gather(
    paths: Iterable[Path], settings: Settings, layout: str | None, own: Iterable[Path], progress: Progress
) -> _Gathered:
    """Return everything that paths hold, files of the caller's ``own`` left out."""
    _check_columns(settings)
    left_out = {path.resolve() for path in own}
    found = [
        place
        for place in sources(list(paths), settings.max_unpacked_mb * 1_000_000)
        if isinstance(place.found, Fault) or _resolved(place.found) not in left_out
    ]
    gathered = _Gathered(settings, layout)
    for number, place in enumerate(found):
        progress("read", number, len(found))
        gathered.take(place.found, place.named)
    progress("read", len(found), len(found))
    return gathered


def _resolved(source: Source) -> Path | None:
    return source.path.resolve() if source.path is not None else None


def _check_columns(settings: Settings) -> None:
    """Raise Faults where the setting `columns` names columns that no table of ours has."""
    known = {*CHAT, *ORDERS, *PEOPLE, *SHEETS}
    faults = [
        Fault(
            Words(
                f"设置 columns：“{header}” 对应的列 “{column}” 不存在。",
                f"Setting columns: {header!r} is mapped to {column!r}, which is no column.",
            ),
            hint=one_of(column, known),
        )
        for header, column in settings.columns.items()
        if column not in known
    ]
    if faults:
        raise Faults(faults)


def read_named(path: Path, name: str, settings: Settings, layout: str | None = None) -> tuple[Companion, Input]:
    """Return a companion (``orders``, ``people``, ``sheets``) that the user named, and its place in the run.

    Raises:
        Faults: no such file, or what is wrong in it.
    """
    if not path.is_file():
        raise Faults([Fault(Words("没有这个文件。", "No such file."), str(path))])
    source = Source(path.name, path, named=True)
    one = named_companion(source, name, settings, layout)
    return one, Input(source.name, source.digest(), one.layout.zh, len(one.table))


class _Gathered:
    """Takes sources one by one and keeps what they give."""

    def __init__(self, settings: Settings, layout: str | None) -> None:
        self.settings, self.layout = settings, layout
        self.frames: list[pd.DataFrame] = []
        self.rejects: list[pd.DataFrame] = []
        self.inputs: list[Input] = []
        self.notes: list[Words] = []
        self.broken: list[Fault] = []
        self.fatal: list[Fault] = []
        self.books: list[pd.DataFrame] = []
        self.companions: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}

    def take(self, one: Source | Fault, named: bool) -> None:
        if isinstance(one, Fault):
            self._broken(one, named)
            return
        try:
            match = detect(one, self.settings, None if self.layout in ORDER_FORMATS else self.layout)
            if match is None:
                self._companion(one)
                return
            with ThreadPoolExecutor(1) as beside:  # hashing leaves the other core to the reader
                hashed = beside.submit(one.digest)
                reading = read_as(match.layout, one, self.settings)
            digest = hashed.result()
        except Faults as error:
            for fault in error.faults:
                self._broken(fault, named)
            return
        except BROKEN as error:
            said = str(error) or type(error).__name__
            self._broken(Fault(Words(f"读到一半出错：{said}", f"Broken in the middle: {said}"), one.name), named)
            return
        finally:
            one.kept.clear()
        self.inputs.append(Input(one.name, digest, match.layout.title.zh, len(reading.messages)))
        self.notes += [*(guess.note(one.name) for guess in reading.guesses), *reading.notes]
        self.rejects.append(reading.rejects)
        self.frames.append(_named(reading.messages, one.name, len(self.frames), self.settings))

    def _companion(self, one: Source) -> None:
        book = read_session_book(one, self.settings)
        if book is not None:
            self.inputs.append(Input(one.name, one.digest(), TITLE.zh, len(book.sessions)))
            self.notes += book.notes
            self.rejects.append(book.rejects)
            self.books.append(book.sessions)
            return
        found = found_companion(one, self.settings, self.layout)
        if found is None:
            self._broken(unknown(one), one.named)
            return
        self.inputs.append(Input(one.name, one.digest(), found.layout.zh, len(found.table)))
        self.notes += found.notes
        self.rejects.append(found.rejects)
        self.companions[found.name].append(found.table)

    def _broken(self, fault: Fault, named: bool) -> None:
        if named:
            self.fatal.append(fault)
            return
        self.broken.append(fault)
        table = rejects(fault.file, [(fault.line or 0, fault.what.en, "")])
        table["row"] = pd.array([fault.line], dtype="Int64")
        self.rejects.append(table)

    def result(self, seen: Seen) -> Ingested:
        messages = joined(self.frames)
        books = pd.concat(self.books, ignore_index=True) if self.books else None
        if books is not None:
            messages, books, note = join_sessions(messages, books)
            self.notes.append(note)
        seen(messages["text"])
        messages["position"] = np.arange(len(messages))
        return self._ingested(messages, books, identify)

    def unjoined(self) -> Ingested:
        messages = joined(self.frames) if self.frames else _no_messages(self.settings)
        books = pd.concat(self.books, ignore_index=True) if self.books else None
        return self._ingested(messages, books, partial(identify, keep_nth=True))

    def _ingested(self, messages: pd.DataFrame, books: pd.DataFrame | None, identified: Identify) -> Ingested:
        rows = len(messages)
        texts, known = messages["text"], messages["refs"]
        with ThreadPoolExecutor(2) as beside:
            hashed, refs = beside.submit(hash_texts, texts), beside.submit(find_refs, texts, known)
            messages = fill_kinds(messages)
        messages["refs"] = refs.result()
        messages, duplicates = identified(messages, hashed.result())
        messages["masked"] = has_mask(messages["buyer"])
        filled = [table for table in self.rejects if len(table)]
        rejected = pd.concat(filled, ignore_index=True) if filled else REJECTS.empty()
        counts = {
            "rows": rows + len(rejected),
            "messages": len(messages),
            "duplicates": duplicates,
            "rejects": len(rejected),
        }
        return Ingested(
            messages,
            rejected,
            counts,
            tuple(self.inputs),
            tuple(self.notes),
            tuple(self.broken),
            {name: tables for name, tables in self.companions.items() if tables},
            books,
        )


def has_mask(buyers: pd.Series) -> Flags:
    """Return where an export masked the buyer's name."""
    masked = pc.match_substring(pa.array(buyers.cat.categories, pa.large_string()), MASK)
    return np.append(masked.to_numpy(zero_copy_only=False).astype(bool), False)[codes_of(buyers)]


def _no_messages(settings: Settings) -> pd.DataFrame:
    return _named(from_rows([], settings.timezone), "", 0, settings)


def _nothing() -> Fault:
    return Fault(Words("没有可读的聊天导出文件。", "There is no readable chat export."))


def _named(messages: pd.DataFrame, name: str, number: int, settings: Settings) -> pd.DataFrame:
    """Add what the file and the settings say for all its rows: file, source, platform, shop."""
    result = messages.copy(deep=False)
    size = len(result)
    result["file"], result["source"] = constant(name, size), np.full(size, number)
    for column, default in (("platform", settings.platform or "plain"), ("shop", settings.shop or "")):
        if result[column].isna().any():
            result[column] = filled_code(result[column], default)
    return result


__all__ = ["LAYOUTS", "Ingested", "Input", "Layout", "from_rows", "has_mask", "read", "read_any", "read_named"]

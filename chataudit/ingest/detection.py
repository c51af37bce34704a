"""Which layout a source has: every layout looks, the surest sign wins, a tie is a question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import arrow
from chataudit.errors import Fault, Faults, Together, Words
from chataudit.ingest.heads import head_lines
from chataudit.ingest.layout import Layout, Sign
from chataudit.ingest.layouts import LAYOUTS
from chataudit.ingest.reading import Reading, settled
from chataudit.ingest.rejected import rejects
from chataudit.ingest.sources import Source
from chataudit.settings import Settings

LONGEST = 100_000


@dataclass(frozen=True)
class Match:
    """A layout that a source may have, and the sign of it."""

    layout: Layout
    sign: Sign


def look(source: Source, settings: Settings, name: str | None = None) -> list[Match]:
    """Return the layouts that a source may have, the surest first; with ``name`` that layout alone.

    Raises:
        Faults: the file is empty, or no layout knows it and it is broken (a table by its bytes, no JSON).
    """
    if not source.head().strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        hint = Words("请重新导出。", "Export it again.")
        raise Faults([Fault(Words("文件是空的。", "The file is empty."), source.name, hint=hint)])
    found, together = [], Together()
    for layout in LAYOUTS:
        if name in (None, layout.name):
            sign = together.get(partial(layout.look, source, settings))
            if sign is not None:
                found.append(Match(layout, sign))
    if not found and together.faults:
        raise Faults(dict.fromkeys(together.faults))
    return sorted(found, key=lambda match: -match.sign.surety)


def detect(source: Source, settings: Settings, name: str | None = None) -> Match | None:
    """Return the one layout of a source; None where no layout knows it.

    Raises:
        Faults: as `look`, or two layouts are equally sure: it is asked which, never guessed.
    """
    found = look(source, settings, name)
    if not found:
        return None
    tied = [match for match in found if match.sign.surety == found[0].sign.surety]
    if len(tied) > 1:
        raise Faults([_question(source, tied)])
    return found[0]


def _question(source: Source, tied: list[Match]) -> Fault:
    zh = "；".join(f"{match.layout.name}（{match.sign.why.zh}）" for match in tied)
    en = "; ".join(f"{match.layout.name} ({match.sign.why.en})" for match in tied)
    names = " / ".join(f"--format {match.layout.name}" for match in tied)
    return Fault(
        Words(f"像几种格式：{zh}。", f"It may be several layouts: {en}."),
        source.name,
        hint=Words(f"请写明是哪一种：{names}。", f"Say which one it is: {names}."),
    )


def read_source(source: Source, settings: Settings, name: str | None = None) -> Reading | None:
    """Return the reading of the layout that the source has; None where no layout knows it.

    Raises:
        Faults: as `detect`; or its layout is known and broken, or holds no message.
    """
    match = detect(source, settings, name)
    return read_as(match.layout, source, settings) if match is not None else None


def read_as(layout: Layout, source: Source, settings: Settings) -> Reading:
    """Return what ``layout`` reads in the source, with the last word of the settings on senders.

    Raises:
        Faults: the file breaks its layout, or holds no message.
    """
    reading = layout.read(source, settings)
    reading = replace(reading, messages=settled(reading.messages, settings))
    return _with_messages(source, _none_too_long(source, reading))


def _none_too_long(source: Source, reading: Reading) -> Reading:
    """Reject messages longer than any that a person sends: a cell that swallowed a file, a broken export."""
    texts = reading.messages["text"]
    whole = arrow(texts)
    long = np.flatnonzero(pc.greater(pc.binary_length(whole), LONGEST).to_numpy(zero_copy_only=False))  # bytes as yet
    long = long[pc.greater(pc.utf8_length(whole.take(pa.array(long))), LONGEST).to_numpy(zero_copy_only=False)]
    if not len(long):
        return reading
    rows = [(int(reading.messages["row"].iloc[at]), f"longer than {LONGEST} characters", texts.iloc[at]) for at in long]
    kept = reading.messages.drop(reading.messages.index[long]).reset_index(drop=True)
    tables = [table for table in (reading.rejects, rejects(source.name, rows, "text")) if len(table)]
    return replace(reading, messages=kept, rejects=pd.concat(tables, ignore_index=True))


def _with_messages(source: Source, reading: Reading) -> Reading:
    if len(reading.messages) or len(reading.rejects):
        return reading
    hint = Words("导出的日期范围里可能没有聊天。", "Perhaps the dates exported hold no chat.")
    raise Faults([Fault(Words("只有表头，没有消息。", "There is a header and no message."), source.name, hint=hint)])


def unknown(source: Source) -> Fault:
    """Say what was tried on a source of no known layout, and what its first lines look like."""
    lines = [line for line in head_lines(source) if line.strip()][:3]
    shown = " ⏎ ".join(line[:80] for line in lines)
    tried = ", ".join(layout.name for layout in LAYOUTS)
    return Fault(
        Words(
            f"看不出是什么格式。试过：{tried}。开头是：{shown}", f"Unknown layout. Tried: {tried}. It begins: {shown}"
        ),
        source.name,
        1,
        hint=Words(
            "若是表格，在设置 columns 里写明列名（如 columns: {消息正文: text}）；各格式的样子见 chataudit formats。",
            "For a table, name its columns in the setting `columns` (e.g. columns: {body: text}); "
            "`chataudit formats` shows what each layout looks like.",
        ),
    )

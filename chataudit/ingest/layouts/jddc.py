"""JDDC ``chat.txt``: tab-separated, no header, no times; 7 columns (2019) or 6 (2018, without the item)."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, as_code, text
from chataudit.errors import Words
from chataudit.ingest.heads import head_lines
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.lines import Lines
from chataudit.ingest.reading import Reading, from_columns
from chataudit.ingest.rejected import rejects
from chataudit.ingest.sources import Source
from chataudit.settings import Settings

ROW = re.compile(r"(\S+)\t(\S+)\t([01])\t+([01])\t([01])\t(?:([^\t]*)\t)?(.*)")
# What `ROW` is in RE2, whose blanks are those of ASCII alone; the cells after the flags are parted in a second step,
# because RE2 is slow where a match can be told apart in several ways.
WORD = r"[^\s\x{85}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]+"
CELLS = rf"^(?P<session>{WORD})\t(?P<buyer>{WORD})\t(?P<sender>[01])\t+(?P<transfer>[01])\t[01]\t(?P<rest>.*)$"


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the tabs of the first lines."""
    lines = [line for line in head_lines(source)[:20] if line.strip()]
    if sum(bool(ROW.fullmatch(line)) for line in lines[:-1] or lines) < max(1, len(lines) - 2):
        return None
    return Sign(SURE, Words("每行 6 或 7 列，第 3–5 列是 0/1", "6 or 7 cells a line, the 3rd to 5th 0 or 1"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages of a JDDC file; a transfer without a text is the system's."""
    lines = Lines(source)
    fits = lines.where(CELLS)
    at = np.flatnonzero(fits)
    parts = lines.parts(CELLS, at)
    item, said = _item_and_text(parts["rest"])
    handed = pc.and_(pc.equal(parts["transfer"], "1"), pc.equal(said, ""))
    sender = pc.if_else(handed, "system", pc.if_else(pc.equal(parts["sender"], "0"), "buyer", "agent"))
    frame = from_columns(
        len(at),
        settings.timezone,
        row=at + 1,
        platform="jd",
        session_id=as_code(text(parts["session"])),
        buyer=as_code(text(parts["buyer"])),
        sender=as_code(text(sender)),
        kind=as_code(text(pc.if_else(handed, "transfer", pa.scalar(None, pa.string())))),
        text=said,
        refs=_numbers(item),
    )
    return Reading(frame, rejects(source.name, _strange(lines, ~fits)), lines.notes)


def _item_and_text(rest: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Part what stands after the flags at its first tab; without one there is no item (null)."""
    parted = pc.match_substring(rest, "\t")
    cells = pc.extract_regex(rest.filter(parted), r"^(?P<item>[^\t]*)\t(?P<text>.*)$")
    nothing = pa.nulls(len(rest), pa.large_string())
    item = pc.replace_with_mask(nothing, parted, cells.field("item"))
    return item, pc.replace_with_mask(rest, parted, cells.field("text"))


def _numbers(items: pa.Array) -> pa.Array:
    """Return the items that are numbers; others (``nan``) are null."""
    once = items.dictionary_encode()
    told = [item if item.isdigit() else None for item in once.dictionary.to_pylist()]
    return pa.array(told, pa.large_string()).take(once.indices)


def _strange(lines: Lines, others: Flags) -> list[tuple[int, str, str]]:
    """Return the filled lines among ``others``, but for a header."""
    at = np.flatnonzero(others & lines.filled())
    told = zip((at + 1).tolist(), lines.array.take(pa.array(at)).to_pylist(), strict=True)
    return [
        (number, "not 6 or 7 cells parted by tabs", line)
        for number, line in told
        if line.strip() and not (number == 1 and "session" in line.lower())
    ]


EXAMPLE = (
    "00000000000000000000000000000001\tUSERID_10000001\t0\t0\t0\tnan\t这款有现货吗\n"
    "00000000000000000000000000000001\tUSERID_10000001\t1\t0\t0\tnan\t有什么问题我可以帮您处理或解决呢?\n"
)
LAYOUT = Layout("jddc", Words("JDDC 语料 TSV", "JDDC corpus TSV"), EXAMPLE, look, read)

"""JDDC ``chat.txt``: tab-separated, no header, no times; 7 columns (2019) or 6 (2018, without the item)."""

from __future__ import annotations

import re
from typing import Any

from chataudit.errors import Words
from chataudit.ingest.decode import clean, decode, lost_notes
from chataudit.ingest.heads import head_lines
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.reading import Reading, from_rows
from chataudit.ingest.rejected import rejects
from chataudit.ingest.sources import Source
from chataudit.settings import Settings

ROW = re.compile(r"(\S+)\t(\S+)\t([01])\t+([01])\t([01])\t(?:([^\t]*)\t)?(.*)")
SENDERS = {"0": "buyer", "1": "agent"}


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the tabs of the first lines."""
    lines = [line for line in head_lines(source)[:20] if line.strip()]
    if sum(bool(ROW.fullmatch(line)) for line in lines[:-1] or lines) < max(1, len(lines) - 2):
        return None
    return Sign(SURE, Words("每行 6 或 7 列，第 3–5 列是 0/1", "6 or 7 cells a line, the 3rd to 5th 0 or 1"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages of a JDDC file."""
    rows: list[dict[str, Any]] = []
    bad: list[tuple[int, str, str]] = []
    decoded = decode(source.whole())
    for number, line in enumerate(clean(decoded.text).split("\n"), start=1):
        found = ROW.fullmatch(line)
        if found:
            session, buyer, sender, transfer, _, item, text = found.groups()
            rows.append(
                {
                    "row": number,
                    "platform": "jd",
                    "session_id": session,
                    "buyer": buyer,
                    "text": text,
                    "sender": "system" if transfer == "1" and not text else SENDERS[sender],
                    "kind": "transfer" if transfer == "1" and not text else None,
                    "refs": item if item and item.isdigit() else None,
                }
            )
        elif line.strip() and not (number == 1 and "session" in line.lower()):
            bad.append((number, "not 6 or 7 cells parted by tabs", line))
    return Reading(from_rows(rows, settings.timezone), rejects(source.name, bad), lost_notes(source.name, decoded))


EXAMPLE = (
    "00000000000000000000000000000001\tUSERID_10000001\t0\t0\t0\tnan\t这款有现货吗\n"
    "00000000000000000000000000000001\tUSERID_10000001\t1\t0\t0\tnan\t有什么问题我可以帮您处理或解决呢?\n"
)
LAYOUT = Layout("jddc", Words("JDDC 语料 TSV", "JDDC corpus TSV"), EXAMPLE, look, read)

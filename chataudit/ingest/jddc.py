"""JDDC ``chat.txt``: tab-separated, no header, no times; 7 columns (2019) or 6 (2018, without the item)."""

from __future__ import annotations

import re
from typing import Any

from chataudit.ingest.decode import clean, decode, lost_notes
from chataudit.ingest.reading import Reading, from_rows
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import rejects
from chataudit.settings import Settings

LAYOUT = "JDDC"
ROW = re.compile(r"(\S+)\t(\S+)\t([01])\t+([01])\t([01])\t(?:([^\t]*)\t)?(.*)")
SENDERS = {"0": "buyer", "1": "agent"}


def read(source: Source, settings: Settings) -> Reading | None:
    """Return the messages of a JDDC file; None where its first lines are none."""
    lines = [line for line in clean(decode(source.head()).text).split("\n")[:20] if line.strip()]
    if sum(bool(ROW.fullmatch(line)) for line in lines[:-1] or lines) < max(1, len(lines) - 2):
        return None
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
    return Reading(
        LAYOUT, from_rows(rows, settings.timezone), rejects(source.name, bad), lost_notes(source.name, decoded)
    )

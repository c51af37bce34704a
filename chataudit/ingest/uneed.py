"""U-NEED JSON: a list of dialogues with turns, times to the second and the items that were recommended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from chataudit.ingest.decode import clean_escaped, decode, lost_notes
from chataudit.ingest.reading import Reading, from_rows
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import rejects
from chataudit.ingest.times import wall_time
from chataudit.settings import Settings

LAYOUT = "U-NEED"
SENDERS = {"用户": "buyer", "客服": "agent"}


def read(source: Source, settings: Settings) -> Reading | None:
    """Return the messages of a U-NEED file; None where it is no JSON list of dialogues.

    The seller's id is shop and agent: the data name no other. ``row`` counts the turns of the file.
    """
    head = decode(source.head()).text.lstrip("\ufeff \t\r\n")
    if not head.startswith("[") or '"dialogue"' not in head:
        return None
    decoded = decode(source.whole())
    try:
        dialogues = json.loads(decoded.text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return None  # the reader of plain tables says where it breaks
    rows: list[dict[str, Any]] = []
    bad: list[tuple[int, str, str]] = []
    for number, (dialogue, turn) in enumerate(_turns(dialogues), start=1):
        try:
            rows.append({"row": number, **_turn(dialogue, turn)})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            bad.append((number, f"turn without a known {error}", clean_escaped(json.dumps(turn, ensure_ascii=False))))
    return Reading(
        LAYOUT, from_rows(rows, settings.timezone), rejects(source.name, bad), lost_notes(source.name, decoded)
    )


def _turns(dialogues: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the turns with their dialogues; one without a list of turns stands as a turn that can't be read."""
    for dialogue in dialogues:
        turns = dialogue.get("dialogue") if isinstance(dialogue, dict) else None
        if isinstance(turns, list):
            yield from ((dialogue, turn) for turn in turns)
        else:
            yield {}, dialogue


def _turn(dialogue: dict[str, Any], turn: dict[str, Any]) -> dict[str, Any]:
    sender, time = SENDERS[turn["sender_type"]], wall_time(turn["time"])
    if time is None:
        raise ValueError(f"time: {turn['time']}")
    items = [str(item) for item in turn.get("rec_item_id") or []]
    return {
        "platform": "taobao",
        "shop": _said(dialogue["sellerid"]),
        "session_id": _said(dialogue["sid"]),
        "buyer": _said(dialogue["userid"]),
        "agent": _said(dialogue["sellerid"]) if sender == "agent" else None,
        "sender": sender,
        "sent_at": time,
        "text": _said(turn["send_content"]),
        "refs": "|".join(items) or None,
    }


def _said(value: Any) -> str:
    if not isinstance(value, str | int):
        raise ValueError(f"text: {value!r}")
    return clean_escaped(str(value))

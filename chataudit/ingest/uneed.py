"""U-NEED JSON: a list of dialogues with turns, times to the second and the items that were recommended."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from chataudit.ingest.decode import clean, decode
from chataudit.ingest.reading import Reading, from_rows
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import rejects
from chataudit.settings import Settings

LAYOUT = "U-NEED"
SENDERS = {"用户": "buyer", "客服": "agent"}


def read(source: Source, settings: Settings) -> Reading | None:
    """Return the messages of a U-NEED file; None where it is no JSON list of dialogues.

    The seller's id is shop and agent: the data name no other. ``row`` counts the turns of the file.
    """
    head = decode(source.head()).text.lstrip()
    if not head.startswith("[") or '"dialogue"' not in head:
        return None
    try:
        dialogues = json.loads(decode(source.bytes()).text)
    except (json.JSONDecodeError, RecursionError):
        return None
    rows: list[dict[str, Any]] = []
    bad: list[tuple[int, str, str]] = []
    number = 0
    for dialogue in dialogues:
        for turn in dialogue.get("dialogue", []) if isinstance(dialogue, dict) else []:
            number += 1
            try:
                rows.append({"row": number, **_turn(dialogue, turn)})
            except (KeyError, TypeError, ValueError) as error:
                bad.append((number, f"turn without a known {error}", json.dumps(turn, ensure_ascii=False)))
    return Reading(LAYOUT, from_rows(rows, settings.timezone), rejects(source.name, bad))


def _turn(dialogue: dict[str, Any], turn: dict[str, Any]) -> dict[str, Any]:
    sender = SENDERS[turn["sender_type"]]
    items = [str(item) for item in turn.get("rec_item_id") or []]
    return {"platform": "taobao", "shop": str(dialogue["sellerid"]), "session_id": str(dialogue["sid"]),
            "buyer": str(dialogue["userid"]), "agent": str(dialogue["sellerid"]) if sender == "agent" else None,
            "sender": sender, "sent_at": pd.Timestamp(turn["time"]).to_pydatetime(),
            "text": clean(str(turn["send_content"])), "refs": "|".join(items) or None}

"""U-NEED JSON: a list of dialogues with turns, times to the second and the items that were recommended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chataudit.errors import Words
from chataudit.ingest.decode import clean_escaped
from chataudit.ingest.heads import head_keys, head_text
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.reading import Reading, from_rows
from chataudit.ingest.rejected import rejects
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular.json_items import json_items, said
from chataudit.ingest.times import wall_time
from chataudit.settings import Settings

SENDERS = {"用户": "buyer", "客服": "agent"}


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the key of dialogues."""
    if not head_text(source).lstrip().startswith("[") or "dialogue" not in head_keys(source):
        return None
    return Sign(SURE, Words("JSON 列表，每段对话有 dialogue", "a JSON list of objects with a dialogue"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages of a U-NEED file.

    The seller's id is shop and agent: the data name no other. ``row`` counts the turns of the file.

    Raises:
        Faults: no JSON, with the line and column where it breaks.
    """
    _, dialogues, broken, notes = source.once(json_items)
    rows: list[dict[str, Any]] = []
    bad: list[tuple[int, str, str]] = [*broken]
    for number, (dialogue, turn) in enumerate(_turns(dialogues), start=1):
        try:
            rows.append({"row": number, **_turn(dialogue, turn)})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            bad.append((number, f"turn without a known {error}", said(turn)))
    return Reading(from_rows(rows, settings.timezone), rejects(source.name, bad), notes)


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
    items = [clean_escaped(str(item)) for item in turn.get("rec_item_id") or []]
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


EXAMPLE = """\
[{"sid": "s1", "sellerid": "1000000001", "userid": "2000000001", "dialogue": [
  {"seq_no": 1, "time": "2026-03-02 10:01:05", "sender_type": "用户", "send_content": "有红色吗", "rec_item_id": []},
  {"seq_no": 2, "time": "2026-03-02 10:01:31", "sender_type": "客服", "send_content": "有的", "rec_item_id": []}]}]
"""
LAYOUT = Layout("uneed", Words("U-NEED 语料 JSON", "U-NEED corpus JSON"), EXAMPLE, look, read)

"""Intercom conversations: a first message (``source`` or ``conversation_message``) and parts, HTML, times in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT
from chataudit.errors import Words
from chataudit.ingest.heads import head_keys
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.markup import plain_text
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, in_our_words, of_session, read_records
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import is_json
from chataudit.ingest.tabular.json_fields import Objects, Records, chosen, field, json_records, kept
from chataudit.settings import Settings

AUTHORS = {
    "user": "buyer", "lead": "buyer", "contact": "buyer", "admin": "agent", "team": "agent", "bot": "bot",
}  # fmt: skip
NOTES = ("note", "note_and_reopen")
HANDED = ("assignment", "assign_and_reopen", "default_assignment", "away_mode_assignment")


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the key of the parts."""
    if not is_json(source) or not {"conversation_parts", "author"} <= head_keys(source):
        return None
    return Sign(SURE, Words("JSON 里有 conversation_parts 和 author", "JSON with conversation_parts and author"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; ``row`` is the conversation's place in the file. Notes among agents are rejects.

    Raises:
        Faults: no JSON.
    """
    records = _parts(json_records(source))
    records = kept(
        records, ~field(records.objects, "part_type").isin(NOTES).to_numpy(), source.name, "a note among agents"
    )
    objects = records.objects
    sender = in_our_words(field(objects, "author", "type"), AUTHORS)
    session, who, part = field(objects, "conversation"), field(objects, "author", "id"), field(objects, "part_type")
    body = plain_text(field(objects, "body"))
    body = body.mask(body == "").astype(TEXT)
    silent = body.isna() & ~_attached(objects)
    handed = part.isin(HANDED) & silent
    name = chosen(field(objects, "author", "name"), who)
    told = Told(
        sender=sender.mask(silent, "system"),
        buyer=of_session(who.where(sender == "buyer"), session, session),
        sent_at=field(objects, "created_at"),
        text=body.where(~silent, part).fillna("[文件]").astype(TEXT),
        agent=chosen(
            name.where(sender.isin(["agent", "bot"]) & ~silent), field(objects, "assigned_to", "id").where(handed)
        ),
        session_id=session,
        kind=part.where(silent).mask(silent, "event").mask(handed, "transfer").astype(TEXT),
    )
    return read_records(source.name, None, records, told, settings)


def _parts(records: Records) -> Records:
    """Return the messages of conversations as records of their own."""
    found = [(row, part) for row, one in zip(records.row.tolist(), records.objects, strict=True) for part in _talk(one)]
    row = np.array([at for at, _ in found], dtype=np.int64)
    return records._replace(objects=[part for _, part in found], row=row)


def _talk(conversation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the first message and the parts, each with its conversation's id and its time."""
    head = {"conversation": conversation.get("id")}
    first = conversation.get("conversation_message") or conversation.get("source")
    if isinstance(first, dict):
        yield {"created_at": conversation.get("created_at"), **first, "part_type": "comment", **head}
    parts = conversation.get("conversation_parts")
    parts = parts.get("conversation_parts") if isinstance(parts, dict) else parts
    for part in parts if isinstance(parts, list) else []:
        yield {**part, **head} if isinstance(part, dict) else {"body": str(part), **head}


def _attached(objects: Objects) -> pd.Series:
    return pd.Series([bool(one.get("attachments")) for one in objects], dtype=bool)


EXAMPLE = """\
{"conversations":[{"id":"147","created_at":1772416865,"source":{"body":"<p>Is it in stock?</p>","author":{"type":"user","id":"u1"}},
 "conversation_parts":{"conversation_parts":[{"part_type":"comment","body":"<p>Yes</p>","created_at":1772416895,"author":{"type":"admin","id":"7","name":"Amy"}}]}}]}
"""  # noqa: E501 - lines of the export
LAYOUT = Layout("intercom", Words("Intercom 会话 JSON", "Intercom conversations, JSON"), EXAMPLE, look, read)

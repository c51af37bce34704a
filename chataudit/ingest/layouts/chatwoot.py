"""Chatwoot messages: ``message_type`` 0 incoming, 1 outgoing, 2 activity, 3 template; ``created_at`` in seconds.

Notes among agents (``private``) are no talk with the buyer: they are rejects, so that nothing is lost unseen.
"""

from __future__ import annotations

import pandas as pd

from chataudit.arrays import TEXT
from chataudit.errors import Words
from chataudit.ingest.decode import clean_escaped
from chataudit.ingest.heads import head_keys
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.placeholders import kinds_of, shown
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, in_our_words, of_session, read_records
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import is_json
from chataudit.ingest.tabular.json_fields import Objects, chosen, field, json_records, kept
from chataudit.settings import Settings

TYPES = {
    "0": "buyer", "1": "agent", "2": "system", "3": "auto",
    "incoming": "buyer", "outgoing": "agent", "activity": "system", "template": "auto",
}  # fmt: skip
CONTENT = {"text": ("text", None), "input_email": ("text", None)}
BOTS = ("AgentBot", "Captain::Assistant", "agent_bot")


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the keys of a message."""
    if not is_json(source) or not {"conversation_id", "message_type", "content", "created_at"} <= head_keys(source):
        return None
    return Sign(SURE, Words("JSON 里有 conversation_id、message_type", "JSON with conversation_id and message_type"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; buyers are contacts' ids, agents users' names, the shop is the inbox.

    Raises:
        Faults: no JSON.
    """
    records = json_records(source)
    private = field(records.objects, "private") == "true"
    records = kept(records, ~private.fillna(False).to_numpy(dtype=bool), source.name, "a note among agents")
    objects = records.objects
    sender = in_our_words(field(objects, "message_type"), TYPES)
    by = chosen(field(objects, "sender_type"), field(objects, "sender", "type"))
    ruled = field(objects, "content_attributes", "automation_rule_id").notna()
    sender = sender.mask(ruled & (sender == "agent"), "auto").mask(by.isin(BOTS), "bot").astype(TEXT)
    session, who = field(objects, "conversation_id"), field(objects, "sender", "id")
    name = chosen(field(objects, "sender", "name"), who)
    types = chosen(_attached(objects), field(objects, "content_type"))
    event = sender == "system"
    told = Told(
        sender=sender,
        buyer=of_session(who.where(sender == "buyer"), session, session),
        sent_at=field(objects, "created_at"),
        text=shown(field(objects, "content"), types, {**CONTENT, **ATTACHED}),
        agent=name.where(sender.isin(["agent", "auto", "bot"])),
        shop=field(objects, "inbox_id"),
        session_id=session,
        kind=kinds_of(types, {**CONTENT, **ATTACHED}).mask(event, "event").astype(TEXT),
    )
    return read_records(source.name, None, records, told, settings)


ATTACHED = {
    "image": ("image", "[图片]"), "audio": ("file", "[语音]"), "video": ("file", "[视频]"), "file": ("file", "[文件]"),
}  # fmt: skip


def _attached(objects: Objects) -> pd.Series:
    """Return the type of the first attachment of messages without a text."""
    found = []
    for one in objects:
        parts = one.get("attachments")
        first = parts[0] if isinstance(parts, list) and parts and not one.get("content") else None
        found.append(clean_escaped(str(first.get("file_type", "file"))) if isinstance(first, dict) else None)
    return pd.Series(pd.array(found, dtype=TEXT))


EXAMPLE = """\
{"payload":[
 {"id":1,"content":"Is it in stock?","inbox_id":2,"conversation_id":10,"message_type":0,"created_at":1772416865,"private":false,"sender":{"id":5,"type":"contact"}},
 {"id":2,"content":"Yes","inbox_id":2,"conversation_id":10,"message_type":1,"created_at":1772416895,"private":false,"sender":{"id":7,"name":"Amy","type":"user"}}]}
"""  # noqa: E501 - lines of the export
LAYOUT = Layout("chatwoot", Words("Chatwoot 消息 JSON", "Chatwoot messages, JSON"), EXAMPLE, look, read)

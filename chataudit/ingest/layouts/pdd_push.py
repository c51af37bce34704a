"""拼多多 merchant push: one JSON object for each message, ``ts`` in seconds, roles user and mall_cs."""

from __future__ import annotations

import pandas as pd

from chataudit.arrays import TEXT
from chataudit.errors import Words
from chataudit.ingest.heads import head_keys
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, in_our_words, read_records
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import is_json
from chataudit.ingest.tabular.json_fields import Objects, chosen, field, json_records, kept
from chataudit.settings import Settings

KINDS = {
    "0": "text", "1": "image", "5": "emoji", "14": "file", "24": "transfer", "64": "card", "1002": "recall",
}  # fmt: skip
ROLES = {"user": "buyer", "mall_cs": "agent"}
RECALLED = "对方撤回了一条消息"


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the keys of the envelope and the message."""
    if not is_json(source) or not {"message", "from", "to", "msg_id", "ts"} <= head_keys(source):
        return None
    return Sign(SURE, Words("JSON 推送：message 里有 from、to、msg_id、ts", "JSON pushes with from, to, msg_id and ts"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; an object without a message is a reject, a sender of another role is the system.

    Raises:
        Faults: no JSON.
    """
    records = json_records(source)
    good = field(records.objects, "message", "from", "role").notna().to_numpy()
    records = kept(records, good, source.name, "a push without a message")
    messages: Objects = [one["message"] for one in records.objects]
    targets = field(records.objects, "target", "mall_id")
    role = in_our_words(field(messages, "from", "role"), ROLES)
    by_buyer = role == "buyer"
    mine, other = field(messages, "from", "uid"), field(messages, "to", "uid")
    told = Told(
        sender=role.fillna("system"),
        buyer=mine.where(by_buyer, other),
        sent_at=chosen(field(messages, "ts"), field(messages, "msg_id")),
        text=field(messages, "content"),
        agent=other.where(by_buyer, mine.where(role == "agent")),
        shop=chosen(field(messages, "to", "mall_id"), field(messages, "from", "mall_id"), targets),
        kind=_kinds(messages),
        refs=field(messages, "info", "goodsID"),
    )
    return read_records(source.name, "pdd", records, told, settings)


def _kinds(messages: Objects) -> pd.Series:
    """Return kinds by type; a text with a sub-type is the card of an order or item."""
    number, below = field(messages, "type"), field(messages, "sub_type")
    kinds = in_our_words(number, KINDS)
    return kinds.where(~((number == "0") & below.isin(["0", "1"])), "card").astype(TEXT)


EXAMPLE = """\
{"response":"push","message":{"content":"这款有现货吗","from":{"role":"user","uid":"9000000001"},"to":{"role":"mall_cs","mall_id":"100000001","uid":"200000001"},"msg_id":"1772416865000","nickname":"示**","ts":"1772416865","type":0,"info":{"goodsID":"600000000001"}}}
"""  # noqa: E501 - one line of the export
LAYOUT = Layout("pdd_push", Words("拼多多商家消息推送 JSON", "拼多多 merchant push JSON"), EXAMPLE, look, read)

"""千牛 SDK push (third parties): JSON objects with codeType, cid and buyerNick, often as a string inside JSON."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from chataudit.arrays import TEXT
from chataudit.errors import Words
from chataudit.ingest.columns import KIND_WORDS, aliases
from chataudit.ingest.heads import head_text
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, before, in_our_words, read_records
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import is_json
from chataudit.ingest.tabular.json_fields import field, json_records, kept
from chataudit.settings import Settings

BUYER_CHAT = "#11001"
RECEIVED = "CHAT_RECEIVE_MSG"


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by a codeType of chat."""
    if not is_json(source) or "codeType" not in head_text(source) or "CHAT_" not in head_text(source):
        return None
    return Sign(SURE, Words("JSON 推送，codeType 是 CHAT_…", "JSON pushes with a codeType CHAT_…"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages between buyers and sellers (``#11001`` in cid); others are rejects.

    Raises:
        Faults: no JSON.
    """
    records = json_records(source)
    records = records._replace(objects=[_unwrapped(one) for one in records.objects])
    code, cid = field(records.objects, "codeType"), field(records.objects, "cid")
    chat = code.str.startswith("CHAT_").fillna(False) & cid.str.contains(BUYER_CHAT, regex=False).fillna(True)
    records = kept(records, chat.to_numpy(dtype=bool), source.name, "no chat with a buyer")
    objects = records.objects
    received = field(objects, "codeType") == RECEIVED
    login = field(objects, "loginNick")
    told = Told(
        sender=pd.Series("agent", index=received.index, dtype=TEXT).mask(received, "buyer"),
        buyer=field(objects, "buyerNick"),
        sent_at=field(objects, "time"),
        text=field(objects, "message"),
        agent=login,
        shop=before(login, ":"),
        kind=in_our_words(field(objects, "type"), aliases(KIND_WORDS)),
    )
    return read_records(source.name, "taobao", records, told, settings)


def _unwrapped(one: dict[str, Any]) -> dict[str, Any]:
    """Return the payload that stands as a JSON string in an object, or the object itself."""
    if "codeType" in one and "message" in one:
        return one
    for value in one.values():
        if isinstance(value, str) and value.lstrip().startswith("{") and "codeType" in value:
            try:
                inner = json.loads(value, strict=False)
            except (ValueError, RecursionError):
                continue
            if isinstance(inner, dict):
                return inner
    return one


EXAMPLE = """\
{"codeType":"CHAT_RECEIVE_MSG","loginNick":"示例旗舰店:小雨","type":"文本消息","cid":"1.1-2.1#11001@cntaobao","buyerNick":"tb示例买家01","time":"1772416865000","message":"有货吗"}
"""  # noqa: E501 - one line of the export
LAYOUT = Layout("qianniu_push", Words("千牛 SDK 推送 JSON", "千牛 SDK push JSON"), EXAMPLE, look, read)

"""拼多多 chat as scrapers save it: ``<订单号>_chat.json``, a list of time, role, name, type and content."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pandas as pd

from chataudit.arrays import TEXT
from chataudit.errors import Words
from chataudit.ingest.columns import KIND_WORDS, SENDER_WORDS, aliases
from chataudit.ingest.heads import head_keys
from chataudit.ingest.layout import LIKELY, Layout, Sign
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, before, in_our_words, read_records
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import is_json
from chataudit.ingest.tabular.json_fields import field, json_records
from chataudit.settings import Settings

KEYS = {"time", "role", "name", "type", "content"}
ORDER = re.compile(r"(?<!\d)\d{6}-\d{15}(?!\d)")


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the five keys, and no others."""
    if not is_json(source) or head_keys(source) != KEYS:
        return None
    return Sign(
        LIKELY, Words("JSON，键是 time role name type content", "JSON with the keys time role name type content")
    )


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages of one order's chat: the order of the file's name is its session and its first reference.

    Raises:
        Faults: no JSON.
    """
    records = json_records(source)
    objects, size = records.objects, len(records.objects)
    name, role = field(objects, "name"), field(objects, "role")
    sender = in_our_words(role, aliases(SENDER_WORDS))
    masked = name.str.contains("*", regex=False).fillna(False)
    sender = sender.where(sender.notna() | ~masked, "buyer")
    buyers = name.where(sender == "buyer").dropna()
    order = ORDER.search(PurePosixPath(source.name).name)
    number = order.group() if order else None
    whose = buyers.iloc[0] if len(buyers) else f"?{number or PurePosixPath(source.name).stem}"
    agent = name.where(sender.isin(["agent", "assist", "auto", "bot"]))
    told = Told(
        sender=sender,
        buyer=_filled(whose, size),
        sent_at=field(objects, "time"),
        text=field(objects, "content"),
        agent=agent,
        shop=_filled(next(iter(before(agent, ":").dropna()), None), size),
        session_id=_filled(number, size),
        kind=in_our_words(field(objects, "type"), aliases(KIND_WORDS)),
        refs=pd.Series(pd.array([number if not at else None for at in range(size)], dtype=TEXT)),
    )
    return read_records(source.name, "pdd", records, told, settings)


def _filled(word: str | None, size: int) -> pd.Series:
    return pd.Series(pd.array([word] * size, dtype=TEXT))


EXAMPLE = """\
[{"time": "2026-03-02 10:01:05", "role": "用户", "name": "示**", "type": "text", "content": "这款能便宜点吗"},
 {"time": "2026-03-02 10:01:20", "role": "客服", "name": "示例专营店:小雨", "type": "text", "content": "可以领店铺券哦"}]
"""
LAYOUT = Layout("pdd_scraped", Words("拼多多抓取 JSON（一单一份）", "拼多多 scraped JSON"), EXAMPLE, look, read)

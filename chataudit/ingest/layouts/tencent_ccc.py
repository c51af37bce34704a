"""腾讯云呼叫中心 ``DescribeChatMessages``: ``Timestamp`` in seconds, ``From``, a list of ``Messages``; newest first.

The answer names no roles: agents are those of the setting ``agents``; else who spoke first is the buyer, which is said.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT
from chataudit.errors import Words
from chataudit.ingest.heads import head_keys
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.placeholders import kinds_of, shown
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, read_records
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import is_json
from chataudit.ingest.tabular.json_fields import Records, chosen, field, json_records
from chataudit.ingest.two_sides import two_sides
from chataudit.settings import Settings


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the keys of a message."""
    if not is_json(source) or not {"Timestamp", "From", "Messages", "Type", "Content"} <= head_keys(source):
        return None
    return Sign(SURE, Words("JSON 里有 Timestamp、From、Messages", "JSON with Timestamp, From and Messages"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages of one chat.

    Raises:
        Faults: no JSON.
    """
    records = _parts(json_records(source))
    objects = records.objects
    account, time = field(objects, "From"), field(objects, "Timestamp")
    seconds = pd.to_numeric(time, errors="coerce").to_numpy(dtype=float, na_value=np.inf)
    sides = two_sides(account, np.zeros(len(objects), dtype=np.int64), settings, order=seconds)
    types = field(objects, "Type").str.lower()
    told = Told(
        sender=sides.sender,
        buyer=sides.buyer,
        sent_at=time,
        text=shown(chosen(field(objects, "Content"), field(objects, "Url")), types),
        agent=sides.agent,
        kind=kinds_of(types).astype(TEXT),
    )
    reading = read_records(source.name, None, records, told, settings)
    return replace(reading, guesses=(*reading.guesses, *sides.guesses))


def _parts(records: Records) -> Records:
    """Return each part of a message as a record of its own."""
    whole = list(enumerate((one for answer in records.objects for one in _messages(answer)), start=1))
    said = [one.get("Timestamp") for _, one in whole]
    times = [time for time in said if isinstance(time, int | float)]
    if sum(after < before for before, after in pairwise(times)) * 2 > len(times) - 1:
        whole.reverse()  # the parts of a message stay in their order
    pairs = [(row, one, part) for row, one in whole for part in _said(one)]
    objects = [{**part, "From": one.get("From"), "Timestamp": one.get("Timestamp")} for _, one, part in pairs]
    return records._replace(objects=objects, row=np.array([row for row, _, _ in pairs], dtype=np.int64))


def _said(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parts of a message; one without any stands for itself, so that it is not lost."""
    listed = message.get("Messages")
    return [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) and listed else [{}]


def _messages(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages of an answer, or the object itself if it is one."""
    inner = answer.get("Response", answer)
    if not isinstance(inner, dict) or "From" in inner:
        return [answer]
    listed = inner.get("Messages")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else [answer]


EXAMPLE = """\
{"TotalCount":2,"Messages":[
 {"Timestamp":1772416890,"From":"客服小雨","Messages":[{"Type":"Text","Content":"有的"}]},
 {"Timestamp":1772416865,"From":"John","Messages":[{"Type":"Text","Content":"有货吗"}]}]}
"""
LAYOUT = Layout(
    "tencent_ccc", Words("腾讯云呼叫中心 在线聊天 JSON", "Tencent Cloud contact center chat, JSON"), EXAMPLE, look, read
)

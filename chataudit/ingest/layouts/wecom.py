"""企业微信 会话存档: JSON lines after decryption, ``msgtime`` in milliseconds, ids that say who is a customer.

Sources: the archive's documentation (developer.work.weixin.qq.com, 91774); customers' ids begin with ``wm`` or ``wo``,
robots' with ``wb``, all others are the company's own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT
from chataudit.errors import Words
from chataudit.ingest.decode import clean_escaped
from chataudit.ingest.heads import head_keys
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.placeholders import TYPES, kinds_of, shown
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, read_records
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import is_json
from chataudit.ingest.tabular.json_fields import Objects, chosen, field, json_records, kept
from chataudit.settings import Settings

OUTSIDE, ROBOT = ("wm", "wo"), r"^wb"
CONSENT = ("agree", "disagree")
MORE = {
    "revoke": ("recall", "[撤回]"),
    "agree": ("event", "[同意存档]"),
    "disagree": ("event", "[不同意存档]"),
}


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the keys of a message."""
    if not is_json(source) or not {"msgid", "action", "tolist", "msgtime", "msgtype"} <= head_keys(source):
        return None
    return Sign(SURE, Words("JSON 里有 msgid、action、tolist、msgtime", "JSON with msgid, action, tolist and msgtime"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages between a customer and the company; what is said in groups or among colleagues is a reject.

    Raises:
        Faults: no JSON.
    """
    records = json_records(source)
    says = field(records.objects, "action").isin(["send", "recall"]).to_numpy()
    records = kept(records, says, source.name, "an entry of the archive that is no message")
    records = kept(
        records, field(records.objects, "roomid").isna().to_numpy(), source.name, "group chat is not audited"
    )
    customers = _customers(records.objects)
    records = kept(records, customers.notna().to_numpy(), source.name, "no chat with a buyer")
    customers = customers.dropna().reset_index(drop=True)
    objects, account = records.objects, field(records.objects, "from")
    by_buyer = (account == customers).fillna(False).astype(bool)
    sender = pd.Series(np.where(by_buyer, "buyer", "agent"), dtype=TEXT)
    types = field(objects, "msgtype")
    words = {**TYPES, **MORE}
    told = Told(
        sender=sender.mask(types.isin(CONSENT), "system").mask(
            account.str.contains(ROBOT).fillna(False).astype(bool), "bot"
        ),
        buyer=customers,
        sent_at=field(objects, "msgtime"),
        text=shown(_texts(objects), types, words),
        agent=account.where(~by_buyer, _colleague(objects)).mask(types.isin(CONSENT)),
        kind=kinds_of(types, words),
    )
    return read_records(source.name, None, records, told, settings)


def _texts(objects: Objects) -> pd.Series:
    paths = (("text", "content"), ("markdown", "content"), ("link", "link_url"), ("file", "filename"))
    return chosen(*(field(objects, *path) for path in paths))


def _people(one: dict[str, Any]) -> list[str]:
    """Return who takes part: the sender, then the receivers."""
    to = one.get("tolist")
    names = (one.get("from"), *(to if isinstance(to, list) else []))
    return [clean_escaped(name) for name in names if isinstance(name, str)]


def _customers(objects: Objects) -> pd.Series:
    found = [next((name for name in _people(one) if name.startswith(OUTSIDE)), None) for one in objects]
    return pd.Series(pd.array(found, dtype=TEXT))


def _colleague(objects: Objects) -> pd.Series:
    """Return the first of the company's own among the receivers."""
    found = [next((name for name in _people(one)[1:] if not name.startswith(OUTSIDE)), None) for one in objects]
    return pd.Series(pd.array(found, dtype=TEXT))


EXAMPLE = """\
{"msgid":"1_1772416865","action":"send","from":"ZhangSan","tolist":["wmEXAMPLE"],"roomid":"","msgtime":1772416865123,"msgtype":"text","text":{"content":"您好"}}
{"msgid":"2_1772416900","action":"send","from":"wmEXAMPLE","tolist":["ZhangSan"],"roomid":"","msgtime":1772416900456,"msgtype":"image","image":{"filesize":1024}}
"""  # noqa: E501 - lines of the export
LAYOUT = Layout("wecom", Words("企业微信 会话存档 JSON", "WeCom message archive, JSON lines"), EXAMPLE, look, read)

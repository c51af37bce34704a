"""微信客服 ``sync_msg``: ``origin`` 3 customer, 4 system, 5 agent; ``send_time`` in seconds; events carry the transfers."""

from __future__ import annotations

import pandas as pd

from chataudit.arrays import TEXT
from chataudit.errors import Words
from chataudit.ingest.heads import head_keys
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.placeholders import TYPES, kinds_of, shown
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, in_our_words, read_records
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import is_json
from chataudit.ingest.tabular.json_fields import chosen, field, json_records
from chataudit.settings import Settings

ORIGINS = {"3": "buyer", "4": "system", "5": "agent"}
WORDS = {**TYPES, "event": ("event", "[事件]")}
HANDED_OVER = "2"  # change_type of a session that goes from one agent to another


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the keys of a message."""
    if not is_json(source) or not {"open_kfid", "origin", "send_time", "msgtype"} <= head_keys(source):
        return None
    return Sign(SURE, Words("JSON 里有 open_kfid、origin、send_time", "JSON with open_kfid, origin and send_time"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; the shop is the account of the service (``open_kfid``).

    Raises:
        Faults: no JSON.
    """
    records = json_records(source)
    objects = records.objects
    types, change = field(objects, "msgtype"), field(objects, "event", "change_type")
    agent = chosen(field(objects, "servicer_userid"), field(objects, "event", "new_servicer_userid"))
    sender = in_our_words(field(objects, "origin"), ORIGINS)
    kind = kinds_of(types, WORDS).mask(change == HANDED_OVER, "transfer").astype(TEXT)
    told = Told(
        sender=sender,
        buyer=chosen(field(objects, "external_userid"), field(objects, "event", "external_userid")),
        sent_at=field(objects, "send_time"),
        text=shown(_texts(objects), types, WORDS),
        agent=agent.where((sender != "system") | (kind == "transfer"), None).astype(TEXT),
        shop=chosen(field(objects, "open_kfid"), field(objects, "event", "open_kfid")),
        kind=kind,
    )
    return read_records(source.name, None, records, told, settings)


def _texts(objects: list[dict[str, object]]) -> pd.Series:
    paths = (("text", "content"), ("link", "url"), ("msgmenu", "head_content"), ("event", "event_type"))
    return chosen(*(field(objects, *path) for path in paths))


EXAMPLE = """\
{"errcode":0,"msg_list":[
 {"msgid":"m1","open_kfid":"wkEXAMPLE","external_userid":"wmEXAMPLE","send_time":1772416865,"origin":3,"msgtype":"text","text":{"content":"在吗"}},
 {"msgid":"m2","open_kfid":"wkEXAMPLE","external_userid":"wmEXAMPLE","send_time":1772416890,"origin":5,"servicer_userid":"ZhangSan","msgtype":"text","text":{"content":"在的"}}]}
"""  # noqa: E501 - lines of the export
LAYOUT = Layout(
    "weixin_kf", Words("微信客服 sync_msg JSON", "Weixin customer service, sync_msg JSON"), EXAMPLE, look, read
)

"""京东 咚咚 full log (``queryLastLogs``): from.app and from.pin say who speaks, the robot's messages are in it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from chataudit.arrays import TEXT, text
from chataudit.errors import Words
from chataudit.ingest.heads import head_keys
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.lines import last_at
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, before, in_our_words, of_session, read_records, shop_of
from chataudit.ingest.roles import ROBOT
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import is_json
from chataudit.ingest.tabular.json_fields import chosen, field, json_records
from chataudit.ingest.times import read_times
from chataudit.settings import Settings

APPS = {"im.customer": "buyer", "im.waiter": "agent"}
KINDS = {"image": "image", "template2": "card", "video": "file", "voice": "file", "file": "file"}


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by from.app, from.pin, body and datetime."""
    if not is_json(source) or not {"from", "app", "pin", "body", "datetime"} <= head_keys(source):
        return None
    return Sign(
        SURE, Words("JSON 里有 from.app、from.pin、body、datetime", "JSON with from.app, from.pin, body, datetime")
    )


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; one without a session goes to the session that is nearest in time.

    Raises:
        Faults: no JSON.
    """
    records = json_records(source)
    objects = records.objects
    pin, at = field(objects, "from", "pin"), field(objects, "datetime")
    sender = in_our_words(field(objects, "from", "app"), APPS).fillna("system")
    automatic = field(objects, "body", "action", "code").notna() | field(objects, "body", "chatinfo", "cbData").notna()
    robot = (sender == "agent") & pin.str.contains(ROBOT.pattern).fillna(False)
    session = _sessions(field(objects, "body", "chatinfo", "sid"), at, settings)
    body = chosen(
        field(objects, "body", "content"), field(objects, "body", "url"), field(objects, "body", "data", "tplData")
    )
    told = Told(
        sender=sender.mask((sender == "agent") & automatic, "auto").mask(robot, "bot"),
        buyer=of_session(pin.where(sender == "buyer"), session, field(objects, "to", "pin").where(sender != "buyer")),
        sent_at=at,
        text=body,
        agent=pin.where(sender == "agent"),
        shop=shop_of(before(pin.where((sender == "agent") & ~robot), "-"), session),
        session_id=session,
        kind=in_our_words(field(objects, "body", "type"), KINDS),
    )
    return read_records(source.name, "jd", records, told, settings)


def _sessions(said: pd.Series, at: pd.Series, settings: Settings) -> pd.Series:
    """Fill a missing session from the message nearest in time that has one."""
    if said.notna().all() or said.isna().all():
        return said
    instants = read_times(at, settings.timezone).astype("int64").to_numpy()
    known = np.flatnonzero(said.notna().to_numpy())
    known = known[np.argsort(instants[known], kind="stable")]
    times = instants[known]
    before_ = np.maximum(last_at(times, instants), 0)
    after = np.minimum(before_ + 1, len(known) - 1)
    nearer = np.where(np.abs(times[after] - instants) < np.abs(instants - times[before_]), after, before_)
    whole = pa.array(said, pa.large_string(), from_pandas=True)
    return text(whole.take(pa.array(np.where(said.notna(), np.arange(len(said)), known[nearer])))).astype(TEXT)


EXAMPLE = """\
[{"from": {"app": "im.customer", "pin": "jd_示例01"}, "body": {"type": "text", "content": "有货吗", "chatinfo": {"sid": "s1"}}, "datetime": 1772459411000},
 {"from": {"app": "im.waiter", "pin": "示例家电-小何"}, "body": {"type": "text", "content": "有的", "chatinfo": {"sid": "s1"}}, "datetime": 1772459435000}]
"""  # noqa: E501 - lines of the export
LAYOUT = Layout("jd_im_log", Words("京东咚咚完整消息 JSON", "京东 咚咚 full log, JSON"), EXAMPLE, look, read)

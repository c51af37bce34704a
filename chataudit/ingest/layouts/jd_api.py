"""京东 chat by JOS (``im.pop.chatlog.get``) and ``dongdong-sessions/…/chat-logs``: customer, waiter, waiterSend."""

from __future__ import annotations

import pandas as pd

from chataudit.arrays import TEXT, nothing
from chataudit.errors import Words
from chataudit.ingest.heads import head_keys
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, before, of_session, read_records, shop_of
from chataudit.ingest.roles import ROBOT
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import is_json
from chataudit.ingest.tabular.json_fields import chosen, field, json_records
from chataudit.settings import Settings

TRUE = ["true", "1", "True"]


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the keys customer, waiter and waiterSend."""
    if not is_json(source) or not {"customer", "waiter", "waiterSend", "content"} <= head_keys(source):
        return None
    return Sign(SURE, Words("JSON 里有 customer、waiter、waiterSend", "JSON with customer, waiter and waiterSend"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; the interface leaves the robot's out, which the notes say.

    Raises:
        Faults: no JSON.
    """
    records = json_records(source)
    objects = records.objects
    by_waiter, waiter = field(objects, "waiterSend").isin(TRUE), field(objects, "waiter")
    assisted = field(objects, "msgAssistFlag").isin(TRUE)
    sender = pd.Series("buyer", index=by_waiter.index, dtype=TEXT).mask(by_waiter, "agent")
    sender = sender.mask(by_waiter & assisted, "assist")
    robot = waiter.str.contains(ROBOT.pattern).fillna(False)
    content, image = field(objects, "content"), field(objects, "imgUrl")
    kind = nothing(len(objects)).mask(content.isna() & image.notna(), "image")
    session, sku = field(objects, "sid"), field(objects, "skuId")
    told = Told(
        sender=sender.mask(by_waiter & robot, "bot"),
        buyer=of_session(chosen(field(objects, "customer"), field(objects, "xidBuyer")), session),
        sent_at=chosen(field(objects, "time"), field(objects, "createdTime")),
        text=chosen(content, image),
        agent=waiter,
        shop=shop_of(before(waiter, "-"), session),
        session_id=session,
        kind=kind.mask(field(objects, "revokeFlag").isin(TRUE), "recall"),
        refs=sku.where(sku.str.fullmatch(r"\d{5,}").fillna(False)),
        notes=(_robots_missing(source.name),) if not robot.any() else (),
    )
    return read_records(source.name, "jd", records, told, settings)


def _robots_missing(name: str) -> Words:
    return Words(
        f"{name}：这个接口不给机器人的消息，机器人已答过的问题会显得没人答；要看全请用咚咚聊天记录 log。",
        f"{name}: this interface leaves the robot's messages out, so what the robot answered looks unanswered; "
        "the chat log has them.",
    )


EXAMPLE = """\
[{"customer": "jd_示例01", "waiter": "示例家电-小何", "content": "有货吗", "sid": "s1", "skuId": 100000000001, "time": "2026-03-02 21:50:18", "waiterSend": false},
 {"customer": "jd_示例01", "waiter": "示例家电-小何", "content": "有的", "sid": "s1", "time": "2026-03-02 21:50:35", "waiterSend": true}]
"""  # noqa: E501 - lines of the export
LAYOUT = Layout("jd_api", Words("京东接口聊天记录 JSON", "京东 chat log interfaces, JSON"), EXAMPLE, look, read)

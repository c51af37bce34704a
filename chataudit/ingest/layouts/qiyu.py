"""网易七鱼 ``/openapi/export/session``: JSON lines of sessions and of messages, times in milliseconds.

A message names its session alone; who the customer and the agent are stands with the session, if that is in the same file.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT
from chataudit.errors import Words
from chataudit.ingest.guesses import Guess
from chataudit.ingest.heads import head_keys
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.placeholders import kinds_of, shown
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, read_records
from chataudit.ingest.roles import ROBOT
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import is_json
from chataudit.ingest.tabular.json_fields import Objects, field, json_records
from chataudit.settings import Settings

MESSAGE, SESSION = {"content", "fromUser", "sessionId", "msgIdClient"}, {"sType", "staffId", "userId", "startTime"}
TEMPLATE = r'^\s*\{.*"cmd"\s*:'
NO_SESSIONS = Guess(
    Words("没有会话记录：买家用会话编号代替，客服未知", "no sessions: buyers are session numbers, agents unknown"),
    Words("把会话和消息两个导出合成一个文件", "put the exports of sessions and messages into one file"),
)


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the keys of a message, or of a session with messages further down."""
    keys = head_keys(source) if is_json(source) else frozenset[str]()
    if not (keys >= MESSAGE or keys >= SESSION):
        return None
    return Sign(
        SURE, Words("JSON 里有 sessionId、fromUser、msgIdClient", "JSON with sessionId, fromUser and msgIdClient")
    )


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; a content that is a template's JSON is the robot's card.

    Raises:
        Faults: no JSON.
    """
    records = json_records(source)
    talk = np.array(["sessionId" in one and "fromUser" in one for one in records.objects], dtype=bool)
    sessions = [one for one, is_talk in zip(records.objects, talk.tolist(), strict=True) if not is_talk]
    objects = [one for one, is_talk in zip(records.objects, talk.tolist(), strict=True) if is_talk]
    records = records._replace(objects=objects, row=records.row[talk])
    session, content, types = field(objects, "sessionId"), field(objects, "content"), field(objects, "type")
    buyer, staff = _of(sessions, "userId", session), _of(sessions, "staffName", session)
    by_buyer = (field(objects, "fromUser") == "1").fillna(False).astype(bool)
    template = content.str.contains(TEMPLATE).fillna(False).astype(bool) & ~by_buyer
    robot = (template | staff.str.contains(ROBOT.pattern).fillna(False).astype(bool)) & ~by_buyer
    sender = pd.Series(np.where(by_buyer, "buyer", "agent"), dtype=TEXT).mask(robot, "bot")
    told = Told(
        sender=sender,
        buyer=buyer.where(buyer.notna(), session),
        sent_at=field(objects, "time"),
        text=shown(content.mask(template | (types != "text").fillna(False).astype(bool)), types),
        agent=staff.mask(template & ~staff.str.contains(ROBOT.pattern).fillna(False).astype(bool)),
        session_id=session,
        kind=kinds_of(types).mask(template, "card").astype(TEXT),
    )
    reading = read_records(source.name, None, records, told, settings)
    return reading if buyer.notna().any() or not objects else replace(reading, guesses=(*reading.guesses, NO_SESSIONS))


def _of(sessions: Objects, key: str, session: pd.Series) -> pd.Series:
    """Return what the session of each message says."""
    known = pd.Series(field(sessions, key).to_numpy(dtype=object), index=field(sessions, "id").to_numpy(dtype=object))
    known = known[~known.index.duplicated()]
    return session.map(known).astype(TEXT)


EXAMPLE = """\
{"id":3000000001,"startTime":1772416865000,"endTime":1772417465000,"sType":0,"staffId":501,"staffName":"小雨","userId":"u-example"}
{"id":9000000001,"content":"这款有现货吗","type":"text","time":1772416865000,"fromUser":1,"msgIdClient":"3000000001#1","sessionId":3000000001}
{"id":9000000002,"content":"有的","type":"text","time":1772416890000,"fromUser":0,"msgIdClient":"3000000001#2","sessionId":3000000001}
"""  # noqa: E501 - lines of the export
LAYOUT = Layout("qiyu", Words("网易七鱼 会话导出 JSON", "NetEase Qiyu sessions, JSON lines"), EXAMPLE, look, read)

"""留痕 (WeChatMsg) CSV of 微信: ``IsSender`` says who speaks, ``CreateTime`` in seconds; and its newer Chinese header.

Files up to version 0.2.6 have a header short of one name: the cells beyond it are not read.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, nothing
from chataudit.errors import Words
from chataudit.ingest.columns import understand, understood
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, in_our_words, read_records
from chataudit.ingest.rejected import rejects
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import Sheet, read_header, read_sheet
from chataudit.ingest.tabular.csv_tables import find_csv_header
from chataudit.ingest.tabular.delimited import read_delimited
from chataudit.ingest.tabular.json_fields import Records, chosen
from chataudit.settings import Settings

COLUMNS = {
    "talker": "TalkerId",
    "type": "Type 类型",
    "mine": "IsSender",
    "seconds": "CreateTime",
    "text": "StrContent 内容",
    "time": "StrTime 时间",
    "remark": "Remark 备注",
    "nick": "NickName 昵称",
    "account": "Sender 发送人",
    "message": "localId 消息ID",
}
OLD, NEW = {"mine", "text", "type", "seconds"}, {"message", "account", "text", "nick"}
KINDS = {
    "1": "text", "3": "image", "34": "file", "43": "file", "47": "emoji", "48": "card", "49": "card", "42": "card",
    "62": "file", "10000": "event", "10002": "event", "文本": "text", "图片": "image", "语音": "file", "视频": "file",
    "表情包": "emoji", "动画表情": "emoji", "文件": "file", "系统消息": "event", "拍一拍": "event",
}  # fmt: skip
STANDS = {"image": "[图片]", "file": "[文件]", "emoji": "[表情]", "card": "[链接]"}
SYSTEM = ("10000", "10002", "系统消息", "拍一拍")
MYSELF = "我"
RECALLED = r"撤回了?一条消息"
WIDER = r"(\d+) cells, the header has (\d+)"


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the names of the header."""
    header = read_header(source, COLUMNS, {})
    known = understand(header, COLUMNS).keys() if header is not None else set()
    if known >= OLD:
        return Sign(
            SURE, Words("表头有 IsSender、StrContent、CreateTime", "a header with IsSender, StrContent, CreateTime")
        )
    if known >= NEW and {"消息ID", "发送人"} <= {cell.strip().lstrip("\ufeff") for cell in header or []}:
        return Sign(SURE, Words("表头有 消息ID、发送人、昵称", "a header with 消息ID, 发送人, 昵称"))
    return None


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; the buyer is the peer's remark, else nick."""
    sheet = _sheet(source)
    places = understand(sheet.header, COLUMNS)
    empty = nothing(len(sheet.frame))

    def column(name: str) -> pd.Series:
        return sheet.frame[places[name]] if name in places else empty

    types, nick, account = column("type"), column("nick"), column("account")
    mine = _mine(column("mine"), account, nick, column("remark")) if len(sheet.frame) else np.array([], dtype=bool)
    system = types.isin(SYSTEM).to_numpy()
    peer = chosen(column("remark"), nick)
    talker = column("talker").fillna("")
    other = peer.where(~mine & ~system)
    first = pd.DataFrame({"talker": talker, "peer": other}).dropna().drop_duplicates("talker")
    names = talker.map(dict(zip(first["talker"], first["peer"], strict=True))).astype(TEXT)
    said = column("text")
    recalled = said.str.contains(RECALLED).fillna(False).to_numpy(dtype=bool) & system
    kinds = in_our_words(types, KINDS).where(lambda kind: kind.notna() | types.isna(), "card").astype(TEXT)
    markup = said.str.startswith("<").fillna(False).to_numpy(dtype=bool) & ~kinds.isin(["text"]).to_numpy()
    told = Told(
        sender=pd.Series(np.where(system, "system", np.where(mine, "agent", "buyer")), dtype=TEXT),
        buyer=chosen(names, peer, talker.where(talker != "")),
        sent_at=chosen(column("seconds"), column("time")),
        text=said.mask(markup | said.isna(), kinds.map(STANDS)).astype(TEXT),
        agent=chosen(account, nick).where(mine & ~system),
        kind=kinds.mask(recalled, "recall").astype(TEXT),
    )
    records = Records([], sheet.rows, sheet.rejects, sheet.notes)
    reading = read_records(source.name, None, records, told, settings)
    return Reading(reading.messages, reading.rejects, reading.notes, reading.guesses, understood(sheet.header, places))


def _sheet(source: Source) -> Sheet:
    """Return the table; where every row has more cells than the header (old versions), by their number."""
    sheet = read_sheet(source, COLUMNS, {})
    assert sheet is not None
    reasons = sheet.rejects["reason"].unique()
    wider = re.fullmatch(WIDER, reasons[0]) if not len(sheet.frame) and len(reasons) == 1 else None
    found = find_csv_header(source, COLUMNS, {})
    if wider is None or found is None or int(wider.group(1)) < len(sheet.header):
        return sheet
    width = int(wider.group(1))
    read = read_delimited(source, width, found.lines, found.delimiter, found.header.at + 2)
    header = [*sheet.header, *[""] * (width - len(sheet.header))]
    return Sheet(header, read.frame, read.rows, rejects(source.name, list(read.bad)), read.notes)


def _mine(said: pd.Series, account: pd.Series, nick: pd.Series, remark: pd.Series) -> np.ndarray:
    """Return which messages the owner of the account sent."""
    if said.notna().any():
        return (said == "1").fillna(False).to_numpy(dtype=bool)
    theirs = (account == nick) | (account == remark)
    return ((account == MYSELF) | ~theirs.fillna(False).astype(bool)).fillna(False).to_numpy(dtype=bool)


EXAMPLE = """\
localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender
101,12,1,0,0,1772416865,3,这款有现货吗,2026-03-02 10:01:05,示例买家,示例买家,wxid_example01
102,12,1,0,1,1772416890,2,有的亲,2026-03-02 10:01:30,示例买家,我,wxid_self
"""
LAYOUT = Layout("wechat_csv", Words("微信 留痕 CSV", "WeChatMsg CSV"), EXAMPLE, look, read)

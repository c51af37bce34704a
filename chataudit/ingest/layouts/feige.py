"""抖店 飞鸽 bubbles as scrapers save them: text and side (右 the shop's, 左 the buyer's, 中 the system's), relative days."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import TEXT, arrow, nothing, text
from chataudit.errors import Words
from chataudit.ingest.columns import SENDER_WORDS, aliases, has_columns, understand, understood
from chataudit.ingest.days import FIX, find_day
from chataudit.ingest.guesses import Guess
from chataudit.ingest.layout import LIKELY, Layout, Sign
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, in_our_words, of_session, read_records
from chataudit.ingest.relative_days import RELATIVE, in_full
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import read_header, read_sheet
from chataudit.ingest.tabular.json_fields import Records
from chataudit.settings import Settings

COLUMNS = {
    "session_id": "会话 会话ID 会话编号 session conversation",
    "number": "序号 seq index",
    "side": "方向 dir direction",
    "text": "内容 text content",
    "sent_at": "时间 time",
    "buyer": "用户信息 消费者昵称 买家 用户昵称",
    "agent": "客服昵称 客服",
    "shop": "店铺名称 店铺",
    "role": "发送方 身份",
}
SIDES = {
    "左": "buyer", "left": "buyer", "右": "agent", "right": "agent", "中": "system", "center": "system",
    "centre": "system", "middle": "system",
}  # fmt: skip
JOINED = re.compile(r"客服(.{1,30})已接入会话")


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by a column of sides beside the text."""
    header = read_header(source, COLUMNS, {})
    if not (has_columns(header, "方向", "内容") or has_columns(header, "dir", "text")):
        return None
    return Sign(LIKELY, Words("有“方向”（左/右/中）和“内容”两列", "columns of a bubble's side (左/右/中) and its text"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; 昨天 and 今天 are told from the day of the export (the user's or the file name's).

    On the shop's side a role of 智能客服 is the robot and 商家配置 an automatic reply; without a role it is an agent's.

    Raises:
        Faults: the table is broken.
    """
    sheet = read_sheet(source, COLUMNS, {})
    assert sheet is not None  # the look saw its header
    at = understand(sheet.header, COLUMNS)
    empty = nothing(len(sheet.frame))
    cells = {name: sheet.frame[at[name]] if name in at else empty for name in COLUMNS}
    session = cells["session_id"] if "session_id" in at else empty.fillna(source.name)
    side = _sides(cells["side"])
    role = in_our_words(cells["role"], {**aliases(SENDER_WORDS), "商家配置": "auto"})
    sender = side.where(~((side == "agent") & role.isin(["bot", "auto", "assist"])), role)
    times, guesses = _times(cells["sent_at"], source.name, settings)
    told = Told(
        sender=sender,
        buyer=of_session(cells["buyer"], session, session),
        sent_at=times,
        text=cells["text"],
        agent=cells["agent"]
        .where(cells["agent"].notna(), _joined(cells["text"], sender, session))
        .where(sender != "buyer"),
        shop=cells["shop"],
        session_id=session if "session_id" in at else None,
        notes=sheet.notes,
        guesses=guesses,
    )
    records = Records([], sheet.rows, sheet.rejects, ())
    reading = read_records(source.name, "douyin", records, told, settings)
    return Reading(reading.messages, reading.rejects, reading.notes, reading.guesses, understood(sheet.header, at))


def _sides(cells: pd.Series) -> pd.Series:
    """Return senders by the first word of a side (``右（智能客服）``); null where it is none."""
    told = arrow(cells).dictionary_encode()
    word = pc.utf8_lower(pc.replace_substring_regex(told.dictionary, r"^\s*(左|右|中|[a-zA-Z]+).*$", r"\1"))
    return in_our_words(text(word.take(told.indices)), SIDES)


def _times(cells: pd.Series, name: str, settings: Settings) -> tuple[pd.Series, tuple[Guess, ...]]:
    """Return times with full days; null where a relative day has no day to count from."""
    said = pc.utf8_trim_whitespace(arrow(cells))
    relative = pc.match_substring_regex(said, RELATIVE).fill_null(False)
    if not pc.any(relative).as_py():
        return text(said), ()
    day = find_day(name, settings)
    if day is None:
        what = Words(
            "“今天”“昨天”不知从哪天算起，这些时间只留钟点",
            "今天 and 昨天 have no day to count from; only the clock is kept",
        )
        clock = pc.replace_substring_regex(said, r"^.*?(\d{1,2}:\d{2}(?::\d{2})?)$", r"\1")
        return text(pc.if_else(relative, clock, said)), (Guess(what, FIX),)
    once = said.dictionary_encode()
    full = pa.array([in_full(word, day.day) for word in once.dictionary.to_pylist()], pa.large_string())
    guesses: tuple[Guess, ...] = ()
    if day.where != "settings":
        what = Words(f"“今天”按 {day.day} 算（来自文件名）", f"今天 was taken as {day.day} (from the file name)")
        guesses = (Guess(what, FIX),)
    return text(full.take(once.indices)), guesses


def _joined(texts: pd.Series, sender: pd.Series, session: pd.Series) -> pd.Series:
    """Return, on the shop's rows, the agent whom the system last said to have joined the session."""
    at = np.flatnonzero((sender == "system").fillna(False).to_numpy(dtype=bool))
    if not len(at):
        return nothing(len(texts))
    names = np.full(len(texts), None, dtype=object)
    for place in at:
        found = JOINED.search(str(texts.iloc[place]))
        names[place] = found.group(1).strip() if found else None
    said = pd.Series(pd.array(names, dtype=TEXT)).groupby(session, sort=False).ffill()
    return said.where(sender.isin(["agent", "assist", "auto"])).astype(TEXT)


EXAMPLE = """\
会话,序号,方向,内容,时间
conv_001,1,左,这个色号适合黄皮吗,2026-03-02 20:11
conv_001,2,中,客服小雨已接入会话,2026-03-02 20:12
conv_001,3,右,适合的亲，显白,2026-03-02 20:12
"""
LAYOUT = Layout("feige", Words("抖店飞鸽会话（左右气泡）", "抖店 飞鸽 bubbles"), EXAMPLE, look, read)

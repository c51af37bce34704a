"""千牛 “即时消息” TXT of 2017: date, time, sender and text on one line, days parted by date lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from chataudit.arrays import text
from chataudit.errors import Words
from chataudit.ingest.layout import LIKELY, SURE, Layout, Sign
from chataudit.ingest.lines import Lines, head_of, next_after
from chataudit.ingest.reading import Reading, trimmed_code
from chataudit.ingest.rejected import rejects, together
from chataudit.ingest.sources import Source
from chataudit.ingest.talk import Said, read_said
from chataudit.ingest.times import read_times
from chataudit.settings import Settings

TITLE = r"^\s*即时消息\s*$"
DAY = r"^\d{4}-\d{2}-\d{2}\s*$"
MESSAGE = r"^(?P<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}) +(?P<sender>\S.*?) ?:(?:\s(?P<text>.*))?$"
TITLE_LINES = 4


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by ``date time sender: text`` lines, and by the title in the third line."""
    lines = head_of(source)
    said = lines.where(MESSAGE)
    if not said.any():
        return None
    why = Words("每条写作“日期 时间 发送者: 内容”", "messages as date time sender: text")
    if lines.where(TITLE)[:TITLE_LINES].any():
        return Sign(SURE, Words(f"第 3 行是“即时消息”，{why.zh}", f"the title 即时消息, {why.en}"))
    return Sign(LIKELY, why) if said.sum() * 2 >= lines.filled().sum() else None


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; a line without a time continues the message before it, what stands above the title is none."""
    lines = Lines(source)
    opens, days = lines.where(MESSAGE), lines.where(DAY)
    at = np.flatnonzero(opens)
    end = next_after(np.flatnonzero(opens | days), at, len(lines))
    parts = lines.parts(MESSAGE, at)
    lines.replaced(at, parts["text"])
    said = Said(
        row=at + 1,
        account=trimmed_code(text(parts["sender"])),
        sent_at=read_times(text(parts["time"]), settings.timezone),
        text=lines.bodies(at, end),
        clocks=np.zeros(len(at), dtype=bool),
    )
    reading = read_said(source.name, said, settings)
    titles = np.flatnonzero(lines.where(TITLE))[:1]
    banner = np.arange(len(lines)) <= (titles[0] if len(titles) else -1)
    strange = lines.strays(lines.outside(at, end) & ~days & ~banner)
    return replace(reading, rejects=together(reading.rejects, rejects(source.name, strange)), notes=lines.notes)


EXAMPLE = """\
示例旗舰店:小雨
聊天记录
即时消息
2026-03-02
2026-03-02 10:01:05 tb示例买家01: 这款有现货吗
2026-03-02 10:01:31 示例旗舰店:小雨: 亲，在的哦
"""
LAYOUT = Layout("qianniu_im", Words("千牛“即时消息” TXT", "千牛 即时消息 TXT"), EXAMPLE, look, read)

"""QQ 消息管理器 TXT: a block per peer (``消息对象:``), ``time nick(number)`` or ``time nick<mail>``, the body below."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from chataudit.arrays import TEXT, text
from chataudit.errors import Words
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.lines import Lines, head_of, last_at, next_after
from chataudit.ingest.reading import Reading, from_columns, trimmed_code
from chataudit.ingest.rejected import rejects, together
from chataudit.ingest.sources import Source
from chataudit.ingest.times import read_times
from chataudit.ingest.two_sides import two_sides
from chataudit.settings import Settings

PEER = r"^消息对象\s*[:：]\s*(?P<peer>.*?)\s*$"
GROUPS = r"^消息分组\s*[:：]\s*(?P<group>.*?)\s*$"
RULE = r"^={10,}\s*$"
BANNER = r"^消息记录（"
MESSAGE = r"^\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2}:\d{2} .{0,80}(?:\(\d{4,12}\)|<[^<>\s]{3,80}>)\s*$"
PARTS = r"^(?P<time>[\d-]+ [\d:]+) (?P<name>.*)[(<](?P<number>[^()<>\s]+)[)>]\s*$"  # quick, where MESSAGE fits
GROUP = r"群"
SYSTEM = ("10000", "1000000")


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the line of the peer and messages of nick and number."""
    lines = head_of(source)
    if not lines.where(PEER).any() or not lines.where(MESSAGE).any():
        return None
    return Sign(
        SURE, Words("有“消息对象:”，消息写作“时间 昵称(QQ号)”", "a line 消息对象:, messages as time nick(number)")
    )


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; those of groups are rejects."""
    lines = Lines(source)
    opens, peers, groups = lines.where(MESSAGE), lines.where(PEER), lines.where(GROUPS)
    marks = peers | groups | lines.where(RULE)
    at = np.flatnonzero(opens)
    end = next_after(np.flatnonzero(opens | marks), at, len(lines))
    block = np.maximum(last_at(np.flatnonzero(peers), at), 0)
    parts = lines.parts(PARTS, at)
    of_group = _in_group(lines, groups, at)
    name = _names(text(parts["name"]), text(parts["number"]))
    peer = text(lines.parts(PEER, np.flatnonzero(peers))["peer"].take(pa.array(block)))
    system = text(parts["number"]).isin(SYSTEM)
    sides = two_sides(name.mask(system | of_group), block, settings, peer=peer)
    sent_at = read_times(text(parts["time"]), settings.timezone)
    frame = from_columns(
        len(at),
        settings.timezone,
        row=at + 1,
        part=block,
        buyer=trimmed_code(peer),
        agent=trimmed_code(sides.agent),
        sender=trimmed_code(sides.sender.fillna("system")),
        kind=trimmed_code(text(parts["number"]).where(~system, "event").where(system)),
        sent_at=sent_at,
        text=lines.bodies(at + 1, end),
    )
    wrong = {"group chat is not audited": of_group, "a time that can't be read": sent_at.isna().to_numpy() & ~of_group}
    bad = [
        (int(at[place]) + 1, reason, str(frame["text"].iloc[place]))
        for reason, flags in wrong.items()
        for place in np.flatnonzero(flags)
    ]
    strange = lines.strays(lines.outside(at, end) & ~marks & ~lines.where(BANNER))
    good = ~(of_group | sent_at.isna().to_numpy())
    frame["part"] = -1  # a peer's block is no session
    kept = frame if good.all() else frame[good].reset_index(drop=True)
    table = together(rejects(source.name, strange), rejects(source.name, bad))
    return Reading(kept, table, lines.notes, sides.guesses)


def _names(names: pd.Series, number: pd.Series) -> pd.Series:
    """Return who speaks; a nick left empty is that of the same number elsewhere, else the number."""
    said = names.str.strip()
    said = said.mask(said == "")
    known = pd.DataFrame({"name": said, "number": number}).dropna().drop_duplicates("number")
    elsewhere = number.map(dict(zip(known["number"], known["name"], strict=True))).astype(TEXT)
    return said.fillna(elsewhere).fillna(number).astype(TEXT)


def _in_group(lines: Lines, groups: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return which messages stand below a heading of group chats."""
    marks = np.flatnonzero(groups)
    if not len(marks):
        return np.zeros(len(at), dtype=bool)
    names = text(lines.parts(GROUPS, marks)["group"])
    told = names.str.contains(GROUP, regex=False).fillna(False).to_numpy(dtype=bool)
    place = last_at(marks, at)
    return np.where(place >= 0, told[np.maximum(place, 0)], False)


EXAMPLE = """\
消息记录（此消息记录为文本格式，不支持重新导入）

================================================================
消息分组:我的好友
================================================================
消息对象:示例买家
================================================================

2026-03-02 10:01:05 示例买家(10000001)
这款有现货吗

2026-03-02 10:01:31 客服小雨<kefu@example.invalid>
有的亲
"""
LAYOUT = Layout("qq_txt", Words("QQ 消息记录 TXT", "QQ messages TXT"), EXAMPLE, look, read)

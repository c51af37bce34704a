"""旺旺 / 千牛 classic TXT: one exporting account, a block per peer, sender and time before each body."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from chataudit.arrays import Flags, Ints, coded, text
from chataudit.errors import Words
from chataudit.ingest.guesses import guessed_roles
from chataudit.ingest.kinds import NOTICE
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.lines import Lines, head_of, last_at, next_after
from chataudit.ingest.reading import Reading, from_columns, in_words
from chataudit.ingest.rejected import rejects
from chataudit.ingest.sections import PEER, RULE, TITLE, Sections, find_sections
from chataudit.ingest.sources import Source
from chataudit.ingest.times import read_times
from chataudit.ingest.wangwang_roles import AGENT, BUYER, SYSTEM, Spoken, tell_spoken
from chataudit.settings import Settings
from chataudit.tables import SENDERS

MESSAGE = r"^(?P<sender>.*?)\((?P<time>\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2}:\d{2})\):[ \t]{0,2}(?P<text>.*)$"
REASON = r"^\s*原因：【.*】\s*$"
LOOSE = rf"^\s*(?:{NOTICE.pattern}|由 \S.* 转交给 \S.*)\s*$|{REASON}"


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by a section title or a line of dashes around a nick, and a ``sender(time):`` line."""
    lines = head_of(source)
    titled = lines.where(TITLE).any() and lines.where(RULE).any()
    if not (titled or lines.where(PEER).any()) or not lines.where(MESSAGE).any():
        return None
    return Sign(
        SURE,
        Words(
            "有“单聊”标题或 -----买家----- 行，消息写作“发送者(时间):  内容”",
            "a 单聊 title or -----nick----- lines, messages as sender(time):  text",
        ),
    )


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; a recall or notice without a time has the time of the message before it."""
    lines = Lines(source)
    says = lines.where(MESSAGE)
    sections = find_sections(lines, says)
    says &= ~sections.border
    at = np.flatnonzero(says)
    parts = lines.parts(MESSAGE, at)
    times = read_times(text(parts["time"]), settings.timezone)
    shop = sections.exporter.split(":")[0] if sections.exporter else None
    spoken = tell_spoken(parts["sender"], parts["text"], sections, at, shop, settings)
    group, timeless, peerless = sections.group[at], times.isna().to_numpy(), spoken.buyer < 0
    good = ~(group | timeless | peerless)
    lines.replaced(at, parts["text"])
    notices = _notices(lines, says | sections.border, at[good])
    opens = notices.copy()
    opens[at[good]] = True
    border = says | sections.border | notices
    frame = _frame(lines, np.flatnonzero(opens), np.flatnonzero(border), at, times, spoken, sections, shop, settings)
    reasons = np.where(group, "group chat is not audited", "no peer block above says whose chat this is").astype(object)
    for place in np.flatnonzero(timeless & ~group):
        reasons[place] = f"no such time: {parts['time'][int(place)].as_py()}"
    strange = _bad(lines, at[~good], reasons[~good], border) + _loose(lines, says, sections, border)
    told = sorted({(int(code), int(spoken.sender[one])) for one, code in _guesses(spoken, ~group & ~timeless)})
    guessed = guessed_roles(f"{spoken.names[code] if code >= 0 else ''}={SENDERS[sender]}" for code, sender in told)
    return Reading(frame, rejects(source.name, sorted(strange)), lines.notes, guessed)


def _guesses(spoken: Spoken, told: Flags) -> list[tuple[int, int]]:
    """Return position and account of the messages whose sender was guessed."""
    codes = spoken.account.cat.codes.to_numpy()
    at = np.flatnonzero(spoken.guessed & told)
    return list(zip(at.tolist(), codes[at].tolist(), strict=True))


def _notices(lines: Lines, owners: Flags, good: Ints) -> Flags:
    """Return the lines in the body of a good message that are notices or recalls of their own."""
    found = lines.where(LOOSE) & ~owners
    at, borders = np.flatnonzero(found), np.flatnonzero(owners)
    if len(at) and len(borders):
        owner = np.where(last_at(borders, at) >= 0, borders[last_at(borders, at)], -1)
        found[at] = np.isin(owner, good)
    else:
        found[:] = False
    return found


def _frame(
    lines: Lines,
    rows: Ints,
    borders: Ints,
    at: Ints,
    times: pd.Series,
    spoken: Spoken,
    sections: Sections,
    shop: str | None,
    settings: Settings,
) -> pd.DataFrame:
    """Return the messages and notices in the lines ``rows``; a notice's time and buyer are those of its message."""
    message = last_at(at, rows)
    loose = at[message] != rows if len(rows) else np.zeros(0, dtype=bool)
    sender, buyer, agent = spoken.sender[message], spoken.buyer[message], spoken.agent[message]
    names = [*spoken.names, sections.exporter or ""]
    kind = np.where((sender == SYSTEM) & ~loose, 0, -1)
    body = lines.bodies(rows, next_after(borders, rows, len(lines)))
    reasons = lines.where(REASON)[rows]
    said = body.to_pylist() if loose.any() else []
    for one in np.flatnonzero(loose):
        sender[one], by_exporter = _who(said[one].strip(), names[buyer[one]], sections.exporter)
        agent[one] = len(names) - 1 if by_exporter else -1
        kind[one] = 0 if reasons[one] else -1
        said[one] = said[one].strip()
    if sections.exporter and ":" in sections.exporter:
        agent = _met(sender, buyer, agent, names, sections.exporter)
    return from_columns(
        len(rows),
        settings.timezone,
        row=rows + 1,
        platform="taobao",
        shop=shop,
        buyer=in_words(buyer, names),
        agent=in_words(agent, names),
        sender=coded(sender, list(SENDERS)),
        kind=in_words(kind, ["event"]),
        sent_at=times.iloc[message].reset_index(drop=True),
        text=pa.array(said, pa.large_string()) if loose.any() else body,
    )


def _who(said: str, buyer: str, exporter: str | None) -> tuple[int, bool]:
    """Return the sender of a notice, and whether it is the exporting account."""
    if said.startswith(("对方", buyer)):
        return BUYER, False
    if exporter and said.startswith(("你", "您", exporter)):
        return AGENT, True
    return SYSTEM, False


def _met(sender: Ints, buyer: Ints, agent: Ints, names: list[str], exporter: str) -> Ints:
    """Where nobody but the exporting account talked with a peer, the buyer talked to it."""
    mine = np.array([name == exporter for name in names])
    text_of = np.unique(np.array(names, dtype=object)[buyer[(agent >= 0) & ~mine[agent]]].astype(str))
    others = np.isin(np.array(names, dtype=object).astype(str), text_of)
    return np.where((sender == BUYER) & ~others[buyer], len(names) - 1, agent)


def _bad(lines: Lines, at: Ints, reasons: np.ndarray, border: Flags) -> list[tuple[int, str, str]]:
    values = lines.bodies(at, next_after(np.flatnonzero(border), at, len(lines))).to_pylist()
    return [(one + 1, reason, value) for one, reason, value in zip(at.tolist(), reasons, values, strict=True)]


def _loose(lines: Lines, says: Flags, sections: Sections, border: Flags) -> list[tuple[int, str, str]]:
    """Return what stands under a peer line before its first message, each block of lines once."""
    borders = np.flatnonzero(border)
    loose = np.flatnonzero(lines.filled() & ~border & ~sections.banner)
    loose = loose[loose != sections.exporter_line]
    owner = last_at(borders, loose)
    own = loose[(owner < 0) | sections.border[borders[owner]]] if len(borders) else loose
    first = own[np.append(True, np.diff(last_at(borders, own)) != 0)[: len(own)]]
    values = lines.bodies(first, next_after(borders, first, len(lines))).to_pylist()
    return [
        (one + 1, "a line that belongs to no message", value) for one, value in zip(first.tolist(), values, strict=True)
    ]


EXAMPLE = """\
示例旗舰店:小雨
----------------------------tb示例买家01----------------------------
tb示例买家01(2026-03-02 10:01:05):  在吗 这款有现货吗
示例旗舰店:小雨(2026-03-02 10:01:31):  亲，在的哦
"""
LAYOUT = Layout("wangwang", Words("旺旺/千牛 单聊 TXT", "旺旺/千牛 classic TXT"), EXAMPLE, look, read)

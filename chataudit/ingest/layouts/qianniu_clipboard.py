"""千牛 client clipboard (select all, copy): sender and time on one line, the body below, states and notices between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, text
from chataudit.errors import Words
from chataudit.ingest.layout import LIKELY, POSSIBLE, Layout, Sign
from chataudit.ingest.lines import Lines, head_of, last_at, next_after
from chataudit.ingest.reading import Reading, in_words, trimmed_code
from chataudit.ingest.rejected import rejects, together
from chataudit.ingest.sources import Source
from chataudit.ingest.talk import Said, read_said
from chataudit.ingest.times import read_times
from chataudit.settings import Settings

TIME = r"(?P<time>20\d{2}-\d{1,2}-\d{1,2} \d{1,2}:\d{2}:\d{2})\s*$"
HEADER = rf"^\s*\[?(?P<sender>[^\s\]].*?)\]?(?: *--> *(?P<receiver>.+?))?\s*{TIME}"
CERTAIN = rf"^\s*(?:\[[^\]]+\] |[^\s:]+:\S*|.+ --> .+).*{TIME}"
LONGEST = 400  # bytes of a line that opens something
STATE = r"^\s*(?:已读|未读|发送中)\s*$"
NOISE = r"^\s*(?:商品详情页|商品推荐|这些非常适合您的商品可以一起看看～～|千牛|[¥￥]\s?[\d.,]+)\s*$"
RECALL = r"^\s*(?P<sender>\S.*?) ?撤回了?一条消息[。.]?\s*$"
NOTICE = r"^\s*(?:由 \S.* 转交给 \S.*|原因：【.*】|当前用户来自.*|系统提[示醒]\s*[:：].*)\s*$"

REASON = r"^\s*原因：【"

CELLS = r"[,;|\t].*[,;|\t]"


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by lines that end with a time after a sender; surely enough where a sender has a colon or an arrow."""
    lines = head_of(source)
    heads = lines.where(HEADER) & ~lines.where(CELLS)
    if not heads.any() or lines.where(r"^/\*{5,}").any():
        return None
    why = Words("发送者和时间在同一行，正文在下一行", "sender and time on one line, the body below")
    sure = (heads & lines.where(CERTAIN)).any() or (lines.where(STATE).any() and not lines.where("^20").any())
    return Sign(LIKELY if sure else POSSIBLE, why)


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; a recall or notice without a time has the time of the message before it."""
    lines = Lines(source)
    heads, recalls, notices = (lines.where(pattern) & lines.short(LONGEST) for pattern in (HEADER, RECALL, NOTICE))
    first = np.flatnonzero(heads)
    loose = (recalls | notices) & ~heads & (np.arange(len(lines)) > (first[0] if len(first) else len(lines)))
    opens = heads | loose
    at = np.flatnonzero(opens)
    end = next_after(at, at, len(lines))
    timed = heads[at]
    start = np.where(timed, at + 1, at)
    stop = _without_noise(lines, start, end, at)
    parts = lines.parts(HEADER, first)
    times = read_times(text(parts["time"]), settings.timezone)
    of_head = last_at(first, at)
    accounts = _accounts(lines, at, timed, parts["sender"], recalls[at])
    said = Said(
        row=at + 1,
        account=trimmed_code(text(accounts)),
        sent_at=times.iloc[of_head].reset_index(drop=True),
        text=lines.bodies(start, stop),
        clocks=np.zeros(len(at), dtype=bool),
        kind=in_words(np.where(lines.where(REASON)[at] & ~timed, 0, -1), ["event"]),
        buyer=_receivers(parts, of_head, timed, settings),
    )
    reading = read_said(source.name, said, settings)
    strange = lines.strays(lines.outside(at, end) & ~lines.where(STATE) & ~lines.where(NOISE))
    return replace(reading, rejects=together(reading.rejects, rejects(source.name, strange)), notes=lines.notes)


def _without_noise(lines: Lines, start: Ints, end: Ints, at: Ints) -> Ints:
    """Return where bodies end before states and what the client shows around the talk; a body of noise alone stays."""
    noise = lines.where(STATE) | lines.where(NOISE)
    told = np.flatnonzero(lines.filled() & ~noise)
    last = last_at(told, end - 1)
    kept = np.where(last >= 0, told[last] + 1 if len(told) else 0, 0)
    state = np.flatnonzero(lines.filled() & ~lines.where(STATE))
    alone = np.where(last_at(state, end - 1) >= 0, state[last_at(state, end - 1)] + 1 if len(state) else 0, 0)
    return np.maximum(np.where(kept > start, kept, alone), start)


def _accounts(lines: Lines, at: Ints, timed: Flags, senders: pa.Array, recalled: Flags) -> pa.Array:
    """Return who said each row: of a recall who took back, of a notice nobody."""
    names = np.full(len(at), None, dtype=object)
    names[timed] = senders.to_numpy(zero_copy_only=False)
    by_hand = recalled & ~timed
    if by_hand.any():
        who = lines.parts(RECALL, at[by_hand])["sender"].to_pylist()
        names[by_hand] = [None if name in ("对方", "你", "您") else name for name in who]
    return pa.array(names, pa.large_string())


def _receivers(parts: dict[str, pa.Array], of_head: Ints, timed: Flags, settings: Settings) -> pa.Array | None:
    """Return the buyers that arrows name (``店铺:小雨 --> 买家``); null where the other account stands there."""
    said = parts["receiver"]
    buyer = pc.if_else(pc.or_(pc.equal(said, ""), pc.match_substring(said, ":")), None, said)
    if buyer.null_count == len(buyer):
        return None
    whole = pc.if_else(pa.array(timed), buyer.take(pa.array(of_head)), None)
    return trimmed_code(text(whole))


EXAMPLE = """\
tb示例买家01 2026-3-2 10:01:05
这款有现货吗
示例旗舰店:小雨2026-3-2 10:01:31
亲，有的
已读
"""
LAYOUT = Layout("qianniu_clipboard", Words("千牛客户端复制的聊天", "千牛 client, copied"), EXAMPLE, look, read)

"""微信 TXT: a line with time and name (or name and time), the body below it, a blank line between messages.

Two names and nothing else: who is the agent comes from the settings, from 我, or is a guess.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from chataudit.arrays import text
from chataudit.errors import Words
from chataudit.ingest.layout import LIKELY, POSSIBLE, Layout, Sign
from chataudit.ingest.lines import Lines, head_of, next_after
from chataudit.ingest.reading import Reading, from_columns, oldest_first, trimmed_code
from chataudit.ingest.rejected import rejects, together
from chataudit.ingest.sources import Source
from chataudit.ingest.times import read_times
from chataudit.ingest.two_sides import two_sides
from chataudit.settings import Settings

TIME = r"(?P<time>\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2}(?::\d{2})?)"
TIME_FIRST = rf"^{TIME} (?P<name>\S[^\n]{{0,60}}?)\s*$"
NAME_FIRST = rf"^(?P<name>\S[^\n]{{0,60}}?) {TIME}\s*$"
PARTS = {
    TIME_FIRST: r"^(?P<time>[\d/-]+ [\d:]+) (?P<name>.*)$",  # quick, where the other fits
    NAME_FIRST: r"^(?P<name>.*) (?P<time>[\d/-]+ [\d:]+)\s*$",
}


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by lines of time and name with text below; the other way round many programs write."""
    lines = head_of(source)
    filled = int(lines.filled().sum())
    for pattern, surety in ((TIME_FIRST, LIKELY), (NAME_FIRST, POSSIBLE)):
        heads = lines.where(pattern)
        below = np.append(~heads & lines.filled(), False)[1:]
        if heads.sum() * 3 >= filled and (heads & below).any():
            said = Words("名字和时间独占一行，正文在下面", "a line of name and time, the text below it")
            return Sign(surety, said)
    return None


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages of a chat of two."""
    lines = Lines(source)
    pattern = max((TIME_FIRST, NAME_FIRST), key=lambda one: int(lines.where(one).sum()))
    opens = lines.where(pattern)
    at = np.flatnonzero(opens)
    end = next_after(at, at, len(lines))
    parts = lines.parts(PARTS[pattern], at)
    sent_at = read_times(text(parts["time"]), settings.timezone)
    sides = two_sides(text(pc.utf8_trim_whitespace(parts["name"])), np.zeros(len(at), dtype=np.int64), settings)
    frame = from_columns(
        len(at),
        settings.timezone,
        row=at + 1,
        buyer=trimmed_code(sides.buyer),
        agent=trimmed_code(sides.agent),
        sender=trimmed_code(sides.sender),
        sent_at=sent_at,
        text=lines.bodies(at + 1, end),
    )
    wrong = np.flatnonzero(sent_at.isna())
    bad = [(int(at[place]) + 1, "a time that can't be read", str(frame["text"].iloc[place])) for place in wrong]
    strange = lines.strays(lines.outside(at, end))
    table = together(rejects(source.name, strange), rejects(source.name, bad))
    kept = frame[frame["sent_at"].notna()].reset_index(drop=True) if len(wrong) else frame
    return replace(Reading(oldest_first(kept), table, lines.notes), guesses=sides.guesses)


EXAMPLE = """\
2026-03-02 10:01:05 示例买家
这款有现货吗

2026-03-02 10:01:31 我
有的亲
"""
LAYOUT = Layout("wechat_txt", Words("微信聊天记录 TXT", "WeChat chat TXT"), EXAMPLE, look, read)

"""千牛 web 聊天记录查询, copied or scraped: a date line now and then, then time, body, and the sender after the body."""

from __future__ import annotations

from chataudit.errors import Words
from chataudit.ingest.heads import head_lines, head_text
from chataudit.ingest.layout import LIKELY, SURE, Layout, Sign
from chataudit.ingest.lines import Lines
from chataudit.ingest.reading import Reading
from chataudit.ingest.sources import Source
from chataudit.ingest.web_blocks import CHROME, is_clock_line, is_date_line, read_blocks
from chataudit.settings import Settings

FEWEST = 2


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by lines that are a time and nothing else, followed by at least two more lines."""
    lines = [line.strip() for line in head_lines(source)[:2000]]
    filled = [line for line in lines if line]
    if filled and "," in filled[0] and '"' in head_text(source):
        return None  # a table with such talk in its cells
    clocks = [at for at, line in enumerate(filled) if is_clock_line(line)]
    if len(clocks) < FEWEST and not (clocks and any(is_date_line(line) for line in filled)):
        return None
    gaps = [after - before for before, after in zip(clocks, [*clocks[1:], len(filled)], strict=True)]
    if sum(gap >= 3 for gap in gaps) * 2 < len(gaps):
        return None
    why = Words("时间单独一行，正文在后，发送者在正文之后", "a time on a line of its own, the body, then the sender")
    marked = any(line in CHROME for line in filled) or any(":" in line and not is_clock_line(line) for line in filled)
    return Sign(SURE if marked and any(is_date_line(line) for line in filled) else LIKELY, why)


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages of a copied page; the day is the last date line's, else the user's or the file name's."""
    lines = Lines(source)
    return read_blocks(source.name, lines, settings)


EXAMPLE = """\
2026-03-02
20:57:13
https://item.taobao.com/item.htm?id=600000000001
tb示例买家01
20:57:40
亲，这款有现货的
可以拍
示例旗舰店:小雨
没有更多内容了
"""
LAYOUT = Layout("qianniu_web", Words("千牛网页聊天记录（复制）", "千牛 web chat history, copied"), EXAMPLE, look, read)

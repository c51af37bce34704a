"""What a source was understood as, in sentences: for the person whose export gives something unexpected."""

from __future__ import annotations

import pandas as pd

from chataudit.errors import Words
from chataudit.ingest.companions import describe_companion
from chataudit.ingest.detection import Match, look, read_as, unknown
from chataudit.ingest.detection import detect as detect_layout
from chataudit.ingest.jd_sessions import TITLE, SessionBook, read_session_book
from chataudit.ingest.layout import SURETY
from chataudit.ingest.reading import Reading
from chataudit.ingest.sources import Source
from chataudit.settings import Settings

SHOWN = 3


def describe(source: Source, settings: Settings, name: str | None = None) -> list[Words]:
    """Return what a source is, why, how each column was understood, what it holds and what was guessed.

    Raises:
        Faults: no layout knows it, two are equally sure, or it is broken.
    """
    match = detect_layout(source, settings, name)
    if match is None:
        book = read_session_book(source, settings)
        if book is not None:
            return _book(book)
        return describe_companion(source, settings, unknown(source), name)
    others = [other for other in look(source, settings, name) if other.layout is not match.layout]
    reading = read_as(match.layout, source, settings)
    return [*_matched(match, others), *_columns(reading), *_held(reading), *_open(reading, settings)]


def _book(book: SessionBook) -> list[Words]:
    count = len(book.sessions)
    return [
        Words(
            f"{TITLE.zh}：{count} 段会话（列名有 咨询时间、客服、顾客）", f"{TITLE.en}: {count} sessions (its headings)"
        ),
        Words("和同一次读到的京东聊天记录按时间和买家合并", "joined by time and buyer to the 京东 logs read with it"),
    ]


def _matched(match: Match, others: list[Match]) -> list[Words]:
    sure, title = SURETY[match.sign.surety], match.layout.title
    lines = [
        Words(
            f"格式：{match.layout.name} {title.zh}（{sure.zh}）",
            f"Layout: {match.layout.name}, {title.en} ({sure.en})",
        ),
        Words(f"依据：{match.sign.why.zh}", f"Why: {match.sign.why.en}"),
    ]
    for other in others:
        name, why = other.layout.name, other.sign.why
        lines.append(Words(f"也像：{name}（{why.zh}）", f"Also like: {name} ({why.en})"))
    return lines


def _columns(reading: Reading) -> list[Words]:
    return [
        Words(f"列：“{header}” → {name or '不读'}", f"Column: {header!r} → {name or 'not read'}")
        for header, name in reading.columns
    ]


def _held(reading: Reading) -> list[Words]:
    """Say how many messages there are, of whom, from when to when, and what the first ones look like."""
    messages = reading.messages
    zh = en = f"{len(messages)}"
    if len(messages):
        said = messages["sender"].value_counts()
        counts = ", ".join(f"{sender} {count}" for sender, count in said.items() if count)
        zh, en = (
            f"{zh}（{counts}；买家 {messages['buyer'].nunique()}）",
            f"{en} ({counts}; buyers {messages['buyer'].nunique()})",
        )
    lines = [Words(f"消息：{zh}", f"Messages: {en}")]
    if len(reading.rejects):
        reasons = "; ".join(f"{reason} ×{count}" for reason, count in reading.rejects["reason"].value_counts().items())
        lines.append(Words(f"拒收：{reasons}", f"Rejects: {reasons}"))
    times = messages["sent_at"].dropna()
    if len(times):
        first, last = f"{times.min():%Y-%m-%d %H:%M:%S}", f"{times.max():%Y-%m-%d %H:%M:%S}"
        lines.append(Words(f"时间：{first} 至 {last}", f"Times: {first} to {last}"))
    for row in messages.head(SHOWN).itertuples():
        when = "" if pd.isna(row.sent_at) else f"{row.sent_at:%Y-%m-%d %H:%M:%S} "
        who = row.buyer if row.sender == "buyer" or pd.isna(row.agent) else row.agent
        text = str(row.text).replace("\n", " ⏎ ")[:60]
        lines.append(Words(*[f"  {when}{row.sender} {who}: {text}"] * 2))
    return lines


def _open(reading: Reading, settings: Settings) -> list[Words]:
    """Say what was guessed, what the file does not say, and which setting settles it."""
    messages = reading.messages
    lines = [
        Words(f"猜测：{guess.what.zh}；{guess.fix.zh}", f"Guessed: {guess.what.en}; {guess.fix.en}")
        for guess in reading.guesses
    ]
    if len(messages) and messages["shop"].isna().all() and not settings.shop:
        lines.append(Words("没有写店铺：可在设置 shop 里写明", "It names no shop: write it in the setting shop"))
    if len(messages) and messages["platform"].isna().all() and not settings.platform:
        lines.append(
            Words("没有写平台：用 --platform 或设置 platform 写明", "It names no platform: say it by --platform")
        )
    if len(messages) and messages["sent_at"].isna().all():
        lines.append(
            Words(
                "没有完整的时间：响应时间不计算（不是 0）；缺日期时用 --date 写明",
                "No full times: response times are not measured (not 0); where days are missing, say them by --date",
            )
        )
    return [*lines, *(Words(f"注意：{note.zh}", f"Note: {note.en}") for note in reading.notes)]

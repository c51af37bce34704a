"""京东 咚咚 chat log: marked sessions, ``sender time`` lines, masked buyers, the jimi robot, bodies with HTML."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

from chataudit.ingest.decode import clean, decode
from chataudit.ingest.plain import guess_note
from chataudit.ingest.reading import Reading, from_rows
from chataudit.ingest.roles import ROBOT, SELLER, is_masked
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import rejects
from chataudit.ingest.wangwang import lost_note
from chataudit.settings import Settings

LAYOUT = "京东咚咚 log"
START, END = "以下为一通会话", "会话结束"
MARK = re.compile(r"/\*{5,}.*")
HEADER = re.compile(r"\s*(\S.*?)\s+(\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2})\s*")
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")


def read(source: Source, settings: Settings) -> Reading | None:
    """Return the messages of a 京东 chat log; None where the file has no session marker."""
    head = decode(source.head()).text
    if not any(MARK.match(line) and START in line for line in clean(head).split("\n")):
        return None
    decoded = decode(source.bytes())
    parser = _Parser()
    for number, line in enumerate(clean(decoded.text).split("\n"), start=1):
        parser.take(number, line.rstrip())
    parser.close()
    rows, guessed = _roles(parser.sessions, settings)
    notes = [guess_note(source.name, guessed)] if guessed else []
    if decoded.lost:
        notes.append(lost_note(source.name, decoded.lost, decoded.encoding))
    return Reading(LAYOUT, from_rows(rows, settings.timezone), rejects(source.name, parser.bad), tuple(notes))


def plain_text(body: str) -> str:
    """Return a body without HTML: breaks as line ends, other tags dropped, entities resolved.

    >>> plain_text("您好&amp;谢谢<br/>今天发")
    '您好&谢谢\\n今天发'
    """
    return html.unescape(TAG.sub("", BREAK.sub("\n", body)))


class _Parser:
    """Takes the lines one by one into sessions of {row, account, sent_at, lines}."""

    def __init__(self) -> None:
        self.sessions: list[list[dict[str, Any]]] = []
        self.bad: list[tuple[int, str, str]] = []
        self._open: list[dict[str, Any]] | None = None

    def take(self, number: int, line: str) -> None:
        if MARK.match(line) and (START in line or END in line):
            self.close()
            self._open = [] if START in line else None
        elif header := HEADER.fullmatch(line):
            self._header(number, header.group(1), header.group(2), line)
        elif self._open:
            self._open[-1]["lines"].append(line)
        elif line.strip():
            self.bad.append((number, "a line that belongs to no message", line))

    def close(self) -> None:
        if self._open:
            self.sessions.append(self._open)
        self._open = None

    def _header(self, number: int, account: str, time: str, line: str) -> None:
        try:
            sent_at = dt.datetime.fromisoformat(time)
        except ValueError:
            self.bad.append((number, f"no such time: {time}", line))
            return
        if self._open is None:
            self._open = []
        self._open.append({"row": number, "account": account.strip(), "sent_at": sent_at, "lines": []})


def _roles(sessions: list[list[dict[str, Any]]], settings: Settings) -> tuple[list[dict[str, Any]], set[str]]:
    """Return raw rows: the masked, else the first person of a session who is no agent by name is its buyer."""
    rows, guessed = [], set()
    for part, session in enumerate(sessions):
        accounts = list(dict.fromkeys(message["account"] for message in session))
        buyer, sure = _buyer(accounts, settings)
        if not sure and buyer is not None:
            guessed.add(f"{buyer}=buyer")
        told = [_row(message, part, buyer, settings) for message in session]
        shop = next((row["shop"] for row in told if row.get("shop")), None)
        rows += [{**row, "shop": shop} for row in told]
    return rows, guessed


def _buyer(accounts: list[str], settings: Settings) -> tuple[str | None, bool]:
    people = [name for name in accounts if not ROBOT.search(name) and name not in settings.bots]
    masked = [name for name in people if is_masked(name)]
    if masked:
        return masked[0], True
    others = [name for name in people if name not in settings.agents and not SELLER.search(name) and "-" not in name]
    if others:
        return others[0], len(others) == 1 and len(people) > 1
    return (people[0] if people else None), False


def _row(message: dict[str, Any], part: int, buyer: str | None, settings: Settings) -> dict[str, Any]:
    account, body = message["account"], plain_text("\n".join(message["lines"]).strip("\n\t "))
    row = {"row": message["row"], "part": part, "platform": "jd", "sent_at": message["sent_at"], "text": body,
           "buyer": buyer or f"?{part}"}
    if account == buyer:
        return {**row, "sender": "buyer"}
    robot = ROBOT.search(account) or account in settings.bots
    sender = "bot" if robot else "auto" if body.strip() in settings.auto_replies else "agent"
    shop = account.split("-")[0] if sender != "bot" and "-" in account else None
    return {**row, "sender": sender, "agent": account, "shop": shop}

"""京东 咚咚 chat log: marked sessions, ``sender time`` lines, masked buyers, the jimi robot, bodies with HTML."""

from __future__ import annotations

import html
import re
from typing import Any

from chataudit.errors import Words
from chataudit.ingest.decode import clean, decode, lost_notes
from chataudit.ingest.guesses import guessed_roles
from chataudit.ingest.heads import head_lines
from chataudit.ingest.kinds import is_notice
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.reading import Reading, from_rows
from chataudit.ingest.rejected import rejects
from chataudit.ingest.roles import ROBOT, SELLER, is_masked
from chataudit.ingest.sources import Source
from chataudit.ingest.times import wall_time
from chataudit.settings import Settings

START, END = "以下为一通会话", "会话结束"
MARK = re.compile(r"/\*{5,}.*")
HEADER = re.compile(r"\s*(\S.*?)\s+(\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2})\s*")
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
LONGEST_HEADER = 300
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by a session marker."""
    if not any(MARK.match(line) and START in line for line in head_lines(source)):
        return None
    return Sign(SURE, Words("有“/*****以下为一通会话*****/”的会话标记", "session markers /*****以下为一通会话*****/"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages of a 京东 chat log."""
    decoded = decode(source.whole())
    parser = _Parser()
    for number, line in enumerate(clean(decoded.text).split("\n"), start=1):
        parser.take(number, line.rstrip())
    parser.close()
    rows, guessed = _roles(parser.sessions, settings)
    bad = [(number, reason, "\n".join(lines).rstrip()) for number, reason, lines in parser.bad]
    return Reading(
        from_rows(rows, settings.timezone),
        rejects(source.name, bad),
        lost_notes(source.name, decoded),
        guessed_roles(guessed),
    )


def plain_text(body: str) -> str:
    """Return a body without HTML: breaks as line ends, other tags dropped, entities resolved.

    >>> plain_text("您好&amp;谢谢<br/>今天发").splitlines()
    ['您好&谢谢', '今天发']
    """
    return html.unescape(TAG.sub("", BREAK.sub("\n", body)))


class _Parser:
    """Takes the lines one by one into sessions of {row, account, sent_at, lines}; what belongs to none is ``bad``."""

    def __init__(self) -> None:
        self.sessions: list[list[dict[str, Any]]] = []
        self.bad: list[tuple[int, str, list[str]]] = []
        self._open: list[dict[str, Any]] | None = None
        self._body: list[str] | None = None

    def take(self, number: int, line: str) -> None:
        if MARK.match(line) and (START in line or END in line):
            self.close()
            self._open = [] if START in line else None
        elif len(line) <= LONGEST_HEADER and (header := HEADER.fullmatch(line)):
            self._header(number, header.group(1), header.group(2), line)
        elif self._open and self._body and any(self._body) and is_notice(line):
            self._message(number, "", self._open[-1]["sent_at"], [line])
        elif self._body is not None:
            self._body.append(line)
        elif line.strip():
            self.bad.append((number, "a line that belongs to no message", [line]))

    def close(self) -> None:
        if self._open:
            self.sessions.append(self._open)
        self._open = self._body = None

    def _header(self, number: int, account: str, said: str, line: str) -> None:
        time = wall_time(said)
        if time is None:
            self._body = [line]
            self.bad.append((number, f"no such time: {said}", self._body))
            return
        self._message(number, account.strip(), time, [])

    def _message(self, number: int, account: str, sent_at: Any, lines: list[str]) -> None:
        if self._open is None:
            self._open = []
        self._body = lines
        self._open.append({"row": number, "account": account, "sent_at": sent_at, "lines": lines})


def _roles(sessions: list[list[dict[str, Any]]], settings: Settings) -> tuple[list[dict[str, Any]], set[str]]:
    """Return raw rows: the masked, else the first person of a session who is no agent by name is its buyer.

    Who stands beside a known buyer in one session is an agent in all.
    """
    of_session = [list(dict.fromkeys(message["account"] for message in one if message["account"])) for one in sessions]
    told = [_buyer(accounts, settings, set()) for accounts in of_session]
    agents = {
        account
        for accounts, (buyer, sure) in zip(of_session, told, strict=True)
        if sure
        for account in accounts
        if account != buyer
    }
    rows: list[dict[str, Any]] = []
    guessed: set[str] = set()
    for part, (session, accounts) in enumerate(zip(sessions, of_session, strict=True)):
        buyer, sure = _buyer(accounts, settings, agents)
        if not sure:
            guessed.add(f"{buyer}=buyer" if buyer is not None else "|".join(accounts) + "=agent")
        nobody = f"?{session[0]['sent_at']:%Y%m%d%H%M%S}"
        made = [_row(message, part, buyer or nobody, settings) for message in session]
        shop = next((row["shop"] for row in made if row.get("shop")), None)
        rows += [{**row, "shop": shop} for row in made]
    shops = {row["shop"] for row in rows if row["shop"]}
    if len(shops) == 1:  # a file of one shop: what nobody answered is that shop's too
        rows = [{**row, "shop": row["shop"] or next(iter(shops))} for row in rows]
    return rows, guessed


def _buyer(accounts: list[str], settings: Settings, agents: set[str]) -> tuple[str | None, bool]:
    """Return a session's buyer, None where all accounts are sellers', and whether that is sure."""
    people = [name for name in accounts if not ROBOT.search(name) and name not in settings.bots]
    masked = [name for name in people if is_masked(name)]
    if masked:
        return masked[0], True
    unknown = [name for name in people if name not in (*settings.agents, *settings.assists, *agents)]
    others = [name for name in unknown if not SELLER.search(name) and "-" not in name]
    if others:
        return others[0], len(others) == 1 and len(people) > 1
    return (unknown[0], False) if unknown and not SELLER.search(unknown[0]) else (None, not unknown)


def _row(message: dict[str, Any], part: int, buyer: str, settings: Settings) -> dict[str, Any]:
    account, body = message["account"], plain_text("\n".join(message["lines"]).strip("\n\t "))
    row = {
        "row": message["row"],
        "part": part,
        "platform": "jd",
        "sent_at": message["sent_at"],
        "text": body,
        "buyer": buyer,
    }
    if account == buyer:
        return {**row, "sender": "buyer"}
    if not account:
        return {**row, "sender": "buyer" if body.startswith((buyer, "对方")) else "system"}
    robot = ROBOT.search(account) or account in settings.bots
    sender = "bot" if robot else "auto" if body.strip() in settings.auto_replies else "agent"
    shop = account.split("-")[0] if sender != "bot" and "-" in account else None
    return {**row, "sender": sender, "agent": account, "shop": shop}


EXAMPLE = """\
/*****************以下为一通会话************************************/
j****db 2026-03-02 21:50:18
容量多大？
示例家电-小何 2026-03-02 21:50:35
您好，500毫升的呢<br/>现在下单今天发
/*****************会话结束_时间:2026-03-02 21:58:40************************************/
"""
LAYOUT = Layout("jd_log", Words("京东咚咚聊天记录 log", "京东咚咚 chat log"), EXAMPLE, look, read)

"""旺旺 / 千牛 classic TXT: one exporting account, a block per peer, sender and time before each body."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from chataudit.errors import Words
from chataudit.ingest.decode import clean, decode
from chataudit.ingest.plain import guess_note
from chataudit.ingest.reading import Reading, from_rows
from chataudit.ingest.roles import role_of
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import rejects
from chataudit.settings import Settings

LAYOUT = "旺旺/千牛 TXT"
RULE = re.compile(r"={20,}\s*")
PEER = re.compile(r"-{10,}(?!-)(.+?)-{10,}\s*")
TITLE = re.compile(r"\s*(单聊|群聊)\s*")
MESSAGE = re.compile(r"(.*?)\((\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2}:\d{2})\):[ \t]{0,2}(.*)")
SYSTEM = re.compile(r"系统提示|系统提醒|系统消息")


def read(source: Source, settings: Settings) -> Reading | None:
    """Return the messages of a classic 旺旺 TXT; None where the file is none."""
    if not _looks(decode(source.head()).text):
        return None
    decoded = decode(source.bytes())
    parser = _Parser(settings)
    for number, line in enumerate(clean(decoded.text).split("\n"), start=1):
        parser.take(number, line)
    notes = [guess_note(source.name, parser.guessed)] if parser.guessed else []
    if decoded.lost:
        notes.append(lost_note(source.name, decoded.lost, decoded.encoding))
    return Reading(LAYOUT, from_rows(parser.rows, settings.timezone), rejects(source.name, parser.bad), tuple(notes))


def lost_note(name: str, lost: int, encoding: str) -> Words:
    """Say how many characters could not be decoded."""
    return Words(f"{name}：{lost} 个字符无法按 {encoding} 解码，以 � 代替。",
                 f"{name}: {lost} characters are no {encoding}; they stand as �.")


def _looks(head: str) -> bool:
    lines = clean(head).split("\n")[:400]
    titled = any(TITLE.fullmatch(line) for line in lines) and any(RULE.fullmatch(line) for line in lines)
    return (titled or any(PEER.fullmatch(line) for line in lines)) and any(MESSAGE.fullmatch(line) for line in lines)


class _Parser:
    """Takes the lines one by one."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.rows: list[dict[str, Any]] = []
        self.bad: list[tuple[int, str, str]] = []
        self.guessed: set[str] = set()
        self.shop: str | None = None
        self.peer: str | None = None
        self.group = False
        self.banner = True
        self.body: list[str] | None = None

    def take(self, number: int, line: str) -> None:
        if (title := TITLE.fullmatch(line)) or RULE.fullmatch(line):
            self._close()
            self.banner = True
            if title:
                self.group, self.peer = title.group(1) == "群聊", None
        elif peer := PEER.fullmatch(line):
            self._close()
            self.peer, self.banner = peer.group(1).strip().removeprefix("cntaobao"), False
        elif message := MESSAGE.fullmatch(line):
            self._close()
            self._message(number, *message.groups())
        elif self.body is not None:
            self.body.append(line)
            self._continue()
        elif line.strip():
            self._stray(number, line)

    def _stray(self, number: int, line: str) -> None:
        if self.shop is None and not self.rows:
            self.shop = line.strip().removeprefix("cntaobao").split(":")[0]
        elif not self.banner:
            self.bad.append((number, "a line that belongs to no message", line))

    def _continue(self) -> None:
        if self.body is not None and self.rows:
            self.rows[-1]["text"] = "\n".join(self.body).rstrip("\n ")

    def _close(self) -> None:
        self.body = None

    def _message(self, number: int, sender: str, time: str, body: str) -> None:
        if self.group:
            self.bad.append((number, "group chat is not audited", body))
            return
        account = sender.strip().removeprefix("cntaobao")
        try:
            sent_at = dt.datetime.strptime(time, "%Y-%m-%d %H:%M:%S")
        except ValueError:
            self.bad.append((number, f"no such time: {time}", body))
            return
        if SYSTEM.fullmatch(account) or (not account and SYSTEM.match(body)):
            row: dict[str, Any] = {"sender": "system", "kind": "event", "buyer": self.peer}
        else:
            row = self._spoken(account, body)
        if row["buyer"] is None:
            self.bad.append((number, "no peer block above says whose chat this is", body))
            return
        self.rows.append({"row": number, "platform": "taobao", "shop": self.shop, "sent_at": sent_at,
                          "text": body.rstrip(), **row})
        self.body = [body]

    def _spoken(self, account: str, body: str) -> dict[str, Any]:
        role = role_of(account, buyer=self.peer, shop=self.shop, settings=self.settings)
        sender = role.sender
        if role.guessed and self.peer is not None and ":" not in account:
            sender = "buyer"  # an account without a colon beside the peer's nick: the buyer's other name
        if role.guessed:
            self.guessed.add(f"{account}={sender}")
        if sender == "agent" and body.strip() in self.settings.auto_replies:
            sender = "auto"
        if sender == "buyer":
            return {"sender": sender, "buyer": self.peer or account}
        return {"sender": sender, "buyer": self.peer, "agent": account}

"""旺旺 / 千牛 classic TXT: one exporting account, a block per peer, sender and time before each body."""

from __future__ import annotations

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
from chataudit.ingest.roles import role_of
from chataudit.ingest.sources import Source
from chataudit.ingest.times import wall_time
from chataudit.settings import Settings

RULE = re.compile(r"={20,}\s*")
PEER = re.compile(r"-{10,}(?!-)(.+?)-{10,}\s*")
TITLE = re.compile(r"\s*(单聊|群聊)\s*")
MESSAGE = re.compile(r"(.*?)\((\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2}:\d{2})\):[ \t]{0,2}(.*)")
LONGEST_PEER = 300
HANDED = re.compile(r"由 \S.* 转交给 \S.*|原因：【.*】\s*")
SYSTEM = re.compile(r"系统提示|系统提醒|系统消息")


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by a section title or a line of dashes around a nick, and a ``sender(time):`` line."""
    lines = head_lines(source)[:400]
    titled = any(TITLE.fullmatch(line) for line in lines) and any(RULE.fullmatch(line) for line in lines)
    if not (titled or any(_peer(line) for line in lines)) or not any(MESSAGE.fullmatch(line) for line in lines):
        return None
    return Sign(
        SURE,
        Words(
            "有“单聊”标题或 -----买家----- 行，消息写作“发送者(时间):  内容”",
            "a 单聊 title or -----nick----- lines, messages as sender(time):  text",
        ),
    )


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages of a classic 旺旺 TXT."""
    decoded = decode(source.whole())
    parser = _Parser(settings)
    lines = clean(decoded.text).split("\n")
    for number, line in enumerate(lines, start=1):
        parser.take(number, line, lines[number : number + 3] if line.startswith("==") else [])
    rows = [{**row, "text": "\n".join(lines).rstrip()} for row, lines in parser.told()]
    bad = [(number, reason, "\n".join(lines).rstrip()) for number, reason, lines in parser.bad]
    return Reading(
        from_rows(rows, settings.timezone),
        rejects(source.name, bad),
        lost_notes(source.name, decoded),
        guessed_roles(parser.guessed),
    )


def _peer(line: str) -> str | None:
    """Return the peer whose block a line opens."""
    found = PEER.fullmatch(line) if line.startswith("----------") and len(line) <= LONGEST_PEER else None
    return found.group(1).strip().removeprefix("cntaobao") if found else None


class _Parser:
    """Takes the lines one by one; ``rows`` and ``bad`` hold their lines as lists that still grow."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.rows: list[tuple[dict[str, Any], list[str]]] = []
        self.bad: list[tuple[int, str, list[str]]] = []
        self.guessed: set[str] = set()
        self.exporter: str | None = None
        self.peer: str | None = None
        self.group = False
        self.banner = True
        self._body: list[str] | None = None

    @property
    def shop(self) -> str | None:
        return self.exporter.split(":")[0] if self.exporter else None

    def take(self, number: int, line: str, after: list[str]) -> None:
        """Take a line; ``after`` are the lines that follow a rule."""
        if RULE.fullmatch(line) and (self._body is None or any(TITLE.fullmatch(one) for one in after)):
            self._body, self.banner = None, True
        elif self.banner and (title := TITLE.fullmatch(line)):
            self.group, self.peer = title.group(1) == "群聊", None
        elif (peer := _peer(line)) is not None:
            self._body, self.peer, self.banner = None, peer, False
        elif message := MESSAGE.fullmatch(line):
            self._message(number, *message.groups())
        elif (
            self._body
            and self.rows
            and self._body is self.rows[-1][1]
            and (is_notice(line) or HANDED.fullmatch(line.strip()))
        ):
            self._notice(number, line)
        elif self._body is not None:
            self._body.append(line)
        elif line.strip():
            self._stray(number, line)

    def _stray(self, number: int, line: str) -> None:
        if self.exporter is None and self.peer is None and not self.rows:
            self.exporter = line.strip().removeprefix("cntaobao")
        elif not self.banner:
            self._bad(number, "a line that belongs to no message", line)

    def _bad(self, number: int, reason: str, line: str) -> None:
        self._body = [line]
        self.bad.append((number, reason, self._body))

    def told(self) -> list[tuple[dict[str, Any], list[str]]]:
        """Return the rows; where nobody but the exporting account talked with a peer, the buyer talked to it."""
        others = {row["buyer"] for row, _ in self.rows if row.get("agent") not in (None, self.exporter)}
        named = self.exporter is not None and ":" in self.exporter
        for row, _ in self.rows:
            if named and row["sender"] == "buyer" and row["buyer"] not in others:
                row["agent"] = self.exporter
        return self.rows

    def _take(self, row: dict[str, Any], line: str) -> None:
        self._body = [line]
        self.rows.append(({"platform": "taobao", "shop": self.shop, **row}, self._body))

    def _notice(self, number: int, line: str) -> None:
        """Take a notice or recall without a time of its own: it has the time of the message before it."""
        said = line.strip()
        before = self.rows[-1][0]
        row: dict[str, Any] = {"row": number, "sent_at": before["sent_at"], "buyer": before["buyer"]}
        if said.startswith(("对方", row["buyer"])):
            row["sender"] = "buyer"
        elif self.exporter and said.startswith(("你", "您", self.exporter)):
            row.update(sender="agent", agent=self.exporter)
        else:
            row["sender"] = "system"
        if said.startswith("原因"):
            row["kind"] = "event"
        self._take(row, said)

    def _message(self, number: int, sender: str, said: str, body: str) -> None:
        account, time = sender.strip().removeprefix("cntaobao"), wall_time(said)
        if self.group:
            self._bad(number, "group chat is not audited", body)
        elif time is None:
            self._bad(number, f"no such time: {said}", body)
        else:
            row = self._system(account, body) or self._spoken(account, body)
            if row["buyer"] is None:
                self._bad(number, "no peer block above says whose chat this is", body)
            else:
                self._take({"row": number, "sent_at": time, **row}, body)

    def _system(self, account: str, body: str) -> dict[str, Any] | None:
        if SYSTEM.fullmatch(account) or (not account and SYSTEM.match(body)):
            return {"sender": "system", "kind": "event", "buyer": self.peer}
        return None

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


EXAMPLE = """\
示例旗舰店:小雨
----------------------------tb示例买家01----------------------------
tb示例买家01(2026-03-02 10:01:05):  在吗 这款有现货吗
示例旗舰店:小雨(2026-03-02 10:01:31):  亲，在的哦
"""
LAYOUT = Layout("wangwang", Words("旺旺/千牛 单聊 TXT", "旺旺/千牛 classic TXT"), EXAMPLE, look, read)

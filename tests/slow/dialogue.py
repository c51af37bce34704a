"""Dialogues written as text, one line a message: `B 10:00:00 在吗`, `S1 10:01:30 在的`.

The first word says who: B a buyer, S an agent, A assist, W an automatic reply (welcome), R the robot reception, N a
notice, T a transfer; digits after it are the agent's (or the receiver's) account, so `S1` is agent `1`. The buyer is
`buyer`, unless a line `= name` before says another, which also begins a new export session. The time may be
`3/09:00:00` for the third of March; without, it is the second. The text `[card]`, `[emoji]`, `[recall]`... sets the
kind; `#O1` at the end adds a ref.
"""

import re
from datetime import datetime, timedelta, timezone

from .terms import Message

ZONE = timezone(timedelta(hours=8))
SENDERS = {"B": "buyer", "S": "agent", "A": "assist", "W": "auto", "R": "bot", "N": "system", "T": "system"}
LINE = re.compile(
    r"(?P<who>[BSAWRNT])(?P<account>\d*) (?:(?P<day>\d+)/)?(?P<time>\d\d:\d\d:\d\d)"
    r" ?(?P<text>[^#]*)(?:#(?P<refs>\S+))?"
)
KIND = re.compile(r"\[(image|card|emoji|file|recall|event)\]")


def instant(text: str) -> datetime:
    """The instant that `10:00:00` (on 2 March 2026) or `3/10:00:00` (on the third) says, in Shanghai."""
    day, _, clock = text.rpartition("/")
    return datetime.fromisoformat(f"2026-03-{int(day or 2):02}T{clock}").replace(tzinfo=ZONE)


def dialogue(text: str) -> list[Message]:
    """The messages of a dialogue, as an export without session ids (but where `=` lines stand) gives them."""
    messages: list[Message] = []
    buyer, session_id = "buyer", None
    for row, line in enumerate(filter(None, map(str.strip, text.splitlines())), start=1):
        if line.startswith("="):
            buyer, session_id = line.removeprefix("=").strip(), f"E{row}"
        else:
            messages.append({**_message(line, row), "buyer": buyer, "session_id": session_id, "masked": "*" in buyer})
    return messages


def _message(line: str, row: int) -> Message:
    parts = LINE.fullmatch(line)
    if parts is None:
        raise ValueError(f"no dialogue line: {line!r}")
    text = parts["text"].strip()
    return {
        "message_id": f"m{row}",
        "platform": "taobao",
        "shop": "shop",
        "agent": parts["account"] or None,
        "sender": SENDERS[parts["who"]],
        "sent_at": instant(f"{parts['day'] or 2}/{parts['time']}"),
        "kind": _kind(parts["who"], text),
        "text": text,
        "refs": parts["refs"],
        "file": "log.txt",
        "row": row,
    }


def _kind(who: str, text: str) -> str:
    said = KIND.fullmatch(text)
    if said:
        return said[1]
    return {"N": "event", "T": "transfer"}.get(who, "text")

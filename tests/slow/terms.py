"""The words of the contract as functions: talk, closing line, order of messages, local day, ratio.

Readings:
- A space is anything `str.isspace` calls one. An emoji is a code point of the blocks in `_EMOJI`; an emoji code is
  what `_CODE` matches: Taobao's `/:^_^` and `/:087`, a JD `#E-s01`, a short name in square brackets like `[微笑]`.
- Messages with a time stand before messages without one, where one key or session has both.
- A local day is the local date of the instant minus `cut_hour` real hours. Windows such as 08:00-23:00 are read on
  the wall clock and know no `cut_hour`. A window whose end is before its start runs over midnight.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .settings import SlowSettings

Message = dict[str, Any]
Row = dict[str, Any]
Key = tuple[str, str, str]
Buyer = tuple[str, str | None]
Hours = tuple[tuple[str, str], ...]

TALK = ("text", "image", "card", "emoji", "file")
_LAST = datetime.max.replace(tzinfo=UTC)
_MARKS = "。.,，!！~～…、"
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u200d\u20e3\ufe0f]")
_CODE = re.compile(r"/:(?:\d{3}|\^_\^|\^\$\^|>_<|-F|\(OK\)|[A-Z])|#E-[a-z]\d\d|\[[^\[\]\s]{1,4}\]")


def is_talk(message: Message) -> bool:
    """Whether the message is talk; only talk opens or closes a round or counts in a number."""
    return message["kind"] in TALK


def is_buyer_talk(message: Message) -> bool:
    """Whether the buyer said it."""
    return message["sender"] == "buyer" and is_talk(message)


def is_agent_talk(message: Message) -> bool:
    """Whether an agent, or the robot in an agent's name, said it."""
    return message["sender"] in ("agent", "assist") and is_talk(message)


def is_person_talk(message: Message) -> bool:
    """Whether an agent said it with its own hands."""
    return message["sender"] == "agent" and is_talk(message)


def is_robot_talk(message: Message) -> bool:
    """Whether an automatic reply or the robot reception said it."""
    return message["sender"] in ("auto", "bot") and is_talk(message)


def is_closing_line(message: Message, settings: SlowSettings) -> bool:
    """Whether the line only closes a talk: an emoji, or a text of which nothing or a closing word is left."""
    if message["kind"] == "emoji":
        return True
    return message["kind"] == "text" and _is_closing_text(message["text"] or "", settings)


def _is_closing_text(text: str, settings: SlowSettings) -> bool:
    bare = _EMOJI.sub("", _CODE.sub("", text))
    bare = "".join(sign for sign in bare if not sign.isspace() and sign not in _MARKS)
    return bare == "" or bare.lower() in [line.lower() for line in settings.closing_lines]


def key_of(message: Message) -> Key:
    """The key within which sessions are split."""
    return (message["platform"], message["shop"], message["buyer"])


def place_in_order(message: Message) -> tuple[datetime, str, int]:
    """What messages of a key are sorted by: time, file, row."""
    return (message["sent_at"] or _LAST, message["file"], message["row"])


def in_order(messages: Iterable[Message]) -> list[Message]:
    """The messages in the order in which they were said."""
    return sorted(messages, key=place_in_order)


def by_session(messages: Iterable[Message]) -> dict[tuple[str, str, str, str], list[Message]]:
    """The messages of each session in their order, by platform, shop, buyer and session id."""
    found: dict[tuple[str, str, str, str], list[Message]] = {}
    for message in in_order(messages):
        found.setdefault((*key_of(message), message["session_id"]), []).append(message)
    return found


def buyer_of(session: Sequence[Message]) -> Buyer:
    """Who the buyer of a session is: a name, and for a masked name the session too."""
    masked = any(message["masked"] for message in session)
    return (session[0]["buyer"], session[0]["session_id"] if masked else None)


def seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    """The seconds from start to end, null when one of them is unknown."""
    return None if start is None or end is None else (end - start).total_seconds()


def local_day(instant: datetime, settings: SlowSettings) -> date:
    """The local date of the instant, days beginning at the cut hour."""
    shifted = instant.astimezone(UTC) - timedelta(hours=settings.cut_hour)
    return shifted.astimezone(ZoneInfo(settings.timezone)).date()


def is_within(instant: datetime, hours: Hours | str, settings: SlowSettings) -> bool:
    """Whether the wall clock at the instant is in one of the half-open windows."""
    if isinstance(hours, str):
        return hours == "all"
    clock = instant.astimezone(ZoneInfo(settings.timezone)).strftime("%H:%M:%S.%f")
    return any(_is_between(clock, start, end) for start, end in hours)


def _is_between(clock: str, start: str, end: str) -> bool:
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def ratio(numerator: Any, denominator: Any) -> Any:
    """The quotient; no denominator gives null."""
    return None if not denominator else numerator / denominator


def mean(values: Sequence[float]) -> float | None:
    """The arithmetic mean; of nothing, null."""
    return sum(values) / len(values) if values else None


def nearest_rank(values: Sequence[float], percent: int) -> float | None:
    """The smallest value that at least `percent` per cent of the values do not exceed; of nothing, null."""
    if not values:
        return None
    rank = -(-percent * len(values) // 100)
    return sorted(values)[rank - 1]

"""Hypothesis strategies that draw small logs and orders as the ingest stage would hand them over.

Times walk along the edges of every window: gaps, late replies, hours, midnight, the limits of the metrics. Export
session ids are unique over keys, since the rounds table names nothing else. Instants of orders stand a fraction of a
second off every message, so that none shares an instant with one.
"""

from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from .terms import Message, Row

ZONE = timezone(timedelta(hours=8))
STEPS = (0, 0, 1, 5, 29, 30, 31, 60, 61, 179, 180, 181)
LONG_STEPS = (599, 600, 601, 899, 900, 901, 1799, 1800, 1801, 3599, 3600, 3601)
CLOCKS = (
    time(7, 59, 59), time(8), time(8, 0, 1), time(8, 59, 59), time(9), time(12), time(22, 30), time(22, 59, 59),
    time(23), time(23, 59, 30), time(23, 59, 59), time(0),
)  # fmt: skip
TALKERS = (*["buyer"] * 6, *["agent"] * 5, "assist", "assist", "auto", "bot", "system")
KINDS = {
    "buyer": ("text", "text", "text", "text", "image", "card", "emoji", "file", "recall", "event"),
    "agent": ("text", "text", "text", "text", "image", "card", "emoji", "file", "recall", "transfer"),
    "assist": ("text", "text", "card", "recall"),
    "auto": ("text", "text", "card", "recall"),
    "bot": ("text", "text", "card", "event"),
    "system": ("event", "event", "transfer", "transfer", "text"),
}
QUESTIONS = ("在吗", "什么时候发货", "？", "?", "好的吧", "有货的哦", "亲，在的", "ok吗")
CLOSINGS = ("好的", "好的。", " 谢谢 啦~", "嗯嗯！", "OK", "Ok…", "", "。。。", "😊", "好的👍", "/:^_^", "谢谢/:087")
TEXTS = (*QUESTIONS * 4, *CLOSINGS)
ACCOUNTS = ("小雨", "小何", "小周")
BUYERS = (("tb01", False), ("tb02", False), ("j****db", True), ("t**1", True))
PLACES = (("taobao", "甲店"), ("taobao", "乙店"), ("jd", "甲店"), ("plain", "甲店"), ("plain", ""))
FILES = ("a.csv", "b/a.csv", "b.txt")
REFS = (None, None, None, None, "1001", "1002", "O1", "O2", "O2|1001")


@st.composite
def messages(
    draw: st.DrawFn, *, times: str | None = None, ids: str | None = None, unnamed: bool = True, most: int = 12
) -> list[Message]:
    """A log of one to four keys in any order; None draws how it is.

    times: `all`, `none`, `mixed` (by file; only drawn when asked for). ids: export session ids `all`, `none`, `mixed`.
    unnamed: agents may lack an account. most: messages a key.
    """
    times = times or draw(st.sampled_from(("all", "all", "all", "all", "none")))
    ids = ids or draw(st.sampled_from(("none", "none", "none", "all", "mixed")))
    timed = {"all": FILES, "none": (), "mixed": FILES[:2]}[times]
    key = st.tuples(st.sampled_from(PLACES), st.sampled_from(BUYERS))
    keys = draw(st.lists(key, min_size=1, max_size=4, unique=True))
    log: list[Message] = []
    for number, (place, buyer) in enumerate(keys):
        log += draw(_conversations(place, buyer, number, ids, unnamed, most))
    _number(log, draw(st.permutations(range(len(log)))), timed)
    return draw(st.permutations(log))


@st.composite
def _conversations(
    draw: st.DrawFn, place: tuple[str, str], buyer: tuple[str, bool], number: int, ids: str, unnamed: bool, most: int
) -> list[Message]:
    """All messages of one key, with times from an edge of a day on."""
    day = draw(st.sampled_from((1, 2, 2)))
    now = datetime.combine(datetime(2026, 3, day), draw(st.sampled_from(CLOCKS)), ZONE)
    found = []
    for _ in range(draw(st.integers(1, most))):
        found.append(
            {
                "platform": place[0],
                "shop": place[1],
                "session_id": draw(_session_ids(number, ids)),
                "buyer": buyer[0],
                **draw(_lines(unnamed)),
                "sent_at": draw(st.sampled_from((now, now, now.astimezone(UTC)))),
                "file": draw(st.sampled_from(FILES)),
                "masked": buyer[1],
            }
        )
        now = draw(_next(now))
    return found


def _session_ids(number: int, ids: str) -> st.SearchStrategy[str | None]:
    own: tuple[str | None, ...] = (*[f"E{number}-0"] * 4, f"E{number}-1")
    return st.sampled_from({"none": (None,), "all": own, "mixed": (*own, *[None] * 4)}[ids])


@st.composite
def _lines(draw: st.DrawFn, unnamed: bool) -> Row:
    """What one row says: sender, kind, agent, text, refs."""
    sender = draw(st.sampled_from(TALKERS))
    kind = draw(st.sampled_from(KINDS[sender]))
    return {
        "sender": sender,
        "kind": kind,
        "agent": draw(st.sampled_from(_agents(sender, kind, unnamed))),
        "text": draw(st.sampled_from(TEXTS)) if kind == "text" else f"[{kind}]",
        "refs": draw(st.sampled_from(REFS)),
    }


def _agents(sender: str, kind: str, unnamed: bool) -> tuple[str | None, ...]:
    """What the export may name on such a row."""
    if kind == "transfer":
        return (None, *ACCOUNTS)
    if sender in ("agent", "assist", "auto"):
        return (*ACCOUNTS * 3, None) if unnamed else ACCOUNTS
    return {"buyer": (None, None, None, *ACCOUNTS), "bot": (None, "机器人"), "system": (None,)}[sender]


def _next(now: datetime) -> st.SearchStrategy[datetime]:
    """A later instant: some step on, or when the clock next shows one of the edges."""
    edges = [datetime.combine(now.date(), clock, ZONE) for clock in CLOCKS]
    clocks = [edge if edge > now else edge + timedelta(days=1) for edge in edges]
    short, long = ([now + timedelta(seconds=step) for step in steps] for steps in (STEPS, LONG_STEPS))
    return st.sampled_from((short, short, short, short, long, long, clocks)).flatmap(st.sampled_from)


def _number(log: list[Message], rows: list[int], timed: tuple[str, ...]) -> None:
    """Give the messages ids and rows, and take the times of those whose file has none."""
    for number, (message, row) in enumerate(zip(log, rows, strict=True)):
        message["message_id"] = f"m{number:02}"
        message["row"] = row + 1
        if message["file"] not in timed:
            message["sent_at"] = None


@st.composite
def orders(draw: st.DrawFn, log: list[Message], *, most: int = 4) -> list[Row]:
    """Orders of the log's buyers and of strangers, around the times of its messages."""
    found = []
    for number in range(1, 1 + draw(st.integers(0, most))):
        near = draw(st.sampled_from(log))
        base = near["sent_at"] or datetime(2026, 3, 2, 12, tzinfo=ZONE)
        ordered_at = base + draw(
            _offsets(-17 * 86400, -15 * 86400, -3 * 86400, -60, 0, 60, 1800, 86399, 86400, 172799, 172800)
        )
        until_paid = draw(st.none() | _offsets(0, 5, 600, 3600, 86400, 3 * 86400))
        paid_at = ordered_at + until_paid if until_paid else None
        found.append(
            {
                "order_id": f"O{number}",
                "platform": near["platform"],
                "shop": near["shop"],
                "buyer": draw(st.sampled_from(_names(near["buyer"]))),
                "ordered_at": ordered_at,
                "paid_at": paid_at,
                **draw(_after(ordered_at, paid_at)),
                "item_ids": draw(st.sampled_from((None, "1001", "1002", "1001|1003"))),
            }
        )
    return found


def _offsets(*seconds: int) -> st.SearchStrategy[timedelta]:
    """Spans of so many seconds and a tenth."""
    return st.sampled_from(seconds).map(lambda second: timedelta(seconds=second, milliseconds=100))


def _names(buyer: str) -> tuple[str, ...]:
    """Whom an order may name that belongs to a chat with this buyer: it, what is under the mask, a stranger."""
    head, tail = buyer.split("*")[0], buyer.split("*")[-1]
    return (buyer, buyer, f"{head}_hidden_{tail}" if "*" in buyer else buyer, "stranger")


@st.composite
def _after(draw: st.DrawFn, ordered_at: datetime, paid_at: datetime | None) -> dict[str, Any]:
    """Money, refund, closing and status of an order; only a paid order has a refund."""
    refund = draw(st.none() | st.sampled_from((Decimal("9.90"), Decimal("30.00")))) if paid_at else None
    until_closed = draw(st.none() | _offsets(3600, 15 * 86400 - 60, 16 * 86400))
    return {
        "amount": draw(st.sampled_from((Decimal("99.00"), Decimal("0.10"), Decimal("128.35")))),
        "postage": draw(st.sampled_from((None, Decimal("0.00"), Decimal("8.00")))),
        "commission": draw(st.sampled_from((None, Decimal("1.98")))),
        "refund": refund,
        "refunded_at": paid_at + timedelta(days=1) if paid_at and refund else None,
        "closed_at": (paid_at or ordered_at) + until_closed if until_closed else None,
        "status": "已付款" if paid_at else "待付款",
    }

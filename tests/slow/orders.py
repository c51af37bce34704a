"""Whose an order is (`conversions.csv`), and the order columns of the agents table.

Readings:
- Finding the chat (`links`): a buyer of that very name, not masked, in the order's platform and shop; else a session
  with a card naming the order, else with any other row naming it (both: that buyer's whole chat, or for a masked buyer
  that session alone); else masked buyers whose name's visible ends fit the order's. Without any, `join` is null.
- Talk that can be credited: of agent or assist, with an account, in [instant − credit_days, instant); for `order`
  before the order, for `payment` before the payment, for `order_first` before either.
- Every order has under every rule one owner row or one silent row; an unpaid order is silent under `payment` and `pdd`.
- `assist`: every other agent with talk the rule could credit, with the session of its last such talk. In `order_first`
  that is also who talked between order and payment.
- `jd`: credit_days is the window, nothing for an order closed within 15 days; who served the item: when a buyer's talk
  in the window names an ordered item, the agent of the last talk of buyer, agent or assist there that names one.
- `pdd`: automatic replies count as talk; its window is three local days ending on the day of payment (which stands for
  grouping, of which no column tells), instead of credit_days.
- `final`: now is the latest instant in the messages and orders. Not final is a paid order until after_sales_days later,
  an unpaid one until the next local day is over; a closed one is final.
- An inquiry buyer has, that day, a session with the agent before whose start, in [start − after_sales_days, start), no
  linked order was paid. `ordered_n` and `paid_n` ask for an instant from the start of such a session to the end of the
  day after the session's day; `paid_n` does not ask when that order was created.
- Sums run over `order_first` owner rows of paid orders; order_value divides by their distinct buyers. Rows without day
  have nulls.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from .agents import ORDER_COLUMNS, Work, works
from .links import Link, link
from .settings import SlowSettings
from .terms import Message, Row, is_agent_talk, is_buyer_talk, is_talk, local_day, ratio

JUDGES = ("order", "payment", "order_first", "jd", "pdd")
CANCEL_DAYS = 15
PDD_DAYS = 3


def conversions(messages: Iterable[Message], orders: Iterable[Row], settings: SlowSettings) -> list[Row]:
    """One row for each order, judging rule and agent; `messages` as `split` gives them."""
    messages, orders = list(messages), list(orders)
    now = _latest(messages, orders)
    rows = []
    for order in orders:
        found = link(order, messages)
        final = _is_final(order, now, settings)
        for judge in JUDGES:
            for role, talk in _roles(judge, order, found.messages, settings):
                rows.append({**_row(order, judge, role, talk), "join": found.join, "final": final})
    return rows


def _row(order: Row, judge: str, role: str, talk: Message | None) -> Row:
    return {
        "order_id": order["order_id"],
        "judged_by": judge,
        "role": role,
        "shop": order["shop"],
        "buyer": order["buyer"],
        "agent": talk["agent"] if talk else None,
        "session_id": talk["session_id"] if talk else None,
        **{name: order[name] for name in ("ordered_at", "paid_at", "amount", "refund", "postage", "commission")},
    }


def _roles(judge: str, order: Row, chat: list[Message], settings: SlowSettings) -> list[tuple[str, Message | None]]:
    """The owner and the assisting agents, each with the last talk that made it so."""
    owner, talk = _judge(judge, order, chat, settings)
    if owner is None:
        return [("silent", None)]
    last = {message["agent"]: message for message in talk}
    return [("owner", owner), *[("assist", one) for agent, one in last.items() if agent != owner["agent"]]]


def _judge(judge: str, order: Row, chat: list[Message], settings: SlowSettings) -> tuple[Message | None, list[Message]]:
    """The talk that is credited, and all talk that could have been."""
    if judge == "jd":
        return _judge_jd(order, chat, settings)
    if judge == "pdd":
        return _judge_pdd(order, chat, settings)
    before_order = _credible(chat, order["ordered_at"], settings)
    before_payment = _credible(chat, order["paid_at"], settings)
    if judge == "order":
        return _last(before_order), before_order
    if judge == "payment":
        return _last(before_payment), before_payment
    either = [message for message in chat if message in before_order or message in before_payment]
    return _last(before_order) or _last(before_payment), either


def _judge_jd(order: Row, chat: list[Message], settings: SlowSettings) -> tuple[Message | None, list[Message]]:
    if order["closed_at"] and order["closed_at"] - order["ordered_at"] <= timedelta(days=CANCEL_DAYS):
        return None, []
    talk = _credible(chat, order["ordered_at"], settings)
    window = _window(chat, order["ordered_at"], settings)
    about = [message for message in window if is_talk(message) and _names_item(message, order)]
    served = [one for one in about if one["agent"] and (is_buyer_talk(one) or is_agent_talk(one))]
    asked = any(is_buyer_talk(message) for message in about)
    return (_last(served) if asked else None) or _last(talk), talk


def _judge_pdd(order: Row, chat: list[Message], settings: SlowSettings) -> tuple[Message | None, list[Message]]:
    if order["paid_at"] is None:
        return None, []
    first_day = local_day(order["paid_at"], settings) - timedelta(days=PDD_DAYS - 1)
    talk = [
        message
        for message in chat
        if message["sender"] in ("agent", "assist", "auto") and is_talk(message) and message["agent"]
        if message["sent_at"] < order["paid_at"] and local_day(message["sent_at"], settings) >= first_day
    ]
    return _last([message for message in talk if message["sent_at"] < order["ordered_at"]]) or _last(talk), talk


def _credible(chat: list[Message], instant: datetime | None, settings: SlowSettings) -> list[Message]:
    """Talk of named agents that may be credited with what happened at the instant."""
    return [message for message in _window(chat, instant, settings) if is_agent_talk(message) and message["agent"]]


def _window(chat: list[Message], instant: datetime | None, settings: SlowSettings) -> list[Message]:
    if instant is None:
        return []
    start = instant - timedelta(days=settings.credit_days)
    return [message for message in chat if start <= message["sent_at"] < instant]


def _last(messages: Sequence[Message]) -> Message | None:
    return messages[-1] if messages else None


def _names_item(message: Message, order: Row) -> bool:
    named, ordered = set((message["refs"] or "").split("|")), set((order["item_ids"] or "").split("|"))
    return bool(named & ordered - {""})


def _latest(messages: Iterable[Message], orders: Iterable[Row]) -> datetime | None:
    names = ("ordered_at", "paid_at", "closed_at", "refunded_at")
    instants = [message["sent_at"] for message in messages] + [order[name] for order in orders for name in names]
    return max((instant for instant in instants if instant is not None), default=None)


def _is_final(order: Row, now: datetime | None, settings: SlowSettings) -> bool:
    ordered_at: datetime = order["ordered_at"]
    paid_at: datetime | None = order["paid_at"]
    if order["closed_at"] is not None:
        return True
    if now is None:
        return False
    if paid_at is not None:
        return now >= paid_at + timedelta(days=settings.after_sales_days)
    return local_day(now, settings) > local_day(ordered_at, settings) + timedelta(days=1)


def add_orders(
    agents: Iterable[Row],
    messages: Iterable[Message],
    sessions: Iterable[Row],
    rounds: Iterable[Row],
    orders: Iterable[Row],
    settings: SlowSettings,
) -> list[Row]:
    """The agents rows with their order columns filled; without orders these stay null."""
    agents, messages, orders = list(agents), list(messages), list(orders)
    if not orders:
        return agents
    links = [(order, link(order, messages)) for order in orders]
    owned = [row for row in conversions(messages, orders, settings) if _is_sale(row)]
    found = {tuple(place.values()): work for place, work in works(messages, sessions, rounds)}
    rows = []
    for row in agents:
        work = found[(row["day"], row["platform"], row["shop"], row["agent"])]
        rows.append({**row, **_columns(row, work, links, owned, settings)})
    return rows


def _is_sale(row: Row) -> bool:
    return row["judged_by"] == "order_first" and row["role"] == "owner" and row["paid_at"] is not None


def _columns(row: Row, work: Work, links: list[tuple[Row, Link]], owned: list[Row], settings: SlowSettings) -> Row:
    if row["day"] is None:
        return dict.fromkeys(ORDER_COLUMNS)
    ids = {session["session_id"] for session in work.sessions}
    own = [sale for sale in owned if sale["agent"] == row["agent"] and sale["session_id"] in ids]
    return {**_inquiries(work, links, settings), **_money(own)}


def _inquiries(work: Work, links: list[tuple[Row, Link]], settings: SlowSettings) -> Row:
    inquiry = ordered = paid = 0
    for buyer in work.received:
        mine = [session for session in work.sessions if work.buyers[session["session_id"]] == buyer]
        asks = [(session, _orders_of(session, links)) for session in mine]
        asks = [(session, orders) for session, orders in asks if not _is_after_sales(session, orders, settings)]
        inquiry += bool(asks)
        ordered += any(_follows(order["ordered_at"], session, settings) for session, own in asks for order in own)
        paid += any(_follows(order["paid_at"], session, settings) for session, own in asks for order in own)
    return {"inquiry_n": inquiry, "ordered_n": ordered, "paid_n": paid, "conversion_share": ratio(paid, inquiry)}


def _orders_of(session: Row, links: list[tuple[Row, Link]]) -> list[Row]:
    return [order for order, found in links if session["session_id"] in found.session_ids]


def _is_after_sales(session: Row, orders: list[Row], settings: SlowSettings) -> bool:
    start = session["started_at"]
    since = start - timedelta(days=settings.after_sales_days)
    return any(order["paid_at"] is not None and since <= order["paid_at"] < start for order in orders)


def _follows(instant: datetime | None, session: Row, settings: SlowSettings) -> bool:
    """Whether the instant lies from the session's start to the end of the day after the session's."""
    if instant is None or instant < session["started_at"]:
        return False
    return local_day(instant, settings) <= date.fromisoformat(session["day"]) + timedelta(days=1)


def _money(own: list[Row]) -> Row:
    sales, refunds = _total(own, "amount"), _total(own, "refund")
    payers = {(sale["buyer"], sale["session_id"] if sale["join"] == "masked" else None) for sale in own}
    return {
        "sales": sales,
        "refunds": refunds,
        "effective_sales": sales - refunds - _total(own, "postage") - _total(own, "commission"),
        "order_value": ratio(sales, len(payers)),
    }


def _total(rows: list[Row], name: str) -> Decimal:
    return sum((row[name] or Decimal(0) for row in rows), Decimal(0))

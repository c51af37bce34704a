"""Three days of the shop: who comes when, and what course each conversation takes."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bank import Bank
from goods import ACCOUNTS, ITEMS, NICK_STEMS, SHOPS, TOWNS, Account, Item
from manners import Manner
from talk import Clerk, Order, Scribe, Talk

FIRST_DAY = datetime(2026, 3, 2)
DAYS = 3
_PINYIN = (
    "amu", "baicai", "chengzi", "doudou", "erwa", "fengzi", "guagua", "hetao", "jiujiu", "kele", "lanhua", "maizi",
    "nangua", "pangpang", "qiyue", "ruirui", "shitou", "taotao", "wanfeng", "xiaoman", "yunduo", "zhima",
)  # fmt: skip

# How often a course is taken, in hundredths; `course_of` has their stages.
COURSES = {
    "need": 17,
    "item": 26,
    "quick": 27,
    "upset": 11,
    "after": 5,
    "pending": 5,
    "late": 2,
    "event": 3,
    "twice": 4,
}


@dataclass
class Book:
    """All that happened: conversations in order of their start, and orders."""

    talks: list[Talk]
    orders: list[Order]


@dataclass
class _Visit:
    account: Account
    start: datetime
    course: str


@dataclass
class _Guests:
    """Invents buyers; some visits are by someone who came half a day or more before."""

    rng: random.Random
    seen: dict[str, list[tuple[datetime, str, Item]]] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)

    def name(self, platform: str) -> str:
        number = self.made[platform] = self.made.get(platform, 0) + 1
        stem = NICK_STEMS[(number * 7) % len(NICK_STEMS)]
        if platform == "jd":
            return f"{_PINYIN[(number * 5) % len(_PINYIN)]}_shili{number % 100:02d}"
        if platform == "taobao":
            return self.rng.choice([f"tb示例{stem}{number:02d}", f"示例{stem}_{number:02d}", f"{stem}示例{number:02d}"])
        return self.rng.choice([f"示例{stem}{number:02d}", f"{stem}（示例{number}）"])

    def come(self, platform: str, start: datetime) -> tuple[str, Item | None]:
        """Choose a buyer for a visit, with the article of the last visit if it is not the first."""
        seen = self.seen.setdefault(platform, [])
        earlier = [guest for guest in seen if start - guest[0] > timedelta(hours=14)]
        if earlier and self.rng.random() < 0.12:
            guest = self.rng.choice(earlier)
            seen.remove(guest)
            return guest[1], guest[2]
        return self.name(platform), None

    def leave(self, talk: Talk, start: datetime, item: Item, bought: bool) -> None:
        """Remember a buyer who may come back for the article."""
        if not bought and talk.accounts:
            self.seen.setdefault(talk.platform, []).append((start, talk.buyer, item))


def course_of(course: str, again: bool, platform: str, manner: Manner, rng: random.Random) -> list[str]:
    """List the stages of a conversation, in order."""
    doubt = [rng.choice(["bargain", "bargain", "bargain", "hesitate"])] if rng.random() < 0.45 else []
    if again:
        return ["open.again", "order", "close"]
    if rng.random() < manner.order_chance:
        finish = ["unpaid"] if rng.random() < 0.18 else ["order"]
        finish.append("close")
    else:
        finish = rng.choice([["hesitate", "close"], ["cart", "close"], ["cart", "decide.later", "close"]])
        if rng.random() < manner.faults["no_cart"]:
            finish = ["decide.leave"]
        doubt = [stage for stage in doubt if stage not in finish]
    entry = _entry(platform, rng)
    second = ["topic"] if not doubt and rng.random() < 0.35 else []
    return {
        "need": ["open.need", "need", "recommend", "topic", *doubt, *finish],
        "item": [entry, "topic", *second, *doubt, *finish],
        "quick": [*(["open", "show"] if entry == "open.item" else [entry]), "topic", *finish],
        "upset": ["upset", "close"],
        "after": ["after", "close"],
        "pending": ["pending"],
        "late": ["open.item", "late", *finish],
        "event": ["event", "topic", *finish],
        "twice": ["twice", "show", "topic", *finish],
        "transfer": ["open", "transfer"],
        "recall": ["open", "recall", "close"],
        "assist": ["open", "assist", "topic", *finish],
        "haggle": ["open.item", "topic", "bargain", *finish],
        "midnight": ["open.item", "topic", "topic", "order", "close"],
    }[course]


def _entry(platform: str, rng: random.Random) -> str:
    robot = {"jd": 0.5, "pdd": 0.2, "douyin": 0.25, "taobao": 0.1}[platform]
    draw = rng.random()
    if draw < robot:
        return "open.bot"
    return "open.auto" if draw < robot + 0.08 else "open.item"


def _start(account: Account, day: int, rng: random.Random) -> datetime:
    low, high = account.hours
    middle = rng.triangular(low * 60 + 5, high * 60 - 12, (low * 60 + high * 60) / 2 + rng.choice([-120, 0, 150]))
    return FIRST_DAY + timedelta(days=day, minutes=int(middle), seconds=rng.randint(0, 59))


def _usual_visits(rng: random.Random) -> list[_Visit]:
    visits = []
    for account in ACCOUNTS:
        for number in range(account.session_n):
            course = rng.choices(list(COURSES), list(COURSES.values()))[0]
            visits.append(_Visit(account, _start(account, number % DAYS, rng), course))
    return visits


def _special_visits() -> list[_Visit]:
    """Visits that must occur: transfers, recalls, robot answers in an agent's name, the small hours, midnight."""
    by_nick = {(account.platform, account.nick): account for account in ACCOUNTS}
    rows = (
        ("taobao", "小雯", 0, "14:20:10", "transfer"),
        ("taobao", "小凯", 0, "23:54:40", "midnight"),
        ("taobao", "小凯", 1, "23:21:05", "quick"),
        ("taobao", "小雯", 2, "06:48:30", "pending"),
        ("taobao", "小雯", 2, "07:36:12", "quick"),
        ("jd", "小何", 1, "15:32:00", "transfer"),
        ("jd", "小周", 1, "23:26:41", "item"),
        ("jd", "小何", 2, "02:10:55", "pending"),
        ("pdd", "小林", 0, "15:05:21", "transfer"),
        ("pdd", "小林", 2, "13:40:02", "transfer"),
        ("pdd", "小林", 1, "10:12:12", "recall"),
        ("pdd", "小龙", 1, "16:44:50", "recall"),
        ("pdd", "小林", 0, "09:31:18", "assist"),
        ("pdd", "小龙", 1, "20:02:33", "assist"),
        ("pdd", "小林", 2, "11:08:47", "assist"),
        ("pdd", "小龙", 1, "23:55:20", "midnight"),
        ("pdd", "小龙", 2, "00:38:03", "pending"),
        ("pdd", "小龙", 0, "17:15:08", "haggle"),
        ("pdd", "小龙", 0, "19:42:51", "haggle"),
        ("pdd", "小龙", 1, "14:20:19", "haggle"),
        ("pdd", "小龙", 2, "18:33:27", "haggle"),
        ("pdd", "小龙", 2, "21:05:44", "haggle"),
        ("pdd", "小龙", 1, "22:08:13", "haggle"),
        ("pdd", "小龙", 0, "20:50:26", "haggle"),
        ("taobao", "小凯", 1, "15:11:30", "haggle"),
        ("taobao", "小凯", 2, "19:26:02", "haggle"),
        ("jd", "小周", 0, "20:18:36", "haggle"),
        ("douyin", "小雯", 0, "13:15:37", "recall"),
        ("douyin", "小雯", 1, "10:26:09", "late"),
        ("douyin", "小雯", 2, "22:40:00", "pending"),
    )
    return [
        _Visit(by_nick[platform, nick], FIRST_DAY + timedelta(days=day) + _clock(clock), course)
        for platform, nick, day, clock, course in rows
    ]


def _clock(text: str) -> timedelta:
    hours, minutes, seconds = map(int, text.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _colleague(account: Account) -> Account | None:
    others = [other for other in ACCOUNTS if other.platform == account.platform and other != account]
    return others[0] if others else None


def _converse(visit: _Visit, number: int, guests: _Guests, bank: Bank, clerk: Clerk) -> Talk:
    account, platform, rng = visit.account, visit.account.platform, bank.rng
    buyer, item_before = guests.come(platform, visit.start) if visit.course in {"item", "quick"} else ("", None)
    item = item_before or rng.choice(ITEMS)
    kin = [other for other in ITEMS if other.kind == item.kind and other != item]
    alt = rng.choice(kin or [other for other in ITEMS if other.kind == "保温杯"])
    session_id = f"{platform.upper()}{visit.start:%m%d}{number:04d}"
    talk = Talk(platform, SHOPS[platform], session_id, buyer or guests.name(platform), account)
    scribe = Scribe(talk, item, alt, rng.choice(TOWNS), visit.start, bank, clerk)
    if visit.course == "transfer" and (other := _colleague(account)):
        scribe.hand_to(other)
    for stage in course_of(visit.course, item_before is not None, platform, scribe.manner, rng):
        if not scribe.play(stage):
            break
    bought = scribe.order is not None
    if (
        "no_cart" not in talk.planted
        and "cart" not in scribe.played
        and not bought
        and visit.course in {"need", "item", "quick"}
    ):
        talk.planted.append("no_cart")
    guests.leave(talk, visit.start, item, bought)
    return talk


def _silent_orders(clerk: Clerk, guests: _Guests, rng: random.Random) -> None:
    """Orders of buyers who never wrote."""
    for number in range(24):
        platform = ("taobao", "pdd", "jd", "douyin")[number % 4]
        at = FIRST_DAY + timedelta(minutes=rng.randint(400, DAYS * 1440 - 60), seconds=rng.randint(0, 59))
        order = clerk.take(platform, SHOPS[platform], guests.name(platform), rng.choice(ITEMS), at, rng.choice(TOWNS))
        if number % 6 == 5:
            order.closed_at = at + timedelta(days=1)
        else:
            clerk.pay(order, at + timedelta(seconds=rng.randint(20, 300)), 0.08)


def play_three_days(seed: int) -> Book:
    """Write all conversations and orders of the three days; the same seed gives the same book."""
    rng = random.Random(seed)
    bank, clerk, guests = Bank(rng), Clerk(rng), _Guests(rng)
    visits = sorted([*_usual_visits(rng), *_special_visits()], key=lambda visit: visit.start)
    talks = [_converse(visit, number, guests, bank, clerk) for number, visit in enumerate(visits, 1)]
    _silent_orders(clerk, guests, rng)
    return Book(talks, sorted(clerk.orders, key=lambda order: (order.ordered_at, order.number)))

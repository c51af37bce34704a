"""A conversation: its messages, and how a few scenes become one with times, slots filled and orders made."""

import random
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bank import Bank, Scene, fill
from goods import Account, Item
from manners import MANNERS, Manner

EMOJIS = {
    "taobao": ("/:^_^", "/:^$^", "/:^x^", "/:087", "/:066", "/:Q"),
    "jd": ("#E-s21", "#E-s57", "#E-s01"),
    "pdd": ("[微笑]", "[玫瑰]", "[强]"),
    "douyin": ("[微笑]", "[送心]", "[玫瑰]"),
}
WELCOME_CARDS = {"jd": "【此消息为欢迎卡片或富文本模板答案，聊天记录中暂不支持展示】"}
HANDOVERS = {"jd": "用户发起转人工", "pdd": "用户发起转人工，已接入人工客服", "douyin": "用户已转人工"}
ORDER_CARDS = {
    "taobao": "订单编号：{order}",
    "jd": "咨询订单号:{order} 商品ID:{item_id}",
    "pdd": "[订单] 订单编号：{order} {title} 实付￥{deal}",
    "douyin": "[订单] 订单编号：{order}",
}
SENDERS = {"b": "buyer", "a": "agent", "o": "agent", "i": "assist", "u": "auto", "r": "bot", "s": "system"}


@dataclass
class Order:
    """One order; amounts in yuan."""

    number: str
    platform: str
    shop: str
    buyer: str
    item: Item
    ordered_at: datetime
    postage: int
    town: str
    paid_at: datetime | None = None
    closed_at: datetime | None = None
    refund: int = 0
    refunded_at: datetime | None = None

    @property
    def amount(self) -> int:
        """What the buyer pays, postage included."""
        return self.item.deal + self.postage


@dataclass(frozen=True)
class Message:
    """One message: `sender` and `kind` in the words of the table format, `account` whose name it bears."""

    at: datetime
    sender: str
    account: str
    kind: str
    text: str


@dataclass
class Talk:
    """One conversation of a buyer, and what was planted in it."""

    platform: str
    shop: str
    session_id: str
    buyer: str
    account: Account
    messages: list[Message] = field(default_factory=list)
    planted: list[str] = field(default_factory=list)

    @property
    def accounts(self) -> list[str]:
        """Accounts with talk of their own, in order of appearance."""
        return list(dict.fromkeys(m.account for m in self.messages if m.sender in {"agent", "assist"}))


class Clerk:
    """Numbers orders and remembers them all."""

    _FIRST = {"taobao": 1930000000000000000, "jd": 310000000000, "pdd": 100000000000000, "douyin": 6920000000000000000}

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.orders: list[Order] = []

    def take(self, platform: str, shop: str, buyer: str, item: Item, at: datetime, town: tuple[str, str, int]) -> Order:
        """Take a new, unpaid order."""
        number = str(self._FIRST[platform] + 7919 * (len(self.orders) + 1))
        if platform == "pdd":
            number = f"{at:%y%m%d}-{number}"
        order = Order(number, platform, shop, buyer, item, at, town[2], town[0])
        self.orders.append(order)
        return order

    def pay(self, order: Order, at: datetime, refund_chance: float) -> None:
        """Book the payment, and now and then a refund one or two days later."""
        order.paid_at = at
        if self.rng.random() < refund_chance:
            order.refunded_at = at + timedelta(hours=self.rng.randint(5, 40), minutes=self.rng.randint(0, 59))
            order.refund = self.rng.choice([order.item.deal, order.item.deal, 5])


class Scribe:
    """Writes one conversation down, scene by scene."""

    def __init__(
        self, talk: Talk, item: Item, alt: Item, town: tuple[str, str, int], start: datetime, bank: Bank, clerk: Clerk
    ) -> None:
        self.talk, self.item, self.town, self.bank, self.clerk = talk, item, town, bank, clerk
        self.rng = bank.rng
        self.now = start
        self.manner: Manner = MANNERS[talk.account.manner]
        self.other: Account | None = None
        self.order: Order | None = None
        self.used: set[str] = set()
        self.played: set[str] = set()
        self.last = ""
        self.casual = self.rng.random() < self.manner.faults.get("casual", 0.0)
        self.slots = self._slots(alt)

    def _slots(self, alt: Item) -> dict[str, str]:
        item, platform = self.item, self.talk.platform
        volume = re.search(r"[\d.]+(毫升|升)", item.capacity)
        return {
            "me": self.talk.account.nick,
            "short": item.short,
            "title": item.title,
            "kind": item.kind,
            "price": str(item.price),
            "deal": str(item.deal),
            "promo": item.promo,
            "cap": item.capacity,
            "vol": volume[0] if volume else item.capacity,
            "mat": item.material,
            "size": item.size,
            "works": item.works,
            "tight": item.tight,
            "clean": item.clean,
            "color": item.colors[0],
            "color2": item.colors[1],
            "use": item.use,
            "pitch": item.pitch,
            "link": item.link(platform),
            "item_id": item.item_id(platform),
            "alt": alt.short,
            "alt_cap": alt.capacity,
            "alt_price": str(alt.price),
            "alt_link": alt.link(platform),
            "city": self.town[0],
            "days": self.town[1],
            "post": "是包邮的" if not self.town[2] else f"要补{self.town[2]}元运费",
            "receiver": self.rng.choice("王李张刘陈杨赵黄周吴") + self.rng.choice(["先生", "女士", "小姐"]),
            "tail": f"{self.rng.randint(0, 9)}000",
            "welcome_card": WELCOME_CARDS.get(platform, "[欢迎卡片]"),
            "handover": HANDOVERS.get(platform, "用户已转人工"),
            "event": "买家已领取店铺优惠券",
            "recalled": "对方撤回了一条消息",
            "canned": self.manner.canned,
            "away": f"您好，客服{self.talk.account.nick}正忙，看到消息会第一时间回复您，请稍候",
            "hello": "{" + "|".join(self.manner.hellos) + "}",
            "hello_again": "{" + "|".join(self.manner.hellos_again) + "}",
            "bye_thanks": "{" + "|".join(self.manner.byes) + "}",
            "bye_rate": "{" + "|".join(self.manner.rates) + "}",
        }

    def play(self, stage: str) -> bool:
        """Add one scene of a stage; False where the talk broke off with it."""
        scene = self.bank.pick(stage, self.item.kind, self.manner.faults, self.used)
        if scene is None:
            return True
        self.write(scene)
        return not scene.ends

    def write(self, scene: Scene) -> None:
        """Write the lines of a scene down and note what it plants."""
        self.used.add(scene.subject)
        if not scene.faults:
            self.played.add("cart" if scene.stage == "hesitate" else scene.stage)
        self.talk.planted += [*scene.faults, *scene.traps]
        for line in scene.lines:
            if line.who == "$":
                self._book(line.text)
            else:
                delay = fill(line.delay, {}, self.rng)
                self._say(line.who, line.kind, self._fill(line.text), int(delay) if delay else None)

    def _fill(self, text: str) -> str:
        early = self.now.hour < 16
        self.slots["ship"] = "下午4点前付款今天就能发出" if early else "现在付款明天上午发出"
        self.slots["ship_soon"] = "今天下午就发出" if early else "明天一早就发出"
        self.slots["emo"] = self.rng.choice(EMOJIS[self.talk.platform])
        if "{order_card}" in text:
            self.slots["order"] = (self.order or self._older_order()).number
            text = text.replace("{order_card}", ORDER_CARDS[self.talk.platform])
        return fill(text, self.slots, self.rng)

    def _say(self, who: str, kind: str, text: str, delay: int | None) -> None:
        if who in "ao":
            text = self._in_manner(text)
        self.now += timedelta(seconds=self._delay(who, text) if delay is None else delay)
        account = "" if who in "brs" else self.talk.account.account
        if self.other and (who == "o" or kind == "transfer"):
            account = self.other.account
        self.talk.messages.append(Message(self.now, SENDERS[who], account, kind, text))
        self.last = who

    def _in_manner(self, text: str) -> str:
        if self.casual:
            text = re.sub("您好", "你好", text).replace("亲，", "").replace("您", "你").replace("的呢", "的哦")
        if "你" in text:
            self.talk.planted.append("casual")
        return text

    def _delay(self, who: str, text: str) -> float:
        typing = 2 + len(text) * 0.35
        if not self.last:
            return 0
        if who in "ur":
            return 1
        if who == "s":
            return self.rng.randint(1, 3)
        if who == self.last:
            return round(typing + self.rng.uniform(1, 6))
        if who in "aoi":
            wait = 2 if who == "i" else self.rng.lognormvariate(0, self.manner.spread) * self.manner.median_s
            return min(round(wait + 2), 900)
        return round(typing + self.rng.uniform(4, 45))

    def _older_order(self) -> Order:
        placed = self.now - timedelta(days=self.rng.randint(3, 12), minutes=self.rng.randint(0, 600))
        self.order = self._take(placed)
        self.clerk.pay(self.order, placed + timedelta(minutes=2), 0.3)
        if self.order.refunded_at:
            self.order.refunded_at = self.now + timedelta(hours=self.rng.randint(2, 30))
        return self.order

    def _take(self, at: datetime) -> Order:
        return self.clerk.take(self.talk.platform, self.talk.shop, self.talk.buyer, self.item, at, self.town)

    def _book(self, what: str) -> None:
        if what == "order":
            self.now += timedelta(seconds=self.rng.randint(30, 120))
            self.order = self._take(self.now)
        elif self.order and what == "close":
            self.order.closed_at = self.order.ordered_at + timedelta(days=1)
        elif self.order and what == "pay_later":
            later = self.order.ordered_at + timedelta(hours=self.rng.randint(8, 16))
            self.clerk.pay(self.order, later, self.manner.refund_chance)
        elif self.order:
            self.now += timedelta(seconds=self.rng.randint(8, 40))
            self.clerk.pay(self.order, self.now, self.manner.refund_chance)

    def hand_to(self, other: Account) -> None:
        """Let another account speak from the scene's ``o`` lines on."""
        self.other = other
        self.slots["other"] = other.nick
        self.slots["transfer"] = f"商家已将会话转接给{other.nick}"

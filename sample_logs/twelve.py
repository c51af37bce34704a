"""The small talk that is written in every layout: twelve conversations, each line with its clock time."""

import random
import re
from datetime import datetime, timedelta

from bank import fill, read_lines
from goods import ITEMS, SHOPS, Account
from talk import EMOJIS, HANDOVERS, ORDER_CARDS, SENDERS, WELCOME_CARDS, Message, Talk

DAY = datetime(2026, 3, 2)

# Head: number, buyer, agent, colleague. A line starts with its time; 24:00:05 is the next day.
TALKS = """
# 1 爱喝水的鱼 小雨 小林
10:01:05 b 在吗
10:01:09 b 这款有现货吗
10:01:11 b:card {link}
10:01:31 a 您好，欢迎光临示例暖居，我是小雨{emo}
10:01:40 a 有现货的，下午4点前付款今天就能发出
10:02:10 b 保温多久
10:02:26 a 给您列一下
  1. 装95度热水，6小时后大概还有66度
  2. 内胆是316不锈钢，杯盖是食品级PP
10:03:02 b 好的
10:03:20 a 喜欢的话您可以先收藏加购，首页有张5元券
10:03:41 b 拍了
10:04:00 a 跟您核对下地址：杭州，尾号6000，对吗
10:04:15 b 对
10:04:30 a 今天下午就发出，1到2天到
10:04:41 a 感谢您光临示例暖居，满意的话麻烦给个评价
10:04:55 b:emoji {emo}

# 2 小满 小雨 小林
10:20:00 b 你好
10:20:04 b:image [图片]
10:20:09 b 收到杯盖有裂纹
  怎么办啊
10:20:30 a 您好，我是小雨，非常抱歉给您带来不便
10:20:52 a 换谁都会着急，今天就给您补发一个新的杯盖，旧的不用寄回
10:21:20 b 好吧 谢谢
10:21:33 a 不客气，补发单号出来发给您，感谢理解

# 3 晚风 小雨 小林
11:02:00 b 要订100个送员工，有团购价吗
11:02:16 a 您好，团购由同事小林负责，我帮您转过去，您稍等
11:02:24 s:transfer 商家已将会话转接给小林
11:02:51 o 您好，我是小林，请问是要哪一款呢
11:03:20 b:card {link}
11:03:47 o 这款100个以上有团购价，报价今天下班前发您
11:04:05 b 行

# 4 橘子汽水 小林 小雨
13:30:10 b 刚拍的，电话写错了
13:30:33 a 您好，没发货可以改，您发我新的
13:30:58 b:recall 对方撤回了一条消息
13:31:12 b 改成138****8000
13:31:40 a 改好了，您看下订单里对不对
13:31:58 b 对了，谢谢

# 5 豆豆妈 小林 小雨
14:05:00 s:event 买家已领取店铺优惠券
14:05:08 b 领了券怎么用
14:05:36 a 您好，结算的时候自动减的，您看下是不是74元
14:05:59 b 是的
14:06:30 b:card {order_card}
14:06:55 a 看到您的订单了，今天下午发出，您留意短信{emo}

# 6 阿木 小雨 小林
12:10:00 b 有人吗
12:10:01 u 您好，客服小雨正忙，看到消息会第一时间回复您，请稍候
12:14:10 a 您好，让您久等了，抱歉，请问想看哪款呢
12:14:41 b 儿童的吸管杯，第一次买，怕漏
12:15:03 a 盖子合上不漏，吸管打开的时候倒过来会滴
12:15:30 b 那我最好明天拍，今天没空填地址
12:15:49 a 好的，您先加购物车，明天拍也是这个价

# 7 南瓜 小雨 小林
15:00:00 b 什么时候发货
15:00:01 r 您好，正常付款后48小时内发货，节假日顺延
15:00:03 r:card {welcome_card}
15:00:20 b 转人工
15:00:21 s:event {handover}
15:00:44 a 您好，我是小雨，今天4点前付款今天发
15:01:02 b 嗯嗯

# 8 团团 小林 小雨
16:40:00 b 能便宜点吗
16:41:50 a 加我微信shili0000，私下给你便宜10块
16:42:20 b 不用了吧
16:43:00 a 没钱就别买
16:43:30 b 你什么态度

# 9 石头 小林 小雨
17:20:00 b 在吗
17:20:00 b 在吗
17:20:30 b 这个壶多久烧开
17:23:50 b ？

# 10 七月 小林 小雨
19:15:00 b 洗密封圈真是个大麻烦，这款好洗吗
19:15:40 a 亲，密封圈可以拆下来洗，最近买的顾客都说方便
19:16:10 b 还有货不
19:16:45 a 雾白的是最后两件了，松绿的还多
19:17:05 b 稍等我问下老公
19:17:30 a 好的，不着急

# 11 麦子 小林 小雨
23:58:20 b 还在吗
23:58:55 a 在的，您好
23:59:30 b 明天能发吗
24:00:12 a 可以的，现在付款今天上午发出
24:00:40 b 好的
24:01:02 a 感谢您的咨询，祝您好梦

# 12 爱喝水的鱼 小雨 小林
34:12:00 b 昨天拍的发了吗
34:12:25 a 您好，欢迎再来，昨天下午已经发出，今天派送
34:12:50 b 谢谢啦
34:13:05 a 不客气，有问题随时找我
"""

_PINS = {
    "爱喝水的鱼": "yuer_shili01", "小满": "xiaoman_shili02", "晚风": "wanfeng_shili03", "橘子汽水": "juzi_shili04",
    "豆豆妈": "doudou_shili05", "阿木": "amu_shili06", "南瓜": "nangua_shili07", "团团": "tuantuan_shili08",
    "石头": "shitou_shili09", "七月": "qiyue_shili10", "麦子": "maizi_shili11",
}  # fmt: skip


def small_talk(platform: str) -> list[Talk]:
    """Read the twelve conversations as a platform would show them."""
    return [_read_talk(block, platform) for block in TALKS.strip().split("\n\n")]


def _account(platform: str, nick: str) -> Account:
    joint = "-" if platform == "jd" else ":"
    return Account(platform, f"{SHOPS[platform]}{joint}{nick}", f"示例{nick}", nick, "average", (8, 24), 0)


def _read_talk(block: str, platform: str) -> Talk:
    head, _, body = block.partition("\n")
    number, name, nick, colleague = head.removeprefix("# ").split()
    agent, other = _account(platform, nick), _account(platform, colleague)
    buyer = _PINS[name] if platform == "jd" else f"tb示例{name}"
    talk = Talk(platform, SHOPS[platform], f"S{int(number):03d}", buyer, agent)
    lines = read_lines(re.sub(r"(?m)^\d\d:\d\d:\d\d ", "", body))
    times = [_time(clock) for clock in re.findall(r"(?m)^\d\d:\d\d:\d\d", body)]
    slots = _slots(platform)
    for at, line in zip(times, lines, strict=True):
        account = {"a": agent, "u": agent, "o": other}.get(line.who)
        if line.kind == "transfer":
            account = other
        text = fill(line.text.replace("{order_card}", ORDER_CARDS[platform]), slots, random.Random(0))
        talk.messages.append(Message(at, SENDERS[line.who], account.account if account else "", line.kind, text))
    return talk


def _time(clock: str) -> datetime:
    hours, minutes, seconds = map(int, clock.split(":"))
    return DAY + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _slots(platform: str) -> dict[str, str]:
    item = ITEMS[0]
    return {
        "link": item.link(platform),
        "item_id": item.item_id(platform),
        "title": item.title,
        "deal": str(item.deal),
        "order": "1930000000000000001" if platform == "taobao" else "310000000001",
        "emo": EMOJIS[platform][0],
        "welcome_card": WELCOME_CARDS.get(platform, "[欢迎卡片]"),
        "handover": HANDOVERS.get(platform, "用户已转人工"),
    }

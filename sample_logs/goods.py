"""The invented shop: what it sells, who works there, where its buyers live."""

from dataclasses import dataclass

PLATFORMS = ("taobao", "jd", "pdd", "douyin")
PLATFORM_WORDS = {"taobao": "淘宝", "jd": "京东", "pdd": "拼多多", "douyin": "抖店"}
SHOPS = {"taobao": "示例暖居旗舰店", "jd": "示例暖居", "pdd": "示例暖居专营店", "douyin": "示例暖居官方旗舰店"}
LINKS = {
    "taobao": "https://item.taobao.com/item.htm?id={}",
    "jd": "https://item.jd.com/{}.html",
    "pdd": "https://mobile.yangkeduo.com/goods.html?goods_id={}",
    "douyin": "https://haohuo.jinritemai.com/views/product/item2?id={}",
}
FIRST_ITEM_IDS = {"taobao": 600000000000, "jd": 100000000000, "pdd": 500000000000, "douyin": 350000000000}


@dataclass(frozen=True)
class Item:
    """One article with the facts that every honest answer repeats; prices in yuan."""

    number: int
    kind: str
    short: str
    title: str
    price: int
    capacity: str
    material: str
    size: str
    works: str
    tight: str
    clean: str
    colors: tuple[str, str]
    use: str
    pitch: str

    @property
    def deal(self) -> int:
        """Price after the March offer: 10 off from 99 on, else a coupon of 5."""
        return self.price - (10 if self.price >= 99 else 5)

    @property
    def promo(self) -> str:
        """The offer in the words that agents use."""
        offer = "现在满99减10" if self.price >= 99 else "店铺首页有张5元券"
        return f"{offer}，到手{self.deal}元"

    def item_id(self, platform: str) -> str:
        """Give the article's number on a platform."""
        return str(FIRST_ITEM_IDS[platform] + self.number)

    def link(self, platform: str) -> str:
        """Give the bare link that a chat shows as an item card."""
        return LINKS[platform].format(self.item_id(platform))


ITEMS = (
    Item(
        1,
        "保温杯",
        "500ml弹盖保温杯",
        "示例暖居316不锈钢弹盖保温杯500ml",
        79,
        "500毫升",
        "内胆是316不锈钢，杯盖是食品级PP",
        "高23厘米，杯身直径6.8厘米",
        "装95度热水，6小时后大概还有66度",
        "弹盖带锁扣，扣上放包里不漏",
        "杯盖和密封圈都能拆下来洗",
        ("雾白", "松绿"),
        "上班带着喝水",
        "单手就能开盖，办公室用着顺手",
    ),
    Item(
        2,
        "保温杯",
        "450ml车载保温杯",
        "示例暖居车载保温杯450ml",
        89,
        "450毫升",
        "内胆是304不锈钢，杯身喷塑防滑",
        "高18厘米，底部直径6.6厘米，一般车的杯架都能放",
        "装95度热水，6小时后大概还有60度",
        "旋盖拧紧不漏，直饮口开着的时候别放倒",
        "杯口宽，杯刷伸得进去",
        ("曜黑", "银灰"),
        "放车上用",
        "杯底做得窄，正好卡进车里的杯架",
    ),
    Item(
        3,
        "保温杯",
        "400ml儿童吸管杯",
        "示例暖居儿童吸管保温杯400ml",
        69,
        "400毫升",
        "内胆是316不锈钢，吸管是食品级硅胶",
        "高19厘米，带背带260克",
        "装60度温水，6小时后大概还有43度",
        "盖子合上不漏，吸管打开的时候倒过来会滴",
        "吸管配了两根，附带小刷子",
        ("天蓝", "樱粉"),
        "给孩子上学用",
        "带背带，盖子一按就开，小朋友自己会用",
    ),
    Item(
        4,
        "保温壶",
        "1.5升家用保温壶",
        "示例暖居家用保温壶1.5L",
        129,
        "1.5升",
        "内胆是304不锈钢，把手是PP的",
        "高26厘米，底部直径14厘米",
        "装满开水，12小时后大概还有65度",
        "按压出水，倒着放会渗一点，要立着用",
        "壶口有7厘米，手伸得进去",
        ("米白", "墨绿"),
        "给老人倒热水用",
        "按一下就出水，老人不用拧盖子",
    ),
    Item(
        5,
        "电水壶",
        "1.7升电热水壶",
        "示例暖居电热水壶1.7L",
        99,
        "1.7升",
        "内胆是304不锈钢，无缝一体的",
        "高24厘米，底座直径16厘米，电源线80厘米",
        "1800瓦，一壶冷水大概6分钟烧开",
        "水开自动断电，干烧也会断电",
        "有水垢倒点白醋煮一下就掉",
        ("白色", "深灰"),
        "家里日常烧水",
        "双层壶身，外壳不烫手",
    ),
    Item(
        6,
        "电水壶",
        "400ml便携烧水杯",
        "示例暖居便携烧水杯400ml",
        139,
        "400毫升",
        "内胆是316不锈钢",
        "高22厘米，直径7厘米，净重480克",
        "300瓦，一杯冷水大概10分钟烧开，国内220伏用",
        "盖子拧紧不漏，烧水的时候要把盖子松开",
        "杯身不能泡水，用湿布擦",
        ("雾白", "雾蓝"),
        "出差住酒店用",
        "和保温杯差不多大，行李箱里一塞就行",
    ),
    Item(
        7,
        "电水壶",
        "1.5升养生壶",
        "示例暖居养生壶1.5L",
        159,
        "1.5升",
        "壶身是高硼硅玻璃，滤网是304不锈钢",
        "高25厘米，底座直径19厘米",
        "800瓦，能预约和保温，煮花茶大概20分钟",
        "水开会转小火，水烧干会断电",
        "滤网和壶盖都能拆",
        ("米白", "浅绿"),
        "煮花茶煮梨水",
        "带预约，晚上放好料早上就能喝",
    ),
    Item(
        8,
        "饭盒",
        "双层不锈钢饭盒",
        "示例暖居双层不锈钢饭盒1.2L",
        59,
        "上下两层一共1.2升",
        "内胆是304不锈钢，外壳是PP",
        "长18厘米，宽13厘米，高12厘米",
        "不能进微波炉，可以注热水保温，大概能温2小时",
        "有密封圈，带汤的话要立着拎",
        "内胆拿出来直接洗",
        ("米白", "豆绿"),
        "中午带饭用",
        "分两层，饭菜不串味",
    ),
    Item(
        9,
        "饭盒",
        "玻璃微波饭盒",
        "示例暖居玻璃分隔饭盒1040ml",
        49,
        "1040毫升，中间有隔断",
        "盒身是高硼硅玻璃，盖子是PP",
        "长21厘米，宽15厘米，高7厘米",
        "盒身可以进微波炉和烤箱，盖子要先拿掉",
        "四面锁扣，汤少一点不漏",
        "能进洗碗机，盖子放上层",
        ("透明灰盖", "透明绿盖"),
        "放公司微波炉热饭用",
        "玻璃的不吸色，热完也没味道",
    ),
    Item(
        10,
        "饭盒",
        "插电加热饭盒",
        "示例暖居电热饭盒1L",
        119,
        "1升，配两个小碗",
        "内胆和小碗都是304不锈钢",
        "长23厘米，宽11厘米，高14厘米",
        "250瓦，加一勺水蒸25分钟左右就热了",
        "提着走不漏，里面的汤别装太满",
        "内胆能拆下来洗，外壳不能泡水",
        ("奶白", "灰蓝"),
        "带去工地热饭用",
        "插电就能蒸，饭不会发干",
    ),
)


@dataclass(frozen=True)
class Account:
    """One service account: its person, its hours (local, half-open) and how it behaves (a key of `cast.FAULTS`)."""

    platform: str
    account: str
    person: str
    nick: str
    manner: str
    hours: tuple[int, int]
    session_n: int


ACCOUNTS = (
    Account("taobao", "示例暖居旗舰店:小雯", "何小雯", "小雯", "good", (8, 17), 42),
    Account("taobao", "示例暖居旗舰店:小凯", "孙小凯", "小凯", "careless", (13, 23), 43),
    Account("jd", "示例暖居-小何", "何小示", "小何", "good", (9, 18), 42),
    Account("jd", "示例暖居-小周", "周小例", "小周", "average", (14, 23), 40),
    Account("pdd", "示例暖居专营店:小林", "林小示", "小林", "average", (8, 17), 40),
    Account("pdd", "示例暖居专营店:小龙", "龙小例", "小龙", "bad", (13, 23), 40),
    Account("douyin", "暖居小雯", "何小雯", "小雯", "good", (9, 18), 28),
)

PEOPLE = (
    ("何小雯", "售前一组", "2023-05-08", "08:00-17:00"),
    ("孙小凯", "售前一组", "2025-11-17", "13:00-23:00"),
    ("何小示", "售前二组", "2022-09-01", "09:00-18:00"),
    ("周小例", "售前二组", "2024-03-11", "14:00-23:00"),
    ("林小示", "售前一组", "2024-10-21", "08:00-12:00;13:00-17:00"),
    ("龙小例", "售前二组", "2025-12-29", "13:00-23:00"),
)

# What no log knows of March: exam (0-100), the lead's rating (1-5), orders handled wrongly, last month's sales (yuan).
MONTH_FIGURES = {
    "何小雯": (94, 5, 0, "3120.00"),
    "孙小凯": (71, 3, 3, "2210.00"),
    "何小示": (91, 5, 0, "2480.00"),
    "周小例": (82, 4, 1, "2060.00"),
    "林小示": (80, 4, 1, "1890.00"),
    "龙小例": (58, 2, 5, "1750.00"),
}
MONTH_ITEMS = ("业务知识考核评分", "直属领导评分", "错误订单数", "上月销售额")

# Town, days on the road, postage in yuan.
TOWNS = (
    ("杭州", "1到2天", 0),
    ("苏州", "1到2天", 0),
    ("上海", "1到2天", 0),
    ("合肥", "2天左右", 0),
    ("武汉", "2到3天", 0),
    ("长沙", "2到3天", 0),
    ("郑州", "2到3天", 0),
    ("广州", "2到3天", 0),
    ("成都", "3天左右", 0),
    ("西安", "3天左右", 0),
    ("沈阳", "3到4天", 0),
    ("昆明", "3到4天", 0),
    ("兰州", "4天左右", 0),
    ("乌鲁木齐", "5到7天", 10),
)

NICK_STEMS = [
    "爱喝水的鱼",
    "阿木",
    "小满",
    "橘子汽水",
    "大力水手",
    "晚风",
    "豆豆妈",
    "山里人家",
    "半颗糖",
    "老张头",
    "可乐加冰",
    "一只柚子",
    "云朵",
    "跑步的猫",
    "清清",
    "木头人",
    "奶茶三分糖",
    "星期八",
    "慢慢来",
    "团团",
    "麦子",
    "海边的风",
    "番茄炒蛋",
    "小鹿",
    "阿七",
    "南瓜",
    "不吃香菜",
    "七月",
    "石头",
    "桃桃",
]

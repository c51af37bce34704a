"""The tables beside the chats: orders, people, the month's sheet, and what was planted."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from goods import ACCOUNTS, MONTH_FIGURES, MONTH_ITEMS, PEOPLE, PLATFORM_WORDS
from talk import Order, Talk
from writers import MADE, Row

_COMMISSION = {"taobao": "0", "jd": "0.08", "pdd": "0.006", "douyin": "0.05"}

# The 71 columns of the list export of 2019-21; the trailing spaces are the platform's.
TAOBAO_COLUMNS = [
    "订单编号",
    "买家会员名",
    "买家支付宝账号",
    "支付单号",
    "支付详情",
    "买家应付货款",
    "买家应付邮费",
    "买家支付积分",
    "总金额",
    "返点积分",
    "买家实际支付金额",
    "买家实际支付积分",
    "订单状态",
    "买家留言",
    "收货人姓名",
    "收货地址 ",
    "运送方式",
    "联系电话 ",
    "联系手机",
    "订单创建时间",
    "订单付款时间 ",
    "宝贝标题 ",
    "宝贝种类 ",
    "物流单号 ",
    "物流公司",
    "订单备注",
    "宝贝总数量",
    "店铺Id",
    "店铺名称",
    "订单关闭原因",
    "卖家服务费",
    "买家服务费",
    "发票抬头",
    "是否手机订单",
    "分阶段订单信息",
    "特权订金订单id",
    "定金排名",
    "修改后的sku",
    "修改后的收货地址",
    "异常信息",
    "天猫卡券抵扣",
    "集分宝抵扣",
    "是否是O2O交易",
    "是否上传合同照片",
    "是否上传小票",
    "是否代付",
    "新零售交易类型",
    "新零售导购门店名称",
    "新零售导购门店id",
    "新零售发货门店名称",
    "新零售发货门店id",
    "退款金额",
    "预约门店",
    "确认收货时间",
    "打款商家金额",
    "含应开票给个人的个人红包",
    "虚拟号过期时间",
    "是否信用购",
    "体验期结束时间",
    "前N有礼",
    "配送类型",
    "直播返现状态",
    "返现金额",
    "延迟发货自动赔付金额",
    "新零售成交门店昵称",
    "新零售成交门店id",
    "新零售成交经销商id",
    "预售订单",
    "发货时间",
    "商家备忘",
    "主订单编号",
]


def _yuan(amount: int | Decimal) -> str:
    return str(Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _stamp(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""


def plain_orders(orders: Iterable[Order]) -> list[Row]:
    """Orders in the plain columns."""
    return [
        {
            "订单编号": order.number,
            "平台": PLATFORM_WORDS[order.platform],
            "店铺": order.shop,
            "买家": order.buyer,
            "下单时间": _stamp(order.ordered_at),
            "付款时间": _stamp(order.paid_at),
            "关闭时间": _stamp(order.closed_at),
            "实付金额": _yuan(order.amount if order.paid_at else 0),
            "邮费": _yuan(order.postage),
            "佣金": _yuan(order.amount * Decimal(_COMMISSION[order.platform]) if order.paid_at else 0),
            "退款金额": _yuan(order.refund),
            "退款时间": _stamp(order.refunded_at),
            "商品ID": order.item.item_id(order.platform),
            "状态": _state(order),
        }
        for order in orders
    ]


def _state(order: Order) -> str:
    if order.refund == order.item.deal:
        return "已退款"
    if order.paid_at:
        return "已付款"
    return "已关闭" if order.closed_at else "待付款"


def taobao_orders(orders: Iterable[Order]) -> bytes:
    """Orders as 淘宝 exports its list: GB18030, ids as ``="…"``, headers with trailing spaces."""
    lines = [",".join(TAOBAO_COLUMNS)]
    lines += [",".join(_taobao_row(order).get(column, "") for column in TAOBAO_COLUMNS) for order in orders]
    return ("\r\n".join(lines) + "\r\n").encode("gb18030")


def _taobao_row(order: Order) -> dict[str, str]:
    paid = order.paid_at is not None
    done = paid and MADE - order.ordered_at > timedelta(days=7)
    return {
        "订单编号": f'="{order.number}"',
        "买家会员名": order.buyer,
        "买家支付宝账号": "t***@example.invalid",
        "买家应付货款": _yuan(order.item.deal),
        "买家应付邮费": _yuan(order.postage),
        "买家支付积分": "0",
        "总金额": _yuan(order.amount),
        "返点积分": "0",
        "买家实际支付金额": _yuan(order.amount if paid else 0),
        "买家实际支付积分": "0",
        "订单状态": _taobao_state(order, done),
        "收货人姓名": "示**",
        "收货地址 ": f'"{order.town} ***"',
        "运送方式": "快递",
        "联系电话 ": "null",
        "联系手机": "'138****0000",
        "订单创建时间": _stamp(order.ordered_at),
        "订单付款时间 ": _stamp(order.paid_at),
        "宝贝标题 ": order.item.title,
        "宝贝种类 ": "1",
        "订单备注": "null",
        "宝贝总数量": "1",
        "店铺Id": "0",
        "店铺名称": order.shop,
        "订单关闭原因": _why_closed(order),
        "卖家服务费": "0元",
        "买家服务费": "0元",
        "是否手机订单": "手机订单",
        "退款金额": _yuan(order.refund) if order.refund else "无退款申请",
        "确认收货时间": _stamp(order.ordered_at + timedelta(days=7)) if done else "",
    }


def _taobao_state(order: Order, done: bool) -> str:
    if order.closed_at or order.refund == order.item.deal:
        return "交易关闭"
    if not order.paid_at:
        return "等待买家付款"
    return "交易成功" if done else '"买家已付款，等待卖家发货"'


def _why_closed(order: Order) -> str:
    if order.closed_at:
        return "买家未付款"
    return "退款" if order.refund == order.item.deal else "订单未关闭"


def people() -> list[Row]:
    """Accounts with their person, team, first day and shifts."""
    rows: list[Row] = []
    for account in ACCOUNTS:
        team, since, shifts = next(row[1:] for row in PEOPLE if row[0] == account.person)
        values = (account.account, account.person, team, since, shifts)
        rows.append(dict(zip(("账号", "姓名", "小组", "入职日期", "班次"), values, strict=True)))
    return rows


def month_sheet() -> list[Row]:
    """List the figures of March that no log knows, one row per person and item."""
    remarks = {"错误订单数": "发错颜色或地址", "上月销售额": "2月，元"}
    return [
        {
            "周期": "2026-03",
            "姓名": person,
            "考核项": item,
            "数值": value,
            "评分人": "示例主管",
            "备注": remarks.get(item, "") if value else "",
        }
        for person, figures in MONTH_FIGURES.items()
        for item, value in zip(MONTH_ITEMS, figures, strict=True)
    ]


def planted(talks: Sequence[Talk]) -> list[Row]:
    """List what each conversation holds on purpose: faults by name, honest wording as ``trap:…``."""
    return [
        {
            "platform": talk.platform,
            "buyer": talk.buyer,
            "started_at": talk.messages[0].at,
            "agent": talk.account.account,
            "message_n": len(talk.messages),
            "planted": " ".join(dict.fromkeys(talk.planted)),
        }
        for talk in talks
    ]

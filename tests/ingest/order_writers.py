"""Writers of every order dialect: the same orders as each platform would export them, with its quirks.

An order is an `Order`; `WRITERS` maps a dialect's name to the function that gives its header and rows, and `CARRIED` to
the columns of the orders table that survive the way through it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Grid = list[list[str]]
CHINA = dt.timezone(dt.timedelta(hours=8))


@dataclass(frozen=True)
class Item:
    """An item of an order: its id, what was paid for it, what went back."""

    item_id: str
    paid: Decimal
    refund: Decimal = Decimal(0)


@dataclass(frozen=True)
class Order:
    """An order whose amounts are those of its items; unpaid: ``paid_at`` is None and nothing was paid."""

    number: str
    buyer: str
    ordered_at: dt.datetime
    paid_at: dt.datetime | None
    status: str
    items: tuple[Item, ...]
    postage: Decimal = Decimal(0)
    commission: Decimal = Decimal(0)
    shop: str = "示例旗舰店"

    @property
    def amount(self) -> Decimal:
        return sum((item.paid for item in self.items), Decimal(0))

    @property
    def refund(self) -> Decimal:
        return sum((item.refund for item in self.items), Decimal(0))

    def row(self) -> dict[str, Any]:
        """Return it as the orders table has it."""
        return {
            "order_id": self.number,
            "shop": self.shop,
            "buyer": self.buyer,
            "ordered_at": self.ordered_at.replace(tzinfo=CHINA),
            "paid_at": self.paid_at.replace(tzinfo=CHINA) if self.paid_at else None,
            "amount": self.amount,
            "postage": self.postage,
            "commission": self.commission,
            "refund": self.refund,
            "item_ids": "|".join(dict.fromkeys(item.item_id for item in self.items)),
            "status": self.status,
        }


def yuan(amount: Decimal) -> str:
    return f"{amount:.2f}"


def stamp(time: dt.datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}" if time else ""


def _rows(header: str, cells: list[dict[str, str]]) -> Grid:
    """Return a header and its rows; ``_`` in a header stands for a blank."""
    names = [name.replace("_", " ") for name in header.split(",")]
    known = {name.strip() for name in names}
    assert all(one.keys() <= known for one in cells), [one.keys() - known for one in cells]
    return [names, *([one.get(name.strip(), "") for name in names] for one in cells)]


TAOBAO_2012 = (
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,买家实际支付积分,订单状态,"
    "买家留言,收货人姓名,收货地址_,运送方式,联系电话_,联系手机,订单创建时间,订单付款时间_,宝贝标题_,宝贝种类_,物流单号_,物流公司,订单备注,"
    "宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,定金排名,"
    "修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易"
)
TAOBAO_2018 = TAOBAO_2012.replace("买家支付宝账号", "买家支付宝账号,支付单号,支付详情") + (
    ",是否上传合同照片,是否上传小票,是否代付,新零售交易类型,新零售导购门店名称,退款金额,预约门店,确认收货时间,打款商家金额,含应开票给个人的个人红包"
)
TAOBAO_2019 = TAOBAO_2018 + (
    ",虚拟号过期时间,是否信用购,体验期结束时间,前N有礼,配送类型,直播返现状态,返现金额,延迟发货自动赔付金额,新零售成交门店昵称,预售订单,发货时间,商家备忘,主订单编号"
)
TAOBAO_2024 = (
    TAOBAO_2019.replace("买家实际支付金额", "买家实付金额")
    .replace("总金额", "总金额(旧版)")
    .replace("宝贝标题_", "商品标题")
    .replace("订单创建时间", "买家下单时间")
    .replace("订单付款时间_", "买家付款时间")
    .replace("物流单号_", "运单号")
)
TAOBAO_STATUS = {
    "待付款": "等待买家付款",
    "待发货": "买家已付款，等待卖家发货",
    "已发货": "卖家已发货，等待买家确认",
    "已完成": "交易成功",
    "已关闭": "交易关闭",
}


def taobao(header: str) -> Callable[[list[Order]], Grid]:
    """Return the writer of one generation of the list export."""

    def write(orders: list[Order]) -> Grid:
        known = {name.replace("_", " ").strip() for name in header.split(",")}
        cells = []
        for order in orders:
            one = {
                "订单编号": f'="{order.number}"',
                "买家会员名": order.buyer,
                "买家应付货款": yuan(order.amount),
                "买家应付邮费": yuan(order.postage),
                "买家实际支付金额": yuan(order.amount),
                "买家实付金额": yuan(order.amount),
                "订单状态": TAOBAO_STATUS[order.status],
                "订单创建时间": stamp(order.ordered_at),
                "买家下单时间": stamp(order.ordered_at),
                "订单付款时间": stamp(order.paid_at),
                "买家付款时间": stamp(order.paid_at),
                "联系电话": "null",
                "联系手机": "'138****0000",
                "订单备注": "'null",
                "店铺Id": "0",
                "店铺名称": order.shop,
                "卖家服务费": f"{order.commission}元",
                "退款金额": yuan(order.refund) if order.refund else "无退款申请",
                "商家备忘": "多行\n备忘",
            }
            cells.append({name: cell for name, cell in one.items() if name in known})
        return _rows(header, cells)

    return write


def taobao_items(orders: list[Order]) -> Grid:
    header = (
        "子订单编号,主订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码,支付单号,买家应付货款,买家实际支付金额,"
        "退款状态,退款金额,订单创建时间,订单付款时间,商品ID,商家备注"
    )
    cells = [
        {
            "子订单编号": f'="{order.number}{number}"',
            "主订单编号": f'="{order.number}"',
            "标题": "示例保温杯",
            "价格": "99.00",
            "购买数量": "1",
            "订单状态": TAOBAO_STATUS[order.status],
            "买家实际支付金额": yuan(item.paid),
            "退款状态": "退款成功" if item.refund else "没有申请退款",
            "退款金额": yuan(item.refund) if item.refund else "无退款申请",
            "订单创建时间": stamp(order.ordered_at),
            "订单付款时间": stamp(order.paid_at),
            "商品ID": item.item_id,
        }
        for order in orders
        for number, item in enumerate(order.items)
    ]
    return _rows(header, cells)


JD_STATUS = {
    "待付款": "等待付款",
    "待发货": "等待出库",
    "已发货": "等待确认收货",
    "已完成": "完成",
    "已关闭": "(删除)等待出库",
}


def jd(orders: list[Order]) -> Grid:
    header = (
        "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单类型,下单帐号,客户姓名,客户地址,"
        "联系电话,订单备注,发票类型,发票抬头,发票内容,商家备注,商家备注等级（等级1-5为由高到低）,运费金额,付款确认时间,增值税发票,货号,订单完成时间,"
        "订单来源,订单渠道,送装服务,服务费,仓库id,仓库名称,商家SKUID,普通发票纳税编号,是否为品牌商订单,是否为toplife订单,"
    )
    cells = [
        {
            "订单号": order.number,
            "商品ID": item.item_id,
            "商品名称": "示例保温杯",
            "下单时间": stamp(order.ordered_at),
            "余额支付": yuan(min(order.amount, Decimal(5))) if order.paid_at else "0.00",
            "应付金额": yuan(order.amount - min(order.amount, Decimal(5))) if order.paid_at else "66.00",
            "订单状态": JD_STATUS[order.status],
            "下单帐号": order.buyer,
            "运费金额": yuan(order.postage),
            "付款确认时间": stamp(order.paid_at),
        }
        for order in orders
        for item in order.items
    ]
    return _rows(header, cells)


PDD_STATUS = {
    "待付款": "待付款",
    "待发货": "待发货",
    "已发货": "已发货，待收货",
    "已完成": "已收货",
    "已关闭": "已取消",
}


def pdd(orders: list[Order]) -> Grid:
    header = (
        "订单创建时间,订单成交时间,商品,订单号,订单状态,商品总价(元),邮费(元),店铺优惠折扣(元),平台优惠折扣(元),多多支付立减金额(元),用户实付金额(元),"
        "商家实收金额(元),商品数量(件),发货时间,确认收货时间,商品id,商品规格,样式ID,商家编码-规格维度,商家编码-商品维度,商家备注,售后状态,快递单号,快递公司"
    )
    cells = [
        {
            "订单创建时间": stamp(order.ordered_at),
            "订单成交时间": stamp(order.paid_at),
            "商品": "示例保温杯",
            "订单号": order.number,
            "订单状态": PDD_STATUS[order.status],
            "邮费(元)": yuan(order.postage),
            "用户实付金额(元)": yuan(order.amount),
            "商家实收金额(元)": yuan(order.amount),
            "商品id": "；".join(dict.fromkeys(item.item_id for item in order.items)),
            "售后状态": "退款成功" if order.refund else "无售后或售后取消",
        }
        for order in orders
    ]
    return _rows(header, cells)


DOUYIN_STATUS = {"待付款": "待支付", "待发货": "待发货", "已发货": "已发货", "已完成": "已完成", "已关闭": "已关闭"}


def douyin(orders: list[Order]) -> Grid:
    header = (
        "主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品单价,订单应付金额,运费,优惠总金额,平台优惠,商家优惠,达人优惠,商家改价,支付优惠,"
        "红包抵扣,支付方式,手续费,收件人,收件人手机号,省,市,区,街道,详细地址,买家留言,订单提交时间,旗帜颜色,商家备注,订单完成时间,支付完成时间,APP渠道,"
        "流量来源,订单状态,承诺发货时间,订单类型,达人ID,达人昵称,所属门店ID,售后状态,取消原因,流量体裁"
    )
    cells = [
        {
            "主订单编号": f"{order.number}\t",
            "子订单编号": f"{order.number}{number}\t",
            "选购商品": "示例口红",
            "商品ID": f"{item.item_id}\t",
            "订单应付金额": yuan(item.paid) if order.paid_at else "66.00",
            "运费": yuan(order.postage if number == 0 else Decimal(0)),
            "订单提交时间": stamp(order.ordered_at),
            "支付完成时间": f"{stamp(order.paid_at)}\t",
            "订单状态": DOUYIN_STATUS[order.status],
            "售后状态": "退款成功" if item.refund else "-",
            "流量体裁": "数据将于第二天更新",
        }
        for order in orders
        for number, item in enumerate(order.items)
    ]
    return _rows(header, cells)


def weixin(orders: list[Order]) -> Grid:
    header = (
        "订单号,订单下单时间,支付时间,商品名称,商品数量,商品实际价格(单件),商品价格(单件),商品实际价格(总共),订单实际收款金额,订单实际支付金额,商品已退款金额,"
        "订单运费,技术服务费,运费险预计投保费用,商品发货,商品售后,订单状态"
    )
    cells = [
        {
            "订单号": f"'{order.number}",
            "订单下单时间": stamp(order.ordered_at),
            "支付时间": stamp(order.paid_at),
            "商品名称": "示例保温杯",
            "订单实际支付金额": yuan(order.amount),
            "订单实际收款金额": yuan(order.amount),
            "商品已退款金额": yuan(item.refund),
            "订单运费": yuan(order.postage),
            "技术服务费": yuan(order.commission),
            "订单状态": {"已发货": "待收货", "已关闭": "已取消"}.get(order.status, order.status),
        }
        for order in orders
        for item in order.items
    ]
    return _rows(header, cells)


def alibaba(orders: list[Order]) -> Grid:
    header = (
        "订单编号,买家公司名,买家会员名,卖家公司名,卖家会员名,货品总价(元),运费(元),实付款(元),订单状态,订单创建时间,订单付款时间,退款金额(元),货品标题,"
        "单品金额,Offer_ID"
    )
    cells = []
    for order in orders:
        head = {
            "订单编号": order.number,
            "买家会员名": order.buyer,
            "卖家会员名": order.shop,
            "运费(元)": yuan(order.postage),
            "实付款(元)": yuan(order.amount) if order.paid_at else "66.00",
            "订单状态": {
                "待付款": "等待买家付款",
                "待发货": "等待卖家发货",
                "已发货": "等待买家确认收货",
                "已完成": "交易成功",
                "已关闭": "交易关闭",
            }[order.status],
            "订单创建时间": stamp(order.ordered_at),
            "订单付款时间": stamp(order.paid_at),
            "退款金额(元)": yuan(order.refund),
        }
        for number, item in enumerate(order.items):
            cells.append({**(head if number == 0 else {}), "货品标题": "示例保温杯", "Offer ID": item.item_id})
    return _rows(header, cells)


def plain(orders: list[Order]) -> Grid:
    header = "订单编号,店铺,买家,下单时间,付款时间,实付金额,邮费,佣金,退款金额,商品ID,状态"
    cells = [
        {
            "订单编号": order.number,
            "店铺": order.shop,
            "买家": order.buyer,
            "下单时间": stamp(order.ordered_at),
            "付款时间": stamp(order.paid_at),
            "实付金额": yuan(order.amount),
            "邮费": yuan(order.postage),
            "佣金": yuan(order.commission),
            "退款金额": yuan(order.refund),
            "商品ID": "|".join(dict.fromkeys(item.item_id for item in order.items)),
            "状态": order.status,
        }
        for order in orders
    ]
    return _rows(header, cells)


ALL = frozenset(
    [
        "order_id",
        "shop",
        "buyer",
        "ordered_at",
        "paid_at",
        "amount",
        "postage",
        "commission",
        "refund",
        "item_ids",
        "status",
    ]
)
OLD = frozenset({"refund", "item_ids"})
# dialect (and generation) → its name in the program, its writer, the columns that survive.
WRITERS: dict[str, tuple[str, Callable[[list[Order]], Grid], frozenset[str]]] = {
    "taobao 2012": ("taobao_orders", taobao(TAOBAO_2012), ALL - OLD),
    "taobao 2018": ("taobao_orders", taobao(TAOBAO_2018), ALL - {"item_ids"}),
    "taobao 2019": ("taobao_orders", taobao(TAOBAO_2019), ALL - {"item_ids"}),
    "taobao 2024": ("taobao_orders", taobao(TAOBAO_2024), ALL - {"item_ids"}),
    "taobao items": ("taobao_items", taobao_items, ALL - {"shop", "buyer", "postage", "commission"}),
    "jd": ("jd_orders", jd, ALL - {"shop", "commission", "refund"}),
    "pdd": ("pdd_orders", pdd, ALL - {"shop", "buyer", "commission"}),
    "douyin": ("douyin_orders", douyin, ALL - {"shop", "buyer", "commission"}),
    "weixin": ("weixin_orders", weixin, ALL - {"shop", "buyer", "item_ids"}),
    "1688": ("alibaba_orders", alibaba, ALL - {"commission"}),
    "plain": ("orders", plain, ALL),
}


def csv_bytes(grid: Grid, *, encoding: str = "gb18030", ends: str = "\r\n") -> bytes:
    """Return a grid as a CSV file."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(grid)
    return out.getvalue().replace("\n", ends).encode(encoding)

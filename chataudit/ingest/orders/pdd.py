"""拼多多 list export: one row per order, no buyer's name (a chat is found by the order's number alone).

订单成交时间 is when it was paid; where the export has no time of ordering, that is taken for it too. Where even that is
blank, the day is that of the number (``260302-…``): such an order counts from the first moment of its day.
"""

from __future__ import annotations

import pandas as pd

from chataudit.errors import Words
from chataudit.ingest.orders.dialect import CLOSED, DONE, PAID, SENT, UNPAID, Completed, Dialect

DAY = r"^(\d{6})-\d+$"


def complete(rows: pd.DataFrame) -> Completed:
    """Take an order's time from its payment, else its day from its number."""
    ordered = rows["ordered_at"].fillna(rows["paid_at"])
    undated = ordered.isna()
    if not undated.any():
        return rows.assign(ordered_at=ordered), ()
    days = "20" + rows["order_id"].where(undated).str.extract(DAY, expand=False)
    times = pd.to_datetime(days, format="%Y%m%d", errors="coerce").dt.as_unit("ms").dt.tz_localize(ordered.dt.tz)
    known = int(times.notna().sum())
    note = Words(
        f"{known} 单没有成交时间：日期取自订单号，时刻按 00:00 算，当天的聊天不会记功。",
        f"{known} orders have no time: the day is taken from the number and counts from 00:00; talk of that day earns nothing.",
    )
    return rows.assign(ordered_at=ordered.fillna(times)), (note,) if known else ()


EXAMPLE = """\
订单成交时间,商品,订单号,订单状态,商品总价(元),邮费(元),用户实付金额(元),商家实收金额(元),商品id,售后状态
2026-03-02 10:20:01,示例保温杯,260302-000000000000001,待发货,39.90,0.00,38.90,38.90,600000000001,无售后或售后取消
"""
DIALECT = Dialect(
    name="pdd_orders",
    title=Words("拼多多 订单列表", "Pinduoduo list of orders"),
    example=EXAMPLE,
    platform="pdd",
    columns={
        "order_id": "订单号",
        "shop": "店铺名称",
        "buyer": "买家昵称",
        "ordered_at": "订单创建时间 下单时间",
        "paid_at": "支付时间 订单成交时间 拼单成功时间",
        "amount": "用户实付金额(元) 用户实付金额",
        "postage": "邮费(元) 邮费",
        "commission": "技术服务费 技术服务费(元)",
        "refund": "退款金额(元) 退款金额",
        "item_ids": "商品id",
        "status": "订单状态",
        "after_sales": "售后状态",
    },
    needs=("订单号", "用户实付金额(元) 用户实付金额", "商家实收金额(元) 商家实收金额"),
    signs=(
        "订单成交时间",
        "拼单成功时间",
        "商品总价(元)",
        "店铺优惠折扣(元)",
        "平台优惠折扣(元)",
        "多多支付立减金额(元)",
        "样式ID",
        "商家编码-规格维度",
        "商家编码-商品维度",
    ),
    statuses={
        "待付款": UNPAID,
        "待发货": PAID,
        "已发货，待收货": SENT,
        "已发货": SENT,
        "已收货": DONE,
        "已完成": DONE,
        "已取消": CLOSED,
    },
    unreturned=("无售后或售后取消", "无售后", "售后取消"),
    complete=complete,
)

"""抖店 list export: one row per item (子订单编号) with its own amounts; the columns' order differs by template.

No buyer's name; cells carry stray tabs. An order is 主订单编号, its amounts the sums of its items'.
"""

from __future__ import annotations

from chataudit.errors import Words
from chataudit.ingest.orders.dialect import CLOSED, DONE, PAID, SENT, UNPAID, Dialect

EXAMPLE = """\
主订单编号,子订单编号,选购商品,商品ID,商品单价,订单应付金额,运费,订单提交时间,支付完成时间,订单状态,售后状态
6900000000000000001\t,6900000000000000002\t,示例口红,3600000000000000001,59.00,59.00,0.00,2026-03-02 20:30:01,2026-03-02 20:30:20,待发货,-
"""
DIALECT = Dialect(
    name="douyin_orders",
    title=Words("抖店 订单列表", "Douyin shop list of orders"),
    example=EXAMPLE,
    platform="douyin",
    columns={
        "order_id": "主订单编号",
        "part_id": "子订单编号",
        "shop": "店铺名称",
        "buyer": "买家昵称",
        "ordered_at": "订单提交时间",
        "paid_at": "支付完成时间",
        "amount": "订单应付金额",
        "postage": "运费",
        "commission": "平台服务费 技术服务费",
        "refund": "退款金额",
        "item_ids": "商品ID",
        "status": "订单状态",
        "after_sales": "售后状态",
    },
    needs=("主订单编号", "子订单编号", "订单提交时间", "订单应付金额"),
    signs=(
        "选购商品",
        "商品单价",
        "商家改价",
        "支付优惠",
        "红包抵扣",
        "支付完成时间",
        "APP渠道",
        "流量来源",
        "达人ID",
        "流量体裁",
        "货号",
    ),
    summed=("amount", "postage", "commission", "refund"),
    payable=True,
    statuses={
        "待支付": UNPAID,
        "待付款": UNPAID,
        "待发货": PAID,
        "备货中": PAID,
        "已支付": PAID,
        "已发货": SENT,
        "已完成": DONE,
        "已收货": DONE,
        "已关闭": CLOSED,
        "已取消": CLOSED,
    },
    unreturned=("-", "无售后"),
)

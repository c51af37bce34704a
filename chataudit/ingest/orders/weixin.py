"""微信小店/视频号 list export: one row per item with the order's amounts repeated; refunds stand per item."""

from __future__ import annotations

from chataudit.errors import Words
from chataudit.ingest.orders.dialect import CLOSED, DONE, PAID, SENT, UNPAID, Dialect

EXAMPLE = """\
订单号,订单下单时间,支付时间,商品名称,订单实际收款金额,订单实际支付金额,商品已退款金额,订单运费,技术服务费,商品售后,订单状态
3700000000000000001,2026-03-02 10:20:01,2026-03-02 10:21:12,示例保温杯,89.00,89.00,0.00,0.00,0.89,,待发货
"""
DIALECT = Dialect(
    name="weixin_orders",
    title=Words("微信小店/视频号 订单列表", "Weixin shop list of orders"),
    example=EXAMPLE,
    columns={
        "order_id": "订单号",
        "shop": "店铺名称",
        "buyer": "买家昵称 用户昵称",
        "ordered_at": "订单下单时间 下单时间 订单创建时间",
        "paid_at": "支付时间 订单支付时间 付款时间",
        "amount": "订单实际支付金额",
        "postage": "订单运费",
        "commission": "技术服务费",
        "refund": "商品已退款金额",
        "item_ids": "商品ID 商品编码(平台)",
        "status": "订单状态",
        "after_sales": "商品售后",
    },
    needs=("订单号", "订单实际支付金额", "订单实际收款金额 商品已退款金额"),
    signs=(
        "商品实际价格(单件)",
        "商品价格(单件)",
        "商品实际价格(总共)",
        "商品已退款金额",
        "运费险预计投保费用",
        "商品发货",
        "商品售后",
    ),
    summed=("refund",),
    statuses={
        "待付款": UNPAID,
        "待发货": PAID,
        "待收货": SENT,
        "已发货": SENT,
        "已完成": DONE,
        "交易完成": DONE,
        "已取消": CLOSED,
        "订单取消": CLOSED,
    },
)

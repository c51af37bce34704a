"""1688 list export: one row per item; the order's own cells stand in its first row only (merged cells of a workbook)."""

from __future__ import annotations

from chataudit.errors import Words
from chataudit.ingest.orders.dialect import CLOSED, DONE, PAID, SENT, UNPAID, Dialect

EXAMPLE = """\
订单编号,买家公司名,买家会员名,卖家公司名,卖家会员名,运费(元),实付款(元),订单状态,订单创建时间,订单付款时间,货品标题,单品金额
22000001,示例商贸,buyer示例,示例工厂,示例厂家,10.00,190.00,等待卖家发货,2026-03-02 10:20:01,2026-03-02 10:21:12,示例保温杯,90.00
"""
DIALECT = Dialect(
    name="alibaba_orders",
    title=Words("1688 订单列表", "1688 list of orders"),
    example=EXAMPLE,
    platform="taobao",
    columns={
        "order_id": "订单编号 订单号",
        "shop": "卖家会员名",
        "buyer": "买家会员名",
        "ordered_at": "订单创建时间 下单时间",
        "paid_at": "订单付款时间 付款时间",
        "closed_at": "订单关闭时间",
        "amount": "实付款(元) 实付款",
        "postage": "运费(元) 运费",
        "refund": "退款金额(元) 退款金额",
        "item_ids": "OfferID 货品ID 商品ID",
        "status": "订单状态",
        "after_sales": "退款状态",
    },
    needs=("订单编号 订单号", "买家会员名", "卖家会员名", "实付款(元) 实付款"),
    signs=("买家公司名", "卖家公司名", "货品总价(元)", "货品标题", "单品金额", "货品总价"),
    payable=True,
    statuses={
        "等待买家付款": UNPAID,
        "等待卖家发货": PAID,
        "等待买家确认收货": SENT,
        "交易成功": DONE,
        "已收货": DONE,
        "交易关闭": CLOSED,
    },
    filled_down=True,
)

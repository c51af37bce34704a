"""Any table of orders, by the contract's columns or their usual other names."""

from __future__ import annotations

from chataudit.errors import Words
from chataudit.ingest.columns import ORDERS
from chataudit.ingest.orders.dialect import Dialect

EXAMPLE = """\
订单编号,平台,店铺,买家,下单时间,付款时间,实付金额,退款金额,商品ID,状态
O1,淘宝,示例店,tb示例01,2026-03-02 10:20:01,2026-03-02 10:21:12,89.00,0.00,600000000001,已付款
"""
DIALECT = Dialect(
    name="orders",
    title=Words("订单表（任意列名）", "table of orders (any headings)"),
    example=EXAMPLE,
    columns={**ORDERS, "after_sales": "售后状态 退款状态 after_sales"},
    needs=(ORDERS["order_id"], f"{ORDERS['ordered_at']} {ORDERS['paid_at']}"),
    unreturned=("无退款申请", "无售后或售后取消", "无售后"),
)

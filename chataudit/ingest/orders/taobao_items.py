"""淘宝/天猫 detail export ``ExportOrderDetailList….csv``: one row per item of an order.

The older form has neither times nor payments: it adds items to the orders of a list export in the same run. In the newer
one each item's row (子订单编号) carries its own payment and refund, which add up to the order's (主订单编号).
"""

from __future__ import annotations

from chataudit.errors import Words
from chataudit.ingest.orders.dialect import Dialect
from chataudit.ingest.orders.taobao import STATUSES

EXAMPLE = """\
子订单编号,主订单编号,标题,价格,购买数量,外部系统编号,买家实际支付金额,退款金额,订单创建时间,订单付款时间,商品ID
="19300002",="19300001",示例保温杯,99.00,1,SKU-A,89.00,无退款申请,2026-03-02 10:20:01,2026-03-02 10:21:12,600000000001
"""
DIALECT = Dialect(
    name="taobao_items",
    title=Words(
        "淘宝/天猫 订单宝贝明细（ExportOrderDetailList）", "Taobao/Tmall items of orders (ExportOrderDetailList)"
    ),
    example=EXAMPLE,
    platform="taobao",
    columns={
        "order_id": "主订单编号 订单编号",
        "part_id": "子订单编号",
        "shop": "店铺名称",
        "buyer": "买家会员名 买家昵称",
        "ordered_at": "订单创建时间 买家下单时间",
        "paid_at": "订单付款时间 买家付款时间",
        "amount": "买家实际支付金额 买家实付金额",
        "refund": "退款金额",
        "item_ids": "商品ID 宝贝ID",
        "status": "订单状态",
        "after_sales": "退款状态",
    },
    needs=("主订单编号 订单编号", "标题 商品标题", "购买数量", "外部系统编号 商家编码"),
    signs=("子订单编号", "价格", "商品价格", "外部系统编号", "商品属性", "套餐信息", "商家编码", "退款状态"),
    summed=("amount", "refund"),
    statuses=STATUSES,
    unreturned=("没有申请退款", "无退款申请"),
)

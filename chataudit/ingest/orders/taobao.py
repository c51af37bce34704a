"""淘宝/天猫 list export ``ExportOrderList….csv``: one row per order, in the four generations since 2012.

The generations add columns and rename a few (买家实际支付金额 → 买家实付金额, 订单创建时间 → 买家下单时间); all are known by name.
"""

from __future__ import annotations

from chataudit.errors import Words
from chataudit.ingest.orders.dialect import CLOSED, DONE, PAID, SENT, UNPAID, Dialect

STATUSES = {
    "等待买家付款": UNPAID,
    "买家已付款，等待卖家发货": PAID,
    "卖家已发货，等待买家确认": SENT,
    "交易成功": DONE,
    "交易关闭": CLOSED,
}
EXAMPLE = """\
订单编号,买家会员名,买家应付邮费,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,宝贝标题 ,店铺名称,退款金额
="1930000000000000001",tb示例01,0.00,89.00,"买家已付款，等待卖家发货",2026-03-02 10:20:01,2026-03-02 10:21:12,示例保温杯,示例店,无退款申请
"""
DIALECT = Dialect(
    name="taobao_orders",
    title=Words("淘宝/天猫 订单列表（ExportOrderList）", "Taobao/Tmall list of orders (ExportOrderList)"),
    example=EXAMPLE,
    platform="taobao",
    columns={
        "order_id": "订单编号",
        "shop": "店铺名称",
        "buyer": "买家会员名 买家昵称",
        "ordered_at": "订单创建时间 买家下单时间",
        "paid_at": "订单付款时间 买家付款时间",
        "closed_at": "订单关闭时间 交易关闭时间",
        "amount": "买家实际支付金额 买家实付金额",
        "postage": "买家应付邮费",
        "commission": "卖家服务费",
        "refund": "退款金额",
        "refunded_at": "退款时间 退款完成时间",
        "item_ids": "商品ID 宝贝ID",
        "status": "订单状态",
        "after_sales": "退款状态 售后状态",
    },
    needs=("订单编号", "买家会员名 买家昵称", "订单创建时间 买家下单时间", "买家实际支付金额 买家实付金额"),
    signs=(
        "买家应付货款",
        "买家应付邮费",
        "宝贝标题",
        "宝贝种类",
        "宝贝总数量",
        "收货人姓名",
        "运送方式",
        "订单关闭原因",
        "物流单号",
    ),
    statuses=STATUSES,
    unreturned=("无退款申请",),
)

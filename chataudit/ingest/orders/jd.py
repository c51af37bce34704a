"""京东 list export: one row per item with the order's amounts repeated, GBK, a comma at the end of every line.

A cancelled order has ``(删除)`` before its status; what had been paid went back. The buyer paid 应付金额 and 余额支付 together.
"""

from __future__ import annotations

import pandas as pd

from chataudit.errors import Words
from chataudit.ingest.orders.dialect import CLOSED, DONE, PAID, SENT, UNPAID, Completed, Dialect

DELETED = "(删除)"


def complete(rows: pd.DataFrame) -> Completed:
    """Close deleted orders, and give back what was paid on them."""
    deleted = rows["status"].fillna("").str.replace("（", "(").str.replace("）", ")").str.startswith(DELETED)
    if not deleted.any():
        return rows, ()
    empty = deleted & rows["refund"].isna()
    back = rows.assign(status=rows["status"].mask(deleted, CLOSED), refund=rows["refund"].mask(empty, rows["amount"]))
    paid = int((empty & (rows["amount"].fillna(0) > 0)).sum())
    if not paid:
        return back, ()
    note = Words(
        f"{paid} 行“(删除)”订单已付过款：导出没有退款金额，按全额退款算。",
        f"{paid} rows of deleted orders had been paid: the export names no refund, all of it is taken as paid back.",
    )
    return back, (note,)


EXAMPLE = """\
订单号,商品ID,商品名称,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,下单帐号,运费金额,付款确认时间,
290000000001,100000000001,示例保温杯,2026-03-02 22:05:19,99.00,99.00,89.00,0.00,89.00,等待出库,jd_6aexample5db,0.00,2026-03-02 22:05:40,
"""
DIALECT = Dialect(
    name="jd_orders",
    title=Words("京东 订单列表", "JD list of orders"),
    example=EXAMPLE,
    platform="jd",
    columns={
        "order_id": "订单号",
        "shop": "店铺名称",
        "buyer": "下单帐号 下单账号",
        "ordered_at": "下单时间",
        "paid_at": "付款确认时间",
        "amount": "应付金额+余额支付",
        "postage": "运费金额",
        "refund": "退款金额",
        "item_ids": "商品ID",
        "status": "订单状态",
    },
    needs=("订单号", "下单帐号 下单账号", "下单时间", "应付金额"),
    signs=(
        "京东价",
        "结算金额",
        "余额支付",
        "付款确认时间",
        "货号",
        "商家SKUID",
        "仓库id",
        "送装服务",
        "订购数量",
        "是否为品牌商订单",
    ),
    payable=True,
    statuses={
        "等待付款": UNPAID,
        "等待出库": PAID,
        "等待发货": PAID,
        "等待确认收货": SENT,
        "完成": DONE,
        "已完成": DONE,
        "已取消": CLOSED,
        "锁定": "锁定",
    },
    complete=complete,
)

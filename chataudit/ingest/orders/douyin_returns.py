"""抖店 after-sale export: one row per return; it adds what was paid back to the orders of a list export."""

from __future__ import annotations

import pandas as pd

from chataudit.errors import Words
from chataudit.ingest.orders.dialect import Completed, Dialect

RETURNED = r"退款成功|退款完成|全额退款"


def complete(rows: pd.DataFrame) -> Completed:
    """Count only money that did go back: an application is none."""
    done = rows["after_sales"].fillna("").str.contains(RETURNED)
    return rows.assign(refund=rows["refund"].where(done)), ()


EXAMPLE = """\
售后单号,订单号,商品单号,商品名称,应付金额（元）,退商品金额（元）,售后状态,售后申请时间,售后原因
7100000000000000001,6900000000000000001,6900000000000000002,示例口红,59.00,59.00,退款成功,2026-03-04 09:10:00,七天无理由
"""
DIALECT = Dialect(
    name="douyin_returns",
    title=Words("抖店 售后单", "Douyin shop returns"),
    example=EXAMPLE,
    platform="douyin",
    columns={
        "order_id": "订单号",
        "part_id": "售后单号",
        "refund": "退商品金额(元)+退运费金额(元)",
        "after_sales": "售后状态",
        "item_ids": "商品ID",
    },
    needs=("售后单号", "订单号", "退商品金额(元)", "售后状态"),
    signs=("商品单号", "售后申请时间", "售后原因"),
    summed=("refund",),
    complete=complete,
)

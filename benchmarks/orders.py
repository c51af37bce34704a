"""Orders of the bench's talk as the platforms export them, with all their columns, in the encoding that they use."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

TAOBAO = (
    "订单编号,买家会员名,买家支付宝账号,支付单号,支付详情,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买"
    "家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时"
    "间,订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因"
    ",卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,定金排名,修改后的sku,修改后的收"
    "货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,退款金额,预约门店,确认收货时间,打款商家金额"
)
JD = (
    "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单"
    "类型,下单帐号,客户姓名,客户地址,联系电话,订单备注,发票类型,发票抬头,发票内容,商家备注,运费金额,付款确认时间,"
    "增值税发票,货号,订单完成时间,订单来源,订单渠道,送装服务,服务费,仓库id,"
)


def _orders(talk: pd.DataFrame) -> pd.DataFrame:
    """Return an order for every fifth message: number, buyer, times, amount."""
    chosen = talk.iloc[::5].reset_index(drop=True)
    number = np.arange(len(chosen))
    return pd.DataFrame(
        {
            "number": (1_930_000_000_000_000_000 + number).astype(str),
            "buyer": chosen["buyer"],
            "at": chosen["at"],
            "amount": pd.Series(100 + number % 9000).map("{:.2f}".format),
        }
    )


def _written(header: str, size: int, cells: dict[str, object], path: Path) -> None:
    names = header.split(",")
    frame = pd.DataFrame({name: cells.get(name.strip(), "") for name in names}, index=range(size))
    path.write_bytes(frame.to_csv(index=False, lineterminator="\r\n").encode("gb18030"))


def orders_taobao(talk: pd.DataFrame, path: Path) -> None:
    """The list of orders of 淘宝, 47 columns."""
    one = _orders(talk)
    cells = {
        "订单编号": '="' + one["number"] + '"',
        "买家会员名": one["buyer"],
        "买家应付邮费": "0.00",
        "买家实际支付金额": one["amount"],
        "订单状态": "买家已付款，等待卖家发货",
        "收货地址": "浙江省 杭州市 ***",
        "联系手机": "'138****0000",
        "订单创建时间": one["at"],
        "订单付款时间": one["at"],
        "宝贝标题": "示例保温杯500ml",
        "店铺名称": "示例旗舰店",
        "卖家服务费": "0元",
        "退款金额": "无退款申请",
    }
    _written(TAOBAO, len(one), cells, path)


def orders_jd(talk: pd.DataFrame, path: Path) -> None:
    """The list of orders of 京东, 32 columns and a comma at the end of every line."""
    one = _orders(talk)
    cells = {
        "订单号": one["number"].str[7:],
        "商品ID": "100000000001",
        "商品名称": "示例保温杯",
        "下单时间": one["at"],
        "余额支付": "0.00",
        "应付金额": one["amount"],
        "订单状态": "等待出库",
        "下单帐号": one["buyer"],
        "运费金额": "0.00",
        "付款确认时间": one["at"],
    }
    _written(JD, len(one), cells, path)


ORDERS = (orders_taobao, orders_jd)

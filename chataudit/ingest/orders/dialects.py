"""Every dialect that orders are read in; told by their own headings, the plain table last."""

from __future__ import annotations

from chataudit.ingest.orders import (
    alibaba,
    douyin,
    douyin_returns,
    jd,
    pdd,
    plain,
    taobao,
    taobao_items,
    weixin,
)
from chataudit.ingest.orders.dialect import Dialect

DIALECTS: tuple[Dialect, ...] = (
    taobao.DIALECT,
    taobao_items.DIALECT,
    jd.DIALECT,
    pdd.DIALECT,
    douyin.DIALECT,
    douyin_returns.DIALECT,
    weixin.DIALECT,
    alibaba.DIALECT,
    plain.DIALECT,
)

"""A small shop for tests: its audits are quick, and every table has rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from test_cli import make_shop

from chataudit.audit import Audit, Request, audit
from chataudit.settings import lexicons_folder, read_settings

OURS = lexicons_folder()

ORDERS = """订单编号,平台,店铺,买家,下单时间,付款时间,实付金额,退款金额
100000000000000001,淘宝,小店,买家甲,2026-03-02 12:00:00,2026-03-02 12:05:00,99.90,
100000000000000002,淘宝,小店,买家丙,2026-03-03 10:00:00,2026-03-03 10:01:00,10.05,10.05
"""
REJECTED = "淘宝,小店,s9,买家丁,小雯,谁,哪天,坏行\n"


def audit_of(folder: Path, *, orders: str = ORDERS) -> Audit:
    """Make the shop in a folder and audit it."""
    make_shop(folder)
    chats = folder / "chats.csv"
    chats.write_text(chats.read_text(encoding="utf-8") + REJECTED, encoding="utf-8")
    (folder / "orders.csv").write_text(orders, encoding="utf-8")
    presets = folder / "lexicons" / "presets" / "taobao"
    presets.mkdir(parents=True, exist_ok=True)
    presets.joinpath("reply_share.yaml").write_bytes((OURS / "presets" / "taobao" / "reply_share.yaml").read_bytes())
    request = Request((chats,), orders=(folder / "orders.csv",), people=folder / "people.csv")
    return audit(request, read_settings(folder / "shop.yaml"))


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame without the categories that none of its cells has."""
    coded = [name for name in frame.columns if frame[name].dtype == "category"]
    return frame.assign(**{name: frame[name].cat.remove_unused_categories() for name in coded})

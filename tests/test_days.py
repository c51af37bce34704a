"""Only some days asked: what is counted on them, seen with all that stands around them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
from logs import frame_of

from chataudit.arrays import TEXT, as_code
from chataudit.counting import Counted, count
from chataudit.metrics import presets
from chataudit.settings import Settings, lexicons_folder
from chataudit.tables import ORDERS, PEOPLE

SETTINGS = Settings()
POLICIES = presets.load(lexicons_folder(), SETTINGS).policies


def said(sender: str, at: str, text: str, *, agent: str = "a", buyer: str = "b") -> dict[str, Any]:
    one = {"platform": "taobao", "shop": "s", "session_id": None, "buyer": buyer, "agent": agent, "sender": sender}
    return {**one, "kind": "text", "sent_at": f"{at}+08:00", "text": text, "refs": None, "masked": False}


def counted(lines: list[dict[str, Any]], ordered_at: str, days: tuple[str, str] | None) -> Counted:
    rows = [{**one, "file": "f", "row": at, "message_id": str(at)} for at, one in enumerate(lines)]
    order = {"order_id": "1", "platform": "taobao", "shop": "s", "buyer": "b", "amount": Decimal(10)}
    cells: dict[str, Any] = {column.name: [order.get(column.name)] for column in ORDERS.columns}
    frame = pd.DataFrame({name: pd.Series(cell, dtype=object) for name, cell in cells.items()})
    for column in ORDERS.columns:
        if column.kind == "time":
            at = ordered_at if column.name in ("ordered_at", "paid_at") else None
            times = pd.to_datetime(pd.Series([at]), utc=True).dt.as_unit("ms")
            frame[column.name] = times.dt.tz_convert("Asia/Shanghai")
        elif column.kind == "code":
            frame[column.name] = as_code(frame[column.name].astype(TEXT))
    return count(frame_of(rows), PEOPLE.empty(), frame, SETTINGS, POLICIES, days)


def rows(*tables: pd.DataFrame) -> list[str]:
    """Return the rows of tables as text, in one order."""
    return sorted(str(row) for table in tables for row in table.astype(str).to_dict("records"))


LINES = [
    said("buyer", "2026-03-02 10:00:00", "有货吗"),
    said("agent", "2026-03-02 10:00:20", "有的"),
    said("buyer", "2026-03-03 09:00:00", "还在吗", agent="c"),
    said("agent", "2026-03-03 09:00:10", "在的", agent="c"),
]


def test_an_order_is_credited_to_who_spoke_last_though_on_a_day_that_was_not_asked() -> None:
    on_first = counted(LINES, "2026-03-03 12:00:00+08:00", ("2026-03-02", "2026-03-02"))
    owners = on_first.conversions.query("judged_by == 'order_first' and role == 'owner'")
    assert len(on_first.log.messages) == 2
    assert list(owners["agent"]) == []
    assert list(on_first.agents["sales"]) == [Decimal(0)]
    on_second = counted(LINES, "2026-03-03 12:00:00+08:00", ("2026-03-03", "2026-03-03"))
    assert list(on_second.agents["sales"]) == [Decimal(10)]


def test_days_one_by_one_make_the_tables_of_all_days() -> None:
    lines = [
        *LINES,
        said("buyer", "2026-03-03 23:59:30", "发货了吗", buyer="n"),
        said("agent", "2026-03-04 00:00:10", "发了", buyer="n"),
        said("buyer", "2026-03-04 00:01:00", "哪个快递", buyer="n"),
    ]
    ordered = "2026-03-03 12:00:00+08:00"
    whole = counted(lines, ordered, None)
    days = [counted(lines, ordered, (day, day)) for day in ("2026-03-02", "2026-03-03")]
    for name in ("agents", "conversions"):
        assert rows(*(getattr(one, name) for one in days)) == rows(getattr(whole, name))
    daily = [one.platform_metrics[one.platform_metrics["day"] != "ALL"] for one in days]
    assert rows(*daily) == rows(whole.platform_metrics.query("day in ('2026-03-02', '2026-03-03')"))
    assert sum(len(one.log.messages) for one in days) == len(lines)

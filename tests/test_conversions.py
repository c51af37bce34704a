"""Conversions and the order columns against the slow implementation, on random logs and orders."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from logs import rows_of, slow_settings, split_of
from slow import counting
from slow.orders import add_orders, conversions
from slow.strategies import messages, orders

from chataudit.arrays import TEXT, as_code, text
from chataudit.conversions import convert
from chataudit.metrics.agents import ORDER_COLUMNS, measure
from chataudit.settings import Settings
from chataudit.tables import CONVERSIONS
from chataudit.work import Work

SETTINGS = (Settings(), Settings(cut_hour=4, credit_days=1, after_sales_days=3))


def orders_frame(rows: list[dict[str, Any]], zone: str) -> pd.DataFrame:
    """Return orders as the reader hands them over."""
    frame = pd.DataFrame(
        {name: as_code(pd.Series([row[name] for row in rows], dtype=TEXT)) for name in ("platform", "shop", "buyer")}
    )
    frame["order_id"] = text([row["order_id"] for row in rows])
    for name in ("ordered_at", "paid_at", "closed_at", "refunded_at"):
        times = pd.Series(pd.to_datetime([row[name] for row in rows], utc=True)).dt.as_unit("ms")
        frame[name] = times.dt.tz_convert(zone)
    for name in ("amount", "postage", "commission", "refund"):
        frame[name] = pd.Series([row[name] for row in rows], dtype=object)
    for name in ("item_ids", "status"):
        frame[name] = text([row[name] for row in rows])
    return frame


def plain(rows: list[dict[str, Any]]) -> list[list[str]]:
    names = [
        name
        for name in CONVERSIONS.names
        if name not in ("ordered_at", "paid_at", "amount", "refund", "postage", "commission")
    ]
    cells = [
        [
            str(row[name]).removeprefix("s:").removeprefix("sm") if name == "session_id" else str(row[name])
            for name in names
        ]
        for row in rows
    ]
    return sorted(
        [cell.removeprefix("m") if at == names.index("session_id") else cell for at, cell in enumerate(row)]
        for row in cells
    )


@pytest.mark.parametrize("settings", SETTINGS, ids=range(len(SETTINGS)))
@given(data=st.data())
def test_conversions_are_what_the_slow_implementation_counts(settings: Settings, data: st.DataObject) -> None:
    log = data.draw(messages())
    bought = data.draw(orders(log))
    if not bought:
        return
    slow = slow_settings(settings)
    said = counting.split(log, slow)
    work = Work.of(split_of(log, **settings.model_dump(exclude_defaults=True)))
    made = convert(work, orders_frame(bought, settings.timezone), settings)
    assert CONVERSIONS.check(made.conversions) == []
    assert plain(rows_of(made.conversions)) == plain(conversions(said, bought, slow))
    sessions, rounds = counting.sessions(said, slow), counting.rounds(said, slow)
    agents = counting.agents(said, sessions, rounds, slow)
    expected = add_orders(agents, said, sessions, rounds, bought, slow)
    frame = measure(work, settings).assign(**made.columns)
    keys = ("day", "platform", "shop", "agent", *ORDER_COLUMNS)

    def columns(rows: list[dict[str, Any]]) -> list[list[object]]:
        return sorted(
            (
                [
                    None
                    if row[name] is None
                    else str(row[name])
                    if isinstance(row[name], str)
                    else round(float(row[name]), 4)
                    for name in keys
                ]
                for row in rows
            ),
            key=str,
        )

    assert columns(rows_of(frame)) == columns(expected)

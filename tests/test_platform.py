"""The platforms' metrics against the slow implementation, on random logs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from logs import rows_of, slow_settings, split_of
from slow import counting
from slow.platform import platform_metrics
from slow.strategies import messages

from chataudit.metrics.platform import measure_platforms
from chataudit.metrics.presets import load
from chataudit.settings import Settings, lexicons_folder
from chataudit.tables import PLATFORM_METRICS

SETTINGS = (Settings(), Settings(cut_hour=4), Settings(timezone="America/New_York"))
KEYS = ("platform", "metric", "day", "shop", "agent")


def by_key(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    table = {
        tuple(row[name] for name in KEYS): (
            round(float(row["numerator"]), 4),
            row["denominator"],
            None if row["value"] is None else round(float(row["value"]), 4),
        )
        for row in rows
    }
    assert len(table) == len(rows)
    return table


@pytest.mark.parametrize("settings", SETTINGS, ids=range(len(SETTINGS)))
@given(log=messages())
def test_platform_metrics_are_what_the_slow_implementation_counts(
    settings: Settings, log: list[dict[str, Any]]
) -> None:
    policies = load(lexicons_folder(), settings).policies
    slow = slow_settings(settings)
    expected = platform_metrics(counting.split(log, slow), slow)
    frame = measure_platforms(split_of(log, **settings.model_dump(exclude_defaults=True)), policies, settings)
    assert PLATFORM_METRICS.check(frame) == []
    got = by_key(rows_of(frame))
    assert got == by_key([{**row, "denominator": float(row["denominator"])} for row in expected])


def test_every_metric_of_the_contract_is_a_preset() -> None:
    assert set(load(lexicons_folder(), Settings()).policies) == {
        "taobao.within_180s",
        "taobao.mean_response",
        "taobao.reply_share",
        "jd.first_30s",
        "jd.mean_response",
        "pdd.within_180s_buyers",
        "pdd.valid_reply_1h",
        "douyin.first_response",
        "douyin.within_180s_rounds",
        "douyin.within_180s_sessions",
    }
    assert Path(lexicons_folder() / "presets" / "jd" / "first_30s.yaml").is_file()

"""Figures by period are rebuilt from counts, and what made a figure is found again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from logs import plain, rows_of, split_of
from slow.dialogue import dialogue
from slow.strategies import messages

from chataudit.explain import made_of
from chataudit.metrics.agents import ORDER_COLUMNS, measure
from chataudit.metrics.definitions import DEFINITIONS
from chataudit.metrics.periods import by_period, of_span
from chataudit.metrics.platform import measure_platforms
from chataudit.metrics.presets import load
from chataudit.settings import Settings, lexicons_folder
from chataudit.tables import AGENTS
from chataudit.work import Work

POLICIES = load(lexicons_folder(), Settings()).policies
TALK = """
    = a
    B 27/10:00:00 在吗
    S1 27/10:00:10 在
    = b
    B 30/10:00:00 在吗
    S1 30/10:00:30 在
    = c
    B 31/10:00:00 在吗
    S1 31/10:01:00 在
"""


def periods(by: str) -> dict[str, dict[str, Any]]:
    log = split_of(dialogue(TALK))
    return {row["period"]: row for row in rows_of(by_period(measure(Work.of(log), Settings()), by))}  # type: ignore[arg-type]


def test_means_are_rebuilt_and_weeks_begin_on_monday() -> None:
    weeks = periods("week")
    assert {week: row["mean_response_s"] for week, row in weeks.items()} == {"2026-03-23": 10.0, "2026-03-30": 45.0}
    assert weeks["2026-03-30"]["before_mean_response_s"] == 10.0
    assert weeks["2026-03-23"]["before_mean_response_s"] is None


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("day", ["2026-03-27", "2026-03-30", "2026-03-31"]),
        ("month", ["2026-03"]),
        ("quarter", ["2026Q1"]),
        ("all", ["2026-03-27..2026-03-31"]),
    ],
)
def test_periods_have_names(by: str, names: list[str]) -> None:
    found = periods(by)
    assert sorted(found) == names
    if by == "month":
        assert found["2026-03"]["mean_response_s"] == pytest.approx(100 / 3)


def test_every_column_of_the_agents_table_is_defined() -> None:
    assert {one.metric for one in DEFINITIONS} == set(AGENTS.names) - {"day", "platform", "shop", "agent"}


@settings(max_examples=40)
@given(log=messages(times="all"))
def test_the_messages_that_made_a_platform_metric_add_up_to_it(log: list[dict[str, Any]]) -> None:
    done = split_of(log)
    table = rows_of(measure_platforms(done, POLICIES, Settings()))
    for metric in ("taobao.within_180s", "taobao.reply_share", "jd.mean_response", "douyin.first_response"):
        rows = rows_of(made_of(metric, done, Work.of(done), POLICIES, Settings()))
        whole = [row for row in table if row["metric"] == metric and (row["day"], row["agent"]) == ("ALL", "ALL")]
        assert sum(row["value"] for row in rows) == pytest.approx(sum(row["numerator"] for row in whole))
        assert len(rows) == sum(row["denominator"] for row in whole)


@settings(max_examples=40)
@given(log=messages(times="all"))
def test_the_messages_that_made_an_agents_figure_add_up_to_it(log: list[dict[str, Any]]) -> None:
    done = split_of(log)
    work = Work.of(done)
    table = rows_of(measure(work, Settings()))
    counts = {
        metric: len(made_of(metric, done, work, POLICIES, Settings()))
        for metric in ("buyer_msg_n", "agent_msg_n", "round_n", "pending_n", "session_n", "consulted_n")
    }
    assert counts == {metric: sum(row[metric] for row in table) for metric in counts}
    received = made_of("received_n", done, work, POLICIES, Settings())["value"]
    assert plain(float(received.sum())) == sum(row["received_n"] for row in table)
    assert not set(ORDER_COLUMNS) & {metric for metric in counts}


def test_a_custom_span_stands_beside_as_many_days_before() -> None:
    agents = measure(Work.of(split_of(dialogue(TALK))), Settings())
    (row,) = rows_of(of_span(agents, "2026-03-30", "2026-04-02"))
    assert (row["period"], row["mean_response_s"], row["before_mean_response_s"]) == ("2026-03-30..2026-04-02", 45, 10)
    (row,) = rows_of(of_span(agents, "2026-03-31", "2026-03-31"))
    assert (row["mean_response_s"], row["before_mean_response_s"]) == (60, 30)

"""The slow implementation against the hand-counted examples of `research/metrics.md`; tests bear the examples' ids."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from . import counting, strategies
from .dialogue import dialogue, instant
from .orders import add_orders, conversions
from .platform import ALL, platform_metrics
from .settings import SlowSettings
from .terms import Message, Row, nearest_rank

DEFAULTS = SlowSettings()
N1 = """
    B 10:10:15 在吗
    B 10:15:20 人呢
    S1 10:18:10 在的
"""


def read(text: str | list[Message], **changes: Any) -> tuple[list[Message], list[Row], list[Row], list[Row]]:
    """The messages, sessions, rounds and agents of a dialogue."""
    chosen = SlowSettings(**changes)
    messages = counting.split(dialogue(text) if isinstance(text, str) else text, chosen)
    sessions, rounds = counting.sessions(messages, chosen), counting.rounds(messages, chosen)
    return messages, sessions, rounds, counting.agents(messages, sessions, rounds, chosen)


def waits(text: str) -> list[float | None]:
    """The waits of a dialogue's rounds, null when pending."""
    return [row["wait_s"] for row in read(text)[2]]


def agent_row(text: str, agent: str | None = "1", **changes: Any) -> Row:
    """The one agents row of an agent."""
    (row,) = [row for row in read(text, **changes)[3] if row["agent"] == agent]
    return row


def figure(text: str, metric: str, agent: str | None = ALL, day: str = ALL) -> tuple[float, int]:
    """The numerator and denominator of a platform metric."""
    rows = platform_metrics(counting.split(dialogue(text), DEFAULTS), DEFAULTS)
    (row,) = [row for row in rows if (row["metric"], row["day"], row["agent"]) == (metric, day, agent)]
    assert row["value"] == (row["numerator"] / row["denominator"] if row["denominator"] else None)
    return row["numerator"], row["denominator"]


def order(ordered_at: str, paid_at: str | None = None, **changes: Any) -> Row:
    """An order of the dialogue's buyer."""
    row = dict.fromkeys(("closed_at", "refund", "refunded_at", "postage", "commission", "item_ids", "status"))
    paid = instant(paid_at) if paid_at else None
    who = {"order_id": "O1", "platform": "taobao", "shop": "shop", "buyer": "buyer"}
    return {**row, **who, "ordered_at": instant(ordered_at), "paid_at": paid, "amount": Decimal("99.00"), **changes}


def roles(text: str, *orders: Row) -> dict[str, dict[str, list[str | None]]]:
    """Who has which role under each judging rule."""
    found: dict[str, dict[str, list[str | None]]] = {}
    for row in conversions(counting.split(dialogue(text), DEFAULTS), orders, DEFAULTS):
        found.setdefault(row["judged_by"], {}).setdefault(row["role"], []).append(row["agent"])
    return found


def sold(text: str, *orders: Row, day: str = "2026-03-02", agent: str = "1") -> Row:
    """The agents row of an agent and day, with its order columns."""
    tables = read(text)
    rows = add_orders(tables[3], *tables[:3], orders, DEFAULTS)
    (row,) = [row for row in rows if (row["day"], row["agent"]) == (day, agent)]
    return row


# Rounds


def test_r1_one_round() -> None:
    assert waits("B 10:00:00 在吗\n S1 10:01:30 在的") == [90]


def test_r2_the_first_line_starts_the_clock() -> None:
    assert waits("B 10:00:00 在吗\n B 10:00:05 有货吗\n S1 10:00:50 有的") == [50]


def test_r3_agents_alone_make_no_round() -> None:
    assert waits("S1 09:00:00 亲\n S1 09:01:00 在吗") == []


def test_r4_pending() -> None:
    text = "B 11:00:00 在吗\n B 11:00:10 人呢"
    assert waits(text) == [None]
    assert read(text)[2][0]["opened_at"] == instant("11:00:00")


def test_r5_two_rounds_and_a_pending_one() -> None:
    text = """
        B 10:00:00 在吗
        S1 10:01:00 在的
        B 10:02:00 有货吗
        B 10:02:05 红色的
        S1 10:03:00 有的
        B 10:04:00 什么时候发
    """
    assert waits(text) == [60, 60, None]


def test_r6_a_notice_changes_nothing() -> None:
    assert waits("B 10:00:00 在吗\n N 10:00:01 会话已接入\n S1 10:01:00 在的") == [60]


def test_r7_nothing_gives_nothing() -> None:
    assert read("") == ([], [], [], [])
    assert platform_metrics([], DEFAULTS) == []
    row = agent_row("S1 10:00:00 亲")
    assert (row["round_n"], row["pending_n"]) == (0, 0)
    assert {row[name] for name in ("within_180s_share", "within_30s_share", "reply_share", "mean_response_s")} == {None}


# Averages

THREE = """
    B 10:00:00 在吗
    S1 10:00:20 在的
    B 10:01:00 有货吗
    S1 10:12:40 有的
    B 10:13:00 红色的有吗
"""


def test_a2_taobao_caps_and_counts_the_pending() -> None:
    assert figure(THREE, "taobao.mean_response") == (20 + 600 + 600, 3)


def test_a3_answered_rounds_without_cap() -> None:
    assert agent_row(THREE)["mean_response_s"] == 360


def test_a4_micro_mean() -> None:
    text = "= x\n" + "\n".join(f"B 10:0{at}:00 问\n S1 10:0{at}:10 答" for at in range(4))
    row = agent_row(f"{text}\n= y\n B 10:00:00 问\n S1 10:01:40 答")
    assert row["mean_response_s"] == 28


def test_a5_jd_leaves_out_a_session_that_starts_before_nine() -> None:
    assert figure("B 08:56:00 在吗\n S1 09:01:00 在的", "jd.first_30s") == (0, 0)


def test_a6_jd_asks_for_the_start_only() -> None:
    assert figure("B 22:59:30 在吗\n S1 23:00:10 在的", "jd.mean_response") == (40, 1)


def test_a7_mean_and_nearest_rank() -> None:
    text = "B 10:00:00 1\n S1 10:00:20 1\n B 10:01:00 2\n S1 10:02:00 2\n B 10:03:00 3\n S1 10:10:00 3"
    row = agent_row(text)
    assert row["mean_response_s"] == pytest.approx(166.67, abs=0.01)
    assert (row["p50_response_s"], row["p90_response_s"]) == (60, 420)
    assert nearest_rank([], 50) is None


# Rates


def test_n1_the_clock_runs_from_the_first_line() -> None:
    assert figure(N1, "taobao.within_180s") == (0, 1)


def test_n2_a_second_round_in_time() -> None:
    assert figure(N1 + "B 10:18:30 有货吗\n S1 10:19:00 有的", "taobao.within_180s") == (1, 2)


def test_n3_ten_lines_without_reply_are_one_failure() -> None:
    text = "\n".join(f"B 23:0{at}:00 在吗" for at in range(10)).replace("23:", "22:")
    assert figure(text + "\n S1 3/00:10:00 在的", "taobao.within_180s") == (0, 1)


def test_n4_one_late_answer_fails_the_buyer() -> None:
    text = "B 10:00:00 1\n S1 10:00:10 1\n B 10:01:00 2\n A1 10:01:01 2\n S1 10:04:01 2\n B 10:05:00 3\n S1 10:05:10 3"
    assert figure(text, "pdd.within_180s_buyers") == (0, 1)
    assert figure(text, "pdd.valid_reply_1h") == (1, 1)
    assert figure(text, "taobao.within_180s") == (3, 3)


def test_n5_buyers_not_rounds() -> None:
    late = "\n".join(f"B 10:{at}0:00 问\n S1 10:{at}{9 if at == 3 else 1}:00 答" for at in range(5))
    fine = "\n".join(f"= b{at}\n B 10:00:00 问\n S1 10:01:00 答" for at in range(9))
    assert figure(f"= A\n{late}\n{fine}", "pdd.within_180s_buyers") == (9, 10)
    assert agent_row(f"= A\n{late}\n{fine}")["within_180s_share"] == pytest.approx(13 / 14)


def test_n6_exactly_180_seconds_pass() -> None:
    text = "B 10:00:00 在吗\n S1 10:03:00 在的"
    assert figure(text, "pdd.within_180s_buyers") == (1, 1)
    assert agent_row(text)["within_180s_share"] == 1


def _sessions_of(waits_s: list[int | None]) -> str:
    lines = []
    for number, wait in enumerate(waits_s):
        lines += [f"= b{number}", "B 10:00:00 在吗"]
        lines += [] if wait is None else [f"S1 10:{wait // 60:02}:{wait % 60:02} 在的"]
        lines += ["T1 11:00:00 转接"] if wait is None else []
    return "\n".join(lines)


def test_n8_late_and_pending_fail() -> None:
    row = agent_row(_sessions_of([60] * 7 + [200] * 3 + [None] * 2))
    assert row["within_180s_share"] == pytest.approx(7 / 12)
    assert (row["round_n"], row["pending_n"]) == (12, 2)


def test_n9_pending_fail() -> None:
    assert agent_row(_sessions_of([60] * 10 + [None] * 2))["within_180s_share"] == pytest.approx(10 / 12)


def test_n11_rounds_and_sessions_of_douyin() -> None:
    text = "B 10:00:00 1\n S1 10:00:30 1\n B 10:01:00 2\n S1 10:04:20 2\n B 10:05:00 3\n S1 10:06:00 3"
    assert figure(text, "douyin.within_180s_rounds") == (2, 3)
    assert figure(text, "douyin.within_180s_sessions") == (1, 1)


def test_f5_douyin_counts_from_the_transfer() -> None:
    text = "B 10:00:00 转人工\n R 10:00:01 您好\n T1 10:02:00 转接\n S1 10:02:25 在的"
    assert figure(text, "douyin.first_response", "1") == (25, 1)
    assert figure(text, "douyin.within_180s_rounds") == (1, 1)


def test_f6_douyin_asks_for_the_hour_of_the_transfer() -> None:
    text = "B 22:59:00 在吗\n T1 22:59:50 转接\n S1 23:00:20 在的"
    assert figure(text, "douyin.first_response") == (30, 1)


def test_bots_alone_are_left_out() -> None:
    text = "B 10:00:00 在吗\n R 10:00:01 您好"
    assert figure(text, "taobao.within_180s") == figure(text, "jd.first_30s") == (0, 0)
    assert figure(text, "pdd.within_180s_buyers") == (0, 1)


# Ratios and volume


def test_q1_reply_ratio() -> None:
    asked = "\n".join(f"B 10:{at // 60:02}:{at % 60:02} 问" for at in range(500))
    said = "\n".join(f"S1 10:{at // 60:02}:{at % 60:02} 答" for at in range(500, 1115))
    assert agent_row(f"{asked}\n{said}")["reply_ratio"] == pytest.approx(1.23)


def test_q3_no_buyer_lines_give_null() -> None:
    assert agent_row("S1 10:00:00 亲")["reply_ratio"] is None


def test_v1_a_buyer_counts_once_a_day() -> None:
    rows = read("\n".join(f"B {day}/10:00:00 在吗\n S1 {day}/10:00:10 在的" for day in (2, 4, 6)))[3]
    assert [row["day"] for row in rows] == ["2026-03-02", "2026-03-04", "2026-03-06"]
    assert sum(row["consulted_n"] for row in rows) == 3


def test_v2_two_agents_have_one_each() -> None:
    rows = read("B 10:00:00 在吗\n S1 10:00:10 在的\n B 10:01:00 换人\n S2 10:01:10 在的")[3]
    assert [(row["agent"], row["consulted_n"], row["received_n"]) for row in rows] == [("1", 1, 1), ("2", 1, 1)]


# Sessions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B 10:00:00 在吗\n B 10:29:59 人呢", 1),
        ("B 10:00:00 在吗\n B 10:30:00 人呢", 2),
        ("B 10:00:00 在吗\n S1 10:59:59 在的", 1),
        ("B 10:00:00 在吗\n S1 11:00:00 在的", 2),
        ("B 10:00:00 好的\n S1 10:30:00 在的", 2),
        ("B 10:00:00 在吗\n W1 10:00:01 欢迎\n N 10:20:00 提醒\n S1 10:59:59 在的", 1),
        ("N 09:00:00 提醒\n B 10:00:00 在吗", 1),
        ("B 10:00:00 在吗\n R 10:00:01 您好\n S1 10:30:01 在的", 2),
    ],
)
def test_gap_and_late_reply(text: str, expected: int) -> None:
    assert len(read(text)[1]) == expected


@pytest.mark.parametrize(
    "text", ["好的。", " 谢 谢~", "OK", "", "。。", "😊", "好的👍", "谢谢/:087", "/:^_^", "[emoji]"]
)
def test_closing_lines_open_nothing(text: str) -> None:
    assert waits(f"B 10:00:00 {text}\n S1 10:00:10 嗯") == []


@pytest.mark.parametrize("text", ["？", "?", "好的吧", "[card]", "ok吗"])
def test_other_lines_open(text: str) -> None:
    assert waits(f"B 10:00:00 {text}\n S1 10:00:10 嗯") == [10]


def test_the_ladder_that_gives_a_line_its_agent() -> None:
    text = "B 10:00:00 1\n S1 10:01:00 1\n B 10:02:00 2\n B2 10:03:00 3\n S3 10:04:00 3\n B 10:05:00 4\n T4 10:06:00 转"
    assert [row["agent"] for row in read(text)[0] if row["sender"] == "buyer"] == ["1", "3", "2", "3"]
    assert read("B 10:00:00 在吗\n T4 10:06:00 转")[0][0]["agent"] == "4"
    assert read("B 10:00:00 在吗\n R9 10:06:00 您好")[0][0]["agent"] is None


def test_service_hours_and_cut_hour() -> None:
    text = "B 23:00:00 在吗\n S1 23:00:10 在的\n B 3/00:10:00 有货吗\n S1 3/00:10:20 有的"
    row = agent_row(text.split("B 3/")[0])
    assert (row["round_n"], row["agent_msg_n"], row["mean_response_s"]) == (0, 1, None)
    assert agent_row(text, service_hours="all", cut_hour=1)["round_n"] == 2
    assert [row["day"] for row in read(text)[3]] == ["2026-03-02", "2026-03-03"]


def test_no_times_no_numbers_of_time() -> None:
    messages = [{**message, "sent_at": None} for message in dialogue("B 10:00:00 在吗\n S1 23:00:00 在的")]
    _, sessions, _, (row,) = read(messages)
    assert [(one["day"], one["duration_s"], one["round_n"]) for one in sessions] == [(None, None, 1)]
    assert (row["round_n"], row["received_n"]) == (1, 1)
    assert {row[name] for name in ("mean_response_s", "within_180s_share", "within_30s_share", "slow_n")} == {None}
    assert platform_metrics(counting.split(messages, DEFAULTS), DEFAULTS) == []


# Conversion


def test_c4_jd_credits_who_served_the_item() -> None:
    text = "B 10:00:00 这款有吗#SKU1\n S1 10:00:10 有\n B 10:30:00 这个呢#SKU2\n S2 10:30:10 有"
    assert roles(text, order("11:00:00", item_ids="SKU1"))["jd"] == {"owner": ["1"], "assist": ["2"]}


def test_c5_jd_credits_the_last_otherwise() -> None:
    text = "B 10:00:00 有吗\n S1 10:00:10 有\n B 10:30:00 那个呢\n S2 10:30:10 有"
    assert roles(text, order("11:00:00", item_ids="SKU1"))["jd"]["owner"] == ["2"]


def test_c6_pdd_order_then_payment() -> None:
    before, after = "B 10:00:00 问\n S1 10:00:10 答\n", "B 11:00:10 问\n S2 11:00:20 答"
    assert roles(before + after, order("11:00:00", "12:00:00"))["pdd"]["owner"] == ["1"]
    assert roles(after, order("11:00:00", "12:00:00"))["pdd"]["owner"] == ["2"]


def test_c7_pdd_three_days() -> None:
    text = "B 10:00:00 问\n S1 10:00:10 答"
    assert roles(text, order("4/23:00:00", "4/23:30:00"))["pdd"] == {"owner": ["1"]}
    assert roles(text, order("5/00:00:00", "5/00:00:01"))["pdd"] == {"silent": [None]}


def test_c8_paid_after_midnight_is_the_next_day() -> None:
    row = sold("B 23:50:00 问\n S1 23:50:10 答", order("23:55:00", "3/00:10:00"))
    assert (row["inquiry_n"], row["paid_n"], row["conversion_share"]) == (1, 1, 1)


def test_c9_ordered_on_the_second_day_after_is_lost() -> None:
    row = sold("B 10:00:00 问\n S1 10:00:10 答", order("4/00:00:00", "4/00:10:00"))
    assert (row["inquiry_n"], row["ordered_n"], row["paid_n"]) == (1, 0, 0)


def test_c10_three_rules() -> None:
    found = roles("B 10:00:00 问\n S1 10:00:10 答\n B 10:10:00 问\n S2 10:10:10 答", order("10:05:00", "10:20:00"))
    assert found["order"] == {"owner": ["1"]}
    assert found["payment"] == {"owner": ["2"], "assist": ["1"]}
    assert found["order_first"] == {"owner": ["1"], "assist": ["2"]}


def test_c11_a_silent_order_urged() -> None:
    found = roles("S2 10:10:10 亲，记得付款", order("10:05:00", "10:20:00"))
    assert found["order"] == {"silent": [None]}
    assert found["payment"] == found["order_first"] == {"owner": ["2"]}


def test_c2_jd_asks_for_the_order_only() -> None:
    found = roles("B 10:05:00 问\n S1 10:05:01 答", order("10:00:00", "10:10:00"))
    assert found["jd"] == {"silent": [None]}


def test_sales_of_the_crediting_day() -> None:
    money = {"postage": Decimal("8"), "commission": Decimal("1.98"), "refund": Decimal("9.90")}
    row = sold("B 10:00:00 问\n S1 10:00:10 答", order("11:00:00", "11:10:00", **money))
    assert (row["sales"], row["refunds"], row["effective_sales"]) == (99, Decimal("9.90"), Decimal("79.12"))
    assert row["order_value"] == 99


@pytest.mark.parametrize(
    ("text", "buyer", "join"),
    [
        ("S1 10:00:00 亲", "buyer", "buyer"),
        ("= t**1\n S1 10:00:00 亲\n B 10:00:10 [card]#O1", "tb01", "order_card"),
        ("= t**1\n S1 10:00:00 亲\n B 10:00:10 单号#O1", "tb01", "order_number"),
        ("= t**1\n S1 10:00:00 亲", "tb01", "masked"),
        ("= t**2\n S1 10:00:00 亲", "tb01", None),
    ],
)
def test_how_an_order_finds_its_chat(text: str, buyer: str, join: str | None) -> None:
    rows = conversions(counting.split(dialogue(text), DEFAULTS), [order("11:00:00", buyer=buyer)], DEFAULTS)
    assert {row["join"] for row in rows} == {join}


# Whatever is drawn

LOGS = strategies.messages(times=None)
DRAWN = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@DRAWN
@given(LOGS)
def test_nothing_is_lost(log: list[Message]) -> None:
    messages, sessions, rounds, agents = read(log)
    assert [row["message_id"] for row in messages] == [row["message_id"] for row in log]
    assert all(row["session_id"] is not None for row in messages)
    assert len({row["session_id"] for row in sessions}) == len(sessions)
    assert sum(row["round_n"] for row in sessions) == len(rounds)
    assert sum(row["round_n"] for row in agents) == sum(row["counted"] for row in rounds)
    assert sum(row["buyer_msg_n"] for row in agents) == sum(row["buyer_n"] for row in sessions)
    assert sum(row["agent_msg_n"] for row in agents) == sum(row["agent_n"] for row in sessions)


@DRAWN
@given(LOGS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(log: list[Message], random: Any) -> None:
    mixed = random.sample(log, len(log))
    for one, other in zip(read(log)[1:], read(mixed)[1:], strict=True):
        assert sorted(map(repr, one)) == sorted(map(repr, other))


@DRAWN
@given(LOGS)
def test_platform_totals_are_sums(log: list[Message]) -> None:
    rows = platform_metrics(counting.split(log, DEFAULTS), DEFAULTS)
    places = [(row["platform"], row["shop"], row["metric"], row["day"], row["agent"]) for row in rows]
    assert len(set(places)) == len(places)
    for row in rows:
        if row["day"] == ALL and not (row["metric"].startswith("pdd") and row["agent"] == ALL):
            same = ("platform", "shop", "metric", "agent")
            parts = [one for one in rows if one["day"] != ALL and all(one[name] == row[name] for name in same)]
            assert row["denominator"] == sum(one["denominator"] for one in parts)
            assert row["numerator"] == pytest.approx(sum(one["numerator"] for one in parts))


@DRAWN
@given(st.data())
def test_every_order_has_one_owner_or_is_silent(data: st.DataObject) -> None:
    log = data.draw(LOGS)
    orders = data.draw(strategies.orders(log))
    tables = read(log)
    rows = conversions(tables[0], orders, DEFAULTS)
    assert sum(row["role"] in ("owner", "silent") for row in rows) == 5 * len(orders)
    owned = sum(
        row["amount"] for row in rows if (row["judged_by"], row["role"]) == ("order_first", "owner") and row["paid_at"]
    )
    filled = add_orders(tables[3], *tables[:3], orders, DEFAULTS)
    assert sum(row["sales"] or 0 for row in filled) == owned
    assert all(row["inquiry_n"] is None or row["paid_n"] <= row["inquiry_n"] <= row["received_n"] for row in filled)

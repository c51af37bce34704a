"""Sessions, rounds and agents against the slow implementation, on random logs, under several settings."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from logs import frame_of, plain, rows_of, slow_settings, split_of
from slow import counting
from slow.strategies import messages

from chataudit.metrics.agents import measure
from chataudit.sessions import split
from chataudit.settings import Settings
from chataudit.tables import AGENTS, MESSAGES, ROUNDS, SESSIONS
from chataudit.work import Work

SETTINGS = (
    Settings(),
    Settings(service_hours="all", cut_hour=4),
    Settings(service_hours="22:30-08:00;12:00-13:00", session_gap=60, late_reply=61, slow_after=30, long_after=60),
    Settings(timezone="America/New_York", cut_hour=-2),
)


def same_ids(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Return generated session ids by the first message's id, so that both spellings compare."""
    return {row["session_id"]: row["session_id"].removeprefix("s:").removeprefix("s") for row in rows}


def fold(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with plain cells and session ids in one spelling, in a stable order."""
    folded = []
    for row in rows:
        cells = {name: plain(cell) for name, cell in row.items()}
        if "session_id" in cells:
            cells["session_id"] = str(cells["session_id"]).removeprefix("s:")
        folded.append(cells)
    return sorted(folded, key=lambda row: [str(cell) for cell in row.values()])


def unified(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        if row.get("session_id", "").startswith("sm"):
            row["session_id"] = row["session_id"][1:]
    return rows


@pytest.mark.parametrize("settings", SETTINGS, ids=range(len(SETTINGS)))
@given(log=messages())
def test_counting_is_what_the_slow_implementation_counts(settings: Settings, log: list[dict[str, Any]]) -> None:
    slow = slow_settings(settings)
    said = counting.split(log, slow)
    sessions, rounds = counting.sessions(said, slow), counting.rounds(said, slow)
    fast = split_of(log, **settings.model_dump(exclude_defaults=True))
    assert MESSAGES.check(fast.messages) + SESSIONS.check(fast.sessions) + ROUNDS.check(fast.rounds) == []
    names = ["message_id", "session_id", "agent"]
    assert fold(unified(rows_of(fast.messages[names]))) == fold([{name: one[name] for name in names} for one in said])
    for table, rows, frame in ((SESSIONS, sessions, fast.sessions), (ROUNDS, rounds, fast.rounds)):
        expected = [{name: row[name] for name in table.names} for row in rows]
        assert fold(unified(rows_of(frame[table.names]))) == fold(expected)


@pytest.mark.parametrize("settings", SETTINGS, ids=range(len(SETTINGS)))
@given(log=messages())
def test_agents_are_what_the_slow_implementation_counts(settings: Settings, log: list[dict[str, Any]]) -> None:
    slow = slow_settings(settings)
    said = counting.split(log, slow)
    expected = counting.agents(said, counting.sessions(said, slow), counting.rounds(said, slow), slow)
    frame = measure(Work.of(split_of(log, **settings.model_dump(exclude_defaults=True))), settings)
    assert AGENTS.check(frame) == []
    assert fold(rows_of(frame[AGENTS.names])) == fold([{name: row[name] for name in AGENTS.names} for row in expected])


@given(log=messages())
def test_the_order_of_input_rows_changes_nothing(log: list[dict[str, Any]]) -> None:
    turned = frame_of(log[::-1])
    assert turned.equals(frame_of(log))


@given(log=messages())
def test_a_log_split_again_knows_where_its_messages_stood(log: list[dict[str, Any]]) -> None:
    settings = Settings()
    once = split_of(log)
    again = split(once.messages.iloc[::2].reset_index(drop=True), settings).messages
    texts = once.messages.set_index("message_id")["position"]
    assert sorted(once.messages["position"]) == list(range(len(log)))
    assert again["position"].tolist() == texts.loc[again["message_id"]].tolist()

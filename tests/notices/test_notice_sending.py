"""A notice to several channels: whom it goes to, and that none stops another."""

from __future__ import annotations

import pytest
from notices.notes import CALM, NOTICE, Pauses
from notices.robots import Robot, says

from chataudit.errors import Words
from chataudit.notices import KINDS, Channel, Notice, send
from chataudit.notices.sending import MOST_S, MOST_TRIES


@pytest.mark.parametrize(
    ("notice", "wanted"),
    [
        (NOTICE, [1, 2, 3]),
        (CALM, [1]),
        (Notice(title=CALM.title, failed=NOTICE.failed), [1, 2]),
        (Notice(title=CALM.title, red_lines=NOTICE.red_lines), [1, 3]),
    ],
)
def test_each_channel_gets_what_it_asked_for(robot: Robot, notice: Notice, wanted: list[int]) -> None:
    channels = [
        robot.channel("dingtalk"),
        robot.channel("wecom", when="failure"),
        robot.channel("feishu", when="red"),
    ]
    results = send(notice, channels, "en", pause=Pauses())
    assert [int(one.channel.en.partition("#")[2][0]) for one in results] == wanted
    assert all(one.ok for one in results) and len(robot.got) == len(wanted)


def test_one_channel_that_is_down_does_not_stop_the_others(robot: Robot) -> None:
    with Robot() as gone:
        down = gone.channel("wecom")
    unknown = KINDS["wecom"].model_validate({"kind": "wecom", "webhook": "https://wecom.example.com/send?key=t0ken"})
    channels = [down, unknown, robot.channel("dingtalk", secret="wrong"), robot.channel("feishu")]
    results = send(NOTICE, channels, "zh", pause=Pauses())
    assert [(one.ok, one.tries) for one in results] == [(False, MOST_TRIES), (False, MOST_TRIES), (False, 1), (True, 1)]
    assert [one.reason is None for one in results] == [False, False, False, True]


def test_a_fault_of_ours_in_one_channel_is_told_without_its_text(robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Channel, notice: Notice, lang: str) -> None:
        raise KeyError("s3cret")

    monkeypatch.setattr(KINDS["wecom"], "deliver", broken)
    first, second = send(NOTICE, [robot.channel("wecom"), robot.channel("feishu")], "zh", pause=Pauses())
    assert first.reason == Words("程序出错：KeyError", "a fault of the program: KeyError") and second.ok


def test_the_waits_grow_and_all_of_it_ends(robot: Robot) -> None:
    robot.script = [says(b"", 503)] * MOST_TRIES
    pauses = Pauses()
    send(NOTICE, [robot.channel("wecom")], "zh", pause=pauses)
    assert [low <= wait <= low + 2 for low, wait in zip((2, 8, 32), pauses, strict=True)] == [True] * 3
    assert sum(pauses) < MOST_S


def test_no_channels_is_nothing_to_do() -> None:
    assert send(NOTICE, [], "zh") == ()

"""A night tells people: the signature is right, red lines by rule and agent stand in it, no word of any chat does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from inbox_shop import FILES, a_night, drop, make_lexicons
from notices.platforms import PATHS, SECRET
from notices.robots import Robot

from chataudit import store
from chataudit.notices import read_channels


@pytest.fixture
def robot() -> object:
    with Robot() as one:
        yield one


def channels(folder: Path, robot: Robot, secret: str) -> Path:
    path = folder / "notices.yaml"
    path.write_text(
        f"- kind: dingtalk\n  webhook: {robot.root}{PATHS['dingtalk']}\n  secret: {secret}\n"
        f"- kind: feishu\n  webhook: {robot.root}{PATHS['feishu']}\n  secret: {secret}\n  when: red\n",
        encoding="utf-8",
    )
    return path


def test_a_night_is_told_to_every_channel(tmp_path: Path, robot: Robot) -> None:
    settings = make_lexicons(tmp_path)
    told = read_channels(channels(tmp_path, robot, SECRET))
    drop(tmp_path / "inbox", FILES)
    (tmp_path / "inbox" / "坏.bin").write_bytes(b"\0\1" * 900)
    night = a_night(str(tmp_path / "x.db"), tmp_path, settings, channels=told)
    assert [one.ok for one in night.sent] == [True, True] and len(robot.got) == 2
    said = json.dumps([one.body for one in robot.got], ensure_ascii=False)
    for word in ("2026-03-02", "说全网最低", "小雯", "坏.bin", "红线"):
        assert word in said, word
    for word in ("买家", "我们是全网最低", "100000000000000001", "有货吗"):
        assert word not in said, word
    quiet = a_night(str(tmp_path / "x.db"), tmp_path, settings, 2, channels=told)
    assert len(quiet.sent) == 1, "no red lines, so only who always wants to know is told"


def test_a_notice_that_does_not_arrive_wants_a_look_and_undoes_nothing(tmp_path: Path, robot: Robot) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0302.csv"])
    told = read_channels(channels(tmp_path, robot, "SECwrong"))[:1]
    night = a_night(str(tmp_path / "x.db"), tmp_path, settings, channels=told)
    assert [one.ok for one in night.sent] == [False] and night.outcome == "attention"
    assert night.days == ["2026-03-02"] and (tmp_path / "out" / "2026-03-02" / "index.html").is_file()
    assert store.latest_nights(store.open_database(str(tmp_path / "x.db")))[0].outcome == "attention"

"""`chataudit notices`: what is checked, what is sent, how it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from notices.platforms import PATHS, QUOTED, SECRET, TOKEN
from notices.robots import Robot

from chataudit.cli import main

Written = Callable[[str], Path]


def run(*words: object) -> Result:
    result = CliRunner().invoke(main, ["notices", *map(str, words)])
    assert not result.exception or isinstance(result.exception, SystemExit), result.exception
    shown = result.stdout + result.stderr
    assert [secret for secret in (SECRET, TOKEN, QUOTED) if secret in shown] == []
    return result


@pytest.fixture
def file(robot: Robot, channels_file: Written, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a file with a channel of each robot, each for another `when`."""
    monkeypatch.setenv("ROBOT_SECRET", SECRET)
    yield channels_file(
        f"""- kind: dingtalk
  webhook: {robot.root}{PATHS["dingtalk"]}
  secret: ${{ROBOT_SECRET}}
- kind: wecom
  webhook: {robot.root}{PATHS["wecom"]}
  when: failure
- kind: feishu
  webhook: {robot.root}{PATHS["feishu"]}
  secret: ${{ROBOT_SECRET}}
  when: red
"""
    )


def test_test_reaches_every_channel_whatever_its_when(file: Path, robot: Robot) -> None:
    done = run("test", file)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines() == [
        "钉钉 #1（127.0.0.1）：已送达（第 1 次）",
        "企业微信 #2（127.0.0.1）：已送达（第 1 次）",
        "飞书 #3（127.0.0.1）：已送达（第 1 次）",
    ]
    assert all("测试" in str(got.body) for got in robot.got) and len(robot.got) == 3


def test_test_leaves_with_1_if_one_did_not_take_it(file: Path, robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOT_SECRET", "another")
    done = run("test", file, "--lang", "en")
    assert done.exit_code == 1
    first, second, third = done.stdout.splitlines()
    assert "DingTalk #1 (127.0.0.1): not delivered (tries: 1): refused by the platform (310000)" in first
    assert second == "WeCom #2 (127.0.0.1): delivered (try 1)"
    assert "19021" in third


def test_check_sends_nothing(file: Path, robot: Robot) -> None:
    done = run("check", file, "--lang", "en")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines() == [
        "DingTalk #1 (127.0.0.1)\talways",
        "WeCom #2 (127.0.0.1)\tfailure",
        "Feishu #3 (127.0.0.1)\tred",
    ]
    assert robot.got == []


@pytest.mark.parametrize("command", ["check", "test"])
def test_faults_of_the_file_are_said_and_nothing_is_sent(
    file: Path, robot: Robot, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.delenv("ROBOT_SECRET")
    done = run(command, file)
    assert done.exit_code == 2 and robot.got == []
    assert done.stderr.splitlines() == [
        f"{file}:3:3: 没有设置环境变量 ROBOT_SECRET。",
        f"{file}:9:3: 没有设置环境变量 ROBOT_SECRET。",
    ]


@pytest.mark.parametrize("command", ["check", "test"])
def test_help_shows_an_example(command: str) -> None:
    assert f"chataudit notices {command} notices.yaml" in run(command, "--help").stdout

"""The robots of the three platforms, against a server that checks what their servers check."""

from __future__ import annotations

import contextlib
import re
import ssl
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace
from typing import Any

import pytest
import trustme
from notices.notes import NOTICE, Pauses
from notices.platforms import PATHS, QUOTED, SECRET, TOKEN
from notices.robots import Robot, Scripted, hangs_up, says

from chataudit.notices import Sent, send
from chataudit.notices.sending import MOST_TRIES

every_kind = pytest.mark.parametrize("kind", ["dingtalk", "wecom", "feishu"])
WRONG = {
    "dingtalk": {"errcode": 310000, "errmsg": "sign not match"},
    "wecom": {"errcode": 93000, "errmsg": "invalid webhook url"},
    "feishu": {"code": 19021, "msg": "sign match fail"},
}
BUSY: list[tuple[str, dict[str, Any], int]] = [
    ("dingtalk", {"errcode": -1, "errmsg": "系统繁忙"}, 200),
    ("dingtalk", {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}, 200),
    ("dingtalk", {"errcode": 410100, "errmsg": "发送速度太快而限流"}, 200),
    ("wecom", {"errcode": -1, "errmsg": "system busy"}, 200),
    ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, 200),
    ("feishu", {"code": 9499, "msg": "too many request", "data": {}}, 400),
    ("feishu", {"code": 11232, "msg": "frequency limited"}, 200),
    ("feishu", {"code": 99991400, "msg": "request trigger frequency limit"}, 429),
]


def sent(robot: Robot, kind: str, lang: str = "en", path: str | None = None, **given: Any) -> tuple[Sent, Pauses]:
    pauses = Pauses()
    (result,) = send(NOTICE, [robot.channel(kind, path, **given)], lang, pause=pauses)
    return result, pauses


@every_kind
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_notice_is_taken_at_once(robot: Robot, kind: str, lang: str) -> None:
    result, pauses = sent(robot, kind, lang)
    assert (result.ok, result.tries, result.reason, pauses) == (True, 1, None, [])
    assert len(robot.got) == 1
    for words in (NOTICE.title, *NOTICE.summary, *NOTICE.red_lines, *NOTICE.failed):
        assert words.said(lang) in str(robot.got[0].body)


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_a_wrong_secret_is_said_and_not_tried_again(robot: Robot, kind: str) -> None:
    result, pauses = sent(robot, kind, secret="another")
    assert (result.ok, result.tries, pauses, len(robot.got)) == (False, 1, [], 1)
    assert result.reason is not None and re.search(r"310000|19021", result.reason.en)


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
@pytest.mark.parametrize(("ahead_s", "ok"), [(3500, True), (-3500, True), (3700, False), (-3700, False)])
def test_the_signature_holds_for_an_hour_as_the_platforms_have_it(
    robot: Robot, kind: str, ahead_s: float, ok: bool
) -> None:
    robot.ahead_s = ahead_s
    result, _ = sent(robot, kind)
    assert (result.ok, result.tries) == (ok, 1)


def test_each_try_is_signed_anew(robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([1772409600.0, 1772409608.5])
    robot.script = [says(b"", 503), says({"errcode": 0, "errmsg": "ok"})]
    channel = robot.channel("dingtalk")
    monkeypatch.setattr("chataudit.notices.webhook.time", SimpleNamespace(time=lambda: next(clock)))
    (result,) = send(NOTICE, [channel], "zh", pause=Pauses())
    assert result.ok
    stamps = [re.search(r"timestamp=(\d+)", got.path) for got in robot.got]
    assert [stamp and stamp[1] for stamp in stamps] == ["1772409600000", "1772409608500"]


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_a_robot_without_signature_gets_none(robot: Robot, kind: str) -> None:
    robot.script = [says({"errcode": 0, "code": 0})]
    result, _ = sent(robot, kind, secret=None)
    assert result.ok
    assert "sign" not in robot.got[0].path and "sign" not in robot.got[0].body


@every_kind
def test_a_wrong_token_is_not_tried_again(robot: Robot, kind: str) -> None:
    path = PATHS[kind].replace("t0ken", "wrong")
    result, pauses = sent(robot, kind, path=path)
    assert (result.ok, result.tries, pauses) == (False, 1, [])


@pytest.mark.parametrize(("kind", "busy", "status"), BUSY)
def test_a_limit_of_rate_passes(robot: Robot, kind: str, busy: dict[str, Any], status: int) -> None:
    robot.script = [says(busy, status), says(busy, status)]
    result, pauses = sent(robot, kind)
    assert (result.ok, result.tries, len(robot.got)) == (True, 3, 3)
    assert 2 <= pauses[0] <= 4 and 8 <= pauses[1] <= 10


@every_kind
@pytest.mark.parametrize("trouble", [says(b"<html>", 500), says(b"", 502), says(b"slow down", 429), hangs_up])
def test_what_may_pass_is_tried_again(robot: Robot, kind: str, trouble: Scripted) -> None:
    robot.script = [trouble]
    result, pauses = sent(robot, kind)
    assert (result.ok, result.tries, len(pauses)) == (True, 2, 1)


@every_kind
def test_it_is_given_up_after_four_tries(robot: Robot, kind: str) -> None:
    robot.script = [says(b"", 503)] * 9
    result, pauses = sent(robot, kind)
    assert (result.ok, result.tries, len(robot.got)) == (False, MOST_TRIES, MOST_TRIES)
    assert pauses == sorted(pauses) and sum(pauses) < 60
    assert result.reason is not None and "503" in result.reason.zh and "503" in result.reason.en


@every_kind
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<html>log in first</html>", 200),
        (b"[" * 60_000, 200),
        ([0], 200),
        ({}, 200),
        ({"errcode": False, "code": False}, 200),
        ({"errcode": "0", "code": "0"}, 200),
        ({"errcode": 0, "code": 0}, 404),
        (b"", 204),
    ],
)
def test_only_the_platforms_own_zero_is_success(robot: Robot, kind: str, body: Any, status: int) -> None:
    robot.script = [says(body, status)]
    result, _ = sent(robot, kind)
    assert (result.ok, result.tries) == (False, 1)


@every_kind
def test_a_redirect_is_not_followed(robot: Robot, kind: str) -> None:
    def redirect(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", robot.root + PATHS[kind])
        request.send_header("Content-Length", "0")
        request.end_headers()

    robot.script = [redirect]
    result, _ = sent(robot, kind)
    assert (result.ok, len(robot.got)) == (False, 1)


def silent(robot: Robot) -> Scripted:
    return lambda request: robot.closing.wait(5) and None


def dripping(robot: Robot) -> Scripted:
    def drips(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        with contextlib.suppress(OSError):
            while not robot.closing.wait(0.02):
                request.wfile.write(b" ")

    return drips


@pytest.mark.parametrize("trouble", [silent, dripping])
def test_a_server_that_does_not_answer_is_left_in_time(
    robot: Robot, monkeypatch: pytest.MonkeyPatch, trouble: Callable[[Robot], Scripted]
) -> None:
    monkeypatch.setattr("chataudit.notices.posting.TIMEOUT_S", 0.1)
    robot.script = [trouble(robot)]
    started = time.monotonic()
    result, pauses = sent(robot, "wecom")
    assert time.monotonic() - started < 2
    assert (result.ok, result.tries, len(pauses)) == (True, 2, 1)


def test_a_host_that_is_not_there_is_named_without_its_token() -> None:
    with Robot() as gone:
        channel = gone.channel("dingtalk")
    (result,) = send(NOTICE, [channel], "en", pause=Pauses())
    assert (result.ok, result.tries) == (False, MOST_TRIES)
    assert result.channel.en == "DingTalk #1 (127.0.0.1)"
    assert TOKEN not in repr(result) and QUOTED not in repr(result) and SECRET not in repr(result)


@pytest.mark.parametrize(
    ("kind", "secrets"),
    [("dingtalk", (SECRET, TOKEN, QUOTED)), ("wecom", (TOKEN, QUOTED)), ("feishu", (SECRET, "t0ken-7f3a"))],
)
def test_a_platform_that_says_the_secrets_back_does_not_give_them_away(
    robot: Robot, kind: str, secrets: tuple[str, ...]
) -> None:
    query = PATHS[kind].partition("?")[2]
    text = f"{robot.root}{PATHS[kind]} {query}&x=1 {' '.join(secrets)}"
    robot.script = [says({**WRONG[kind], "errmsg": text, "msg": text})]
    result, _ = sent(robot, kind)
    assert result.reason is not None and "***" in result.reason.en
    assert [secret for secret in secrets if secret in repr(result)] == []


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Robot]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with Robot(context) as one:
        yield one


@pytest.mark.usefixtures("trusted")
def test_https_with_a_trusted_certificate(secure: Robot) -> None:
    result, _ = sent(secure, "dingtalk")
    assert result.ok, result


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Robot) -> None:
    result, pauses = sent(secure, "dingtalk")
    assert (result.ok, result.tries, pauses, secure.got) == (False, 1, [], [])
    assert result.reason is not None and "certificate" in result.reason.en

"""The channels file: what it may hold, every fault at once, no secret in any of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from chataudit.errors import Faults
from chataudit.notices import read_channels

Written = Callable[[str], Path]
HOOK = "https://oapi.dingtalk.com/robot/send?access_token=t0ken-7f3a"
GOOD = f"""
- kind: dingtalk
  webhook: {HOOK}
  secret: ${{DINGTALK_SECRET}}
- kind: wecom
  webhook: https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${{WECOM_KEY}}
  when: failure
- kind: feishu
  webhook: https://open.feishu.cn/open-apis/bot/v2/hook/t0ken-7f3a
  secret: s3cret-feishu
  when: red
- kind: email
  host: smtp.example.com
  user: qa@example.com
  password: ${{SMTP_PASSWORD}}
  sender: qa@example.com
  to: [lead@example.com, ops@example.com]
"""
ENVIRON = {"DINGTALK_SECRET": "s3cret-ding", "WECOM_KEY": "t0ken-wecom", "SMTP_PASSWORD": "p4ssword"}
MAIL = "kind: email, host: smtp.example.com, sender: qa@example.com, to: lead@example.com"
SECRETS = ("t0ken", "s3cret", "p4ss")


def faults_of(path: Path, environ: dict[str, str] | None = None) -> list[str]:
    """Return the faults without the file's name; none may show a secret."""
    with pytest.raises(Faults) as caught:
        read_channels(path, environ or {})
    for lang in ("zh", "en"):
        assert [secret for secret in SECRETS if secret in caught.value.said(lang)] == []
    assert not re.search("t0ken|s3cret|p4ss", f"{caught.value!r} {caught.value.__cause__}")
    return [line.removeprefix(f"{path}:") for line in caught.value.said("en").splitlines()]


def test_a_whole_file(channels_file: Written) -> None:
    channels = read_channels(channels_file(GOOD), ENVIRON)
    assert [channel.name(number).en for number, channel in enumerate(channels, 1)] == [
        "DingTalk #1 (oapi.dingtalk.com)",
        "WeCom #2 (qyapi.weixin.qq.com)",
        "Feishu #3 (open.feishu.cn)",
        "E-mail #4 (smtp.example.com)",
    ]
    assert [channel.when for channel in channels] == ["always", "failure", "red", "always"]
    assert channels[0].name(1).zh == "钉钉 #1（oapi.dingtalk.com）"


def test_channels_do_not_show_their_secrets(channels_file: Written) -> None:
    for channel in read_channels(channels_file(GOOD), ENVIRON):
        shown = f"{channel!r} {channel} {channel.model_dump_json()} {channel.model_dump()}"
        assert [secret for secret in SECRETS if secret in shown] == []


def test_every_fault_of_every_channel_at_once(channels_file: Written) -> None:
    path = channels_file(
        f"""- kind: dingtalk
  webhok: {HOOK}
  when: failed
- kind: wecome
  webhook: {HOOK}
- kind: email
  host: smtp.example.com
  sender: {{}}
  port: p4ssword
  to: []
- webhook: {HOOK}
- {HOOK}
"""
    )
    assert faults_of(path) == [
        "1:3: 'webhook' is missing.",
        "2:3: Unknown key 'webhok'. Did you mean webhook? Allowed: kind, secret, webhook, when.",
        "3:3: 'when' can't be 'failed'. Did you mean failure? Allowed: always, failure, red.",
        "4:3: There is no such kind of channel. Did you mean wecom? Allowed: dingtalk, email, feishu, wecom.",
        "8:3: 'sender': Input should be a valid string.",
        "9:3: 'port' must be a whole number.",
        "10:3: 'to' must have entries: at least 1.",
        "11:3: 'kind' is missing. Allowed: dingtalk, email, feishu, wecom.",
        "12:3: A channel must be keys with values.",
    ]


def test_a_variable_that_is_not_set_is_named(channels_file: Written) -> None:
    faults = faults_of(channels_file(GOOD), {"SMTP_PASSWORD": "p4ssword", "WECOM_KEY": ""})
    assert faults == [
        "4:3: The environment variable DINGTALK_SECRET is not set.",
        "6:3: The environment variable WECOM_KEY is not set.",
    ]
    faults = faults_of(channels_file("- {kind: dingtalk, webhook: '${HOOK}', secret: '${a b}', wen: red}"), {})
    assert [fault.split(": ", 1)[1].split(".")[0] for fault in faults] == [
        "The environment variable HOOK is not set",
        "${…} takes a variable's name like ${DINGTALK_SECRET}",
        "Unknown key 'wen'",
    ]


def test_what_a_variable_holds_is_not_looked_at_again(channels_file: Written) -> None:
    path = channels_file(f"- {{kind: email, {MAIL.partition(', ')[2]}, user: qa, password: '${{PASSWORD}}'}}")
    (channel,) = read_channels(path, {"PASSWORD": "p4ss${HOME}"})
    assert dict(channel)["password"].get_secret_value() == "p4ss${HOME}"


def test_words_of_choice_are_not_taken_from_the_environment(channels_file: Written) -> None:
    (fault,) = faults_of(channels_file(f"- {{kind: dingtalk, webhook: '{HOOK}', when: '${{X}}'}}"), {"X": "s3cret"})
    assert "'when' can't be '${X}'" in fault


@pytest.mark.parametrize(
    ("kind", "webhook"),
    [
        ("dingtalk", "http://oapi.dingtalk.com/robot/send?access_token=t0ken"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token="),
        ("dingtalk", "oapi.dingtalk.com/robot/send?access_token=t0ken"),
        ("dingtalk", "file:///etc/passwd?access_token=t0ken"),
        ("dingtalk", "https:///robot/send?access_token=t0ken"),
        ("dingtalk", "https://[oapi/robot/send?access_token=t0ken"),
        ("dingtalk", "https://oapi.dingtalk.com:port/robot/send?access_token=t0ken"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=t0ken#x"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=t0ken\\r\\nHost: x"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=t0ken 2"),
        ("dingtalk", "https://s3cret:p4ss@oapi.dingtalk.com/robot/send?access_token=t0ken"),
        ("dingtalk", "https://钉钉/robot/send?access_token=t0ken"),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?token=t0ken"),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/"),
        ("feishu", "https://open.feishu.cn/open-apis/t0ken"),
    ],
)
def test_a_webhook_that_can_not_work_is_refused_unseen(channels_file: Written, kind: str, webhook: str) -> None:
    (fault,) = faults_of(channels_file(f'- kind: {kind}\n  webhook: "{webhook}"\n'))
    assert re.match(r"2:3: The webhook (has no token|must be a whole address)", fault), fault


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("password: p4ssword", "1:3: user goes with password."),
        ("user: qa", "1:3: user goes with password."),
        ("user: qa, password: p4ss, tls: none", "1:3: tls: none would send the password in clear"),
        ("user: qa, password: p4ss密码", "1:3: user and password must be ASCII."),
        ("user: qa, password: ''", "'password' must have entries: at least 1"),
        ("port: 0", "'port' must be at least 1"),
        ("tls: tls", "'tls' can't be 'tls'"),
        ("secret: s3cret", "Unknown key 'secret'"),
    ],
)
def test_what_a_mail_server_needs(channels_file: Written, more: str, said: str) -> None:
    (fault,) = faults_of(channels_file(f"- {{{MAIL}, {more}}}"))
    assert said in fault


@pytest.mark.parametrize(
    "address", ["qa", "a@b, c@d", "qa@example.com\\nBcc: x@example.com", "<qa@example.com>", "a b@c.d"]
)
@pytest.mark.parametrize("key", ["sender", "to"])
def test_an_address_is_one_address(channels_file: Written, address: str, key: str) -> None:
    text = MAIL.replace("qa@example.com" if key == "sender" else "lead@example.com", f'"{address}"')
    (fault,) = faults_of(channels_file(f"- {{{text}}}"))
    assert "must be an address like" in fault


def test_a_host_is_a_name(channels_file: Written) -> None:
    (fault,) = faults_of(channels_file(f"- {{{MAIL.replace('smtp.example.com', 'smtp://x')}}}"))
    assert "The host must be a name" in fault


@pytest.mark.parametrize("text", ["", "[]", "kind: wecom", "wecom"])
def test_a_file_without_channels_is_refused(channels_file: Written, text: str) -> None:
    (fault,) = faults_of(channels_file(text))
    assert "must be a list of channels" in fault


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "No such file" in faults_of(tmp_path / "none.yaml")[0]
    assert "Unreadable channels file" in faults_of(tmp_path)[0]

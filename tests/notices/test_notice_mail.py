"""Notices by mail, against a real server: encryption, login, addresses that are refused."""

from __future__ import annotations

import socket
import ssl
from types import SimpleNamespace
from typing import Any

import pytest
import trustme
from notices.mailbox import PASSWORD, USER, Mailbox
from notices.notes import NOTICE, Pauses

from chataudit.errors import Words
from chataudit.notices import KINDS, Notice, Sent, send
from chataudit.notices.page import page_of
from chataudit.notices.plain import plain
from chataudit.notices.sending import MOST_TRIES

# aiosmtpd asks asyncio what newer Pythons want asked of inspect.
pytestmark = pytest.mark.filterwarnings("ignore:.*iscoroutinefunction:DeprecationWarning")


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(made)
    return made


def sent(box: Any, notice: Notice = NOTICE, lang: str = "zh", **given: Any) -> tuple[Sent, Pauses]:
    entry = {"kind": "email", "host": "127.0.0.1", "port": box.port, "tls": "none", "sender": "qa@example.com"}
    pauses = Pauses()
    channel = KINDS["email"].model_validate({**entry, "to": ["lead@example.com", "ops@example.com"], **given})
    (result,) = send(notice, [channel], lang, pause=pauses)
    assert PASSWORD not in repr(result)
    return result, pauses


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_mail_arrives_as_it_was_meant(lang: str) -> None:
    with Mailbox() as box:
        result, pauses = sent(box, lang=lang)
    assert (result.ok, result.tries, pauses) == (True, 1, [])
    (message,) = box.got
    assert box.recipients == [["lead@example.com", "ops@example.com"]]
    assert message["Subject"] == NOTICE.title.said(lang)
    assert message["From"].addresses[0].addr_spec == "qa@example.com"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@example.com>")
    assert message.get_content_type() == "text/plain" and message.get_content_charset() == "utf-8"
    assert message.get_content().replace("\r\n", "\n") == plain(page_of(NOTICE, lang))


def test_a_title_can_not_add_a_header_or_an_address() -> None:
    title = "质检\r\nBcc: x@example.com\r\n\r\nhello"
    with Mailbox() as box:
        result, _ = sent(box, Notice(title=Words(title, title)))
    assert result.ok
    assert box.got[0]["Bcc"] is None and box.got[0]["Subject"] == "质检 Bcc: x@example.com hello"
    assert box.recipients == [["lead@example.com", "ops@example.com"]]


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("tls", ["starttls", "ssl"])
def test_an_encrypted_session_with_login(context: ssl.SSLContext, tls: str) -> None:
    with Mailbox(context, tls, login=True) as box:
        result, _ = sent(box, tls=tls, user=USER, password=PASSWORD)
    assert result.ok, result
    assert len(box.got) == 1 and box.tries == 1


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_said_and_not_tried_again(context: ssl.SSLContext) -> None:
    with Mailbox(context, "starttls", login=True) as box:
        result, pauses = sent(box, lang="en", tls="starttls", user=USER, password="p4ss-wrong")
    assert (result.ok, result.tries, pauses, box.got) == (False, 1, [], [])
    assert result.reason is not None and "535" in result.reason.en and "p4ss-wrong" not in repr(result)


@pytest.mark.parametrize("tls", ["starttls", "ssl"])
def test_a_certificate_that_nobody_vouches_for_is_refused(context: ssl.SSLContext, tls: str) -> None:
    with Mailbox(context, tls, login=True) as box:
        result, pauses = sent(box, tls=tls, user=USER, password=PASSWORD)
    assert (result.ok, result.tries, pauses, box.got, box.tries) == (False, 1, [], [], 0)
    assert result.reason is not None and "certificate" in result.reason.en


@pytest.mark.parametrize("tls", ["starttls", "none"])
def test_a_server_without_starttls_or_login_gets_nothing(tls: str) -> None:
    with Mailbox() as box:
        result, _ = sent(box, tls=tls, user=USER, password=PASSWORD)
    assert (result.ok, result.tries, box.got) == (False, 1, [])
    assert result.reason is not None and "STARTTLS" in result.reason.zh


@pytest.mark.parametrize(("answer", "tries"), [("451 4.7.1 try later", 2), ("554 5.7.1 spam", 1)])
def test_what_the_server_says_for_now_is_tried_again(answer: str, tries: int) -> None:
    with Mailbox() as box:
        box.answers = [answer]
        result, pauses = sent(box)
    assert (result.ok, result.tries, len(pauses)) == (tries == 2, tries, tries - 1)
    assert result.ok or (result.reason is not None and answer.split()[0] in result.reason.zh)


def test_one_refused_address_is_a_failure_though_others_got_it() -> None:
    with Mailbox() as box:
        box.refuses = {"ops@example.com": "550 5.1.1 no such user"}
        result, _ = sent(box, lang="en")
    assert (result.ok, result.tries, box.recipients) == (False, 1, [["lead@example.com"]])
    assert result.reason == Words("2 个地址里有 1 个被拒", "1 of 2 addresses were refused")


def test_all_addresses_refused() -> None:
    with Mailbox() as box:
        box.refuses = dict.fromkeys(("lead@example.com", "ops@example.com"), "550 5.1.1 no such user")
        result, _ = sent(box)
    assert (result.ok, result.tries, box.got) == (False, 1, [])
    assert result.reason is not None and "550" in result.reason.en


def test_a_server_that_is_not_there() -> None:
    with Mailbox() as gone:
        pass
    result, pauses = sent(gone)
    assert (result.ok, result.tries, len(pauses)) == (False, MOST_TRIES, MOST_TRIES - 1)
    assert result.channel.zh == "邮件 #1（127.0.0.1）"


def test_a_server_that_does_not_answer_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chataudit.notices.smtp.TIMEOUT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        result, pauses = sent(SimpleNamespace(port=silent.getsockname()[1]))
    assert (result.ok, result.tries, len(pauses)) == (False, MOST_TRIES, MOST_TRIES - 1)

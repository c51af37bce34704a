"""What the group robots of all platforms share: an address that holds a token, and an answer in JSON."""

from __future__ import annotations

import json
import re
import time
from abc import abstractmethod
from typing import Any, ClassVar
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr, field_validator

from chataudit.errors import Words
from chataudit.notices.channel import LOCAL_HOSTS, Channel
from chataudit.notices.failure import NotSent
from chataudit.notices.lines import one_line
from chataudit.notices.notice import Notice
from chataudit.notices.posting import Answer, post
from chataudit.notices.redaction import redacted

SAID_CHARACTERS = 120
WRITTEN = re.compile(r"[!-~]+")
"""An address is written in visible ASCII; anything else was copied with it by mistake."""


class Webhook(Channel):
    """A group robot.

    ``code_key`` and ``text_key`` are where its answer says what came of it (0: taken; HTTP 200 alone means nothing);
    ``busy`` are the codes that pass with time.
    """

    code_key: ClassVar[str] = "errcode"
    text_key: ClassVar[str] = "errmsg"
    busy: ClassVar[frozenset[int]]

    webhook: SecretStr

    @field_validator("webhook")
    @classmethod
    def _usable(cls, webhook: SecretStr) -> SecretStr:
        url = _split(webhook.get_secret_value())
        if not cls.token(url):
            raise ValueError(
                Words("webhook 里没有机器人的令牌：请整条复制。", "The webhook has no token: copy all of it.")
            )
        return webhook

    @property
    def address(self) -> str:
        """The robot's host."""
        return urlsplit(self.webhook.get_secret_value()).hostname or ""

    @staticmethod
    @abstractmethod
    def token(url: SplitResult) -> str:
        """Return the part of the address that lets anybody write to the group; empty where it has none."""

    @abstractmethod
    def request(self, notice: Notice, lang: str, now_s: float) -> tuple[str, str]:
        """Return the address and the JSON of a POST at ``now_s`` (Unix seconds), signed."""

    def deliver(self, notice: Notice, lang: str) -> None:
        """Send the notice to the robot once."""
        self._judge(post(*self.request(notice, lang, time.time())))

    def _judge(self, answer: Answer) -> None:
        said = _object(answer.body)
        code = said.get(self.code_key)
        if type(code) is not int:  # JSON's false would equal 0
            what = Words(f"HTTP {answer.status}，回答里没有结果", f"HTTP {answer.status} without a result")
            raise NotSent(what, again=_passes(answer.status))
        if code == 0 and answer.status < 300:
            return
        text = one_line(redacted(str(said.get(self.text_key, "")), self._secrets()), SAID_CHARACTERS)
        what = Words(f"平台没有接受（{code}）：{text}", f"refused by the platform ({code}): {text}")
        raise NotSent(what, again=code in self.busy or _passes(answer.status))

    def _secrets(self) -> tuple[str, ...]:
        hidden = [one.get_secret_value() for one in dict(self).values() if isinstance(one, SecretStr)]
        url = urlsplit(self.webhook.get_secret_value())
        return (*hidden, url.query, self.token(url))


def _split(text: str) -> SplitResult:
    """Return the parts of a robot's address; refused with words that do not show it."""
    wrong = Words("webhook 要写成 https:// 开头的完整网址。", "The webhook must be a whole address with https://.")
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError:
        raise ValueError(wrong) from None
    safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOCAL_HOSTS)
    whole = url.hostname and "@" not in url.netloc and not url.fragment
    if not safe or not whole or not WRITTEN.fullmatch(text):
        raise ValueError(wrong)
    return url


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _passes(status: int) -> bool:
    return status == 429 or status >= 500

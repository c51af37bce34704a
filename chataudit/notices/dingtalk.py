"""钉钉: the robot of a DingTalk group.

Source: open.dingtalk.com, "Custom robot: send group messages" and "Security settings" (errors, signature, 20 messages a
minute, 20,000 bytes a message).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import ClassVar, Literal
from urllib.parse import SplitResult, parse_qs, urlencode

from pydantic import Field, SecretStr

from chataudit.errors import Words
from chataudit.notices.markdown import escaped, markdown
from chataudit.notices.notice import Notice
from chataudit.notices.page import Page, fitted, page_of
from chataudit.notices.webhook import Webhook

MOST_BYTES = 20_000


class DingTalk(Webhook):
    """A DingTalk group robot; ``secret`` (SEC…) where its safety setting is the signature (加签)."""

    title: ClassVar[Words] = Words("钉钉", "DingTalk")
    # The system is busy; sent too fast, in the documented number and the one that the gateway gives.
    busy: ClassVar[frozenset[int]] = frozenset({-1, 410100, 130101})

    kind: Literal["dingtalk"]
    secret: SecretStr | None = Field(None, min_length=1)

    @staticmethod
    def token(url: SplitResult) -> str:
        """Return ``access_token``."""
        return parse_qs(url.query).get("access_token", [""])[0]

    def request(self, notice: Notice, lang: str, now_s: float) -> tuple[str, str]:
        """Return the signed address and the message."""
        url = self.webhook.get_secret_value()
        if self.secret is not None:
            now_ms = int(now_s * 1000)
            signed = {"timestamp": now_ms, "sign": signature(self.secret.get_secret_value(), now_ms)}
            url += "&" + urlencode(signed)
        return url, fitted(page_of(notice, lang), _message, MOST_BYTES)


def signature(secret: str, now_ms: int) -> str:
    """Return the signature at ``now_ms`` (Unix milliseconds): HMAC-SHA256 of time and secret, keyed with the secret.

    >>> signature("SEC-demo", 1772409600000)
    '3bxG9TCljfsqWMKqkzG3ugt4X61bb68YN3rx/pSkdRk='
    """
    text = f"{now_ms}\n{secret}"
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), hashlib.sha256)).decode()


def _message(page: Page) -> str:
    content = {"title": escaped(page.title), "text": markdown(page)}
    return json.dumps({"msgtype": "markdown", "markdown": content, "at": {"isAtAll": False}}, ensure_ascii=False)

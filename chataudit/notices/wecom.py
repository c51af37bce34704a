"""企业微信: the robot of a WeCom group.

Source: developer.work.weixin.qq.com, "Group robot" (path 91770: 4,096 bytes of Markdown, 20 messages a minute) and
"Global error codes". It knows no signature: the key in the address is all.
"""

from __future__ import annotations

import json
from typing import ClassVar, Literal
from urllib.parse import SplitResult, parse_qs

from chataudit.errors import Words
from chataudit.notices.markdown import markdown
from chataudit.notices.notice import Notice
from chataudit.notices.page import fitted, page_of
from chataudit.notices.webhook import Webhook

MOST_BYTES = 4096


class WeCom(Webhook):
    """A WeCom group robot."""

    title: ClassVar[Words] = Words("企业微信", "WeCom")
    # The system is busy; called too often; too many calls at once.
    busy: ClassVar[frozenset[int]] = frozenset({-1, 45009, 45033})

    kind: Literal["wecom"]

    @staticmethod
    def token(url: SplitResult) -> str:
        """Return ``key``."""
        return parse_qs(url.query).get("key", [""])[0]

    def request(self, notice: Notice, lang: str, now_s: float) -> tuple[str, str]:
        """Return the address and the message; the limit is that of the Markdown alone."""
        content = fitted(page_of(notice, lang), markdown, MOST_BYTES)
        message = {"msgtype": "markdown", "markdown": {"content": content}}
        return self.webhook.get_secret_value(), json.dumps(message, ensure_ascii=False)

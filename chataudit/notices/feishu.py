"""飞书: the robot of a Feishu or Lark group.

Source: open.feishu.cn and open.larksuite.com, "Custom bot usage guide" (signature, 20 KB a request, 100 requests a minute
and 5 a second, errors).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any, ClassVar, Literal
from urllib.parse import SplitResult

from pydantic import Field, SecretStr

from chataudit.errors import Words
from chataudit.notices.notice import Notice
from chataudit.notices.page import Page, fitted, page_of
from chataudit.notices.webhook import Webhook

MOST_BYTES = 20_000


class Feishu(Webhook):
    """A Feishu or Lark group robot; ``secret`` where its safety setting is the signature (签名校验)."""

    title: ClassVar[Words] = Words("飞书", "Feishu")
    code_key: ClassVar[str] = "code"
    text_key: ClassVar[str] = "msg"
    # Too many requests of this robot (also said of a malformed one, which ours is not); of all; of the whole platform.
    busy: ClassVar[frozenset[int]] = frozenset({9499, 11232, 99991400})

    kind: Literal["feishu"]
    secret: SecretStr | None = Field(None, min_length=1)

    @staticmethod
    def token(url: SplitResult) -> str:
        """Return the last part of the path ``/open-apis/bot/v2/hook/…``."""
        return url.path.rpartition("/hook/")[2] if "/hook/" in url.path else ""

    def request(self, notice: Notice, lang: str, now_s: float) -> tuple[str, str]:
        """Return the address and the signed message."""
        signed: dict[str, Any] = {}
        if self.secret is not None:
            signed = {"timestamp": str(int(now_s)), "sign": signature(self.secret.get_secret_value(), int(now_s))}
        colour = "red" if notice.red_lines else "orange" if notice.failed else "blue"

        def message(page: Page) -> str:
            return json.dumps({**signed, "msg_type": "interactive", "card": _card(page, colour)}, ensure_ascii=False)

        return self.webhook.get_secret_value(), fitted(page_of(notice, lang), message, MOST_BYTES)


def signature(secret: str, now_s: int) -> str:
    """Return the signature at ``now_s`` (Unix seconds): HMAC-SHA256 of nothing, keyed with time and secret.

    >>> signature("demo", 100)
    'jquNHnVOwmDRfw+vqTIrY5dooJAgi5EcRtLsQE4wfXg='
    """
    key = f"{now_s}\n{secret}"
    return base64.b64encode(hmac.digest(key.encode(), b"", hashlib.sha256)).decode()


def _card(page: Page, colour: str) -> dict[str, Any]:
    """Return a card; what others wrote stands in plain text, in which nothing is markup or a mention."""
    elements: list[dict[str, Any]] = []
    for section in page.sections:
        lines = [f"· {line}" for line in section.lines]
        lines += [f"· …{section.left_out}"] if section.left_out else []
        elements.append(_text("lark_md", f"**{section.head}**"))
        elements.append(_text("plain_text", "\n".join(lines)))
    return {
        "config": {"wide_screen_mode": True},
        "header": {"title": {"tag": "plain_text", "content": page.title}, "template": colour},
        "elements": elements or [_text("plain_text", page.title)],
    }


def _text(tag: str, content: str) -> dict[str, Any]:
    return {"tag": "div", "text": {"tag": tag, "content": content}}

"""A notice as a mail."""

from __future__ import annotations

from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid

from chataudit.notices.notice import Notice
from chataudit.notices.page import fitted, page_of
from chataudit.notices.plain import plain

MOST_BYTES = 100_000
"""No server's limit: more than this nobody reads."""


def letter(notice: Notice, lang: str, sender: str, to: Iterable[str]) -> EmailMessage:
    """Return the notice as a mail of plain text; the title, one line by then, can't add a header."""
    page = page_of(notice, lang)
    message = EmailMessage(SMTP)
    message["Subject"] = page.title
    message["From"] = Address("chataudit", addr_spec=sender)
    message["To"] = [Address(addr_spec=address) for address in to]
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(fitted(page, plain, MOST_BYTES), cte="base64")
    return message

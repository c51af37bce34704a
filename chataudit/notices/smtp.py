"""One mail over one SMTP session."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage

from chataudit.errors import Words
from chataudit.notices.failure import TIMEOUT_S, NotSent, not_reached
from chataudit.notices.lines import one_line
from chataudit.notices.redaction import redacted

SAID_CHARACTERS = 120
# The machine's own name is nobody's business, and looking it up may take seconds.
OWN_NAME = "[127.0.0.1]"


@dataclass(frozen=True)
class Login:
    """Name and password."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Server:
    """Where a mail is handed in; ``tls`` is ``ssl``, ``starttls`` or ``none``."""

    host: str
    port: int
    tls: str
    login: Login | None = None


def deliver(message: EmailMessage, server: Server) -> tuple[str, ...]:
    """Hand the mail over; return the addresses that were refused while others were taken.

    Raises:
        NotSent: nobody gets the mail; again: no connection, or an answer 4xx.
    """
    try:
        with _session(server) as session:
            return tuple(session.send_message(message))
    except OSError as error:  # smtplib's own errors are a kind of it
        raise _not_sent(error, [server.login.password] if server.login else []) from None


def _session(server: Server) -> smtplib.SMTP:
    """Return a session, encrypted and logged in; certificates are verified."""
    context = ssl.create_default_context()
    if server.tls == "ssl":
        session: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, OWN_NAME, timeout=TIMEOUT_S, context=context)
    else:
        session = smtplib.SMTP(server.host, server.port, OWN_NAME, timeout=TIMEOUT_S)
    try:
        if server.tls == "starttls":
            session.starttls(context=context)
        if server.login is not None:
            session.login(server.login.user, server.login.password)
    except BaseException:
        session.close()
        raise
    return session


def _not_sent(error: OSError, secrets: Iterable[str]) -> NotSent:
    said: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    elif type(error) in (smtplib.SMTPNotSupportedError, smtplib.SMTPException):
        what = Words("邮件服务器不支持 STARTTLS 或这种登录", "the mail server knows no STARTTLS or no such login")
        return NotSent(what, again=False)
    else:
        return not_reached(error)
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    text = one_line(redacted(text, secrets), SAID_CHARACTERS)
    what = Words(f"邮件服务器没有接受（{code}）：{text}", f"refused by the mail server ({code}): {text}")
    return NotSent(what, again=400 <= code < 500)

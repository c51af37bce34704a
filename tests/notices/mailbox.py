"""A mail server on this machine, with TLS and login as a test asks."""

from __future__ import annotations

import socket
import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "qa@example.com", "p4ss-9b1c"


class Mailbox:
    """Keeps what it was handed; ``refuses`` has the answer to a recipient, ``answers`` those to the next mails."""

    def __init__(self, context: ssl.SSLContext | None = None, tls: str = "none", *, login: bool = False) -> None:
        self.got: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refuses: dict[str, str] = {}
        self.answers: list[str] = []
        self.tries = 0
        self._login = login
        options: dict[str, Any] = {"hostname": "127.0.0.1", "port": _free_port(), "server_hostname": "localhost"}
        if tls == "ssl":
            options["ssl_context"] = context
        if tls == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        options |= {"authenticator": self._authenticate, "auth_require_tls": tls == "starttls"} if login else {}
        self._controller = Controller(self, **options)

    def __enter__(self) -> Mailbox:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, way: str, data: Any) -> AuthResult:
        self.tries += 1
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == (USER, PASSWORD), handled=False)

    async def handle_MAIL(  # noqa: N802 - the names that aiosmtpd looks for
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.got.append(message)
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])

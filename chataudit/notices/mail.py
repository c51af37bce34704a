"""E-mail, over the shop's own mail server."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from chataudit.errors import Words
from chataudit.notices.channel import LOCAL_HOSTS, Channel
from chataudit.notices.failure import NotSent
from chataudit.notices.letter import letter
from chataudit.notices.notice import Notice
from chataudit.notices.smtp import Login, Server, deliver
from chataudit.settings.model import Lines

PORTS = {"ssl": 465, "starttls": 587, "none": 25}
# Narrower than the standard: nothing that could end a header or name a second address.
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
HOST = re.compile(r"[A-Za-z0-9.:-]+")


class Email(Channel):
    """A mail to one or several addresses; ``port`` is that of ``tls`` unless given."""

    title: ClassVar[Words] = Words("邮件", "E-mail")

    kind: Literal["email"]
    host: str
    port: int | None = Field(None, ge=1, le=65535)
    tls: Literal["ssl", "starttls", "none"] = "ssl"
    user: str | None = Field(None, min_length=1)
    password: SecretStr | None = Field(None, min_length=1)
    sender: str
    to: Lines = Field(min_length=1)

    @field_validator("host")
    @classmethod
    def _host(cls, host: str) -> str:
        if not HOST.fullmatch(host):
            raise ValueError(
                Words("host 要写成主机名，例如 smtp.example.com。", "The host must be a name like smtp.example.com.")
            )
        return host

    @field_validator("sender")
    @classmethod
    def _sender(cls, address: str) -> str:
        if not ADDRESS.fullmatch(address):
            raise ValueError(Words("要写成 qa@example.com 这样的地址。", "It must be an address like qa@example.com."))
        return address

    @field_validator("to")
    @classmethod
    def _to(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            cls._sender(address)
        return addresses

    @model_validator(mode="after")
    def _login(self) -> Email:
        if (self.user is None) != (self.password is None):
            raise ValueError(Words("user 和 password 一起写。", "user goes with password."))
        if self.user is None or self.password is None:
            return self
        if self.tls == "none" and self.host not in LOCAL_HOSTS:
            raise ValueError(
                Words(
                    "tls: none 会明文传密码：请用 ssl 或 starttls。",
                    "tls: none would send the password in clear: use ssl or starttls.",
                )
            )
        if not f"{self.user}{self.password.get_secret_value()}".isascii():
            raise ValueError(Words("user 和 password 只能用 ASCII 字符。", "user and password must be ASCII."))
        return self

    @property
    def address(self) -> str:
        """The mail server."""
        return self.host

    def deliver(self, notice: Notice, lang: str) -> None:
        """Hand one mail to the server; an address that it refuses is a failure, though the others got the mail."""
        login = None
        if self.user is not None and self.password is not None:
            login = Login(self.user, self.password.get_secret_value())
        server = Server(self.host, self.port or PORTS[self.tls], self.tls, login)
        n, of = len(deliver(letter(notice, lang, self.sender, self.to), server)), len(self.to)
        if n:
            raise NotSent(Words(f"{of} 个地址里有 {n} 个被拒", f"{n} of {of} addresses were refused"), again=False)

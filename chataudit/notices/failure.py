"""A notice that a channel did not take, why, and whether another try may help."""

from __future__ import annotations

import ssl
from urllib.error import URLError

from chataudit.errors import Words

TIMEOUT_S = 10
"""Seconds that each step of a connection may take: connecting, the handshake, an answer."""


class NotSent(Exception):  # noqa: N818 - it is what became of the notice
    """Raised by a channel; ``again``: the cause may pass. The reason holds no secret."""

    def __init__(self, reason: Words, *, again: bool) -> None:
        self.reason = reason
        self.again = again
        super().__init__(reason.en)


def not_reached(error: Exception) -> NotSent:
    """Return what a broken connection means; its own text is left out, as it may hold the address with its token."""
    cause = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return NotSent(Words("对方的 TLS 证书没有通过验证", "the TLS certificate is not trusted"), again=False)
    if isinstance(cause, TimeoutError):
        return NotSent(Words(f"{TIMEOUT_S} 秒没有回应", f"no answer within {TIMEOUT_S} s"), again=True)
    said = (isinstance(cause, OSError) and cause.strerror) or type(cause).__name__
    return NotSent(Words(f"连不上，或连接断了：{said}", f"no connection, or a broken one: {said}"), again=True)

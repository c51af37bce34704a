"""One POST of JSON to a robot's address."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from urllib.request import HTTPErrorProcessor, Request, build_opener

from chataudit.notices.failure import TIMEOUT_S, not_reached

MOST_BYTES = 65_536
"""A robot's answer is a line of JSON; no more of it is read."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, whatever its status."""

    status: int
    body: bytes


class _AsItIs(HTTPErrorProcessor):
    """Hands every answer over as it is: a redirect is not followed, as it would carry the notice to another host."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        return response

    https_response = http_response


def post(url: str, body: str) -> Answer:
    """Send ``body`` (JSON) to ``url`` and return the answer; certificates are verified, the system's proxy is used.

    Raises:
        NotSent: no answer came.
    """
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "chataudit"}
    try:
        request = Request(url, body.encode(), headers)
        with build_opener(_AsItIs()).open(request, timeout=TIMEOUT_S) as response:
            return Answer(response.status, _read(response))
    except (OSError, HTTPException) as error:
        raise not_reached(error) from None


def _read(response: HTTPResponse) -> bytes:
    """Return the body; a server that lets it drip would never run into the socket's own limit of time."""
    end, body = time.monotonic() + TIMEOUT_S, b""
    while part := response.read1(MOST_BYTES - len(body)):
        body += part
        if time.monotonic() > end:
            raise TimeoutError
    return body

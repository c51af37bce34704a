"""A server on this machine that stands for the platforms."""

from __future__ import annotations

import json
import ssl
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from notices.platforms import PATHS, SECRET, answer

from chataudit.notices import KINDS, Channel

Scripted = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Got:
    """One request: its path with the query, and its body."""

    path: str
    headers: dict[str, str]
    body: Any


class Robot:
    """Answers first what ``script`` says, in its order, then what its platform would; ``ahead_s``: its clock."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.got: list[Got] = []
        self.script: list[Scripted] = []
        self.ahead_s = 0.0
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._scheme = "http" if context is None else "https"
        if context is not None:
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Robot:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def root(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    def channel(self, kind: str, path: str | None = None, **given: Any) -> Channel:
        """Return the channel of a group on this server, with the right secret unless another is given."""
        entry = {"kind": kind, "webhook": self.root + (path or PATHS[kind]), **given}
        if kind != "wecom":
            entry.setdefault("secret", SECRET)
        return KINDS[kind].model_validate(entry)


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for them

    def handle_error(self, *where: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # a client that hung up is what some tests want
            super().handle_error(*where)


def says(body: Any, status: int = 200) -> Scripted:
    """Return a step of a script: this status and this JSON (or bytes)."""

    def step(request: BaseHTTPRequestHandler) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    return step


def hangs_up(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True


def _handler(robot: Robot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - the name that http.server looks for
            body = self.rfile.read(int(self.headers["Content-Length"]))
            robot.got.append(Got(self.path, dict(self.headers.items()), json.loads(body)))
            if robot.script:
                robot.script.pop(0)(self)
            else:
                says(answer(self.path, body, time.time() + robot.ahead_s))(self)

        def log_message(self, *_: object) -> None:
            pass

    return Handler

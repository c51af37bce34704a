"""Work done in a process of its own: Python draws on one core only, and there are two.

The process is a new interpreter and no fork, so that it is the same on every system and holds nothing but what it is
given. Whatever keeps it from doing its work, the work is then done here, with the same result.
"""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any

COMMAND = ("-P", "-c", f"from {__name__} import serve; serve()")


class Apart:
    """A second interpreter, to be made early since it takes a second until it can work; for one piece of work.

    Where it is not ``wanted`` there is none, and the work is done here.
    """

    def __init__(self, *, wanted: bool = True) -> None:
        self._sender = ThreadPoolExecutor(1)
        self._sent: Future[Any] | None = None
        self._process = _started() if wanted else None

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process is not None:
            self._process.kill()
        self._sender.shutdown()
        if self._process is not None:
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process.wait()

    def begin(self, work: Callable[..., None], *arguments: object) -> Callable[[], None]:
        """Begin a function of a module on arguments that can be pickled; return what waits until it is done."""
        if self._process is not None:
            self._sent = self._sender.submit(self._process.communicate, pickle.dumps((work, arguments)))

        def finish() -> None:
            if not self._done():
                work(*arguments)

        return finish

    def _done(self) -> bool:
        """Return, when the process has ended, whether it did its work."""
        if self._process is None or self._sent is None:
            return False
        try:
            self._sent.result()
        except OSError:
            return False
        return self._process.returncode == 0


def _started() -> subprocess.Popen[bytes] | None:
    """Return a waiting interpreter; None where this program is not run by one that could be started again."""
    if not sys.executable or getattr(sys, "frozen", False):
        return None
    command = [sys.executable, *COMMAND]
    silent = subprocess.DEVNULL
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=silent, stderr=silent)
    except OSError:
        return None


def serve() -> None:
    """Do the one piece of work that comes by standard input."""
    gc.disable()
    work, arguments = pickle.load(sys.stdin.buffer)
    work(*arguments)

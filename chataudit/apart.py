"""Work done beside, in a second interpreter: Python computes on one core only, and there are two.

It is a new interpreter and no fork, so that it is the same on every system and holds nothing but what it is given.
Whatever keeps it from doing its work, the work is then done here, with the same result.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, ParamSpec, TypeVar

LARGE = 50_000  # bytes of exports from which on a second interpreter surely saves time
Given = ParamSpec("Given")
Made = TypeVar("Made")


class Apart:
    """A second interpreter that does one piece of work after the other, beside the first.

    To be made early, since it takes a second until it can work: it loads ``modules`` and waits. Where it is not
    ``wanted`` there is none, and all work is done here.
    """

    def __init__(self, *modules: str, wanted: bool = True) -> None:
        self._process = _started(modules) if wanted else None
        self._line = ThreadPoolExecutor(1)  # its thread begins with the first work

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process is not None:
            self._process.kill()
        self._line.shutdown(cancel_futures=True)
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None
                with contextlib.suppress(OSError):  # what was not yet sent is lost with the process
                    pipe.close()
            self._process.wait()

    @property
    def alone(self) -> bool:
        """Return whether there is no second interpreter."""
        return self._process is None

    def begin(self, work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Callable[[], Made]:
        """Begin a function of a module; return what waits for its result. All that comes and goes must be picklable.

        Where there is no second interpreter the work is done when it is waited for; once, however often it is.
        """
        if self._process is None:
            return cache(lambda: work(*given, **named))
        asked = self._line.submit(_ask, self._process, (work, given, named))

        def finish() -> Made:
            try:
                return asked.result()
            except (OSError, EOFError, pickle.UnpicklingError):
                return work(*given, **named)

        return cache(finish)


HERE = Apart(wanted=False)


def is_large(paths: Iterable[Path]) -> bool:
    """Return whether files, and the files in folders, are so large together that work beside pays."""
    size = 0
    for path in paths:
        for file in path.rglob("*") if path.is_dir() else (path,):
            size += file.stat().st_size if file.is_file() else 0
            if size >= LARGE:
                return True
    return False


def serve(*modules: str) -> None:
    """Do the work that comes by standard input and answer by standard output until nobody asks any more."""
    gc.disable()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    for module in modules:
        import_module(module)
    from chataudit.memory import give_back  # with a library that who only asks for this module need not wait for

    while _answered(answers):
        give_back()


def _answered(answers: BinaryIO) -> bool:
    """Do one piece of work and answer; return whether there was one."""
    try:
        work, given, named = pickle.load(sys.stdin.buffer)
    except EOFError:
        return False
    pickle.dump(work(*given, **named), answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()
    return True


def _started(modules: tuple[str, ...]) -> subprocess.Popen[bytes] | None:
    """Return a waiting interpreter; None where this program is not run by one that could be started again."""
    if not sys.executable or getattr(sys, "frozen", False):
        return None
    command = [sys.executable, "-P", "-c", f"import sys; from {__name__} import serve; serve(*sys.argv[1:])", *modules]
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    except OSError:
        return None


def _ask(process: subprocess.Popen[bytes], asked: Any) -> Any:
    assert process.stdin is not None and process.stdout is not None
    pickle.dump(asked, process.stdin, pickle.HIGHEST_PROTOCOL)
    process.stdin.flush()
    return pickle.load(process.stdout)

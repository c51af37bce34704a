"""Runs commands of the program each in a process of its own, forked from this one, which has everything imported.

Reads a line of JSON (the command's words) from standard input, answers with the process's number, and when it has ended
with its exit status. Nothing is computed here, so no thread can be half-way when it forks.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from chataudit.cli import main
from chataudit.report import charts


def run(words: list[str], log: str) -> None:
    """Run one command; its output goes to a file."""
    with Path(log).open("a", encoding="utf-8") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    charts._svg = lambda *_, **__: "<svg></svg>"
    code = 1
    try:
        main(words, standalone_mode=False)
        code = 0
    except SystemExit as left:
        code = int(left.code or 0)
    finally:
        os._exit(code)


def serve() -> None:
    """Fork for every line that is read."""
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            run(asked["words"], asked["log"])
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()

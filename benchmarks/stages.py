"""Where an audit's time goes: ``python -m benchmarks.stages LOG [OUT] [--functions N]``.

Runs the audit in this process with a clock around each stage's door, from outside; prints for each stage its seconds,
its share, and the memory in use after it and at its highest; with ``--functions`` also the costliest functions.
"""

from __future__ import annotations

import argparse
import cProfile
import functools
import importlib
import io
import pstats
import resource
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

DOORS = {
    "read": ("chataudit.ingest", "read"),
    "split": ("chataudit.counting", "split"),
    "measure": ("chataudit.counting", "measure"),
    "platform": ("chataudit.counting", "measure_platforms"),
    "convert": ("chataudit.conversions", "convert"),
    "rules": ("chataudit.rules", "flag"),
    "cards": ("chataudit.cards", "fill"),
    "risk": ("chataudit.learn.untrained", "judge"),
    "tables": ("chataudit.report.write", "write_named"),
    "page": ("chataudit.report.write", "draw_page"),
    "workbook": ("chataudit.report.write", "draw_workbook"),
}


class Clock:
    """Seconds and memory of stages; memory is sampled, so short peaks are missed."""

    def __init__(self) -> None:
        self.rows: dict[str, list[float]] = {}
        self._process, self._peak = psutil.Process(), 0.0
        threading.Thread(target=self._sample, daemon=True).start()

    def _sample(self) -> None:
        while True:
            self._peak = max(self._peak, self._process.memory_info().rss / 1e9)
            time.sleep(0.02)

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``function`` with a clock around it."""

        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            self._peak, begin = 0.0, time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                seconds = time.perf_counter() - begin
                seconds += self.rows.get(name, [0.0])[0]
                self.rows[name] = [seconds, self._process.memory_info().rss / 1e9, self._peak]

        return timed

    def put(self) -> None:
        """Put clocks around the doors; say which are not there."""
        for name, (module, function) in DOORS.items():
            try:
                home = importlib.import_module(module)
                setattr(home, function, self.around(name, getattr(home, function)))
            except (ImportError, AttributeError):
                print(f"no {module}.{function}: {name} counts as other")

    def shown(self, total: float) -> str:
        """Return a table of stages; what no clock saw is ``other``."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        rows = {
            **self.rows,
            "other": [total - sum(row[0] for row in self.rows.values()), 0.0, 0.0],
            "all": [total, self._process.memory_info().rss / 1e9, peak],
        }
        return "\n".join(
            f"{name:10} {spent:8.2f} s {spent / total:6.1%}   after {after:5.2f} GB   peak {high:5.2f} GB"
            for name, (spent, after, high) in rows.items()
        )


def run(log: Path, out: Path | None) -> None:
    """Audit ``log`` and write everything to ``out`` (nothing if it is None)."""
    audit = importlib.import_module("chataudit.audit")
    settings = importlib.import_module("chataudit.settings").read_settings(None)
    done = audit.audit(audit.Request(paths=(log,)), settings)
    if out is not None:
        writing = importlib.import_module("chataudit.report.write").writing
        with writing(out, done.settings, jobs=1) as report:
            report.finish(done)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("out", type=Path, nargs="?", help="without it nothing is written")
    parser.add_argument("--functions", type=int, default=0, help="also the costliest functions (slows the run)")
    given = parser.parse_args()
    clock, profile = Clock(), cProfile.Profile()
    clock.put()
    begin = time.perf_counter()
    if given.functions:
        profile.runcall(run, given.log, given.out)
    else:
        run(given.log, given.out)
    print(clock.shown(time.perf_counter() - begin))
    if given.functions:
        for order in ("tottime", "cumtime"):
            text = io.StringIO()
            pstats.Stats(profile, stream=text).sort_stats(order).print_stats(given.functions)
            print(text.getvalue())


if __name__ == "__main__":
    main()

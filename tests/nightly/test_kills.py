"""Killed at any moment, the next run arrives at exactly the tables of an undisturbed one."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from inbox_shop import FILES, drop, make_lexicons
from store.conftest import fresh_database
from test_nightly import ARRIVALS, everything

KILLS = int(os.environ.get("KILLS", "20"))
MOST_NIGHTS = 40  # of one history: each is killed until one gets through


class Forker:
    """Runs nights in processes that can be killed."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("forker.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )

    def run(self, words: list[str], kill_after: float | None = None) -> tuple[int, float]:
        """Run a command, killed after some seconds; return its exit status (-9: killed) and how long it took."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"words": words, "log": str(self.log)}) + "\n")
        self.process.stdin.flush()
        child, begun = int(self.process.stdout.readline()), time.monotonic()
        timer = threading.Timer(kill_after or 0, _kill, [child])
        if kill_after is not None:
            timer.start()
        status = int(self.process.stdout.readline())
        timer.cancel()
        return status, time.monotonic() - begun


def _kill(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return


@pytest.fixture(scope="module")
def forker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forker]:
    made = Forker(tmp_path_factory.mktemp("kills") / "log.txt")
    yield made
    assert made.process.stdin and made.process.stdout
    made.process.stdin.close()
    made.process.stdout.close()
    made.process.wait()


def words(folder: Path, url: str) -> list[str]:
    given = ["nightly", "--inbox", str(folder / "inbox"), "--db", url, "--out", str(folder / "out"), "--settle", "0"]
    return [*given, "--settings", str(folder.parent / "shop.yaml")]


def reports(folder: Path) -> dict[str, bytes]:
    """Return everything that was written, what was left half-done included."""
    out = folder / "out"
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def put_away(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder / "inbox")) for path in (folder / "inbox").rglob("*") if path.is_file())


def url_of(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    if kind == "sqlite":
        return str(folder / "chataudit.db")
    made = fresh_database(request.getfixturevalue("server"))
    request.addfinalizer(lambda: next(made, None))
    return next(made)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_killed_night_is_finished_by_the_next(
    kind: str, tmp_path: Path, forker: Forker, request: pytest.FixtureRequest
) -> None:
    calm = tmp_path / "calm"
    calm.mkdir()
    make_lexicons(tmp_path)
    calm_url, took = url_of(kind, calm, request), []
    for names in ARRIVALS["in order"]:
        drop(calm / "inbox", names)
        status, seconds = forker.run(words(calm, calm_url))
        assert status == 0, forker.log.read_text(encoding="utf-8")[-2000:]
        took.append(seconds)
    chance, kills, history = random.Random(KILLS), 0, 0
    while kills < KILLS:
        history += 1
        folder = tmp_path / f"history-{history}"
        folder.mkdir()
        url = url_of(kind, folder, request)
        for night, names in enumerate(ARRIVALS["in order"]):
            drop(folder / "inbox", names)
            for _ in range(MOST_NIGHTS):
                moment = chance.uniform(0, took[night] * 1.05) if kills < KILLS else None
                status, _ = forker.run(words(folder, url), moment)
                assert status in (0, -signal.SIGKILL), forker.log.read_text(encoding="utf-8")[-2000:]
                kills += status != 0
                if status == 0:
                    break
            else:
                status, _ = forker.run(words(folder, url))
                assert status == 0
        assert everything(url) == everything(calm_url)
        assert reports(folder) == reports(calm)
        assert put_away(folder) == put_away(calm)
        assert not list(folder.glob(".chataudit.db-*"))
    assert kills == KILLS and len(FILES) == len(put_away(calm))

"""Thousands of damaged exports: reading ends in messages or in faults, never in another error; rows are conserved."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from ingest.cases import CASES

from chataudit import ingest
from chataudit.errors import Fault, Faults
from chataudit.settings import Settings

SAMPLES = sorted((Path(__file__).parents[2] / "sample_logs" / "layouts").iterdir())
LAYOUTS = [*SAMPLES, *(case.path for case in CASES)]
NOISE = (
    b"\x00",
    b"\xff",
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\t",
    b"\xef\xbb\xbf",
    b"\xc2\xa0",
    b"\xe4",
    b"{",
    b"]",
    b"\\ud83d",
    b"=" * 64,
    b"-" * 30,
    b"PK\x03\x04",
    "单聊".encode("gb18030"),
    "以下为一通会话".encode(),
    b"(2026-99-99 10:00:00):",
    b"9" * 400,
    b"null",
    b"\n2026-03-02\n10:01:05\n",
    "店:甲 2026-3-2 10:01:05\n".encode(),
    "\n撤回了一条消息\n".encode(),
    b"[[[[[[",
    b"1e999",
    "昨天 25:61".encode(),
)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return data with a few bytes flipped, cut, put in, taken out, moved or said twice."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(made) or 1)
        way = chance.randrange(7)
        if way == 0 and made:
            made[at % len(made)] ^= 1 << chance.randrange(8)
        elif way == 1:
            del made[at : at + chance.choice((1, 3, 50, 2000))]
        elif way == 2:
            made[at:at] = chance.choice(NOISE)
        elif way == 3:
            made[at:at] = made[chance.randrange(len(made) or 1) :][: chance.choice((1, 20, 500))]
        elif way == 4:
            lines = bytes(made).split(b"\n")
            rest = lines[1:]
            chance.shuffle(rest)
            made = bytearray(b"\n".join([lines[0], *rest]))
        elif way == 5:
            made = made[: max(at, 1)]
        else:
            made[at : at + 4] = bytes(chance.randrange(256) for _ in range(4))
    return bytes(made)


def shortened(path: Path, chance: random.Random) -> bytes:
    """Return a file's bytes; of text files the first lines only, for speed."""
    data = path.read_bytes()
    binary = path.suffix in (".xlsx", ".zip", ".parquet") or data.startswith(b"PK")
    return data if binary else b"\n".join(data.split(b"\n")[: chance.choice((6, 15))])


def endings(seed: int, times: int, folder: Path) -> Counter[str]:
    """Read damaged files, many to a folder, and count how they end."""
    chance, seen = random.Random(seed), Counter[str]()
    for start in range(0, times, 29):
        group = folder / str(start)
        group.mkdir()
        for number in range(start, min(start + 29, times)):
            source = LAYOUTS[number % len(LAYOUTS)]
            path = group / f"{number}{chance.choice((source.suffix, '.csv', '.txt', ''))}"
            path.write_bytes(damaged(shortened(source, chance), chance))
        try:
            taken = ingest.read([group], Settings())
        except Faults as error:
            faults: tuple[Fault, ...] = error.faults
        else:
            faults = taken.broken
            seen["read"] += len(taken.inputs)
            check(taken)
        seen["faults"] += len({fault.file for fault in faults})
        for fault in faults:
            assert fault.file
            assert fault.what.zh and fault.what.en and "Broken in the middle" not in fault.what.en, fault.said("en")
    return seen


def check(taken: ingest.Ingested) -> None:
    counts = taken.counts
    assert counts["rows"] == counts["messages"] + counts["duplicates"] + counts["rejects"]
    assert (counts["messages"], counts["rejects"]) == (len(taken.messages), len(taken.rejects))
    assert taken.messages["message_id"].is_unique
    assert taken.messages[["platform", "buyer", "sender", "kind", "text"]].notna().all(axis=None)
    assert taken.rejects[["file", "reason"]].notna().all(axis=None)


def test_damaged_exports(tmp_path: Path) -> None:
    """`python -m ingest.test_reading_fuzz 10000` in `tests` does the same at length."""
    seen = endings(20260302, 2030, tmp_path)
    assert seen["read"] > 800
    assert seen["faults"] > 200
    assert seen["read"] + seen["faults"] >= 2030  # each file ends in one or the other


def main() -> None:
    """Read as many damaged files as asked and say how they ended, how long it took and how much memory."""
    import resource  # not on Windows, where the test itself runs

    times, begin = int(sys.argv[1]), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        seen = endings(int(sys.argv[2]) if len(sys.argv) > 2 else 1, times, Path(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{times} files: {dict(seen)}, {time.perf_counter() - begin:.0f} s, peak {peak:.2f} GB")


if __name__ == "__main__":
    main()

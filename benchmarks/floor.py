"""The floor: ``python -m benchmarks.floor LOG TABLES OUT``: what nobody can leave out, done the quickest way known.

Reads the log with Arrow, looks for all phrases once in all text, and writes the tables that an audit wrote (TABLES)
with Arrow. The tables are read into memory beforehand, one at a time, outside the measured time. Prints the seconds
of each part as JSON. Ways of looking that were tried on a million messages (``--tries`` repeats the comparison): one
joined buffer of bytes is quickest, one joined text and a call per message cost about twice as much.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import ahocorasick_rs
import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from benchmarks.phrases import phrases

BLOCK = 1 << 24


def read(log: Path) -> pa.Table:
    """Return the log as Arrow reads it: every column as text but the time."""
    return pa_csv.read_csv(
        log,
        read_options=pa_csv.ReadOptions(block_size=BLOCK),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
    )


def scan(texts: pa.ChunkedArray) -> int:
    """Return how many times the phrases stand in the texts (overlaps too), and find for each which message it is in."""
    matcher = ahocorasick_rs.BytesAhoCorasick(
        [one.encode() for one in phrases()], implementation=ahocorasick_rs.Implementation.DFA
    )
    found = 0
    for chunk in texts.chunks:
        matches = matcher.find_matches_as_indexes(_bytes(chunk), overlapping=True)
        spans = np.array(matches, dtype=np.int64).reshape(-1, 3)
        at = np.frombuffer(chunk.buffers()[1], dtype=np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
        text = np.searchsorted(at - at[0], spans[:, 1], side="right") - 1
        found += int((spans[:, 2] <= (at - at[0])[text + 1]).sum())
    return found


def _bytes(chunk: pa.StringArray) -> memoryview:
    """Return the bytes of a chunk's texts, one behind the other."""
    at = np.frombuffer(chunk.buffers()[1], dtype=np.int32)
    return memoryview(chunk.buffers()[2]).cast("B")[at[chunk.offset] : at[chunk.offset + len(chunk)]]


def write(table: pa.Table, path: Path) -> None:
    """Write a table with Arrow."""
    pa_csv.write_csv(table, path)


def read_table(path: Path) -> pa.Table:
    """Return a table that an audit wrote, numbers as numbers, times and all else as text."""
    if path.stat().st_size < len("\ufeff\n".encode()):
        return pa.table({})
    return pa_csv.read_csv(
        path,
        read_options=pa_csv.ReadOptions(block_size=BLOCK),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(timestamp_parsers=["%s"], strings_can_be_null=True),
    )


def timed(part: str, seconds: dict[str, float], what: Callable[[], object]) -> object:
    """Run ``what`` and add its seconds to ``part``."""
    begin = time.perf_counter()
    result = what()
    seconds[part] = seconds.get(part, 0.0) + time.perf_counter() - begin
    return result


def tries(texts: pa.ChunkedArray) -> dict[str, float]:
    """Return the seconds of each way to look for the phrases."""
    seconds: dict[str, float] = {}
    matcher = ahocorasick_rs.AhoCorasick(phrases())
    timed("bytes, joined", seconds, lambda: scan(texts))
    timed(
        "text, joined",
        seconds,
        lambda: [
            np.array(matcher.find_matches_as_indexes("\n".join(chunk.to_pylist()), overlapping=True))
            for chunk in texts.chunks
        ],
    )
    timed(
        "text, one call a message",
        seconds,
        lambda: [matcher.find_matches_as_indexes(text, overlapping=True) for text in texts.to_pylist()],
    )
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("tables", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--tries", action="store_true")
    given = parser.parse_args()
    seconds: dict[str, float] = {}
    given.out.mkdir(parents=True, exist_ok=True)
    log = timed("read", seconds, lambda: read(given.log))
    texts = log["内容"]
    hits = timed("scan", seconds, lambda: scan(texts))
    if given.tries:
        print(json.dumps(tries(texts)))
    for path in sorted(given.tables.glob("*.csv")):
        table = timed("load", seconds, lambda path=path: read_table(path))
        timed("write", seconds, lambda path=path, table=table: write(table, given.out / path.name))
    print(json.dumps({"seconds": seconds, "untimed": seconds["load"], "phrases": len(phrases()), "hits": hits}))


if __name__ == "__main__":
    main()

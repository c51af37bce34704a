"""Measure the reading of every kind of export: ``python -m benchmarks.reading [--size N] [--only NAME,NAME]``.

Text layouts may cost ten seconds for a million messages on two cores, tables twice what pandas takes to read the same
file into text. A table whose cells hold copied pages counts as text: pandas reads the cells, not one message in them.
Each reading is a process of its own; both of a ratio are measured in the same run, in seconds of
processor (all cores together, so never less than the clock on an idle machine, and the same on a busy one). Writes
`reading.md` beside this file; exit 1 names every target that was missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd

from benchmarks.exports import ENDINGS, PAGES, TABLES, TEXTS, talk_of
from benchmarks.orders import ORDERS
from benchmarks.run import HERE, WORK, log_of, machine, made_log
from chataudit import ingest
from chataudit.ingest.detection import read_source
from chataudit.ingest.identity import identify
from chataudit.ingest.kinds import fill_kinds
from chataudit.ingest.orders import read_orders
from chataudit.ingest.refs import find_refs
from chataudit.ingest.sources import Source
from chataudit.settings import Settings

MOST_FOR_TEXT, MOST_OVER_PANDAS = 10.0, 2.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--time", nargs=2, metavar=("READER", "FILE"), help="read once and print the seconds")
    given = parser.parse_args()
    if given.time:
        print(json.dumps(timed(*given.time)))
        return
    made_log(max(given.size, 1_000_000))
    talk = talk_of(log_of(max(given.size, 1_000_000)), given.size)
    wanted = given.only.split(",") if given.only else [write.__name__ for write in (*TEXTS, *TABLES, *ORDERS)]
    rows = []
    for write in (*TEXTS, *TABLES, *ORDERS):
        if write.__name__ in wanted:
            rows.append(measured(write.__name__, write, talk))
            print(rows[-1], flush=True)
    missed = [row["name"] for row in rows if not row["held"]]
    if not given.only:
        (HERE / "reading.md").write_text(shown(rows, len(talk)), encoding="utf-8")
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


def measured(name: str, write: object, talk: pd.DataFrame) -> dict[str, object]:
    """Write the talk in one layout and read it: ours, and for a table pandas' own reading."""
    of_orders = name.startswith("orders_")
    path = WORK / f"reading-{name}.{'csv' if of_orders else ENDINGS.get(name, 'txt')}"
    write(talk, path)  # type: ignore[operator]
    size = path.stat().st_size / 1e6
    ours = once("orders" if of_orders else "ours", path)
    row: dict[str, object] = {
        "name": name,
        "megabytes": round(size),
        "messages": ours["messages"],
        "ours": ours["seconds"],
        "cpu": ours["cpu"],
    }
    if of_orders or name in ENDINGS:
        theirs = once("pandas-gbk" if of_orders else "pandas", path)["cpu"]
        row |= {"pandas": theirs, "ratio": round(ours["cpu"] / theirs, 2)}
    if _is_table(row):
        row["held"] = row["cpu"] <= MOST_OVER_PANDAS * row["pandas"]
    else:
        row["held"] = row["cpu"] <= MOST_FOR_TEXT * len(talk) / 1e6
    if name == "plain_parquet":
        row["told"] = once("told", path)["cpu"]
    path.unlink()
    return row


def _is_table(row: dict[str, object]) -> bool:
    return "ratio" in row and row["name"] not in PAGES


def once(reader: str, path: Path) -> dict[str, float]:
    """Return the better of two readings, each in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.reading", "--time", reader, str(path)]
    runs = [
        json.loads(subprocess.run(command, cwd=HERE.parent, check=True, capture_output=True, text=True).stdout)
        for _ in range(2)
    ]
    return min(runs, key=lambda run: run["cpu"])


def timed(reader: str, file: str) -> dict[str, float]:
    """Return the seconds of one reading (imports left out) and how many messages it gave."""
    path = Path(file)
    if reader == "ours":
        begin, cpu = time.perf_counter(), time.process_time()
        taken = ingest.read([path], Settings())
        return {
            "seconds": round(time.perf_counter() - begin, 2),
            "cpu": round(time.process_time() - cpu, 2),
            "messages": taken.counts["messages"],
        }
    if reader == "told":
        return _told(Source(path.name, path))
    begin, cpu = time.perf_counter(), time.process_time()
    if reader == "orders":
        read = read_orders(Source(path.name, path), Settings())
        seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
        return {"seconds": round(seconds, 2), "cpu": round(cpu, 2), "messages": len(read.table) if read else 0}
    encoding = "gb18030" if reader == "pandas-gbk" else "utf-8"
    kinds = {
        ".csv": lambda: pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding, index_col=False),
        ".parquet": lambda: pd.read_parquet(path),
        ".jsonl": lambda: pd.read_json(path, lines=True, dtype=False, convert_dates=False),
        ".json": lambda: pd.read_json(path, dtype=False, convert_dates=False),
        ".xlsx": lambda: pd.read_excel(path, engine="calamine", dtype=str),
    }
    frame = kinds[path.suffix]()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    return {"seconds": round(seconds, 2), "cpu": round(cpu, 2), "messages": len(frame)}


def _told(source: Source) -> dict[str, float]:
    """Return the seconds of what is told of every message once it is read, whatever the file: kind, references, id."""
    read = read_source(source, Settings())
    assert read is not None
    messages = read.messages.assign(source=0)
    begin, cpu = time.perf_counter(), time.process_time()
    messages = fill_kinds(messages)
    messages["refs"] = find_refs(messages["text"], messages["refs"])
    messages, _ = identify(messages)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    return {"seconds": round(seconds, 2), "cpu": round(cpu, 2), "messages": len(messages)}


def shown(rows: list[dict[str, object]], size: int) -> str:
    """Return the results as Markdown."""
    lines = ["| export | MB | clock | processor | pandas | ratio | target | |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        target = (
            f"at most {MOST_OVER_PANDAS:g} × pandas" if _is_table(row) else f"at most {MOST_FOR_TEXT:g} s a million"
        )
        pandas = f"{row['pandas']:.1f} s | {row['ratio']}" if "ratio" in row else "– | –"
        held = "held" if row["held"] else "**missed**"
        lines.append(
            f"| `{row['name']}` | {row['megabytes']} | {row['ours']:.1f} s | {row['cpu']:.1f} s | {pandas} | {target} | {held} |"
        )
    return "\n".join(
        [
            f"{size:,} messages, `ingest.read` to the messages table (ids, kinds, references):",
            "",
            *lines,
            "",
            *(_floor(row) for row in rows if "told" in row),
            machine(),
            "",
        ]
    )


def _floor(row: dict[str, object]) -> str:
    return (
        f"Kind, references and id of these messages take {row['told']} s of processor once they are read, whatever the "
        f"file; pandas reads the Parquet in {row['pandas']} s.\n"
    )


if __name__ == "__main__":
    main()

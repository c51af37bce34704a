"""Measure an audit beside the floor and the naive script: ``python -m benchmarks.run [--sizes N,N] [--quick]``.

Every contender is a process of its own on the same machine in the same run. Writes `results.json` and `results.md`
beside this file; exit 1 names every target that was missed.
"""

from __future__ import annotations

import argparse
import functools
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.libraries import make

HERE = Path(__file__).resolve().parent
WORK = HERE / "work"
SIZES = (100_000, 1_000_000, 10_000_000)
NAIVE_UP_TO = 1_000_000
REPEAT_UP_TO = 1_000_000
LIBRARIES = ("pandas", "pyarrow", "numpy", "jieba", "ahocorasick_rs")
MOST_OVER_FLOOR, LEAST_UNDER_NAIVE, MOST_GROWTH = 3.0, 5.0, 1.2
PRESETS_AT, MOST_FOR_PRESETS = 1_000_000, 1.3
FEW, MANY, MOST_FOR_RULES = (20, 500), (200, 5_000), 1.5
MOST_MEMORY = {1_000_000: 2.5, 10_000_000: 12.0}


@dataclass(frozen=True)
class Run:
    """What a process cost: seconds from start to end less what it says was ``untimed``; memory in GB; its words.

    ``cpu``: seconds of all cores, what was untimed included; it tells a busy machine from a slow program.
    """

    seconds: float
    cpu: float
    memory: float
    said: dict[str, Any]
    scaled_from: int | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--quick", action="store_true", help="100 thousand and 1 million, once each, naive scaled")
    parser.add_argument("--profile", action="store_true", help="the audit's stages at these sizes, nothing else")
    parser.add_argument("--functions", type=int, default=0, help="with --profile: also the costliest functions")
    given = parser.parse_args()
    sizes = [100_000, 1_000_000] if given.quick else [int(size) for size in given.sizes.split(",")]
    WORK.mkdir(exist_ok=True)
    logs = {size: made_log(size) for size in sizes}
    if given.profile:
        for size in sizes:
            print(f"{size:,} messages", flush=True)
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "benchmarks.stages",
                    str(log_of(size)),
                    str(WORK / "profile"),
                    "--functions",
                    str(given.functions),
                ],
                cwd=HERE.parent,
                check=True,
            )
        return
    results: dict[int, dict[str, Run]] = {}
    for size in sizes:
        results[size] = measured(
            size, 1 if given.quick or size > REPEAT_UP_TO else 2, min(sizes) if given.quick else NAIVE_UP_TO, results
        )
    checks = targets(results)
    page = shown(results, logs, checks)
    if not given.quick:
        (HERE / "results.json").write_text(as_json(results, logs, checks), encoding="utf-8")
        (HERE / "results.md").write_text(page, encoding="utf-8")
    print(page)
    missed = [name for name, (_, held) in checks.items() if not held]
    sys.exit("missed: " + "; ".join(missed) if missed else 0)


# --- Contenders ----------------------------------------------------------------------------------------------------


def log_of(size: int) -> Path:
    """Return where the log of ``size`` messages lies."""
    return WORK / f"log-{size}.csv"


def made_log(size: int) -> dict[str, Any]:
    """Make the log of ``size`` messages unless an unchanged generator made it before; return its statistics."""
    path, note = log_of(size), WORK / f"log-{size}.json"
    sources = [(HERE / name).read_text(encoding="utf-8") for name in ("make_log.py", "talk.py", "talk.yaml")]
    if path.exists() and note.exists():
        known = json.loads(note.read_text(encoding="utf-8"))
        if known["sources"] == sources:
            return dict(known["statistics"])
    print(f"making a log of {size:,} messages", flush=True)
    statistics = said_by(python("make_log", str(size), str(path)))
    note.write_text(json.dumps({"sources": sources, "statistics": statistics}), encoding="utf-8")
    return statistics


def measured(size: int, repeats: int, naive_up_to: int, before: dict[int, dict[str, Run]]) -> dict[str, Run]:
    """Return the best of ``repeats`` runs of each contender."""
    log, out = str(log_of(size)), WORK / f"audit-{size}"
    print(f"{size:,} messages", flush=True)
    program = Path(sys.executable).with_name("chataudit")
    runs = {
        "audit": best(repeats, lambda: cost([str(program), "audit", log, "--out", str(out)], out)),
        "floor": best(
            repeats, lambda: cost(python("floor", log, str(out / "tables"), str(WORK / "floor")), WORK / "floor")
        ),
    }
    if size == PRESETS_AT:
        words = [str(program), "audit", log, "--settings", str(without_presets()), "--out", str(out)]
        runs["no presets"] = best(repeats, lambda: cost(words, out))
        for name, (rules_n, phrases_n) in (("few rules", FEW), ("many rules", MANY)):
            told = [str(program), "audit", log, "--settings", str(with_library(rules_n, phrases_n)), "--out", str(out)]
            runs[name] = best(repeats, functools.partial(cost, told, out))
    if size <= naive_up_to:
        runs["naive"] = best(1, lambda: cost(python("naive", log, str(WORK / "naive")), WORK / "naive"))
    elif known := {other: run["naive"] for other, run in before.items() if "naive" in run}:
        other = max(known)
        times = size / other
        runs["naive"] = Run(
            known[other].seconds * times, known[other].cpu * times, 0.0, {}, known[other].scaled_from or other
        )
    shutil.rmtree(out)
    return runs


def without_presets() -> Path:
    """Return a settings file whose lexicons have no platform presets."""
    folder = WORK / "lexicons"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE.parent / "lexicons", folder)
    shutil.rmtree(folder / "presets")
    settings = WORK / "settings.yaml"
    settings.write_text("lexicons: lexicons\n", encoding="utf-8")
    return settings


def with_library(rules_n: int, phrases_n: int) -> Path:
    """Return a settings file whose lexicons have so many rules and phrases."""
    name = f"library-{rules_n}"
    make(WORK / name, rules_n, phrases_n)
    settings = WORK / f"{name}.yaml"
    settings.write_text(f"lexicons: {name}\n", encoding="utf-8")
    return settings


def python(name: str, *words: str) -> list[str]:
    """Return the command of a module of ours."""
    return [sys.executable, "-m", f"benchmarks.{name}", *words]


def best(repeats: int, once: Callable[[], Run]) -> Run:
    """Return the quickest of some runs, with the highest memory of all."""
    runs = [once() for _ in range(repeats)]
    quickest = min(runs, key=lambda run: run.seconds)
    return Run(quickest.seconds, quickest.cpu, max(run.memory for run in runs), quickest.said)


def cost(command: list[str], out: Path) -> Run:
    """Run a command into an empty folder; return what it cost."""
    shutil.rmtree(out, ignore_errors=True)
    os.sync()
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True)
    highest = [0.0]
    watcher = threading.Thread(target=_watch, args=(process.pid, highest), daemon=True)
    watcher.start()
    words = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    said = _last_json(words)
    run = Run(
        seconds - said.get("untimed", 0.0),
        usage.ru_utime + usage.ru_stime,
        max(usage.ru_maxrss * 1024, highest[0]) / 1e9,
        said,
    )
    print(
        f"  {Path(command[0]).name} {' '.join(command[1:3])}: {run.seconds:.1f} s, cpu {run.cpu:.1f} s, "
        f"{run.memory:.2f} GB",
        flush=True,
    )
    return run


def _watch(pid: int, highest: list[float]) -> None:
    """Keep the highest memory of a process and all its children, looked at every 50 ms."""
    try:
        process = psutil.Process(pid)
        while True:
            family = [process, *process.children(recursive=True)]
            highest[0] = max(highest[0], sum(one.memory_info().rss for one in family))
            time.sleep(0.05)
    except psutil.Error:
        return


def said_by(command: list[str]) -> dict[str, Any]:
    """Return the JSON of a command's last line."""
    return _last_json(subprocess.run(command, cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _last_json(words: str) -> dict[str, Any]:
    last = words.strip().splitlines()[-1:] or [""]
    return dict(json.loads(last[0])) if last[0].startswith("{") else {}


# --- Results -------------------------------------------------------------------------------------------------------


def targets(results: dict[int, dict[str, Run]]) -> dict[str, tuple[float, bool]]:
    """Return for each target that these sizes can tell of its figure and whether it holds."""
    checks: dict[str, tuple[float, bool]] = {}
    if runs := results.get(1_000_000):
        over = runs["audit"].seconds / runs["floor"].seconds
        checks[f"1M: at most {MOST_OVER_FLOOR:g} times the floor"] = (over, over <= MOST_OVER_FLOOR)
        under = runs["naive"].seconds / runs["audit"].seconds
        checks[f"1M: at least {LEAST_UNDER_NAIVE:g} times faster than naive"] = (under, under >= LEAST_UNDER_NAIVE)
        if "no presets" in runs:
            presets = runs["audit"].seconds / runs["no presets"].seconds
            checks[f"1M: all presets cost at most {MOST_FOR_PRESETS:g} times"] = (presets, presets <= MOST_FOR_PRESETS)
        if "many rules" in runs:
            more = runs["many rules"].cpu / runs["few rules"].cpu
            name = f"1M: {MANY[0]} rules, {MANY[1]:,} phrases cost at most {MOST_FOR_RULES:g} times {FEW[0]} and {FEW[1]} (cpu)"
            checks[name] = (more, more <= MOST_FOR_RULES)
    for size, most in MOST_MEMORY.items():
        if size in results:
            memory = results[size]["audit"].memory
            checks[f"{_short(size)}: peak under {most:g} GB"] = (memory, memory < most)
    if {1_000_000, 10_000_000} <= results.keys():
        growth = results[10_000_000]["audit"].seconds / results[1_000_000]["audit"].seconds / 10
        checks[f"1M to 10M: cost per message at most {MOST_GROWTH:g} times"] = (growth, growth <= MOST_GROWTH)
    return checks


def shown(
    results: dict[int, dict[str, Run]], logs: dict[int, dict[str, Any]], checks: dict[str, tuple[float, bool]]
) -> str:
    """Return the results as Markdown, ratios first."""
    lines = ["| messages | audit / floor | naive / audit | audit's peak |", "|---|---|---|---|"]
    for size, runs in results.items():
        audit, over = runs["audit"], runs["audit"].seconds / runs["floor"].seconds
        naive = f"{runs['naive'].seconds / audit.seconds:.1f}" if "naive" in runs else "–"
        lines.append(f"| {_short(size)} | {over:.2f} | {naive} | {audit.memory:.2f} GB |")
    lines += ["", "| target | measured | |", "|---|---|---|"]
    lines += [
        f"| {name} | {value:.2f} | {'held' if held else '**missed**'} |" for name, (value, held) in checks.items()
    ]
    lines += ["", "| messages | audit | floor | naive | µs a message |", "|---|---|---|---|---|"]
    for size, runs in results.items():
        naive = "–"
        if "naive" in runs:
            of = runs["naive"].scaled_from
            naive = f"{runs['naive'].seconds:.0f} s" + (f" (scaled from {_short(of)})" if of else "")
        lines.append(
            f"| {_short(size)} | {runs['audit'].seconds:.1f} s | {runs['floor'].seconds:.1f} s | {naive} | "
            f"{runs['audit'].seconds / size * 1e6:.1f} |"
        )
    lines += [
        "",
        "| messages | distinct texts | characters | phrase hits a message | messages a session | agents |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {_short(size)} | {one['distinct_share']:.0%} | {one['mean_chars']} | {one['hits_per_message']} | "
        f"{one['messages_per_session']} | {one['agents']} |"
        for size, one in logs.items()
    ]
    told = next(iter(results.values()))["floor"].said
    parts = ", ".join(f"{part} {seconds:.1f} s" for part, seconds in told["seconds"].items() if part != "load")
    return "\n".join(
        [
            *lines,
            "",
            f"Floor and naive look for the {told['phrases']} phrases of the shipped word lists; "
            f"the floor's parts at {_short(next(iter(results)))}: {parts}.",
            "",
            machine(),
            "",
        ]
    )


def machine() -> str:
    """Say what this was measured on."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    memory = psutil.virtual_memory().total / 2**30
    python = platform.python_version()
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {python}, {versions}."


def as_json(
    results: dict[int, dict[str, Run]], logs: dict[int, dict[str, Any]], checks: dict[str, tuple[float, bool]]
) -> str:
    runs = {str(size): {name: asdict(run) for name, run in of.items()} for size, of in results.items()}
    kept = {name: {"measured": value, "held": held} for name, (value, held) in checks.items()}
    data = {"machine": machine(), "targets": kept, "runs": runs, "logs": {str(size): one for size, one in logs.items()}}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _short(size: int) -> str:
    return f"{size // 1_000_000}M" if size % 1_000_000 == 0 else f"{size // 1_000}k"


if __name__ == "__main__":
    main()

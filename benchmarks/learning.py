"""Measure risk and learning: ``python -m benchmarks.learning [--messages N] [--conversations N]``.

Three things, each a process of its own, ratios taken in the same run (of processor time, which other work on the
machine disturbs least): what the untrained risk adds to an audit (beside
the same audit by lexicons without signs and their rules), what a trained model adds, and how long training takes on
labels that are made up from the words of the talk (a model must be found, so that everything is run).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import shutil
import sys
from pathlib import Path

import pandas as pd

from benchmarks.run import HERE, WORK, Run, best, cost, log_of, machine, made_log

MOST_FOR_RISK, MOST_TO_LEARN = 1.3, 120.0
WORST = ("投诉", "差评", "退货", "没收到", "太慢", "为什么")
PROGRAM = Path(sys.executable).with_name("chataudit")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=2)
    given = parser.parse_args()
    WORK.mkdir(exist_ok=True)
    for size in (given.messages, given.conversations * 20):
        made_log(size)
    model, learning = learnt(given.conversations)
    log, out = str(log_of(given.messages)), WORK / "risk"
    ways = {
        "no risk": ["--settings", str(without_risk())],
        "untrained": [],
        "trained": ["--model", str(model)],
    }
    runs: dict[str, Run] = {}
    for name, words in ways.items():
        command = [str(PROGRAM), "audit", log, "--out", str(out), *words]
        runs[name] = best(given.repeats, lambda command=command: cost(command, out))
    shutil.rmtree(out)
    page = shown(runs, learning, given.messages, given.conversations)
    (HERE / "learning.md").write_text(page, encoding="utf-8")
    print(page)
    if runs["untrained"].cpu / runs["no risk"].cpu > MOST_FOR_RISK or learning.cpu > MOST_TO_LEARN:
        sys.exit("missed")


def without_risk() -> Path:
    """Return a settings file whose lexicons have neither signs nor the rules that only they read."""
    folder = WORK / "riskless"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE.parent / "lexicons", folder)
    shutil.rmtree(folder / "risk")
    shutil.rmtree(folder / "rules" / "risk")
    settings = WORK / "riskless.yaml"
    settings.write_text("lexicons: riskless\n", encoding="utf-8")
    return settings


def learnt(conversations: int) -> tuple[Path, Run]:
    """Audit a log of at least so many conversations, label exactly so many, train; return the model and its cost."""
    folder, labels, model = WORK / "taught", WORK / "labels.csv", WORK / "model.json"
    cost([str(PROGRAM), "audit", str(log_of(conversations * 20)), "--out", str(folder)], folder)
    messages = pd.read_csv(folder / "tables" / "messages.csv", dtype=str, usecols=["session_id", "sender", "text"])
    said = messages[messages["sender"] == "buyer"].fillna("").groupby("session_id")["text"].agg(" ".join)
    said = said.sort_index().iloc[:conversations]
    with labels.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["session_id", "label"])
        for name, text in said.items():
            noise = int(hashlib.sha256(str(name).encode()).hexdigest()[:4], 16) / 0x10000
            rows.writerow([name, round(noise - sum(text.count(word) for word in WORST), 4)])
    command = [str(PROGRAM), "learn", "--from", str(folder), "--labels", str(labels), "--out", str(model)]
    run = cost(command, WORK / "nothing")
    shutil.rmtree(folder)
    return model, run


def shown(runs: dict[str, Run], learning: Run, messages: int, conversations: int) -> str:
    """Return the results as Markdown."""
    base = runs["no risk"]
    lines = [f"| {messages:,} messages | seconds | times | cpu | times | peak |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {name} | {run.seconds:.1f} | {run.seconds / base.seconds:.2f} | {run.cpu:.1f} s | {run.cpu / base.cpu:.2f} | "
        f"{run.memory:.2f} GB |"
        for name, run in runs.items()
    ]
    lines += [
        "",
        f"Training on {conversations:,} conversations: {learning.seconds:.0f} s (cpu {learning.cpu:.0f} s), "
        f"{learning.memory:.2f} GB.",
        "",
        machine(),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()

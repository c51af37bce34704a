"""The dialogues of NTCIR STC-3 as our tables: ``python -m benchmarks.stc FILE OUT [--part N/OF]``.

FILE is a ``jsonl`` (gzipped or not) with ``id, turns[sender, utterances], S``, as the organisers give it; neither it nor
anything made of it belongs into this repository. Writes ``OUT/chats.csv`` (one session a dialogue, no times) and
``OUT/labels.csv`` (``session_id,label``: the annotators' mean S). Zeng, Luo, Shang, Sakai: EVIA 2017.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
from pathlib import Path
from statistics import fmean
from typing import Any

SENDERS = {"customer": "buyer", "helpdesk": "agent"}


def dialogues(path: Path) -> list[dict[str, Any]]:
    """Return the dialogues of a file."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:  # type: ignore[operator]
        return [json.loads(line) for line in lines if line.strip()]


def part_of(name: str, of: int) -> int:
    """Return the part (0 … ``of`` - 1) that a dialogue belongs to, by its id alone."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % of


def write(chosen: list[dict[str, Any]], out: Path) -> None:
    """Write the chats and labels of dialogues."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "chats.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["session_id", "buyer", "agent", "sender", "text"])
        for one in chosen:
            for turn in one["turns"]:
                for said in turn["utterances"]:
                    rows.writerow([one["id"], f"buyer-{one['id']}", "helpdesk", SENDERS[turn["sender"]], said])
    with (out / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        labels = csv.writer(file)
        labels.writerow(["session_id", "label"])
        labels.writerows([one["id"], round(fmean(one["S"]), 6)] for one in chosen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--part", help="N/OF: only the dialogues of this part, e.g. 0/5")
    given = parser.parse_args()
    chosen = dialogues(given.file)
    if given.part:
        number, of = map(int, given.part.split("/"))
        chosen = [one for one in chosen if part_of(one["id"], of) == number]
    write(chosen, given.out)
    print(f"{len(chosen)} dialogues")


if __name__ == "__main__":
    main()

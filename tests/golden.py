"""Golden runs of the sample logs: ``python tests/golden.py`` writes them anew; the difference is read in review."""

from __future__ import annotations

import atexit
import csv
import functools
import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from chataudit.audit import Request, audit
from chataudit.report import write
from chataudit.settings import read_settings

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "sample_logs"
GOLDEN = Path(__file__).resolve().parent / "golden"
RUNS: dict[str, tuple[Path, Path | None]] = {
    "shop": (LOGS / "shop", LOGS / "settings.yaml"),
    "uneed": (LOGS / "uneed" / "uneed_examples.json", None),
    "plain": (LOGS / "layouts" / "plain.csv", None),
}
FILES = ("agents.csv", "platform_metrics.csv", "persons.csv", "counts.json")


@functools.cache
def report_of(name: str) -> Path:
    """Return the folder of a run's report; written once per process, gone at its end."""
    path, settings = RUNS[name]
    out = Path(tempfile.mkdtemp(prefix="chataudit-golden-")) / name
    atexit.register(shutil.rmtree, out.parent, ignore_errors=True)
    write(audit(Request(paths=(path,)), read_settings(settings)), out)
    return out


def rows_of(out: Path, table: str) -> list[dict[str, str]]:
    """Return the rows of a written table."""
    with (out / "tables" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def golden_of(name: str) -> dict[str, str]:
    """Return what is kept of a run, by file name."""
    out = report_of(name)
    return {
        "agents.csv": _text(out / "tables" / "agents.csv"),
        "platform_metrics.csv": _text(out / "tables" / "platform_metrics.csv"),
        "persons.csv": _persons(_text(out / "tables" / "scores.csv")),
        "counts.json": _counts(out),
    }


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")


def _persons(scores: str) -> str:
    """Keep the rows of persons."""
    header, *rows = scores.splitlines()
    return "\n".join([header, *(row for row in rows if next(csv.reader([row]))[2] == "person")]) + "\n"


def _counts(out: Path) -> str:
    """Count rows read, rows written, hits of each rule, outcomes of each item of conversations."""
    marks = [row for row in rows_of(out, "marks") if row["subject_kind"] == "conversation"]
    items: dict[str, dict[str, int]] = {}
    for (item, outcome), count in sorted(
        Counter((f"{row['card']} {row['item']}", row["outcome"]) for row in marks).items()
    ):
        items.setdefault(item, {})[outcome] = count
    tables = {path.stem: len(rows_of(out, path.stem)) for path in sorted((out / "tables").glob("*.csv"))}
    said = {
        "run": json.loads(_text(out / "run.json"))["counts"],
        "tables": tables,
        "hits": dict(sorted(Counter(row["rule"] for row in rows_of(out, "hits")).items())),
        "outcomes": items,
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write all golden files."""
    for name in RUNS:
        folder = GOLDEN / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in golden_of(name).items():
            (folder / file).write_text(text, encoding="utf-8", newline="\n")
    print(f"wrote {GOLDEN}; read the difference before you keep it")


if __name__ == "__main__":
    main()

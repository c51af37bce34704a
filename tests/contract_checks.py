"""What every written report must hold, whatever was audited: `faults_of(folder)` names each thing that does not."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from chataudit.tables import OUTCOMES, OUTPUTS

Rows: TypeAlias = list[dict[str, str]]
BOM = b"\xef\xbb\xbf"
MOST_BYTES = 5_000_000
LOADED = re.compile(r"""<(?!a\s)[^>]*\b(?:src|href)\s*=\s*["']?(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//""")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
DECIDED = ("met", "partly", "not_met")


def faults_of(out: Path) -> list[str]:
    """Return a sentence for each broken promise of a report folder."""
    missing = [name for name in ("index.html", "checklists.xlsx", "run.json") if not (out / name).is_file()]
    if missing:
        return [f"{name} is missing" for name in missing]
    tables = {path.stem: _read(path) for path in sorted((out / "tables").glob("*.csv"))}
    return [
        *_files(out),
        *_cells(tables),
        *_links(tables),
        *_conserved(out, tables),
        *_figures(tables),
        *_judged(tables),
    ]


def _read(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _files(out: Path) -> Iterator[str]:
    for table in OUTPUTS:
        path = out / "tables" / f"{table.name}.csv"
        if not path.is_file():
            yield f"{table.name}.csv is missing"
            continue
        if not path.read_bytes().startswith(BOM):
            yield f"{table.name}.csv begins without BOM"
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file))
        if header != table.names:
            yield f"{table.name}.csv has the columns {header}"
    page = (out / "index.html").read_text(encoding="utf-8")
    if len(page.encode()) > MOST_BYTES:
        yield "the page is over 5 MB"
    if LOADED.search(page):
        yield f"the page loads from the network: {LOADED.search(page)}"
    with zipfile.ZipFile(out / "checklists.xlsx") as book:
        if b"<f>" in b"".join(book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")):
            yield "the workbook has formulas"


def _cells(tables: dict[str, Rows]) -> Iterator[str]:
    for table in OUTPUTS:
        kinds = {column.name: (column.kind, column.null) for column in table.columns}
        for number, row in enumerate(tables.get(table.name, []), start=2):
            for name, cell in row.items():
                yield from (
                    f"{table.name}.csv:{number} {name}: {fault}: {cell!r}" for fault in _cell(cell, *kinds[name])
                )


def _cell(cell: str, kind: str, null: bool) -> Iterator[str]:
    if not cell:
        if not null and kind not in ("str", "code"):  # an empty text is a text
            yield "empty"
    elif kind == "time" and not INSTANT.fullmatch(cell):
        yield "no instant with offset"
    elif kind == "bool" and cell not in ("true", "false"):
        yield "neither true nor false"
    elif kind in ("str", "code") and cell.startswith(FORMULA):
        yield "runs as a formula"
    elif kind == "int" and not re.fullmatch(r"-?\d+", cell):
        yield "no whole number"
    elif kind in ("real", "money") and not re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", cell):
        yield "no number"


def _links(tables: dict[str, Rows]) -> Iterator[str]:
    sessions = [row["session_id"] for row in tables["sessions"]]
    messages = [row["message_id"] for row in tables["messages"]]
    for name, ids in (("session", sessions), ("message", messages)):
        if len(set(ids)) < len(ids):
            yield f"two {name}s share an id"
    named = {
        name: {row["session_id"] for row in tables[name]} for name in ("messages", "rounds", "hits", "conversions")
    }
    for name in ("marks", "scores"):
        named[name] = {row["subject"] for row in tables[name] if row["subject_kind"] == "conversation"}
    for name, ids in named.items():
        lost = ids - set(sessions) - {""}
        if lost:
            yield f"{name}.csv names sessions that are not there: {sorted(lost)[:3]}"
    length = {row["message_id"]: len(row["text"]) for row in tables["messages"]}
    for name, place in (*_hit_places(tables["hits"]), *_evidence_places(tables["marks"])):
        message, start, end = place
        if message not in length:
            yield f"{name}: message {message} is not there"
        elif not 0 <= start <= end <= length[message]:
            yield f"{name}: {start}..{end} lies outside message {message}"


Places: TypeAlias = Iterator[tuple[str, tuple[str, int, int]]]


def _hit_places(hits: Rows) -> Places:
    for row in hits:
        if row["message_id"]:
            yield f"hit of {row['rule']}", (row["message_id"], int(row["start"] or 0), int(row["end"] or 0))


def _evidence_places(marks: Rows) -> Places:
    for row in marks:
        evidence = json.loads(row["evidence"]) if row["evidence"] else []
        for one in evidence if isinstance(evidence, list) else []:
            yield f"evidence of {row['item']}", (one["message_id"], one["start"], one["end"])


def _conserved(out: Path, tables: dict[str, Rows]) -> Iterator[str]:
    counts = json.loads((out / "run.json").read_text(encoding="utf-8"))["counts"]
    if counts["rows"] != counts["messages"] + counts["duplicates"] + counts["rejects"]:
        yield f"rows got lost: {counts}"
    if counts["messages"] != len(tables["messages"]):
        yield f"{counts['messages']} messages counted, {len(tables['messages'])} written"
    if sum(int(row["round_n"]) for row in tables["sessions"]) != len(tables["rounds"]):
        yield "sessions' rounds are not the rounds"
    if sum(int(row["pending_n"]) for row in tables["sessions"]) != sum(
        not row["replied_at"] and not row["replied_by"] for row in tables["rounds"]
    ):
        yield "sessions' pending rounds are not the rounds without reply"
    if sum(int(row["round_n"]) for row in tables["agents"]) != sum(
        row["counted"] == "true" for row in tables["rounds"]
    ):
        yield "agents' rounds are not the counted rounds"


def _figures(tables: dict[str, Rows]) -> Iterator[str]:
    for row in tables["agents"]:
        if int(row["consulted_n"]) != int(row["received_n"]) + int(row["unreplied_n"]):
            yield f"consulted is not received and unreplied: {row}"
        for name, cell in row.items():
            if name.endswith("_share") and cell and not 0 <= float(cell) <= 1:
                yield f"{name} is no share: {cell}"
        if (int(row["consulted_n"]) == 0) != (row["reply_share"] == ""):
            yield f"a share without anybody, or none with: {row}"
    for row in tables["platform_metrics"]:
        top, bottom = float(row["numerator"]), float(row["denominator"])
        if (
            (bottom == 0) != (row["value"] == "")
            or bottom
            and abs(float(row["value"]) - top / bottom) > 1e-5 * max(1, top)
        ):
            yield f"value is not numerator / denominator: {row}"


def _judged(tables: dict[str, Rows]) -> Iterator[str]:
    for row in tables["marks"]:
        place = f"{row['card']} {row['item']} of {row['subject']}"
        if row["outcome"] not in OUTCOMES:
            yield f"{place}: outcome {row['outcome']!r}"
        if row["outcome"] in DECIDED and row["decided_by"] == "machine" and not row["evidence"].strip(" []{}"):
            yield f"{place}: decided without evidence"
        if row["outcome"] not in DECIDED and row["points"] not in ("", "0"):
            yield f"{place}: {row['outcome']} with points {row['points']}"
        if row["decided_by"] != "machine" and not row["decided_by"].startswith("sheet:"):
            yield f"{place}: decided by {row['decided_by']!r}"
    for row in tables["scores"]:
        if (
            row["score"]
            and not float(row["score_low"]) - 1e-6 <= float(row["score"]) <= float(row["score_high"]) + 1e-6
        ):
            yield f"a score outside its bounds: {row}"

"""What the report stands on: settings, inputs and hashes, notes, rows that could not be used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from chataudit.audit import Audit
from chataudit.report.wording import Speech, clip, count, known, plain
from chataudit.settings import Settings

MOST_INPUTS = 300
MOST_NOTES = 100


@dataclass(frozen=True)
class Setting:
    """A setting's name, value, and whether the shop changed it."""

    name: str
    value: str
    changed: bool


@dataclass(frozen=True)
class Reject:
    """A row that could not be read, and why."""

    file: str
    row: str
    column: str
    reason: str
    value: str


@dataclass(frozen=True)
class Input:
    """A file that was read."""

    name: str
    read_as: str
    rows: str
    sha256: str


@dataclass(frozen=True)
class Origins:
    """Settings, inputs, hashes, notes and rejects; ``*_left``: how many more there are."""

    settings: tuple[Setting, ...]
    inputs: tuple[Input, ...]
    inputs_left: int
    hashes: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    notes_left: int
    broken: tuple[str, ...]
    broken_left: int
    rejects: tuple[Reject, ...]
    rejects_left: int


def origins_of(audit: Audit, speech: Speech, most: int) -> Origins:
    """Return what an audit stands on; at most ``most`` rejects."""
    inputs = _inputs(audit.run)
    notes = [speech.text(note.said(speech.lang), 500) for note in audit.notes]
    broken = [speech.text(fault.said(speech.lang), 500) for fault in audit.broken]
    rejects = audit.rejects.head(most)
    rows = [
        Reject(
            clip(plain(one["file"]) or ""),
            count(one["row"]),
            clip(plain(one["column"]) or ""),
            speech.text(one["reason"], 200),
            speech.text(one["value"], 120),
        )
        for one in rejects.astype(object).to_dict("records")
    ]
    return Origins(
        tuple(_settings(audit.settings)),
        tuple(inputs[:MOST_INPUTS]),
        max(len(inputs) - MOST_INPUTS, 0),
        tuple(_hashes(audit.run)),
        tuple(notes[:MOST_NOTES]),
        max(len(notes) - MOST_NOTES, 0),
        tuple(broken[:MOST_NOTES]),
        max(len(broken) - MOST_NOTES, 0),
        tuple(rows),
        len(audit.rejects) - len(rows),
    )


def _settings(settings: Settings) -> list[Setting]:
    default = Settings().model_dump(mode="json")
    made = []
    for name, value in settings.model_dump(mode="json").items():
        said = (
            " ".join(map(str, value))
            if isinstance(value, list)
            else json.dumps(value, ensure_ascii=False)
            if isinstance(value, dict)
            else ""
            if value is None
            else str(value)
        )
        made.append(Setting(name, clip(said, 300) or "—", value != default[name]))
    return made


def _inputs(run: Mapping[str, object]) -> list[Input]:
    listed = run.get("inputs")
    return [
        Input(
            clip(str(one.get("name", "")), 120),
            clip(str(one.get("read_as", ""))),
            count(known(one.get("rows"))),
            str(one.get("sha256", ""))[:12],
        )
        for one in (listed if isinstance(listed, list) else [])
    ]


def _hashes(run: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the settings' hash and one hash over each folder of lexicons (single ones stand in run.json)."""
    lexicons = run.get("lexicons")
    folders: dict[str, list[str]] = {}
    for name, digest in (lexicons if isinstance(lexicons, dict) else {}).items():
        folders.setdefault(str(name).split("/")[0], []).append(f"{name} {digest}")
    made = [("settings", str(run.get("settings_sha256", ""))[:16])]
    for folder, lines in sorted(folders.items()):
        made.append((f"{folder} ({len(lines)})", hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]))
    return made

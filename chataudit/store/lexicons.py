"""The exact texts of rules, words, cards and presets that a run used: kept once by their hash, and read again as they were."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from chataudit import rules
from chataudit.audit import Audit
from chataudit.cards.library import Known, read_card
from chataudit.cards.model import Card
from chataudit.errors import Fault, Faults, Together, Words
from chataudit.metrics import presets
from chataudit.rules.model import Rule
from chataudit.settings import Policy, Settings, lexicons_folder
from chataudit.store.schema import lexicon_files, run_lexicons

KINDS = ("rules", "words", "conditions", "cards", "presets", "risk")
SLOTS = "slots"


@dataclass(frozen=True)
class Texts:
    """Rules, cards in the run's order, and policies."""

    rules: Mapping[str, Rule]
    cards: Mapping[str, Card]
    policies: Mapping[str, Policy]


def used_files(audit: Audit) -> dict[str, bytes]:
    """Return the files that an audit used, by their path in the folder of lexicons.

    Raises:
        Faults: a file was changed while the audit ran.
    """
    folder = lexicons_folder(audit.settings.lexicons)
    by_hash: dict[str, tuple[str, bytes]] = {}
    for kind in KINDS:
        for path in sorted(one for one in (folder / kind).rglob("*") if one.is_file()):
            content = path.read_bytes()
            by_hash.setdefault(
                f"{kind} {hashlib.sha256(content).hexdigest()}", (path.relative_to(folder).as_posix(), content)
            )
    wanted = audit.run["lexicons"]
    assert isinstance(wanted, dict)
    found = {name: by_hash.get(f"{name.split('/')[0]} {digest}") for name, digest in wanted.items()}
    lost = sorted(name for name, one in found.items() if one is None)
    if lost:
        what = Words(f"审核期间有文件被改动：{'、'.join(lost)}。", f"Changed while the audit ran: {', '.join(lost)}.")
        raise Faults([Fault(what, str(folder), hint=Words("重新运行。", "Run again."))])
    files = dict(one for one in found.values() if one is not None)
    if audit.settings.slots is not None:
        files[f"{SLOTS}/{audit.settings.slots.name}"] = audit.settings.slots.read_bytes()
    return files


def keep(connection: sa.Connection, run: int, files: Mapping[str, bytes]) -> None:
    """Keep a run's files, each content once."""
    known = set(connection.scalars(sa.select(lexicon_files.c.sha256)))
    hashed = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    new = {digest: files[path] for path, digest in hashed.items() if digest not in known}
    if new:
        connection.execute(
            sa.insert(lexicon_files), [{"sha256": digest, "content": content} for digest, content in new.items()]
        )
    if hashed:
        connection.execute(
            sa.insert(run_lexicons),
            [{"run": run, "path": path, "sha256": digest} for path, digest in sorted(hashed.items())],
        )


def read_again(connection: sa.Connection, run: int, settings: Settings, chosen: Iterable[str]) -> Texts:
    """Return the rules, the ``chosen`` cards and the policies of a run, read from the texts that it used.

    Raises:
        Faults: this version of the program can't read them.
    """
    query = (
        sa.select(run_lexicons.c.path, lexicon_files.c.content)
        .join(lexicon_files, lexicon_files.c.sha256 == run_lexicons.c.sha256)
        .where(run_lexicons.c.run == run)
    )
    with tempfile.TemporaryDirectory(prefix="chataudit-") as place:
        folder = Path(place)
        for path, content in connection.execute(query):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        slots = next((folder / SLOTS).glob("*"), None) if (folder / SLOTS).is_dir() else None
        tried = Together()
        library = tried.get(lambda: rules.load(folder).filled(rules.read_slots(slots)))
        known = Known(frozenset(library.rules)) if library else Known(frozenset())
        deck = {name: tried.get(partial(_card, folder / "cards" / f"{name}.yaml", known)) for name in chosen}
        policies = tried.get(lambda: presets.load(folder, settings))
        tried.settle()
    assert library and policies
    return Texts(library.rules, {name: card for name, card in deck.items() if card is not None}, policies.policies)


def _card(path: Path, known: Known) -> Card:
    return read_card(path, known)[0]


__all__ = ["Texts", "keep", "read_again", "used_files"]

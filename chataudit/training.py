"""A model trained on audit folders: talk read back, rules run on it again, labels from people put beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from chataudit import rules
from chataudit.errors import Fault, Faults, Together, Words
from chataudit.ingest.folders import AUDIT_FIRST, Folder, merged, read_folders, read_table
from chataudit.ingest.labels import read_labels
from chataudit.learn import signs, train, untrained
from chataudit.learn.model import Model
from chataudit.learn.record import Origin, record
from chataudit.learn.settled import settled
from chataudit.learn.signs import SignFile
from chataudit.learn.train import Learnt, Lesson
from chataudit.log import Log
from chataudit.rules import Library
from chataudit.segmenter import Segmenter
from chataudit.sessions import split
from chataudit.settings import Settings, lexicons_folder
from chataudit.tables import MARKS, SCORES

Progress = Callable[[str, int, int], None]
TABLES = ("messages", "marks", "scores")
ONLY_REVIEWS = Words(
    "抽检文件夹里没有聊天：把它所抽的审核结果文件夹也给 --from。",
    "A spot-check has no talk: name the audit folders that it was drawn from with --from, too.",
)


@dataclass(frozen=True)
class Task:
    """What to learn from, and how.

    ``folders``: audit folders, and spot-checks of them handed back; ``labels``: tables of labels (none: the
    conversations that persons settled); ``under``: labels under it are bad (None: the worst quarter); ``card``: whose
    settled scores are the labels (None: the card judged most).
    """

    folders: tuple[Path, ...]
    labels: tuple[Path, ...] = ()
    card: str | None = None
    under: float | None = None
    seed: int = 0


@dataclass(frozen=True)
class Training:
    """What came of it; ``model`` is None where it was refused. ``unknown``: labels of sessions that no folder has."""

    learnt: Learnt
    model: Model | None
    labelled: int
    unknown: int
    source: Words


@dataclass(frozen=True)
class Labels:
    """Labels by session id, where they come from, and the hashes of what they were read from."""

    of: Mapping[str, float]
    source: Words
    hashes: Mapping[str, str]


def learn(task: Task, settings: Settings, progress: Progress = lambda stage, done, of: None) -> Training:
    """Return what is learnt from a task.

    Raises:
        Faults: folders, labels or lexicons that are wrong, or no label of a session that the folders have.
    """
    lexicons = lexicons_folder(settings.lexicons)
    segmenter = Segmenter(settings.product_words)
    segmenter.warm()
    tried = Together()
    progress("read", 0, 1)
    audits = [path for path in task.folders if not is_review(path)]
    folders = tried.get(lambda: read_folders(audits, TABLES))
    reviews = tried.get(lambda: [_review(path) for path in task.folders if is_review(path)])
    given = tried.get(lambda: _given(task.labels)) if task.labels else None
    library = tried.get(lambda: rules.load(lexicons).filled(rules.read_slots(settings.slots)))
    known = tried.get(lambda: _signs(lexicons, library)) if library else None
    tried.settle()
    assert folders is not None and reviews is not None and library is not None and known is not None
    if not folders:
        raise Faults([Fault(ONLY_REVIEWS, str(task.folders[0]))])
    progress("read", 1, 1)
    labels = given or _by_persons([*(folder.tables for folder in folders), *reviews], task.card)
    log = relived(folders, settings)
    rulings = rules.flag(log, library, segmenter, progress=progress).rulings
    risk = untrained.judge(log, rulings, known.signs, "en")["risk"].to_numpy(dtype=float)
    names = [str(one) for one in log.sessions["session_id"]]
    label = np.array([labels.of.get(name, np.nan) for name in names])
    unknown = len(labels.of) - int((~np.isnan(label)).sum())
    if np.isnan(label).all():
        raise Faults([_no_label(labels, names)])
    lesson = Lesson(log, rulings, known.signs.signs, risk, label)
    learnt = train.train(lesson, under=task.under, seed=task.seed, progress=progress)
    made = None
    if learnt.weights is not None:
        origin = Origin(labels.source.en, labels.hashes, [_hashes(path) for path in task.folders], task.seed)
        made = record(learnt, known.signs, library.hashes, origin)
    return Training(learnt, made, int((~np.isnan(label)).sum()), unknown, labels.source)


def is_review(path: Path) -> bool:
    """Return whether a folder is a spot-check handed back: people's marks and scores, but no audit of its own."""
    return (path / "tables" / "marks.csv").is_file() and not (path / "run.json").is_file()


def _review(path: Path) -> dict[str, pd.DataFrame]:
    return {table.name: read_table(path / "tables" / f"{table.name}.csv", table, "UTC") for table in (MARKS, SCORES)}


def relived(folders: Iterable[Folder], settings: Settings) -> Log:
    """Return the log of audit folders: each message once, sessions as they were."""
    messages = merged(folders, "messages", ["message_id"]).assign(masked=False)
    messages["source"] = np.zeros(len(messages), dtype=np.int64)
    return split(messages, settings)


def _signs(lexicons: Path, library: Library) -> SignFile:
    found = signs.load(lexicons, library.rules)
    if found is None:
        what = Words("词库里没有 risk/signs.yaml，无从比较。", "The lexicons have no risk/signs.yaml to compare with.")
        raise Faults([Fault(what, str(lexicons))])
    return found


def _given(paths: Iterable[Path]) -> Labels:
    """Return the labels of tables; of two that differ the fault is said."""
    tried, every, hashes = Together(), dict[str, float](), dict[str, str]()
    for path in paths:
        read = tried.get(lambda path=path: read_labels(path))  # type: ignore[misc]
        if read is None:
            continue
        hashes[read[1].name] = read[1].sha256
        double = sorted(name for name, value in read[0].items() if every.get(name, value) != value)
        if double:
            what = Words(
                f"和别的标签表不一致：{'、'.join(double[:5])}", f"Other labels differ: {', '.join(double[:5])}"
            )
            tried.faults.append(Fault(what, str(path)))
        every.update(read[0])
    tried.settle()
    return Labels(every, Words("标签表", "tables of labels"), hashes)


def _by_persons(tables: Iterable[Mapping[str, pd.DataFrame]], card: str | None) -> Labels:
    """Return the settled scores of the conversations that persons judged."""
    used, scores = settled(tables, card)
    return Labels(scores, Words(f"人判过的会话（{used}）", f"conversations settled by persons ({used})"), {})


def _no_label(labels: Labels, names: list[str]) -> Fault:
    shown = ", ".join(sorted(labels.of)[:3])
    return Fault(
        Words(
            f"{len(labels.of)} 个标签里没有一个是这些文件夹里的会话（标签里例如 {shown}；文件夹里例如 {', '.join(names[:3])}）。",
            f"None of {len(labels.of)} labels is of a session of these folders (labels: {shown} …; folders: "
            f"{', '.join(names[:3])} …).",
        ),
        hint=AUDIT_FIRST,
    )


def _hashes(folder: Path) -> dict[str, str]:
    """Return the hashes of what was read of a folder."""
    files = [folder / "tables" / f"{name}.csv" for name in (TABLES[1:] if is_review(folder) else TABLES)]
    return {file.stem: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}

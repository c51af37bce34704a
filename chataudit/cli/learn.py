"""``chataudit learn``: a model of risk from conversations that people judged."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from chataudit.cli.console import lang_option, progress, say, with_faults
from chataudit.cli.metrics import settings_option
from chataudit.errors import Fault, Faults, Words
from chataudit.learn.compare import Comparison, Measured
from chataudit.learn.model import written
from chataudit.settings import read_settings
from chataudit.training import Task, Training, learn

FILE = click.Path(path_type=Path)


@click.command("learn")
@click.option("--from", "folders", metavar="FOLDER...", multiple=True, required=True, type=FILE, help="Audit folders.")
@click.argument("more", metavar="", nargs=-1, type=FILE)
@click.option("--labels", multiple=True, type=FILE, help="Table session_id,label; lower is worse.")
@click.option("--card", help="Card whose settled scores are the labels (default: the one judged most).")
@click.option("--bad-under", type=float, metavar="NUMBER", help="Labels under it are bad (default: the worst quarter).")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="Seed of the folds.")
@click.option("--out", type=FILE, required=True, help="Model file to write (JSON).")
@settings_option
@lang_option
@with_faults
def learn_command(folders: tuple[Path, ...], more: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Train the risk on conversations that people judged; refused (exit 1) where it is not better than untrained.

    \b
    chataudit learn --from 报告 --out 风险模型.json
    chataudit learn --from 三月 四月 --labels 满意度.csv --out 风险模型.json
    chataudit audit 导出/ --model 风险模型.json
    """
    lang = options["lang"]
    task = Task((*folders, *more), options["labels"], options["card"], options["bad_under"], options["seed"])
    with progress(lang) as show:
        done = learn(task, read_settings(options["settings_file"]), show)
    for line in _said(done):
        say(line.said(lang))
    if done.model is None:
        assert done.learnt.refused is not None
        say(Words("没有写模型：", "No model was written: ").said(lang) + done.learnt.refused.said(lang), err=True)
        sys.exit(1)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(written(done.model))
    except OSError as error:
        what = Words(f"写不进去：{error.strerror or error}", f"Can't be written: {error.strerror or error}")
        raise Faults([Fault(what, str(out))]) from error
    say(
        Words(
            f"模型：{out}；用 chataudit audit --model {out} 使用",
            f"Model: {out}; use it with chataudit audit --model {out}",
        ).said(lang)
    )


def _said(done: Training) -> Iterator[Words]:
    """Yield what was learnt from, and both risks measured on the same folds."""
    learnt = done.learnt
    yield Words(
        f"学自 {learnt.sessions} 段会话、{learnt.buyers} 位买家；标签来自{done.source.zh}",
        f"Learnt from {learnt.sessions} conversations with {learnt.buyers} buyers; labels: {done.source.en}",
    )
    if done.labelled > learnt.sessions:
        n = done.labelled - learnt.sessions
        yield Words(
            f"{n} 段有标签的会话里没有买家说话，不用", f"{n} labelled conversations without a buyer's talk: not used"
        )
    if done.unknown:
        yield Words(
            f"{done.unknown} 个标签的会话不在文件夹里", f"{done.unknown} labels are of sessions not in the folders"
        )
    if learnt.comparison is not None:
        yield from _compared(learnt.comparison, learnt.bad.limit, learnt.bad.inclusive)


def _compared(found: Comparison, limit: float, inclusive: bool) -> Iterator[Words]:
    sign = "≤" if inclusive else "<"
    yield Words(
        f"判为差：标签 {sign} {limit:g}。交叉验证（{len(found.folds)} 折，同一买家不跨折），训练的 / 不训练的：",
        f"Bad: label {sign} {limit:g}. Cross-validated ({len(found.folds)} folds, no buyer in two), trained / untrained:",
    )
    ours, theirs = found.trained, found.untrained
    yield _pair(Words("与标签的秩相关", "rank correlation with labels"), "rank_correlation", ours, theirs)
    yield _pair(Words("认出差会话的 AUC", "AUC of finding bad ones"), "area", ours, theirs)
    yield _pair(Words("风险最高一成里差的占比", "bad among the riskiest tenth"), "precision_at_top", ours, theirs)


def _pair(name: Words, measure: str, ours: Measured, theirs: Measured) -> Words:
    one, other = (getattr(measured, measure) for measured in (ours, theirs))
    shown = " / ".join("—" if value is None else f"{value:.3f}" for value in (one, other))
    return Words(f"  {name.zh} {shown}", f"  {name.en} {shown}")

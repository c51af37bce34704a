"""What the terminal shows: progress on long work, faults without traceback, in the user's language."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from chataudit.errors import Faults, Words

STAGES = {
    "read": Words("读取导出文件", "Reading exports"),
    "count": Words("会话与指标", "Sessions and metrics"),
    "rules": Words("质检规则", "Rules"),
    "cards": Words("评分表", "Cards"),
    "risk": Words("风险", "Risk"),
    "learn": Words("训练", "Training"),
    "write": Words("写报告", "Writing"),
}
PATIENCE = 2.0
Command = TypeVar("Command", bound=Callable[..., Any])
lang_option = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help="Language of reports, messages and errors.",
)


settings_option = click.option(
    "--settings", "settings_file", type=click.Path(path_type=Path), help="Settings file (YAML)."
)


def say(text: str, *, err: bool = False) -> None:
    """Print text; a console that lacks a character (GBK on Windows) shows a question mark instead."""
    stream = sys.stderr if err else sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    click.echo(text.encode(encoding, errors="replace").decode(encoding), err=err)


def with_faults(command: Command) -> Command:
    """Print Faults one a line and leave with 2, as the contract says; `lang` is an option of the command."""

    @functools.wraps(command)
    def wrapped(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except Faults as faults:
            say(faults.said(options.get("lang", "zh")), err=True)
            sys.exit(2)

    return wrapped  # type: ignore[return-value]


@contextmanager
def progress(lang: str) -> Iterator[Callable[[str, int, int], None]]:
    """Give a progress callback: a bar for work over two seconds on a terminal, silence elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda stage, done, total: None
        return
    started = time.monotonic()
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    tasks: dict[str, Any] = {}

    def show(stage: str, done: int, total: int) -> None:
        if time.monotonic() - started > PATIENCE and not bar.live.is_started:
            bar.start()
        if stage not in tasks:
            tasks[stage] = bar.add_task(STAGES[stage].said(lang), total=total)
        bar.update(tasks[stage], completed=done, total=total)

    try:
        yield show
    finally:
        if bar.live.is_started:
            bar.stop()

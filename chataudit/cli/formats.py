"""``chataudit formats``: which exports are read, and what a file was understood as."""

from __future__ import annotations

from pathlib import Path

import click

from chataudit.cli.console import lang_option, say, with_faults
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.description import describe
from chataudit.ingest.layouts import LAYOUTS
from chataudit.ingest.orders import DIALECTS
from chataudit.ingest.sources import sources
from chataudit.settings import read_settings

FILE = click.Path(path_type=Path)
FORMATS = [layout.name for layout in LAYOUTS] + [dialect.name for dialect in DIALECTS]


@click.group(invoke_without_command=True)
@lang_option
@click.pass_context
def formats(context: click.Context, lang: str) -> None:
    """List the exports of chats and orders that are read, with an example of each.

    \b
    chataudit formats
    chataudit formats detect 聊天记录.txt
    """
    if context.invoked_subcommand is not None:
        return
    shown = [(one.name, one.title, one.example) for one in LAYOUTS] + [
        (one.name, one.title, one.example) for one in DIALECTS
    ]
    for name, title, example in shown:
        say(f"{name}\t{title.said(lang)}")
        for line in example.rstrip("\n").split("\n"):
            say(f"    {line}")


@formats.command()
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("--settings", "settings_file", type=FILE, help="Settings file (YAML).")
@click.option("--format", "layout", type=click.Choice(FORMATS), help="Read as this layout.")
@click.option("--date", "day", metavar="D", help="Day of times without a date.")
@lang_option
@with_faults
def detect(paths: tuple[Path, ...], settings_file: Path | None, layout: str | None, day: str | None, lang: str) -> None:
    """Say what a file was understood as, why, how each column was taken, and what was guessed.

    A file of no known layout, or of two that are equally likely, is a fault that says what to do (exit 2).

    \b
    chataudit formats detect 聊天记录.txt
    chataudit formats detect 导出.zip --lang en
    """
    settings = read_settings(settings_file, log_date=day)
    unclear: list[Fault] = []
    for place in sources(list(paths), settings.max_unpacked_mb * 1_000_000):
        if isinstance(place.found, Fault):
            unclear.append(place.found)
            continue
        try:
            lines = describe(place.found, settings, layout)
        except Faults as error:
            unclear += error.faults
            continue
        finally:
            place.found.kept.clear()
        say(Words(f"文件：{place.found.name}", f"File: {place.found.name}").said(lang))
        for line in lines:
            say(f"  {line.said(lang)}")
    if unclear:
        raise Faults(unclear)

"""``chataudit topics``: what buyers ask, where enquiries are lost, which answers go with orders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from chataudit.cli.console import lang_option, say, settings_option, with_faults
from chataudit.errors import Words
from chataudit.report.topics import write_topics
from chataudit.settings import read_settings
from chataudit.topics import Enquiry, topics_of

FILE = click.Path(path_type=Path)


@click.command("topics")
@click.option("--from", "folders", metavar="FOLDER...", multiple=True, required=True, type=FILE, help="Audit folders.")
@click.argument("more", metavar="", nargs=-1, type=FILE)
@click.option(
    "--topics", "count", type=click.IntRange(1, 200), help="How many topics to look for (default: by the data)."
)
@click.option("--least", type=click.IntRange(2, 100_000), default=10, show_default=True, help="Sessions a topic needs.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="Same seed, same topics.")
@click.option("--out", type=FILE, default=Path("chataudit-topics"), show_default=True, help="Folder to write to.")
@settings_option
@lang_option
@with_faults
def topics_command(folders: tuple[Path, ...], more: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Put together what buyers ask, and what became of it: a page and a table.

    \b
    chataudit topics --from chataudit-report
    chataudit topics --from 三月 四月 --least 30 --out 话题
    """
    lang = options["lang"]
    enquiry = Enquiry((*folders, *more), options["count"], options["least"], options["seed"])
    found = topics_of(enquiry, read_settings(options["settings_file"]))
    write_topics(found, out, lang=lang)
    page = (out / "topics.html").resolve()
    for line in (
        Words(
            f"会话 {found.sessions}，提问 {found.questions}，话题 {len(found.topics)}",
            f"{found.sessions} sessions, {found.questions} questions, {len(found.topics)} topics",
        ),
        Words(f"话题：{page}", f"Topics: {page}"),
    ):
        say(line.said(lang))
